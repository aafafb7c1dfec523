#pragma once
/// Other services' databases: SQLite files and PostgreSQL, read as they are.

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace crier::transfer {

/// Reads one database in one transaction, so that what is read is of one moment, whatever the
/// service that owns it does meanwhile. Nothing is ever written.
class SqlReader {
 public:
  /// The columns of a row as texts; nothing for NULL. Valid until the visitor returns.
  using Row = std::span<const std::optional<std::string_view>>;
  using Visitor = std::function<void(Row)>;

  virtual ~SqlReader() = default;

  /// Visits the rows of `sql` in order; `$1`, `$2`, … stand for `values`, used in that order. A
  /// visitor may ask other queries. Rows are fetched few at a time. Throws Fault when the database
  /// refuses.
  virtual void query(const std::string& sql, std::initializer_list<std::string_view> values,
                     const Visitor& visit) = 0;
  /// Whether there is a table of that name.
  virtual bool has_table(std::string_view name) = 0;
  /// The expression that gives a timestamp's microseconds since 1970.
  virtual std::string microseconds(std::string_view column) const = 0;

  /// The first column of the first row; empty when there is none.
  std::string value(const std::string& sql, std::initializer_list<std::string_view> values = {});
  /// The same of a query that counts; 0 when there is none.
  std::uint64_t count(const std::string& sql, std::initializer_list<std::string_view> values = {});
};

/// The column's text, or `fallback` for NULL.
std::string_view text_of(const std::optional<std::string_view>& column,
                         std::string_view fallback = {});

/// What a source is called in messages: a PostgreSQL one, which may hold a password, without it.
std::string source_name(const std::string& source);

/// Opens a database: a PostgreSQL one where `source` is a URI (postgresql://…) or names a dbname=,
/// otherwise the SQLite file of that name. Throws Fault: EX_NOINPUT when it can not be opened.
std::unique_ptr<SqlReader> open_database(const std::string& source);

}  // namespace crier::transfer
