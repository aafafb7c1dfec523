#pragma once
/// One process at a time.

#include <filesystem>

namespace crier {

/// Holds `FILE-lock` beside a file for as long as it lives; the kernel lets go of it when the
/// process ends, however it ends. The lock file itself stays: who removed it could let two in.
///
/// A file of its own is needed because closing any descriptor of a database file drops the locks
/// that SQLite holds on it in the same process.
class FileLock {
 public:
  /// Throws Fault: EX_TEMPFAIL when another holds the lock, with its process id, EX_CANTCREAT when
  /// the lock file can not be had.
  explicit FileLock(const std::filesystem::path& file);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace crier
