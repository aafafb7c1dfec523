#include "storage/migrations.hpp"

#include <doctest/doctest.h>

#include "../../storage/scratch.hpp"
#include "storage/database.hpp"

namespace crier::test {

TEST_CASE("the migrations are compiled in, and make a database that is sound") {
  REQUIRE(migrations().size() >= 1);
  CHECK(migrations()[0].find("CREATE TABLE item") != std::string_view::npos);
  const Scratch scratch;
  Database database(scratch.file(), 1 << 20, migrations());
  Query check = database.query("PRAGMA integrity_check");
  REQUIRE(check.next());
  CHECK(std::get<0>(check.row<std::string_view>()) == "ok");
  CHECK_FALSE(database.query("PRAGMA foreign_key_check").next());
}

TEST_CASE("items that a database has from before notes were kept count as told of") {
  const Scratch scratch;
  {
    Database old(scratch.file(), 1 << 20, migrations().first(4));
    old.run("UPDATE sequence SET reserved = 10001");
  }
  Database database(scratch.file(), 1 << 20, migrations());
  Query told = database.query("SELECT told FROM sequence");
  REQUIRE(told.next());
  CHECK(std::get<0>(told.row<std::int64_t>()) == 10'000);
}

}  // namespace crier::test
