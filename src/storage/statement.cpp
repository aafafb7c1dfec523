#include "storage/statement.hpp"

#include <fmt/format.h>

namespace crier {

SqliteFailure::SqliteFailure(sqlite3* connection)
    : StoreFailure(fmt::format("database: {} (SQLite code {})", sqlite3_errmsg(connection),
                               sqlite3_extended_errcode(connection))),
      code_(sqlite3_extended_errcode(connection)) {}

Statement::Statement(sqlite3* connection, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) throw SqliteFailure(connection);
  statement_.reset(statement);
}

bool Query::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw SqliteFailure(sqlite3_db_handle(statement_));
}

void Query::bind(int index, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, index, value));
}

void Query::bind(int index, std::string_view value) {
  // A null pointer would bind NULL.
  const char* data = value.data() ? value.data() : "";
  check(sqlite3_bind_text64(statement_, index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Query::check(int code) const {
  if (code != SQLITE_OK) throw SqliteFailure(sqlite3_db_handle(statement_));
}

std::string_view Query::text(int column) const {
  // As a blob, a text is not copied to get a zero at its end.
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const int length = sqlite3_column_bytes(statement_, column);
  if (!data) return {};
  return {data, static_cast<std::size_t>(length)};
}

}  // namespace crier
