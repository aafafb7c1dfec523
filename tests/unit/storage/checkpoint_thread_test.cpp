#include "storage/checkpoint_thread.hpp"

#include <doctest/doctest.h>

#include "storage/opened.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>

namespace crier::test {

namespace {

constexpr std::uintmax_t page_bytes = 4096;

/// Has a table of rows that take a page each.
struct Beside : Opened {
  Beside() {
    database.run("CREATE TABLE t (id INTEGER PRIMARY KEY, bytes BLOB)");
    database.checkpoint_beside();
  }
  /// Commits so many rows.
  void add(int rows) {
    database.run("BEGIN");
    for (int i = 0; i < rows; ++i) database.run("INSERT INTO t (bytes) VALUES (zeroblob(3800))");
    database.run("COMMIT");
  }
  std::int64_t count() {
    Query rows = database.query("SELECT count(*) FROM t");
    rows.next();
    return std::get<0>(rows.row<std::int64_t>());
  }
  std::uintmax_t size() const { return std::filesystem::file_size(scratch.file()); }
  /// Whether the file becomes that long without another commit.
  bool becomes(std::uintmax_t bytes) const {
    for (int i = 0; i < 1000 && size() < bytes; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return size() >= bytes;
  }
};

}  // namespace

TEST_CASE("a long log is copied into the database, and whoever commits does not wait for it") {
  Beside opened;
  const auto before = opened.size();
  opened.add(CheckpointThread::begin_pages - 100);
  CHECK(opened.size() == before);
  opened.add(200);
  CHECK(opened.becomes(before + CheckpointThread::begin_pages * page_bytes));
}

TEST_CASE("once all is copied the log begins anew, so it does not grow while there are commits") {
  Beside opened;
  const auto log = opened.scratch.file("crier.db-wal");
  constexpr int rows = 50;
  constexpr int commits = 3 * CheckpointThread::most_pages / rows;
  for (int i = 0; i < commits; ++i) opened.add(rows);
  CHECK(std::filesystem::file_size(log) <
        (CheckpointThread::most_pages + 2 * rows) * (page_bytes + 24));
  CHECK(opened.count() == commits * rows);
}

TEST_CASE("a database that is closed during a checkpoint is whole") {
  const Scratch scratch;
  for (int i = 0; i < 3; ++i) {
    Database database(scratch.file(), 1 << 20, migrations());
    database.checkpoint_beside();
    database.run("BEGIN");
    database.run("CREATE TABLE IF NOT EXISTS u (id INTEGER PRIMARY KEY, bytes BLOB)");
    for (int row = 0; row < 2 * CheckpointThread::begin_pages; ++row)
      database.run("INSERT INTO u (bytes) VALUES (zeroblob(3800))");
    database.run("COMMIT");
  }
  Database database(scratch.file(), 1 << 20, migrations());
  Query rows = database.query("SELECT count(*) FROM u");
  rows.next();
  CHECK(std::get<0>(rows.row<std::int64_t>()) == 3 * 2 * CheckpointThread::begin_pages);
}

}  // namespace crier::test
