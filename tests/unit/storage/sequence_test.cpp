#include "storage/sequence.hpp"

#include <doctest/doctest.h>

#include "../../storage/scratch.hpp"
#include "storage/migrations.hpp"

namespace crier::test {

namespace {

Seq last_of(Sequence& sequence, int count) {
  Seq last{};
  for (int i = 0; i < count; ++i) last = sequence.next();
  return last;
}

}  // namespace

TEST_CASE("numbers start at 1 and follow each other over the blocks") {
  const Scratch scratch;
  Database database(scratch.file(), 1 << 20, migrations());
  Sequence sequence(database);
  CHECK(sequence.next() == Seq{1});
  CHECK(last_of(sequence, 24'999) == Seq{25'000});
}

TEST_CASE("a block is reserved by one write") {
  const Scratch scratch;
  Database database(scratch.file(), 1 << 20, migrations());
  Sequence sequence(database);
  sequence.next();
  constexpr const char* changes = "SELECT total_changes()";
  const auto total = [&] {
    auto query = database.query(changes);
    query.next();
    return std::get<0>(query.row<std::int64_t>());
  };
  const auto before = total();
  last_of(sequence, 9'999);
  CHECK(total() == before);
  sequence.next();
  CHECK(total() == before + 1);
}

TEST_CASE("what is left of a block when the process ends is a gap") {
  const Scratch scratch;
  for (const auto expected : {Seq{1}, Seq{10'001}, Seq{20'001}}) {
    Database database(scratch.file(), 1 << 20, migrations());
    Sequence sequence(database);
    CHECK(sequence.next() == expected);
  }
}

TEST_CASE("numbers of a transaction that was rolled back are not given again") {
  const Scratch scratch;
  Database database(scratch.file(), 1 << 20, migrations());
  Sequence sequence(database);
  database.run("BEGIN");
  CHECK(last_of(sequence, 15'000) == Seq{15'000});
  database.run("ROLLBACK");
  sequence.rolled_back();
  CHECK(sequence.next() == Seq{15'001});

  // The block that it has taken then is reserved.
  Sequence next_process(database);
  CHECK(next_process.next() > Seq{25'000});
}

}  // namespace crier::test
