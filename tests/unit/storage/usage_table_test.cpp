#include "storage/usage_table.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "../../storage/scratch.hpp"
#include "storage/migrations.hpp"

namespace crier::test {

namespace {

struct Opened {
  Scratch scratch;
  Database database{scratch.file(), 1 << 20, migrations()};
  JidTable jids{database};
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
  Opened opened;
  opened.database.run("BEGIN");
  opened.add_items(100);
  CHECK(opened.rows() == 0);
  opened.usage.write();
  opened.database.run("COMMIT");
  CHECK(opened.rows() == 102);
}

TEST_CASE("what many accounts change in one transaction does not gather in memory") {
  Opened opened;
  opened.database.run("BEGIN");
  opened.add_items(25'000);
  CHECK(opened.rows() > 20'000);
  CHECK(opened.usage.of(Scope::domain, "a.example").items == 25'000);
  CHECK(opened.usage.of(Scope::service, "").items == 25'000);
  CHECK(opened.usage.of(Scope::account, "user7@a.example").bytes == 3);

  opened.jids.rolled_back();
  opened.usage.rolled_back();
  opened.database.run("ROLLBACK");
  CHECK(opened.rows() == 0);
  CHECK(opened.usage.of(Scope::service, "").items == 0);
}

}  // namespace crier::test
