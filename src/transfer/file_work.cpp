#include "transfer/file_work.hpp"

#include <crier/fault.hpp>

#include <fcntl.h>
#include <fmt/format.h>
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

}  // namespace

PartialFile::PartialFile(std::filesystem::path file, bool replace)
    : file_(std::move(file)), partial_(file_.native() + ".partial"), descriptor_(-1) {
  std::error_code error;
  if (!replace && std::filesystem::exists(std::filesystem::symlink_status(file_, error)))
    throw Fault(EX_CANTCREAT, fmt::format("{} is there already; name another file, or say --force "
                                          "to replace it",
                                          file_.native()));
  // What an attempt that was killed has left.
  ::unlink(partial_.c_str());
  descriptor_ = ::open(partial_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor_ < 0) throw failed(partial_, EX_CANTCREAT);
}

PartialFile::~PartialFile() {
  ::close(descriptor_);
  if (!is_finished_) ::unlink(partial_.c_str());
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
