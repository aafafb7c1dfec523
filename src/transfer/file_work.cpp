#include "transfer/file_work.hpp"

#include <crier/fault.hpp>

#include "storage/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace crier::transfer {

namespace {

Fault failed(const std::filesystem::path& file, int status = EX_IOERR) {
  return {status, fmt::format("{} can not be written: {}", file.native(), std::strerror(errno))};
}

Fault being_made(const std::filesystem::path& partial) {
  return {EX_TEMPFAIL, fmt::format("{} is being written by another process; wait for its end, or "
                                   "name another file",
                                   partial.native())};
}

void check_target(const std::filesystem::path& file, bool replace) {
  std::error_code error;
  const auto status = std::filesystem::symlink_status(file, error);
  if (!std::filesystem::exists(status)) return;
  if (!replace)
    throw Fault(EX_CANTCREAT, fmt::format("{} is there already; name another file, or say --force "
                                          "to replace it",
                                          file.native()));
  if (!std::filesystem::is_regular_file(status))
    throw Fault(EX_CANTCREAT,
                fmt::format("{} is not a regular file and is not replaced; name another file",
                            file.native()));
}

/// Whether a descriptor is open on what has the name now.
bool is_named(int descriptor, const std::filesystem::path& name) {
  struct stat open {
  }, named{};
  return ::fstat(descriptor, &open) == 0 && ::lstat(name.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

/// Removes what an attempt that was killed has left: nobody holds it. Who makes one holds it to the
/// end, so a name is only taken from a file that is held.
void remove_left(const std::filesystem::path& partial) {
  const int left = ::open(partial.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (left < 0 && errno == ENOENT) return;
  if (left < 0) throw failed(partial, EX_CANTCREAT);
  const bool is_held = ::flock(left, LOCK_EX | LOCK_NB) != 0;
  const bool is_gone = is_held || !is_named(left, partial) || ::unlink(partial.c_str()) == 0;
  const int error = errno;
  ::close(left);
  errno = error;
  if (is_held) throw being_made(partial);
  if (!is_gone) throw failed(partial, EX_CANTCREAT);
}

std::filesystem::path partial_name(const std::filesystem::path& file) {
  return file.native() + ".partial";
}

/// Makes the file and holds it.
int make(const std::filesystem::path& partial) {
  constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  constexpr int attempts = 8;
  int descriptor = -1;
  for (int i = 0; i < attempts && descriptor < 0; ++i) {
    remove_left(partial);
    descriptor = ::open(partial.c_str(), flags, 0600);
    if (descriptor < 0 && errno != EEXIST) throw failed(partial, EX_CANTCREAT);
  }
  if (descriptor < 0) throw being_made(partial);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0 && is_named(descriptor, partial))
    return descriptor;
  ::close(descriptor);
  throw being_made(partial);
}

}  // namespace

PartialFile::PartialFile(std::filesystem::path file, bool replace)
    : file_(std::move(file)), partial_(partial_name(file_)), descriptor_(-1) {
  check_target(file_, replace);
  descriptor_ = make(partial_);
}

PartialFile::~PartialFile() {
  // While it is held: afterwards the name may be another's.
  if (!is_finished_) ::unlink(partial_.c_str());
  ::close(descriptor_);
}

void PartialFile::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw failed(partial_);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void PartialFile::sync() const {
  if (::fsync(descriptor_) != 0) throw failed(partial_);
}

void PartialFile::finish() {
  sync();
  if (::rename(partial_.c_str(), file_.c_str()) != 0) throw failed(file_);
  is_finished_ = true;
  sync_directory(file_);
}

void refuse_partial_name(const std::filesystem::path& file, const std::filesystem::path& source) {
  std::error_code error;
  if (!std::filesystem::equivalent(partial_name(file), source, error)) return;
  throw Fault(EX_CANTCREAT, fmt::format("{} is the name under which {} is made; rename it first",
                                        source.native(), file.native()));
}

void refuse_files_of(const std::filesystem::path& database, const std::filesystem::path& file) {
  refuse_partial_name(file, database);
  const auto real = real_file(database);
  for (const char* suffix : {"", "-wal", "-shm", "-lock", "-journal"}) {
    const std::filesystem::path own = real.native() + suffix;
    std::error_code error;
    if (real_file(file) != own && !std::filesystem::equivalent(file, own, error)) continue;
    throw Fault(EX_CANTCREAT, fmt::format("{} belongs to the database {} itself; name another file",
                                          file.native(), database.native()));
  }
}

void sync_directory(const std::filesystem::path& file) {
  const auto directory = std::filesystem::absolute(file).parent_path();
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw failed(directory);
  const int result = ::fsync(descriptor);
  const int error = errno;
  ::close(descriptor);
  errno = error;
  if (result != 0) throw failed(directory);
}

}  // namespace crier::transfer
