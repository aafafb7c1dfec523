#include "transfer/snapshot.hpp"

#include <crier/fault.hpp>

#include "storage/database.hpp"
#include "storage/migrations.hpp"

#include <fmt/format.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace crier::transfer {

namespace {

/// Longer than a service takes to start, which is alone with its file for a moment.
constexpr int busy_milliseconds = 10'000;

}  // namespace

Fault explained(const std::filesystem::path& database, const SqliteFailure& failure) {
  const auto& name = database.native();
  switch (failure.code() & 0xff) {
    case SQLITE_NOTADB: return {EX_DATAERR, fmt::format("{} is not an SQLite database", name)};
    case SQLITE_CORRUPT:
      return {EX_DATAERR, fmt::format("{} is damaged; restore a backup: {}", name, failure.what())};
    case SQLITE_BUSY:
      return {EX_TEMPFAIL, fmt::format("{} is held by another program; try again later", name)};
    default:
      return {EX_IOERR, fmt::format("{} can not be read; is this user allowed to read and write "
                                    "it and its directory? {}",
                                    name, failure.what())};
  }
}

Snapshot::Snapshot(const std::filesystem::path& file, Version version, std::size_t cache_bytes)
    : file_(std::filesystem::absolute(file)) {
  std::error_code error;
  const auto status = std::filesystem::status(file_, error);
  if (error == std::errc::permission_denied ||
      (::access(file_.c_str(), R_OK) != 0 && errno == EACCES))
    throw Fault(EX_NOPERM, fmt::format("the database {} can not be read: this user has not the "
                                       "right to; use the service's user, or root",
                                       file.native()));
  if (!std::filesystem::exists(status))
    throw Fault(EX_NOINPUT,
                fmt::format("there is no database {}; name another file", file.native()));
  if (!std::filesystem::is_regular_file(status))
    throw Fault(EX_DATAERR, fmt::format("{} is not a file", file.native()));
  try {
    open(cache_bytes);
    check_identity(version);
  } catch (const SqliteFailure& failure) {
    throw explained(file, failure);
  }
}

void Snapshot::open(std::size_t cache_bytes) {
  sqlite3* connection = nullptr;
  // Not read-only: a reader of a write-ahead log writes what it reads up to beside it.
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file_.c_str(), &connection, flags, nullptr);
  connection_.reset(connection);
  if (code != SQLITE_OK) throw SqliteFailure(connection);
  sqlite3_busy_timeout(connection, busy_milliseconds);
  execute("PRAGMA query_only = ON");
  execute(fmt::format("PRAGMA cache_size = -{}", cache_bytes / 1024).c_str());
  execute("BEGIN");
}

void Snapshot::check_identity(Version wanted) {
  const auto application = number("PRAGMA application_id");
  version_ = number("PRAGMA user_version");
  const auto known = static_cast<std::int64_t>(migrations().size());
  if (application != Database::application_id || version_ == 0)
    throw Fault(EX_DATAERR, fmt::format("{} is not a database of crier's", file_.native()));
  if (version_ > known)
    throw Fault(EX_DATAERR, fmt::format("{} is of version {}, this crier knows versions up to {}; "
                                        "use the newer crier that has written it",
                                        file_.native(), version_, known));
  if (wanted == Version::current && version_ < known)
    throw Fault(EX_DATAERR, fmt::format("{} is of version {}, this crier's is {}; start this crier "
                                        "once (crier serve), which brings it up to date",
                                        file_.native(), version_, known));
}

void Snapshot::execute(const char* sql) {
  if (sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw SqliteFailure(connection_.get());
}

const Statement& Snapshot::statement(const char* sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end())
    found = statements_.try_emplace(sql, connection_.get(), sql).first;
  return found->second;
}

}  // namespace crier::transfer
