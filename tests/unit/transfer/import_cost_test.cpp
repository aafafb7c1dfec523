/// What an import asks of the database.

#include "transfer/importer.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "../../storage/scratch.hpp"

namespace crier::transfer::test {

namespace {

using crier::test::Scratch;

/// Instructions of SQLite's machine, on the connections that were opened since.
std::size_t steps = 0;

int count_steps(sqlite3* connection, char**, const sqlite3_api_routines*) {
  const auto count = [](void*) {
    ++steps;
    return 0;
  };
  sqlite3_progress_handler(connection, 1, count, nullptr);
  return SQLITE_OK;
}

std::unique_ptr<SqliteStore> counted_store(const Scratch& scratch) {
  const auto entry = reinterpret_cast<void (*)()>(count_steps);
  sqlite3_auto_extension(entry);
  auto store = SqliteStore::open(scratch.file());
  sqlite3_cancel_auto_extension(entry);
  return store;
}

}  // namespace

TEST_CASE("importing a child costs the same, however many its collection has") {
  const Scratch scratch;
  const auto store = counted_store(scratch);
  Importer importer(*store, {});
  importer.take(ServiceRecord{"pubsub.a.example"});
  importer.take(NodeRecord{.node = "c", .type = NodeType::collection, .creator = "me@a.example"});
  unsigned child = 0;
  const auto steps_of = [&](unsigned children) {
    const auto before = steps;
    for (unsigned i = 0; i < children; ++i)
      importer.take(NodeRecord{
          .node = fmt::format("{:05}", ++child), .creator = "me@a.example", .parents = {"c"}});
    return steps - before;
  };
  steps_of(100);
  const auto first = steps_of(100);
  steps_of(2000);
  CHECK(steps_of(100) < first * 2);
  importer.finish();
}

}  // namespace crier::transfer::test
