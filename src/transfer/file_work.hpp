#pragma once
/// Files that are there as a whole or not at all.

#include <filesystem>

namespace crier::transfer {

/// A file under a name of its own, `FILE.partial`, until it is complete. Only its owner reads it.
/// One process at a time makes it; what one that was killed has left is made anew.
class PartialFile {
 public:
  /// Makes it anew. Throws Fault: EX_CANTCREAT when the file is there and not to be replaced, is no
  /// regular file, or can not be made; EX_TEMPFAIL when another process is making it.
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

/// Throws Fault (EX_CANTCREAT) when `file`, by whatever name, is the database or one of the files
/// that SQLite and the service keep beside it.
void refuse_files_of(const std::filesystem::path& database, const std::filesystem::path& file);

/// Throws Fault (EX_CANTCREAT) when `source` is what PartialFile calls `file` before it is
/// complete: it would be taken for what an attempt has left.
void refuse_partial_name(const std::filesystem::path& file, const std::filesystem::path& source);

/// Waits until the names in the directory of `file` are on disk. Throws Fault (EX_IOERR).
void sync_directory(const std::filesystem::path& file);

}  // namespace crier::transfer
