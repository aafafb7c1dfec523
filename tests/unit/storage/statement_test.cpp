#include "storage/statement.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <string>

#include "../../storage/scratch.hpp"
#include "storage/database.hpp"

namespace crier::test {

namespace {

constexpr std::array<std::string_view, 1> schema{"CREATE TABLE t (x, y UNIQUE)"};

struct Opened {
  Scratch scratch;
  Database database{scratch.file(), 1 << 20, schema};
};

}  // namespace

TEST_CASE("a query binds numbers, ids, times and texts, and gives them back") {
  Opened opened;
  const Time time(std::chrono::microseconds(-7));
  const std::string text("a\0b", 3);
  auto query = opened.database.query("SELECT ?1, ?2, ?3, ?4, ?5", std::int64_t{-1}, Seq{1LL << 40},
                                     time, text, std::string_view());
  REQUIRE(query.next());
  CHECK(query.row<std::int64_t, Seq, Time, std::string_view, std::string_view>() ==
        std::tuple(std::int64_t{-1}, Seq{1LL << 40}, time, std::string_view(text),
                   std::string_view()));
  CHECK_FALSE(query.next());
}

TEST_CASE("an empty text is a text, not NULL") {
  Opened opened;
  auto query = opened.database.query("SELECT ?1 IS NULL, typeof(?1)", std::string_view());
  REQUIRE(query.next());
  CHECK(query.row<bool, std::string_view>() == std::tuple(false, std::string_view("text")));
}

TEST_CASE("a number beyond what the database holds is the greatest that it does") {
  Opened opened;
  auto query = opened.database.query("SELECT ?1", std::numeric_limits<std::uint64_t>::max());
  REQUIRE(query.next());
  CHECK(std::get<0>(query.row<std::int64_t>()) == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("a statement runs again, also after a run that was not finished or failed") {
  Opened opened;
  constexpr const char* insert = "INSERT INTO t VALUES (?1, ?2)";
  constexpr const char* select = "SELECT x FROM t ORDER BY y";
  for (const std::int64_t y : {1, 2}) CHECK(opened.database.run(insert, y * 10, y) == 1);
  CHECK_THROWS_AS(opened.database.run(insert, std::int64_t{0}, std::int64_t{1}), StoreFailure);
  CHECK(opened.database.run(insert, std::int64_t{30}, std::int64_t{3}) == 1);
  for (int i = 0; i < 2; ++i) {
    auto query = opened.database.query(select);
    REQUIRE(query.next());
    CHECK(std::get<0>(query.row<std::int64_t>()) == 10);
  }
}

TEST_CASE("a failure says what SQLite says") {
  Opened opened;
  try {
    opened.database.run("SELECT * FROM missing");
    FAIL("there is no such table");
  } catch (const SqliteFailure& failure) {
    CHECK(std::string_view(failure.what()) == "database: no such table: missing (SQLite code 1)");
    CHECK(failure.code() == SQLITE_ERROR);
  }
}

}  // namespace crier::test
