#include "cli/table.hpp"

#include <doctest/doctest.h>

using namespace crier::cli;

TEST_CASE("table: columns are aligned by what the terminal shows, without spaces at the end") {
  const Table table{{"NODE", "NAME"}, {{"日本", "Japan"}, {"princely_musings", ""}}};
  CHECK(to_text(table) ==
        "NODE              NAME\n"
        "日本              Japan\n"
        "princely_musings\n");
}

TEST_CASE("table: without rows it is its header") {
  CHECK(to_text(Table{{"NODE", "NAME"}, {}}) == "NODE  NAME\n");
}

TEST_CASE("table: a cell can not leave its line") {
  CHECK(to_text(Table{{"NODE"}, {{"a\nb"}}}) == "NODE\na\\nb\n");
}

TEST_CASE("table: on a terminal the last column is cut first, then the widest; none to nothing") {
  const Table table{{"NODE", "NAME"}, {{"princely_musings", "To be or not to be"}}};
  CHECK(to_text(table, 28) ==
        "NODE              NAME\n"
        "princely_musings  To be or …\n");
  CHECK(to_text(table, 24) ==
        "NODE            NAME\n"
        "princely_musi…  To be o…\n");
  CHECK(to_text(table, 1) ==
        "NODE      NAME\n"
        "princel…  To be o…\n");
}
