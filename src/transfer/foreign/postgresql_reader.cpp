/// PostgreSQL through libpq.

#include <crier/fault.hpp>

#include "transfer/foreign/sqlite_reader.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <sysexits.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <vector>

namespace crier::transfer {

namespace {

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

/// libpq's messages have several lines.
std::string one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  std::erase(text, '\t');
  return text;
}

/// A URI of libpq's, or its keywords with values; not the name of a file that is there.
bool is_postgresql(const std::string& source) {
  std::error_code error;
  return source.starts_with("postgresql://") || source.starts_with("postgres://") ||
         (source.find('=') != std::string::npos && !std::filesystem::exists(source, error));
}

/// libpq's own complaint would quote it, with the password.
void check_connection_string(const std::string& source) {
  struct FreeOptions {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
  };
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(
      PQconninfoParse(source.c_str(), nullptr));
  if (!options)
    throw Fault(EX_USAGE,
                "the connection string of the PostgreSQL database is not a valid one; "
                "write it as postgresql://USER:PASSWORD@HOST/DATABASE, with % in front of "
                "the hexadecimal numbers of other characters");
}

class PostgresqlReader : public SqlReader {
 public:
  explicit PostgresqlReader(const std::string& source) : connection_(PQconnectdb(source.c_str())) {
    if (PQstatus(connection_.get()) != CONNECTION_OK)
      throw Fault(EX_NOINPUT, fmt::format("the PostgreSQL database can not be reached: {}",
                                          one_line(PQerrorMessage(connection_.get()))));
    if (PQsetClientEncoding(connection_.get(), "UTF8") != 0) refuse();
    run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", {});
  }

  void query(const std::string& sql, std::initializer_list<std::string_view> values,
             const Visitor& visit) override {
    const auto cursor = fmt::format("crier_{}", ++cursors_);
    run(fmt::format("DECLARE {} NO SCROLL CURSOR FOR {}", cursor, sql), values);
    const auto fetch = fmt::format("FETCH {} FROM {}", rows_at_once, cursor);
    int count = rows_at_once;
    while (count == rows_at_once) {
      const auto result = run(fetch, {});
      count = PQntuples(result.get());
      for (int i = 0; i < count; ++i) visit_row(*result, i, visit);
    }
    run("CLOSE " + cursor, {});
  }

  bool has_table(std::string_view name) override {
    return !value("SELECT to_regclass($1::text)", {name}).empty();
  }

  std::string microseconds(std::string_view column) const override {
    return fmt::format("(extract(epoch FROM {}) * 1000000)::bigint", column);
  }

 private:
  /// An item may have a payload of a megabyte.
  static constexpr int rows_at_once = 50;

  [[noreturn]] void refuse() {
    throw Fault(EX_DATAERR, fmt::format("the PostgreSQL database can not be read: {}",
                                        one_line(PQerrorMessage(connection_.get()))));
  }

  Result run(const std::string& sql, std::initializer_list<std::string_view> values) {
    std::vector<std::string> texts(values.begin(), values.end());
    std::vector<const char*> pointers;
    for (const auto& text : texts) pointers.push_back(text.c_str());
    Result result(PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(texts.size()),
                               nullptr, pointers.data(), nullptr, nullptr, 0));
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) refuse();
    return result;
  }

  static void visit_row(const PGresult& result, int row, const Visitor& visit) {
    std::vector<std::optional<std::string_view>> columns;
    for (int i = 0; i < PQnfields(&result); ++i) {
      columns.emplace_back();
      if (PQgetisnull(&result, row, i) == 0)
        columns.back().emplace(PQgetvalue(&result, row, i),
                               static_cast<std::size_t>(PQgetlength(&result, row, i)));
    }
    visit(columns);
  }

  std::unique_ptr<PGconn, Finish> connection_;
  std::uint64_t cursors_ = 0;
};

}  // namespace

std::string SqlReader::value(const std::string& sql,
                             std::initializer_list<std::string_view> values) {
  std::optional<std::string> found;
  query(sql, values, [&](Row row) {
    if (!found) found.emplace(text_of(row.front()));
  });
  return found.value_or("");
}

std::uint64_t SqlReader::count(const std::string& sql,
                               std::initializer_list<std::string_view> values) {
  const auto text = value(sql, values);
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string_view text_of(const std::optional<std::string_view>& column, std::string_view fallback) {
  return column.value_or(fallback);
}

std::string source_name(const std::string& source) {
  return is_postgresql(source) ? "the PostgreSQL database" : source;
}

std::unique_ptr<SqlReader> open_database(const std::string& source) {
  if (is_postgresql(source)) {
    check_connection_string(source);
    return std::make_unique<PostgresqlReader>(source);
  }
  return std::make_unique<SqliteReader>(source);
}

}  // namespace crier::transfer
