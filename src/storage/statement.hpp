#pragma once
/// SQL as typed calls: a statement is prepared once, a query is one run of it.

#include <crier/ids.hpp>
#include <crier/store.hpp>
#include <crier/time.hpp>

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace crier {

/// What SQLite says went wrong.
class SqliteFailure : public StoreFailure {
 public:
  explicit SqliteFailure(sqlite3* connection);
  /// One of SQLite's extended result codes.
  int code() const { return code_; }

 private:
  int code_;
};

/// A prepared statement.
class Statement {
 public:
  /// `sql` is a single statement. Throws SqliteFailure.
  Statement(sqlite3* connection, const char* sql);
  sqlite3_stmt* get() const { return statement_.get(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// One run of a statement, from binding its parameters to resetting it. A statement has one run at
/// a time.
class Query {
 public:
  /// Binds the parameters ?1, ?2, …: numbers, ids, times and texts. Texts need to live as long as
  /// the query.
  template <class... Values>
  explicit Query(const Statement& statement, const Values&... values)
      : statement_(statement.get()) {
    int index = 0;
    (bind(++index, values), ...);
  }
  ~Query() { sqlite3_reset(statement_); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  /// Goes to the next row; false when there is none. Throws SqliteFailure.
  bool next();

  /// The columns of the row, in order. Texts are valid until the next call of next().
  template <class... Types>
  std::tuple<Types...> row() const {
    return columns<Types...>(std::index_sequence_for<Types...>());
  }

 private:
  void check(int code) const;
  void bind(int index, std::int64_t value);
  void bind(int index, bool value) { bind(index, static_cast<std::int64_t>(value)); }
  template <class Value>
  void bind(int index, const std::optional<Value>& value) {
    if (value)
      bind(index, *value);
    else
      check(sqlite3_bind_null(statement_, index));
  }
  void bind(int index, std::string_view value);
  void bind(int index, Time value) { bind(index, value.time_since_epoch().count()); }
  void bind(int index, std::uint64_t value) {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    bind(index, static_cast<std::int64_t>(value < most ? value : most));
  }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void bind(int index, Enum value) { bind(index, static_cast<std::int64_t>(value)); }

  std::string_view text(int column) const;

  template <class Type>
  Type column(int index) const {
    const auto number = [&] { return sqlite3_column_int64(statement_, index); };
    if constexpr (std::is_same_v<Type, std::string_view>)
      return text(index);
    else if constexpr (std::is_same_v<Type, std::optional<Seq>>)
      return sqlite3_column_type(statement_, index) == SQLITE_NULL ? Type() : Type(Seq{number()});
    else if constexpr (std::is_same_v<Type, std::optional<Time>>)
      return sqlite3_column_type(statement_, index) == SQLITE_NULL
                 ? Type()
                 : Type(Time(std::chrono::microseconds(number())));
    else if constexpr (std::is_same_v<Type, Time>)
      return Time(std::chrono::microseconds(number()));
    else
      return static_cast<Type>(number());
  }

  template <class... Types, std::size_t... indexes>
  std::tuple<Types...> columns(std::index_sequence<indexes...>) const {
    return {column<Types>(static_cast<int>(indexes))...};
  }

  sqlite3_stmt* statement_;
};

}  // namespace crier
