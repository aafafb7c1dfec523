#pragma once
/// Copies of a database file: made while the service writes, and put back.

#include "transfer/local_work.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace crier::transfer {

struct BackupOptions {
  /// How much is copied a second, in bytes; 0 for as fast as it goes. A copy that is quick disturbs
  /// the disk, one that is slow lets the service's write-ahead log grow meanwhile.
  std::uint64_t bytes_per_second = std::uint64_t{64} << 20;
  /// Replace a file that is there.
  bool force = false;
  /// Told now and then how many bytes are copied, of how many; may be empty.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};
};

/// Copies the database to `file`, as it is at one moment, and gives the copy's size. The copy is
/// made as `FILE.partial`, which only its owner reads, and has its name once it is on disk; it
/// needs no other file beside it. Throws Fault: EX_CANTCREAT when the file is there, belongs to the
/// database or can not be made, EX_TEMPFAIL when another process is making it, EX_IOERR when the
/// disk fails, and as Snapshot does.
std::uint64_t back_up(const std::filesystem::path& database, const std::filesystem::path& file,
                      const BackupOptions& options);

struct RestoreOptions {
  /// A part of the name under which the old database is kept.
  std::string now = {};
  /// What the audit log of the restored database is told.
  LocalWork work = {};
  /// Told now and then how many bytes are copied, of how many; may be empty.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};
};

/// Puts a copy in the place of the database, and gives the name under which the old one is kept
/// beside it; empty when there was none. The copy stays. The database has the mode
/// and, as far as this user may say so, the owner of the old one, or is its directory's owner's.
/// Throws Fault: EX_NOPERM when the old one is another user's, EX_TEMPFAIL while a service
/// runs on the database or anybody reads what is in its log, EX_CANTCREAT or EX_IOERR when it can
/// not be written.
std::filesystem::path restore(const std::filesystem::path& copy,
                              const std::filesystem::path& database, const RestoreOptions& options);

}  // namespace crier::transfer
