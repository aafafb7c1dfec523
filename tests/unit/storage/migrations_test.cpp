#include "storage/migrations.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "../../storage/scratch.hpp"
#include "storage/database.hpp"
#include "storage/sequence.hpp"

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

TEST_CASE(
    "a database from before there were bans, audit and announcements gets them, and keeps all") {
  const Scratch scratch;
  {
    Database old(scratch.file(), 1 << 20, migrations().first(6));
    old.run("INSERT INTO jid VALUES (1, 'a@a.example')");
    old.run(
        "INSERT INTO node (id, host, name, config, creator, created) VALUES (1, 'h', 'n', '', 1, "
        "0)");
  }
  Database database(scratch.file(), 1 << 20, migrations().first(7));
  Query kept = database.query("SELECT name FROM node");
  REQUIRE(kept.next());
  CHECK(std::get<0>(kept.row<std::string_view>()) == "n");
  for (const auto* table : {"SELECT count(*) FROM ban", "SELECT count(*) FROM audit",
                            "SELECT count(*) FROM announcement"}) {
    Query count = database.query(table);
    REQUIRE(count.next());
    CHECK(std::get<0>(count.row<int>()) == 0);
  }
}

TEST_CASE("a database from before usage was counted gets what it holds counted") {
  const Scratch scratch;
  {
    Database old(scratch.file(), 1 << 20, migrations().first(7));
    old.run(
        "INSERT INTO jid VALUES (1, 'me@a.example'), (2, 'you@b.example'), (3, 'a.example'), "
        "(4, 'you@b.example/x@y'), (5, 'pubsub.c.example')");
    old.run(
        "INSERT INTO node (id, host, name, config, creator, created) VALUES (1, 'h', 'n', '', 1, "
        "0), (2, 'h', NULL, '', 1, 0), (3, 'h', '', '', 5, 0), (4, 'h', 'm', '', 3, 0)");
    old.run(
        "INSERT INTO item VALUES (1, 1, 'ä', 1, 0, 0, '<e/>'), (2, 1, '2', 2, 0, 0, ''), "
        "(3, 2, '3', 1, 0, 0, '<ö/>'), (4, 1, '4', 3, 0, 0, '')");
    old.run(
        "INSERT INTO subscription (id, node, jid, state, created) VALUES (1, 1, 4, 2, 0), "
        "(2, 1, 2, 2, 0), (3, 2, 3, 0, 0)");
  }
  Database database(scratch.file(), 1 << 20, migrations());
  Query found = database.query(
      "SELECT CASE WHEN whom = 0 THEN 'all' WHEN whom < 0 THEN '*@' || jid ELSE jid END AS name, "
      "nodes, subscriptions, items, bytes FROM usage LEFT JOIN jid ON jid.id = abs(whom) "
      "ORDER BY name");
  std::vector<std::string> rows;
  while (found.next()) {
    const auto [name, nodes, subscriptions, items, bytes] =
        found.row<std::string_view, int, int, int, int>();
    rows.push_back(fmt::format("{} {} {} {} {}", name, nodes, subscriptions, items, bytes));
  }
  CHECK(rows == std::vector<std::string>{"*@a.example 2 1 3 13", "*@b.example 0 2 1 1",
                                         "a.example 0 0 1 1", "all 2 3 4 0",
                                         "me@a.example 0 0 2 12", "you@b.example 0 0 1 1"});
}

TEST_CASE("an empty database from before usage was counted has nothing counted") {
  const Scratch scratch;
  { Database old(scratch.file(), 1 << 20, migrations().first(7)); }
  Database database(scratch.file(), 1 << 20, migrations());
  CHECK_FALSE(database.query("SELECT 1 FROM usage").next());
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

TEST_CASE(
    "subscriptions keep their numbers, and no number is given again, when the sequence gives "
    "them") {
  const Scratch scratch;
  {
    Database old(scratch.file(), 1 << 20, migrations().first(5));
    old.run("INSERT INTO jid VALUES (1, 'a@a.example')");
    old.run(
        "INSERT INTO node (id, host, name, config, creator, created) VALUES (1, 'h', 'n', '', 1, "
        "0)");
    old.run(
        "INSERT INTO subscription (id, node, jid, state, created, taken) VALUES (70000, 1, 1, 2, "
        "3, 4)");
    old.run("INSERT INTO bounce VALUES (70000, 2, 5)");
    old.run("INSERT INTO subscription (id, node, jid, state, created) VALUES (80000, 1, 1, 2, 3)");
    old.run("DELETE FROM subscription WHERE id = 80000");
  }
  Database database(scratch.file(), 1 << 20, migrations());
  Query kept = database.query(
      "SELECT node, jid, state, created, taken, count FROM subscription JOIN bounce ON "
      "subscription = id "
      "WHERE id = 70000");
  REQUIRE(kept.next());
  CHECK(kept.row<int, int, int, int, int, int>() == std::tuple(1, 1, 2, 3, 4, 2));
  CHECK_FALSE(database.query("PRAGMA foreign_key_check").next());
  Sequence sequence(database);
  CHECK(sequence.next() > Seq{80'000});
}

}  // namespace crier::test
