#include "storage/database.hpp"

#include <crier/fault.hpp>

#include "storage/file_owner.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace crier {

namespace {

constexpr int busy_milliseconds = 5'000;

/// What the log takes where checkpoints go on beside commits: a page has a header there.
constexpr std::int64_t log_bytes = 2 * CheckpointThread::begin_pages * (4096 + 24);

constexpr const char* elsewhere = "name another file with --database";

Fault unopened(const std::filesystem::path& file, std::string_view why) {
  return {EX_CANTCREAT, fmt::format("can not open the database {}: {}; give this user the right to "
                                    "read and write it, or {}",
                                    file.native(), why, elsewhere)};
}

/// The file is there afterwards, and only its owner reads it if it was not: it holds what not
/// everybody may retrieve. SQLite gives its log the same rights and owner.
void make(const std::filesystem::path& file) {
  constexpr int flags = O_RDWR | O_CREAT | O_CLOEXEC;
  const auto owner = owner_beside(file);
  int descriptor = ::open(file.c_str(), flags | O_EXCL, 0600);
  if (descriptor >= 0)
    give_to(descriptor, owner);
  else if (errno == EEXIST)
    descriptor = ::open(file.c_str(), flags, 0600);
  if (descriptor < 0) throw unopened(file, std::strerror(errno));
  ::close(descriptor);
}

Fault explained(const std::filesystem::path& file, const SqliteFailure& failure) {
  const auto& name = file.native();
  switch (failure.code() & 0xff) {
    case SQLITE_NOTADB:
      return {EX_DATAERR, fmt::format("{} is not an SQLite database; {}", name, elsewhere)};
    case SQLITE_CORRUPT:
      return {EX_DATAERR, fmt::format("the database {} is damaged; restore it from a backup: {}",
                                      name, failure.what())};
    case SQLITE_BUSY:
      return {EX_TEMPFAIL, fmt::format("the database {} is in use by another program; end that one "
                                       "first",
                                       name)};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY: return unopened(file, failure.what());
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return {EX_IOERR, fmt::format("can not open the database {}; see to the disk: {}", name,
                                    failure.what())};
    default:
      return {EX_SOFTWARE, fmt::format("can not open the database {}: {}", name, failure.what())};
  }
}

/// Writes zeros behind a file up to the size of the log.
void lengthen(sqlite3_file& log) {
  constexpr std::int64_t piece = 64 * 1024;
  const std::vector<char> zeros(piece);
  sqlite3_int64 size = 0;
  int code = log.pMethods->xFileSize(&log, &size);
  for (; code == SQLITE_OK && size < log_bytes; size += piece)
    code = log.pMethods->xWrite(&log, zeros.data(), piece, size);
  if (code == SQLITE_OK) log.pMethods->xSync(&log, SQLITE_SYNC_NORMAL);
}

}  // namespace

Database::Database(const std::filesystem::path& file, std::size_t cache_bytes,
                   std::span<const std::string_view> migrations)
    : lock_(file) {
  make(file);
  try {
    connect(file);
    check_identity(file, migrations.size());
    use_log(file);
    configure(cache_bytes);
    migrate(migrations);
    // Not before: a migration that makes a table anew drops one that others refer to.
    execute("PRAGMA foreign_keys = ON");
    reserve_log();
  } catch (const SqliteFailure& failure) {
    throw explained(file, failure);
  }
}

void Database::connect(const std::filesystem::path& file) {
  // Counting the memory in use takes locks, 8 % of the instructions of a publication. This is
  // refused, without harm, when SQLite runs already.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* connection = nullptr;
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file.c_str(), &connection, flags, nullptr);
  connection_.reset(connection);
  if (code != SQLITE_OK) throw SqliteFailure(connection);
  // Nobody else writes; this is for whoever looks into the file with another program.
  sqlite3_busy_timeout(connection, busy_milliseconds);
}

void Database::check_identity(const std::filesystem::path& file, std::size_t known_version) {
  const auto application = number("PRAGMA application_id");
  const auto version = number("PRAGMA user_version");
  if (application == application_id) {
    if (version <= static_cast<std::int64_t>(known_version)) return;
    throw Fault(EX_DATAERR,
                fmt::format("the database {} is of version {}, this crier knows versions up to {}; "
                            "run the newer crier that has written it",
                            file.native(), version, known_version));
  }
  const bool empty = number("SELECT count(*) FROM sqlite_schema") == 0;
  if (application == 0 && version == 0 && empty) return;
  throw Fault(EX_DATAERR, fmt::format("the database {} belongs to another program; {}",
                                      file.native(), elsewhere));
}

void Database::use_log(const std::filesystem::path& file) {
  Query mode = query("PRAGMA journal_mode = WAL");
  mode.next();
  if (const auto [got] = mode.row<std::string_view>(); got != "wal")
    throw Fault(EX_CONFIG, fmt::format("the file system of the database {} can not hold a "
                                       "write-ahead log; {}, on a local disk",
                                       file.native(), elsewhere));
}

void Database::configure(std::size_t cache_bytes) {
  execute(fmt::format("PRAGMA cache_size = -{}", cache_bytes / 1024));
  // secure_delete: what is retracted is overwritten where its page is written anyway.
  execute(
      "PRAGMA synchronous = FULL;"
      "PRAGMA foreign_keys = OFF;"
      "PRAGMA temp_store = MEMORY;"
      "PRAGMA secure_delete = FAST;"
      "PRAGMA journal_size_limit = 67108864");
  execute(fmt::format("PRAGMA wal_autocheckpoint = {}", CheckpointThread::begin_pages));
}

void Database::migrate(std::span<const std::string_view> migrations) {
  const auto version = static_cast<std::size_t>(number("PRAGMA user_version"));
  if (version == migrations.size()) return;
  // A step that fails takes all with it: the connection closes with the transaction open.
  execute("BEGIN IMMEDIATE");
  for (const auto step : migrations.subspan(version)) execute(std::string(step));
  execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id,
                      migrations.size()));
  execute("COMMIT");
}

/// A commit that lengthens the log makes the file system note its new length with each sync, which
/// then takes nearly twice as long. So zeros, which are no valid page, lie where pages will be.
/// When the disk is too full for that, or somebody else writes, commits are slower, or will say so
/// themselves.
void Database::reserve_log() {
  try {
    execute("BEGIN IMMEDIATE");  // Nobody else writes there meanwhile.
  } catch (const SqliteFailure&) {
    return;
  }
  sqlite3_file* log = nullptr;
  sqlite3_file_control(connection_.get(), nullptr, SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log && log->pMethods) lengthen(*log);
  execute("ROLLBACK");
}

void Database::checkpoint_beside() {
  checkpoints_.emplace(connection_.get(), sqlite3_db_filename(connection_.get(), "main"));
}

void Database::checkpoint() {
  if (checkpoints_) checkpoints_->settle();
  // A reader that stays too long leaves the log for another time; that is no failure.
  run("PRAGMA wal_checkpoint(TRUNCATE)");
}

const Statement& Database::statement(const char* sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end())
    found = statements_.try_emplace(sql, connection_.get(), sql).first;
  return found->second;
}

void Database::execute(const std::string& sql) {
  if (sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw SqliteFailure(connection_.get());
}

std::int64_t Database::number(const char* sql) {
  Query asked = query(sql);
  asked.next();
  return std::get<0>(asked.row<std::int64_t>());
}

}  // namespace crier
