#include "storage/file_lock.hpp"

#include <crier/fault.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace crier {

namespace {

/// Who only its owner reads: a database holds what not everybody may retrieve.
constexpr mode_t private_mode = 0600;

Fault unavailable(const std::filesystem::path& file, int error) {
  const auto directory = file.parent_path();
  std::error_code ignored;
  const bool missing = !std::filesystem::is_directory(directory, ignored);
  return {EX_CANTCREAT,
          missing ? fmt::format("there is no directory {} for the database; create it, or name "
                                "another file with --database",
                                directory.native())
                  : fmt::format("can not write beside the database {}: {}; give this user the "
                                "right to, or name another file with --database",
                                file.native(), std::strerror(error))};
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

FileLock::FileLock(const std::filesystem::path& file)
    : descriptor_(
          ::open((file.native() + "-lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, private_mode)) {
  if (descriptor_ < 0) throw unavailable(file, errno);
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const int pid = holder(descriptor_);
    ::close(descriptor_);
    throw error == EWOULDBLOCK ? held(file, pid) : unavailable(file, error);
  }
  sign(descriptor_);
}

FileLock::~FileLock() {
  ::close(descriptor_);
}

}  // namespace crier
