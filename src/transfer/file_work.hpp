#pragma once
/// Files that are there as a whole or not at all.

#include <filesystem>

namespace crier::transfer {

/// A file under a name of its own, `FILE.partial`, until it is complete. Only its owner reads it.
class PartialFile {
 public:
  /// Makes it anew. Throws Fault (EX_CANTCREAT): the file is there and not to be replaced, or can
  /// not be made.
  PartialFile(std::filesystem::path file, bool replace);
  /// Removes what was not finished.
  ~PartialFile();
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  const std::filesystem::path& path() const { return partial_; }
  int descriptor() const { return descriptor_; }
  /// Appends to the file. Throws Fault (EX_IOERR).
  void write(std::string_view bytes) const;
  /// Waits until what is written so far is on disk. Throws Fault (EX_IOERR).
  void sync() const;
  /// Gives it its name, for good. Throws Fault (EX_IOERR).
  void finish();

 private:
  std::filesystem::path file_;
  std::filesystem::path partial_;
  int descriptor_;
  bool is_finished_ = false;
};

/// Waits until the names in the directory of `file` are on disk. Throws Fault (EX_IOERR).
void sync_directory(const std::filesystem::path& file);

}  // namespace crier::transfer
