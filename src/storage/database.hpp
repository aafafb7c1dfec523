#pragma once
/// A database file of crier's: opened by one process at a time, of the version that this program
/// knows, with its statements prepared once.

#include "storage/checkpoint_thread.hpp"
#include "storage/file_lock.hpp"
#include "storage/statement.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace crier {

class Database {
 public:
  /// "crie", in the header of every database of crier's.
  static constexpr std::int64_t application_id = 0x63726965;

  /// Opens the file, or makes it, and brings it to the version of `migrations`; `cache_bytes` is
  /// what pages may take in memory. WAL, synchronous=FULL, foreign keys.
  /// Throws Fault: EX_CANTCREAT, EX_TEMPFAIL when another process has it, EX_DATAERR when it is
  /// none of crier's, is damaged or of a newer version, EX_IOERR when the disk fails.
  Database(const std::filesystem::path& file, std::size_t cache_bytes,
           std::span<const std::string_view> migrations);

  /// Starts a run of `sql`, whose address stands for it: a constant, prepared at its first use.
  template <class... Values>
  Query query(const char* sql, const Values&... values) {
    return Query(statement(sql), values...);
  }
  /// Runs `sql` to its end; the number of rows that it has changed.
  template <class... Values>
  std::int64_t run(const char* sql, const Values&... values) {
    Query query(statement(sql), values...);
    while (query.next()) continue;
    return sqlite3_changes64(connection_.get());
  }
  /// The key that the last insertion has given.
  std::int64_t last_id() const { return sqlite3_last_insert_rowid(connection_.get()); }
  /// Copies the write-ahead log into the database and empties it. Throws SqliteFailure.
  void checkpoint();
  /// From now on a thread does that beside commits. Throws SqliteFailure, or std::system_error when
  /// there can be no thread.
  void checkpoint_beside();
  /// Whether the open transaction has something to commit.
  bool has_written() const {
    return sqlite3_txn_state(connection_.get(), nullptr) == SQLITE_TXN_WRITE;
  }
  /// Between a BEGIN and its end. SQLite may have ended a transaction that failed by itself.
  bool in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close(connection); }
  };

  const Statement& statement(const char* sql);
  void execute(const std::string& sql);
  /// The one number that `sql` asks for.
  std::int64_t number(const char* sql);
  void connect(const std::filesystem::path& file);
  void check_identity(const std::filesystem::path& file, std::size_t known_version);
  void use_log(const std::filesystem::path& file);
  void configure(std::size_t cache_bytes);
  void migrate(std::span<const std::string_view> migrations);
  void reserve_log();

  FileLock lock_;
  std::unique_ptr<sqlite3, Close> connection_;
  std::unordered_map<const char*, Statement> statements_;
  std::optional<CheckpointThread> checkpoints_;
};

}  // namespace crier
