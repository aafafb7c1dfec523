#include "transfer/foreign/sqlite_reader.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>
#include <sysexits.h>

#include <filesystem>
#include <vector>

namespace crier::transfer {

namespace {

SqliteStatement prepare(sqlite3* connection, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(connection, sql, -1, &statement, nullptr);
  return SqliteStatement(statement);
}

void bind(sqlite3_stmt* statement, std::initializer_list<std::string_view> values) {
  int index = 0;
  for (const auto value : values) {
    // A value without an address would be NULL.
    const char* text = value.data() ? value.data() : "";
    sqlite3_bind_text64(statement, ++index, text, value.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
}

}  // namespace

SqliteReader::SqliteReader(const std::string& file) : name_(file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error))
    throw Fault(EX_NOINPUT, fmt::format("{} is no file that can be read", file));
  sqlite3* connection = nullptr;
  const int opened = sqlite3_open_v2(file.c_str(), &connection, SQLITE_OPEN_READONLY, nullptr);
  connection_.reset(connection);
  if (opened != SQLITE_OK) refuse();
  sqlite3_busy_timeout(connection, 10'000);
  execute("BEGIN");
}

SqliteReader::SqliteReader(Temporary temporary) : name_("the temporary database") {
  sqlite3* connection = nullptr;
  const int opened =
      sqlite3_open(/* a file of its own, deleted when it is closed */ "", &connection);
  connection_.reset(connection);
  if (opened != SQLITE_OK) refuse();
  execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN");
  execute(temporary.schema);
}

void SqliteReader::refuse() {
  throw Fault(EX_DATAERR,
              fmt::format("{} can not be read: {}", name_, sqlite3_errmsg(connection_.get())));
}

void SqliteReader::execute(const char* sql) {
  if (sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) refuse();
}

void SqliteReader::query(const std::string& sql, std::initializer_list<std::string_view> values,
                         const Visitor& visit) {
  const auto prepared = prepare(connection_.get(), sql.c_str());
  if (!prepared) refuse();
  bind(prepared.get(), values);
  std::vector<std::optional<std::string_view>> row(
      static_cast<std::size_t>(sqlite3_column_count(prepared.get())));
  int step = sqlite3_step(prepared.get());
  for (; step == SQLITE_ROW; step = sqlite3_step(prepared.get())) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const int column = static_cast<int>(i);
      const auto* text = sqlite3_column_text(prepared.get(), column);
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(prepared.get(), column));
      row[i].reset();
      if (text) row[i].emplace(reinterpret_cast<const char*>(text), size);
    }
    visit(row);
  }
  if (step != SQLITE_DONE) refuse();
}

bool SqliteReader::has_table(std::string_view name) {
  return !value("SELECT 1 FROM sqlite_master WHERE type = 'table' AND lower(name) = lower($1)",
                {name})
              .empty();
}

void SqliteReader::insert(const char* sql, std::initializer_list<std::string_view> values) {
  auto& statement = insertions_[sql];
  if (!statement) statement = prepare(connection_.get(), sql);
  if (!statement) refuse();
  bind(statement.get(), values);
  if (sqlite3_step(statement.get()) != SQLITE_DONE) refuse();
  sqlite3_reset(statement.get());
}

}  // namespace crier::transfer
