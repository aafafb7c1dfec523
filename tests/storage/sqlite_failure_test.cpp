/// The SQLite engine on a disk that fails, and on one that loses its power.

#include "storage/sqlite_store.hpp"

#include <fmt/format.h>

#include "faulty_disk.hpp"
#include "scratch.hpp"

namespace crier::test {

namespace {

constexpr std::size_t batch_size = 4;

Node create_node(Store& store) {
  Node node;
  node.key = {"pubsub.a.example", "n"};
  node.creator = "owner@a.example";
  store.begin();
  store.create(node);
  store.commit();
  return node;
}

/// Puts the items `batch/0`, `batch/1`, … with payloads of several pages.
void put_batch(Store& store, const Node& node, std::size_t batch, std::size_t bytes = 10'000) {
  const std::string payload(bytes, 'x');
  for (std::size_t i = 0; i < batch_size; ++i)
    store.put(node, {fmt::format("{}/{}", batch, i), "a@a.example", payload, Time()});
}

/// How many items of the batch there are.
std::size_t found_of(Store& store, const Node& node, std::size_t batch) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < batch_size; ++i)
    found += store.item(node, fmt::format("{}/{}", batch, i), [](const StoredItem&) {});
  return found;
}

std::size_t committed_of(Store& store, const Node& node, std::size_t batch) {
  store.begin();
  const auto found = found_of(store, node, batch);
  store.commit();
  return found;
}

}  // namespace

TEST_CASE("sqlite: one sync a commit, none when nothing was written") {
  const Scratch scratch;
  FaultyDisk disk;
  const auto store = SqliteStore::open(scratch.file());
  const auto node = create_node(*store);
  store->begin();
  put_batch(*store, node, 1);
  store->commit();

  auto syncs = disk.syncs();
  store->begin();
  put_batch(*store, node, 2);
  store->commit();
  CHECK(disk.syncs() == syncs + 1);

  syncs = disk.syncs();
  const auto operations = disk.operations();
  store->begin();
  CHECK(found_of(*store, node, 2) == batch_size);
  store->commit();
  CHECK(disk.syncs() == syncs);
  CHECK(disk.operations() == operations);
}

TEST_CASE(
    "sqlite: whichever write or sync of a commit fails, nothing of it is there, and the next "
    "works") {
  const Scratch scratch;
  FaultyDisk disk;
  const auto store = SqliteStore::open(scratch.file());
  const auto node = create_node(*store);
  std::size_t failures = 0;
  for (bool failed = true; failed; failures += failed) {
    CAPTURE(failures);
    store->begin();
    put_batch(*store, node, failures);
    store->set_affiliation(node.id, fmt::format("{}@a.example", failures), Affiliation::member);
    disk.fail_after(failures);
    failed = false;
    try {
      store->commit();
    } catch (const StoreFailure& failure) {
      failed = true;
      CHECK(std::string_view(failure.what()).starts_with("database: "));
      store->rollback();
    }
    disk.work();
    REQUIRE(committed_of(*store, node, failures) == (failed ? 0 : batch_size));
  }
  // The header of the log, and two writes a page.
  CHECK(failures > 10);

  store->begin();
  const auto found = store->load(node.key);
  CHECK(found->affiliations.size() == 1);
  CHECK(found->affiliations.contains(fmt::format("{}@a.example", failures)));
  store->rollback();
}

TEST_CASE(
    "sqlite: a transaction that outgrows the cache fails on a full disk, and the next works") {
  const Scratch scratch;
  FaultyDisk disk;
  const auto store = SqliteStore::open(scratch.file(), 256 * 1024);
  const auto node = create_node(*store);
  store->begin();
  disk.fail_after(20);
  CHECK_THROWS_AS(
      [&] {
        for (std::size_t batch = 0; batch < 1000; ++batch) put_batch(*store, node, batch);
      }(),
      StoreFailure);
  store->rollback();
  disk.work();
  CHECK(committed_of(*store, node, 0) == 0);
  store->begin();
  put_batch(*store, node, 0);
  store->commit();
  CHECK(committed_of(*store, node, 0) == batch_size);
}

TEST_CASE("sqlite: a checkpoint that fails loses nothing") {
  const Scratch scratch;
  FaultyDisk disk;
  const auto store = SqliteStore::open(scratch.file());
  const auto node = create_node(*store);
  for (std::size_t operations = 0; operations < 20; ++operations) {
    CAPTURE(operations);
    store->begin();
    put_batch(*store, node, operations);
    store->commit();
    disk.fail_after(operations);
    CHECK_THROWS_AS(store->checkpoint(), StoreFailure);
    disk.work();
    REQUIRE(committed_of(*store, node, operations) == batch_size);
  }
  store->checkpoint();
  for (std::size_t batch = 0; batch < 20; ++batch)
    CHECK(committed_of(*store, node, batch) == batch_size);
}

TEST_CASE("sqlite: when the power fails, all that was committed is there, and nothing else") {
  const Scratch scratch;
  FaultyDisk disk;
  const auto store = SqliteStore::open(scratch.file());
  const auto node = create_node(*store);
  // A checkpoint every ten batches.
  constexpr std::size_t bytes = 200'000;
  for (std::size_t batch = 0; batch < 25; ++batch) {
    CAPTURE(batch);
    store->begin();
    put_batch(*store, node, batch, bytes);
    store->commit();
    if (batch % 2 == 0) continue;
    store->begin();
    put_batch(*store, node, batch + 1, bytes);

    const Scratch survivors;
    disk.survive(scratch.path(), survivors.path());
    store->rollback();
    const auto survivor = SqliteStore::open(survivors.file());
    for (std::size_t each = 0; each <= batch; ++each)
      REQUIRE(committed_of(*survivor, node, each) == batch_size);
    REQUIRE(committed_of(*survivor, node, batch + 1) == 0);
  }
}

}  // namespace crier::test
