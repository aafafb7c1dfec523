#pragma once
/// SQLite files of other services, and tables that are filled to be read like one.

#include "transfer/foreign/sql_reader.hpp"

#include <sqlite3.h>

#include <memory>
#include <string>
#include <unordered_map>

namespace crier::transfer {

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using SqliteStatement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

class SqliteReader : public SqlReader {
 public:
  /// Opens the file to read it only.
  explicit SqliteReader(const std::string& file);
  /// An empty database that is gone with this object, and that needs little memory however much is
  /// put into it; `schema` makes its tables.
  struct Temporary {
    const char* schema;
  };
  explicit SqliteReader(Temporary temporary);

  void query(const std::string& sql, std::initializer_list<std::string_view> values,
             const Visitor& visit) override;
  bool has_table(std::string_view name) override;
  std::string microseconds(std::string_view column) const override { return std::string(column); }

  /// Adds a row to a temporary database. The address of `sql` stands for it: a constant.
  void insert(const char* sql, std::initializer_list<std::string_view> values);

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close(connection); }
  };
  [[noreturn]] void refuse();
  void execute(const char* sql);

  std::string name_;
  std::unique_ptr<sqlite3, Close> connection_;
  std::unordered_map<const char*, SqliteStatement> insertions_;
};

}  // namespace crier::transfer
