#pragma once
/// A file that is read once, from its beginning to its end.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace crier::transfer {

class InputFile {
 public:
  /// Throws Fault (EX_NOINPUT) when it can not be read; it must be a regular file.
  explicit InputFile(const std::filesystem::path& file);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::uint64_t size() const { return size_; }
  /// How many bytes were read.
  std::uint64_t at() const { return at_; }
  /// The next bytes, at most `buffer.size()`; none at the end. Throws Fault (EX_IOERR).
  std::string_view read(std::string& buffer);
  /// The last bytes of the file, at most so many. Throws Fault (EX_IOERR).
  std::string tail(std::size_t bytes) const;

 private:
  std::filesystem::path file_;
  int descriptor_;
  std::uint64_t size_ = 0;
  std::uint64_t at_ = 0;
};

}  // namespace crier::transfer
