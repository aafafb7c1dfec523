#include "transfer/backup.hpp"

#include <crier/fault.hpp>

#include "storage/file_lock.hpp"
#include "storage/file_owner.hpp"
#include "storage/sqlite_store.hpp"
#include "transfer/audit_note.hpp"
#include "transfer/file_work.hpp"
#include "transfer/paced_checkpoint.hpp"
#include "transfer/snapshot.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

namespace crier::transfer {

namespace {

/// Between two steps others come to the disk. A step is shorter where the rate is low.
constexpr std::uint64_t max_pages_a_step = 64;
constexpr std::uint64_t steps_a_second = 20;
/// What is written is brought to disk in such pieces, so that no sync has to wait for much.
constexpr std::uint64_t bytes_a_sync = std::uint64_t{4} << 20;
constexpr int busy_milliseconds = 5'000;

struct CloseConnection {
  void operator()(sqlite3* connection) const { sqlite3_close(connection); }
};
using Connection = std::unique_ptr<sqlite3, CloseConnection>;

struct FinishBackup {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

Connection open(const std::filesystem::path& file) {
  sqlite3* connection = nullptr;
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file.c_str(), &connection, flags, nullptr);
  Connection opened(connection);
  if (code != SQLITE_OK) throw SqliteFailure(connection);
  sqlite3_busy_timeout(connection, busy_milliseconds);
  return opened;
}

void execute(const Connection& connection, const char* sql) {
  if (sqlite3_exec(connection.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw SqliteFailure(connection.get());
}

int pages_a_step(std::uint64_t bytes_per_second, std::uint64_t page) {
  if (bytes_per_second == 0) return max_pages_a_step;
  const auto pages = bytes_per_second / steps_a_second / page;
  return static_cast<int>(std::clamp<std::uint64_t>(pages, 1, max_pages_a_step));
}

/// Which of the two files is at fault: the target is new and only written, the source only read.
Fault torn(int code, const Snapshot& source, const PartialFile& target) {
  const bool is_written = (code & 0xff) == SQLITE_FULL || (code & 0xff) == SQLITE_READONLY ||
                          code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_TRUNCATE ||
                          code == SQLITE_IOERR_FSYNC;
  return {EX_IOERR, fmt::format("{} can not be {}: {}",
                                is_written ? target.path().native() : source.file().native(),
                                is_written ? "written" : "read", sqlite3_errstr(code))};
}

/// Copies all pages. The snapshot is held all the time: SQLite would begin anew when the service
/// writes.
std::uint64_t copy(Snapshot& snapshot, const PartialFile& file, const BackupOptions& options) {
  const auto target = open(file.path());
  // It is nothing before it is complete: no journal is needed, and syncs are ours.
  execute(target, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2048");
  const std::unique_ptr<sqlite3_backup, FinishBackup> backup(
      sqlite3_backup_init(target.get(), "main", snapshot.connection(), "main"));
  if (!backup) throw SqliteFailure(target.get());
  const auto page = static_cast<std::uint64_t>(snapshot.number("PRAGMA page_size"));
  const int pages = pages_a_step(options.bytes_per_second, page);
  const Pace pace(options.bytes_per_second);
  std::uint64_t done = 0, synced = 0;
  for (int code = SQLITE_OK; code != SQLITE_DONE;) {
    code = sqlite3_backup_step(backup.get(), pages);
    if (code != SQLITE_OK && code != SQLITE_DONE) throw torn(code, snapshot, file);
    const auto total = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup.get())) * page;
    done = total - static_cast<std::uint64_t>(sqlite3_backup_remaining(backup.get())) * page;
    if (options.progress) options.progress(done, total);
    if (done - synced >= bytes_a_sync) {
      file.sync();
      synced = done;
    }
    if (code == SQLITE_OK) pace.wait_for(done);
  }
  return done;
}

/// A connection that can bring the log into the database. Throws SqliteFailure.
Connection open_log(const std::filesystem::path& database) {
  constexpr int patience_milliseconds = 1'000;
  auto connection = open(database);
  sqlite3_busy_timeout(connection.get(), patience_milliseconds);
  // A connection that has read nothing does not know yet that there is a log.
  execute(connection, "PRAGMA schema_version");
  return connection;
}

/// Ends the snapshot, and brings what has gathered in the log meanwhile into the database, here and
/// not in the service: a long log would hold one of its commits up. Failing is no harm: then the
/// service does.
void let_go(std::optional<Snapshot>& snapshot, const std::filesystem::path& database,
            std::uint64_t bytes_per_second) {
  try {
    const auto connection = open_log(database);
    PacedCheckpoint(connection.get(), bytes_per_second).run([&] { snapshot.reset(); });
  } catch (const SqliteFailure&) {
    snapshot.reset();
  }
}

Fault failed(const std::filesystem::path& file) {
  return {EX_IOERR, fmt::format("{} can not be written: {}; nothing was changed", file.native(),
                                std::strerror(errno))};
}

std::filesystem::path beside(const std::filesystem::path& file, std::string_view suffix) {
  return file.native() + std::string(suffix);
}

/// Brings the log of a database that nobody uses into it, if that is possible. Throws Fault
/// (EX_TEMPFAIL) when somebody reads it: the log would be taken away under him.
void empty_log(const std::filesystem::path& database) {
  try {
    const int code = sqlite3_wal_checkpoint_v2(open_log(database).get(), nullptr,
                                               SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if ((code & 0xff) != SQLITE_BUSY) return;
  } catch (const SqliteFailure&) {
    // It is damaged: that may be why another takes its place.
    return;
  }
  throw Fault(EX_TEMPFAIL, fmt::format("somebody reads the database {}; nothing was changed, try "
                                       "again when that is over",
                                       database.native()));
}

/// Gives the database another name, with its log if that could not be emptied; it stays under the
/// old one as well until another takes that.
void keep(const std::filesystem::path& database, const std::filesystem::path& kept) {
  empty_log(database);
  if (::link(database.c_str(), kept.c_str()) != 0) throw failed(kept);
  const auto log = beside(database, "-wal");
  if (::rename(log.c_str(), beside(kept, "-wal").c_str()) != 0 && errno != ENOENT)
    throw failed(log);
  // Made anew from the log by whoever opens it.
  ::unlink(beside(database, "-shm").c_str());
}

/// A database of another user's would become this one's, and its owner could not open it any more.
void refuse_others(const std::filesystem::path& database) {
  struct stat status {};
  const auto user = ::geteuid();
  if (user == 0 || ::stat(database.c_str(), &status) != 0 || status.st_uid == user) return;
  throw Fault(EX_NOPERM, fmt::format("the database {} belongs to another user; restore it as that "
                                     "user or as root; nothing was changed",
                                     database.native()));
}

/// The file belongs to whom the old database belongs to, or the directory, and has the old one's
/// mode: who restores may be root, and the service not.
void give_away(const std::filesystem::path& database, const PartialFile& file,
               const FileLock& lock) {
  const auto owner = owner_beside(database);
  if (!give_to(file.descriptor(), owner) || (owner && !lock.give_to(owner->user, owner->group)))
    throw failed(database);
  struct stat old {};
  if (::stat(database.c_str(), &old) != 0) return;
  // What its group may is for that group only.
  const bool has_group = ::fchown(file.descriptor(), static_cast<uid_t>(-1), old.st_gid) == 0;
  if (::fchmod(file.descriptor(), old.st_mode & (has_group ? 0777u : 0707u)) != 0)
    throw failed(database);
}

/// Copies what the database shows at this moment. The copy needs no file beside it.
std::uint64_t copy_whole(const std::filesystem::path& database, const PartialFile& file,
                         const BackupOptions& options) {
  try {
    std::optional<Snapshot> snapshot(std::in_place, database, Snapshot::Version::known);
    const auto size = copy(*snapshot, file, options);
    let_go(snapshot, database, options.bytes_per_second);
    // The copy is in the mode of the database, which keeps a log beside it.
    execute(open(file.path()), "PRAGMA journal_mode = DELETE");
    return size;
  } catch (const SqliteFailure& failure) {
    throw Fault(EX_IOERR, fmt::format("{} can not be copied to {}: {}", database.native(),
                                      file.path().native(), failure.what()));
  }
}

/// Leaves an entry in the audit log of what is restored.
void note_work(const PartialFile& file, const LocalWork& work, const std::filesystem::path& kept) {
  if (work.user.empty()) return;
  try {
    std::optional<AuditEntry> entry;
    {
      Snapshot restored(file.path(), Snapshot::Version::known);
      entry = restore_entry(restored, work, kept.native());
    }
    if (!entry) return;
    const auto connection = open(file.path());
    execute(connection, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
    SqliteStore::append_audit_to(connection.get(), *entry);
  } catch (const SqliteFailure&) {
    // It is damaged, and restored because the operator says so.
  }
}

}  // namespace

std::uint64_t back_up(const std::filesystem::path& database, const std::filesystem::path& file,
                      const BackupOptions& options) {
  refuse_files_of(database, file);
  PartialFile partial(file, options.force);
  const auto size = copy_whole(database, partial, options);
  partial.finish();
  return size;
}

std::filesystem::path restore(const std::filesystem::path& copy,
                              const std::filesystem::path& database,
                              const RestoreOptions& options) {
  const auto target = real_file(database);
  refuse_others(target);
  refuse_partial_name(target, copy);
  const FileLock lock(target);
  PartialFile partial(target, true);
  copy_whole(copy, partial, {.bytes_per_second = 0, .progress = options.progress});
  std::filesystem::path kept;
  if (std::filesystem::exists(target))
    kept = beside(target, fmt::format(".before-restore-{}", options.now));
  note_work(partial, options.work, kept);
  give_away(target, partial, lock);
  partial.sync();
  if (!kept.empty()) keep(target, kept);
  // A log that is left would be taken for that of the new database.
  ::unlink(beside(target, "-wal").c_str());
  ::unlink(beside(target, "-shm").c_str());
  ::unlink(beside(target, "-journal").c_str());
  sync_directory(target);
  partial.finish();
  return kept;
}

}  // namespace crier::transfer
