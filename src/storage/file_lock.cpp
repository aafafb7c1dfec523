#include "storage/file_lock.hpp"

#include <crier/fault.hpp>

#include "storage/file_owner.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace crier {

namespace {

/// Who only its owner reads: a database holds what not everybody may retrieve.
constexpr mode_t private_mode = 0600;

Fault unavailable(const std::filesystem::path& file, int error) {
  const auto directory = file.parent_path();
  std::error_code ignored;
  const bool missing = error == ENOENT && !std::filesystem::is_directory(directory, ignored);
  return {EX_CANTCREAT,
          missing ? fmt::format("there is no directory {} for the database; create it, or name "
                                "another file with --database",
                                directory.native())
                  : fmt::format("can not write beside the database {}: {}; give this user the "
                                "right to, or name another file with --database",
                                file.native(), std::strerror(error))};
}

Fault no_lock_file(const std::filesystem::path& file) {
  return {EX_CANTCREAT, fmt::format("{}-lock is a link or no regular file, and is not written; "
                                    "remove it",
                                    file.native())};
}

/// Opens the lock file, or makes it: nothing that a link leads to, for root may ask.
int open_lock(const std::filesystem::path& file) {
  constexpr int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const auto name = file.native() + "-lock";
  // Only one that is new is given away: the other may be a link's.
  int descriptor = ::open(name.c_str(), flags | O_EXCL, private_mode);
  if (descriptor >= 0)
    give_to(descriptor, owner_beside(file));
  else if (errno == EEXIST)
    descriptor = ::open(name.c_str(), flags, private_mode);
  if (descriptor < 0 && (errno == ELOOP || errno == EISDIR)) throw no_lock_file(file);
  if (descriptor < 0) throw unavailable(file, errno);
  struct stat status {};
  // Nobody but us has a use for another name of it.
  const bool is_ours =
      ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1;
  if (is_ours) return descriptor;
  ::close(descriptor);
  throw no_lock_file(file);
}

/// The process id that the holder has left in the lock file, or 0.
int holder(int descriptor) {
  std::array<char, 16> text{};
  const auto length = ::pread(descriptor, text.data(), text.size(), 0);
  int pid = 0;
  if (length > 0) std::from_chars(text.data(), text.data() + length, pid);
  return pid;
}

Fault held(const std::filesystem::path& file, int pid) {
  return {
      EX_TEMPFAIL,
      fmt::format("the database {} is in use by another crier{}; stop that one, or name another "
                  "file with --database",
                  file.native(), pid > 0 ? fmt::format(", process {}", pid) : "")};
}

/// Leaves our process id for held() to find. That it is missing harms nobody.
void sign(int descriptor) {
  const auto text = fmt::format("{}\n", ::getpid());
  std::ignore = ::ftruncate(descriptor, 0);
  std::ignore = ::pwrite(descriptor, text.data(), text.size(), 0);
}

}  // namespace

std::filesystem::path real_file(const std::filesystem::path& file) {
  std::error_code error;
  auto named = std::filesystem::absolute(file, error);
  if (error) return file;
  // A link that leads to nothing yet is left as it is by weakly_canonical().
  constexpr int max_links = 40;
  for (int i = 0; i < max_links; ++i) {
    const auto next = std::filesystem::read_symlink(named, error);
    if (error) break;
    named = named.parent_path() / next;
  }
  const auto real = std::filesystem::weakly_canonical(named, error);
  return error ? named : real;
}

FileLock::FileLock(const std::filesystem::path& file) : descriptor_(open_lock(file)) {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const int pid = holder(descriptor_);
    ::close(descriptor_);
    throw error == EWOULDBLOCK ? held(file, pid) : unavailable(file, error);
  }
  sign(descriptor_);
}

bool FileLock::give_to(uid_t user, gid_t group) const {
  return ::fchown(descriptor_, user, group) == 0;
}

FileLock::~FileLock() {
  ::close(descriptor_);
}

}  // namespace crier
