#pragma once
/// One process at a time.

#include <sys/types.h>

#include <filesystem>

namespace crier {

/// The name that a file has when no symbolic link is on the way to it, absolute; the file need not
/// be there. What is kept beside a database belongs beside this one. What can not be looked into is
/// taken as it is named.
std::filesystem::path real_file(const std::filesystem::path& file);

/// Holds `FILE-lock` beside a file for as long as it lives; the kernel lets go of it when the
/// process ends, however it ends. The lock file itself stays: who removed it could let two in.
///
/// A file of its own is needed because closing any descriptor of a database file drops the locks
/// that SQLite holds on it in the same process.
class FileLock {
 public:
  /// `file` is a real_file(). Throws Fault: EX_TEMPFAIL when another holds the lock, with its
  /// process id, EX_CANTCREAT when the lock file can not be had, or is a link or no regular file.
  explicit FileLock(const std::filesystem::path& file);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  /// Makes the lock file another user's; whether that was possible, else errno says why.
  bool give_to(uid_t user, gid_t group) const;

 private:
  int descriptor_;
};

}  // namespace crier
