#include "storage/database.hpp"

#include <crier/fault.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sysexits.h>

#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "../../storage/scratch.hpp"

namespace crier::test {

namespace {

using Steps = std::span<const std::string_view>;

constexpr std::size_t cache_bytes = 1 << 20;
constexpr std::array<std::string_view, 3> steps{
    "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1);",
    "UPDATE a SET x = x + 10;",
    "UPDATE a SET x = x * 2; CREATE TABLE b (y INTEGER);",
};

/// Why the database can not be opened, or nothing.
std::optional<Fault> refusal(const std::filesystem::path& file, Steps migrations = steps) {
  try {
    const Database database(file, cache_bytes, migrations);
    return {};
  } catch (const Fault& fault) {
    return fault;
  }
}

std::int64_t number(Database& database, const char* sql) {
  Query query = database.query(sql);
  REQUIRE(query.next());
  return std::get<0>(query.row<std::int64_t>());
}

/// Runs SQL as another program would.
void execute(const std::filesystem::path& file, const char* sql) {
  sqlite3* connection = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &connection) == SQLITE_OK);
  CHECK(sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(connection);
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("a database is set to lose nothing") {
  const Scratch scratch;
  Database database(scratch.file(), cache_bytes, steps);
  Query mode = database.query("PRAGMA journal_mode");
  REQUIRE(mode.next());
  CHECK(std::get<0>(mode.row<std::string_view>()) == "wal");
  constexpr std::int64_t full = 2;
  CHECK(number(database, "PRAGMA synchronous") == full);
  CHECK(number(database, "PRAGMA foreign_keys") == 1);
  CHECK(number(database, "PRAGMA busy_timeout") == 5'000);
  CHECK(number(database, "PRAGMA cache_size") == -1024);
  CHECK(number(database, "PRAGMA application_id") == 0x63726965);
}

TEST_CASE("only its owner reads a new database") {
  const Scratch scratch;
  Database database(scratch.file(), cache_bytes, steps);
  for (const auto* name : {"crier.db", "crier.db-wal", "crier.db-lock"}) {
    CAPTURE(name);
    struct stat status {};
    REQUIRE(::stat(scratch.file(name).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
}

TEST_CASE("a database is migrated from whatever version it has, once") {
  for (std::size_t version = 0; version <= steps.size(); ++version) {
    CAPTURE(version);
    const Scratch scratch;
    { const Database database(scratch.file(), cache_bytes, Steps(steps).first(version)); }
    { const Database database(scratch.file(), cache_bytes, steps); }
    Database database(scratch.file(), cache_bytes, steps);
    CHECK(number(database, "PRAGMA user_version") == 3);
    CHECK(number(database, "SELECT x FROM a") == 22);
    CHECK(number(database, "SELECT count(*) FROM b") == 0);
  }
}

TEST_CASE("a migration that fails leaves the database as it was") {
  const Scratch scratch;
  { const Database database(scratch.file(), cache_bytes, Steps(steps).first(1)); }
  auto broken = steps;
  broken[2] = "UPDATE a SET x = 99; CREATE TABLE a (y INTEGER);";
  CHECK(refusal(scratch.file(), broken));
  Database database(scratch.file(), cache_bytes, Steps(steps).first(1));
  CHECK(number(database, "PRAGMA user_version") == 1);
  CHECK(number(database, "SELECT x FROM a") == 1);
}

TEST_CASE("a database of a newer version is refused, and stays as it is") {
  const Scratch scratch;
  { const Database database(scratch.file(), cache_bytes, steps); }
  const auto before = content_of(scratch.file());
  const auto fault = refusal(scratch.file(), Steps(steps).first(2));
  REQUIRE(fault);
  CHECK(fault->status() == EX_DATAERR);
  CHECK(fault->what() ==
        fmt::format("the database {} is of version 3, this crier knows versions up to 2; run the "
                    "newer crier that has written it",
                    scratch.file().native()));
  CHECK(content_of(scratch.file()) == before);
}

TEST_CASE("another program's database is refused, and stays as it is") {
  for (const auto* sql : {"CREATE TABLE theirs (x)", "PRAGMA user_version = 4",
                          "PRAGMA application_id = 77; CREATE TABLE theirs (x)"}) {
    CAPTURE(sql);
    const Scratch scratch;
    execute(scratch.file(), sql);
    const auto before = content_of(scratch.file());
    const auto fault = refusal(scratch.file());
    REQUIRE(fault);
    CHECK(fault->status() == EX_DATAERR);
    CHECK(fault->what() == fmt::format("the database {} belongs to another program; name another "
                                       "file with --database",
                                       scratch.file().native()));
    CHECK(content_of(scratch.file()) == before);
  }
}

TEST_CASE("what is no database is refused") {
  const Scratch scratch;
  std::ofstream(scratch.file()) << std::string(5000, 'x');
  const auto fault = refusal(scratch.file());
  REQUIRE(fault);
  CHECK(fault->status() == EX_DATAERR);
  CHECK(fault->what() == fmt::format("{} is not an SQLite database; name another file with "
                                     "--database",
                                     scratch.file().native()));
}

TEST_CASE("a directory is no database") {
  const Scratch scratch;
  std::filesystem::create_directory(scratch.file());
  const auto fault = refusal(scratch.file());
  REQUIRE(fault);
  CHECK(fault->status() == EX_CANTCREAT);
}

TEST_CASE("a damaged database is refused") {
  const Scratch scratch;
  { const Database database(scratch.file(), cache_bytes, steps); }
  // The header is left; what the schema is read from is not.
  auto content = content_of(scratch.file());
  content.replace(100, 1000, 1000, '\xff');
  std::ofstream(scratch.file(), std::ios::binary) << content;
  const auto fault = refusal(scratch.file());
  REQUIRE(fault);
  CHECK(fault->status() == EX_DATAERR);
  CHECK(std::string_view(fault->what()).find("is damaged") != std::string_view::npos);
}

TEST_CASE("one database, one crier") {
  const Scratch scratch;
  const Database database(scratch.file(), cache_bytes, steps);
  const auto fault = refusal(scratch.file());
  REQUIRE(fault);
  CHECK(fault->status() == EX_TEMPFAIL);
}

}  // namespace crier::test
