#include "transfer/input_file.hpp"

#include <crier/fault.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace crier::transfer {

namespace {

Fault unreadable(const std::filesystem::path& file, int status) {
  return {status, fmt::format("{} can not be read: {}", file.native(), std::strerror(errno))};
}

}  // namespace

InputFile::InputFile(const std::filesystem::path& file)
    : file_(file), descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
  struct stat status {};
  if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) throw unreadable(file, EX_NOINPUT);
  if (!S_ISREG(status.st_mode)) {
    ::close(descriptor_);
    throw Fault(EX_NOINPUT, fmt::format("{} is not a regular file", file.native()));
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

InputFile::~InputFile() {
  ::close(descriptor_);
}

std::string_view InputFile::read(std::string& buffer) {
  const auto count = ::read(descriptor_, buffer.data(), buffer.size());
  if (count < 0) throw unreadable(file_, EX_IOERR);
  at_ += static_cast<std::uint64_t>(count);
  return std::string_view(buffer).substr(0, static_cast<std::size_t>(count));
}

std::string InputFile::tail(std::size_t bytes) const {
  std::string text(std::min<std::uint64_t>(bytes, size_), '\0');
  const auto from = static_cast<off_t>(size_ - text.size());
  const auto count = ::pread(descriptor_, text.data(), text.size(), from);
  if (count < 0) throw unreadable(file_, EX_IOERR);
  text.resize(static_cast<std::size_t>(count));
  return text;
}

}  // namespace crier::transfer
