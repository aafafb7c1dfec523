#pragma once
/// A disk that fails when it is told to, and forgets what was never synced when the power goes.

#include <sqlite3.h>

#include <cstddef>
#include <filesystem>
#include <list>
#include <map>
#include <optional>
#include <string>

namespace crier::test {

/// While it lives, it is under every database that SQLite opens: a VFS that passes everything on to
/// the one that was there before. Databases must be closed first.
class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  /// The write or sync after so many more fails, and so do all others until work(). A write fails
  /// as on a full disk.
  void fail_after(std::size_t operations) { left_ = operations; }
  void work() { left_.reset(); }
  /// Writes and syncs until now, and syncs alone.
  std::size_t operations() const { return operations_; }
  std::size_t syncs() const { return syncs_; }

  /// Puts into `to` what would be in `from` if the power failed now: every file as it was when it
  /// was last synced.
  void survive(const std::filesystem::path& from, const std::filesystem::path& to) const;

 private:
  /// What a file is opened with: the methods of the real one, but for its writes and syncs.
  struct Methods : sqlite3_io_methods {
    FaultyDisk* disk;
    const sqlite3_io_methods* real;
  };

  static const Methods& methods_of(sqlite3_file* file);
  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* got);
  static int remove(sqlite3_vfs* vfs, const char* name, int sync_directory);
  static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset);
  static int sync(sqlite3_file* file, int flags);

  /// Counts a write or a sync; false when it fails.
  bool allows();

  sqlite3_vfs* real_;
  sqlite3_vfs vfs_;
  std::list<Methods> methods_;
  std::optional<std::size_t> left_;
  std::size_t operations_ = 0;
  std::size_t syncs_ = 0;
  std::map<sqlite3_file*, std::filesystem::path> paths_;
  /// What every file held when it was last synced.
  std::map<std::filesystem::path, std::string> synced_;
};

}  // namespace crier::test
