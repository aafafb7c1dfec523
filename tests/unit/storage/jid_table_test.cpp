#include "storage/jid_table.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "storage/opened.hpp"

namespace crier::test {

TEST_CASE("a JID has one number, and only by being interned") {
  Opened opened;
  CHECK_FALSE(opened.jids.find("a@a.example"));
  const auto a = opened.jids.intern("a@a.example");
  const auto b = opened.jids.intern("b@a.example");
  CHECK(a != b);
  CHECK(opened.jids.intern("a@a.example") == a);
  CHECK(opened.jids.find("b@a.example") == b);
  CHECK_FALSE(opened.jids.find("A@a.example"));

  JidTable next_process(opened.database);
  CHECK(next_process.find("a@a.example") == a);
  JidTable another(opened.database);
  CHECK(another.intern("b@a.example") == b);
}

TEST_CASE("numbers of a transaction that was rolled back are forgotten") {
  Opened opened;
  opened.database.run("BEGIN");
  opened.jids.intern("a@a.example");
  opened.database.run("ROLLBACK");
  opened.jids.rolled_back();
  CHECK_FALSE(opened.jids.find("a@a.example"));
  const auto b = opened.jids.intern("b@a.example");
  CHECK(opened.jids.intern("a@a.example") != b);
}

TEST_CASE("more JIDs than are remembered keep their numbers") {
  Opened opened;
  const std::string resource(1000, 'r');
  const auto jid = [&](int i) { return fmt::format("a{}@a.example/{}", i, resource); };
  constexpr int count = 9'000;
  opened.database.run("BEGIN");
  const auto first = opened.jids.intern(jid(0));
  for (int i = 1; i < count; ++i) opened.jids.intern(jid(i));
  CHECK(opened.jids.intern(jid(0)) == first);
  opened.database.run("COMMIT");
}

}  // namespace crier::test
