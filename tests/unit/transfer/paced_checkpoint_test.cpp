#include "transfer/paced_checkpoint.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "../../storage/scratch.hpp"

namespace crier::transfer::test {

namespace {

using crier::test::Scratch;

struct Close {
  void operator()(sqlite3* connection) const { sqlite3_close(connection); }
};
using Connection = std::unique_ptr<sqlite3, Close>;

void execute(const Connection& connection, const char* sql) {
  REQUIRE(sqlite3_exec(connection.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK);
}

Connection connect(const Scratch& scratch) {
  sqlite3* connection = nullptr;
  REQUIRE(sqlite3_open(scratch.file().c_str(), &connection) == SQLITE_OK);
  Connection opened(connection);
  execute(opened, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
  return opened;
}

/// Pages in the log, and those of them that are in the database as well.
struct Log {
  int pages = 0;
  int copied = 0;
};

Log log_of(const Connection& connection) {
  Log log;
  sqlite3_wal_checkpoint_v2(connection.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &log.pages,
                            &log.copied);
  return log;
}

constexpr const char* fill =
    "CREATE TABLE t (a); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
    "900) INSERT INTO t SELECT randomblob(4000) FROM n";

}  // namespace

TEST_CASE("a paced checkpoint takes all that a reader lets go of when it begins") {
  const Scratch scratch;
  const auto writer = connect(scratch);
  execute(writer, "CREATE TABLE first (a)");
  const auto reader = connect(scratch);
  execute(reader, "BEGIN; SELECT * FROM first");
  execute(writer, fill);
  // Nobody can bring it into the database while somebody reads what was before.
  const auto held = log_of(writer);
  CHECK(held.copied < held.pages);

  const auto sweeper = connect(scratch);
  execute(sweeper, "PRAGMA schema_version");
  int begun = 0;
  PacedCheckpoint(sweeper.get(), 0).run([&] {
    ++begun;
    execute(reader, "COMMIT");
  });
  CHECK(begun == 1);
  const auto swept = log_of(writer);
  CHECK(swept.copied == swept.pages);
}

TEST_CASE("a paced checkpoint is no faster than its rate, and the file has its own methods again") {
  const Scratch scratch;
  const auto writer = connect(scratch);
  execute(writer, fill);
  const auto start = std::chrono::steady_clock::now();
  PacedCheckpoint(writer.get(), 8 << 20).run([] {});
  // Some 3.6 MB; what is below a piece does not wait.
  CHECK(std::chrono::steady_clock::now() - start > std::chrono::milliseconds(300));
  execute(writer, "INSERT INTO t VALUES (1)");
  CHECK(log_of(writer).copied == log_of(writer).pages);
}

TEST_CASE("a paced checkpoint that can not begin lets go all the same") {
  const Scratch scratch;
  sqlite3* connection = nullptr;
  REQUIRE(sqlite3_open(scratch.file().c_str(), &connection) == SQLITE_OK);
  const Connection without_log(connection);
  execute(without_log, fill);
  int begun = 0;
  PacedCheckpoint(without_log.get(), 0).run([&] { ++begun; });
  CHECK(begun == 1);
}

}  // namespace crier::transfer::test
