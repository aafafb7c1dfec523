#include "storage/usage_table.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "storage/opened.hpp"

namespace crier::test {

namespace {

struct Counted : Opened {
  UsageTable usage{database, jids};

  std::int64_t rows() {
    Query found = database.query("SELECT count(*) FROM usage");
    found.next();
    return std::get<0>(found.row<std::int64_t>());
  }
  /// An item of so many accounts each.
  void add_items(unsigned accounts) {
    for (unsigned i = 0; i < accounts; ++i) {
      const auto jid = fmt::format("user{}@a.example", i);
      usage.add_item(jids.intern(jid), jid, 3);
    }
  }
};

}  // namespace

TEST_CASE("what few accounts change is written once, at the end of the transaction") {
  Counted counted;
  counted.database.run("BEGIN");
  counted.add_items(100);
  CHECK(counted.rows() == 0);
  counted.usage.write();
  counted.database.run("COMMIT");
  CHECK(counted.rows() == 102);
}

TEST_CASE("what many accounts change in one transaction does not gather in memory") {
  Counted counted;
  counted.database.run("BEGIN");
  counted.add_items(25'000);
  CHECK(counted.rows() > 20'000);
  CHECK(counted.usage.of(Scope::domain, "a.example").items == 25'000);
  CHECK(counted.usage.of(Scope::service, "").items == 25'000);
  CHECK(counted.usage.of(Scope::account, "user7@a.example").bytes == 3);

  counted.jids.rolled_back();
  counted.usage.rolled_back();
  counted.database.run("ROLLBACK");
  CHECK(counted.rows() == 0);
  CHECK(counted.usage.of(Scope::service, "").items == 0);
}

}  // namespace crier::test
