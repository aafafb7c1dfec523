/// The SQLite engine in a process that is killed.

#include "storage/sqlite_store.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <random>

#include "scratch.hpp"

namespace crier::test {

namespace {

constexpr std::uint32_t batch_size = 10;

std::string item_id(std::uint32_t batch, std::uint32_t number) {
  return fmt::format("{}/{}", batch, number);
}

/// Commits batches from the number `first` on, for ever, and writes the number of each to
/// `acknowledged` once it is committed. Old batches are evicted. Some forty of them make a log that
/// is copied into the database, beside what is committed or by it.
[[noreturn]] void publish(const std::filesystem::path& file, std::uint32_t first, bool beside,
                          int acknowledged) {
  try {
    const auto store = SqliteStore::open(file);
    if (beside) store->checkpoint_beside();
    const std::string payload(20'000, 'x');
    for (auto batch = first;; ++batch) {
      store->begin();
      const auto node = store->load({"pubsub.a.example", "n"});
      for (std::uint32_t i = 0; i < batch_size; ++i)
        store->put(*node, {item_id(batch, i), "a@a.example", payload, Time()});
      node->item_count += batch_size;
      if (node->item_count > 100 * batch_size) {
        store->evict_oldest(*node, batch_size);
        node->item_count -= batch_size;
      }
      store->save_counts(*node);
      store->commit();
      if (::write(acknowledged, &batch, sizeof batch) != sizeof batch) break;
    }
  } catch (const std::exception&) {
    // The parent sees that the acknowledgements end.
  }
  _exit(1);
}

/// Lets a process publish, kills it somewhere behind the acknowledgement of `count` batches; the
/// last batch that it has acknowledged.
std::uint32_t publish_and_kill(const std::filesystem::path& file, std::uint32_t first, bool beside,
                               std::uint32_t count) {
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) publish(file, first, beside, pipe[1]);
  ::close(pipe[1]);
  std::uint32_t last = 0;
  const auto next = [&] { return ::read(pipe[0], &last, sizeof last) == sizeof last; };
  for (std::uint32_t i = 0; i < count; ++i) REQUIRE(next());
  ::kill(child, SIGKILL);
  while (next()) continue;
  ::close(pipe[0]);
  ::waitpid(child, nullptr, 0);
  return last;
}

/// How many items of the batch there are.
std::uint32_t found_of(Store& store, const Node& node, std::uint32_t batch) {
  std::uint32_t found = 0;
  for (std::uint32_t i = 0; i < batch_size; ++i)
    found += store.item(node, item_id(batch, i), [](const StoredItem&) {});
  return found;
}

}  // namespace

TEST_CASE(
    "sqlite: killed at any moment, every acknowledged batch is there, and batches are whole") {
  const Scratch scratch;
  {
    const auto store = SqliteStore::open(scratch.file());
    Node node;
    node.key = {"pubsub.a.example", "n"};
    node.creator = "owner@a.example";
    store->begin();
    store->create(node);
    store->commit();
  }
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::minstd_rand dice(seed);
  std::uniform_int_distribution<std::uint32_t> batches(1, 80);
  Seq newest{};
  for (std::uint32_t round = 0, first = 1; round < 8; ++round) {
    const auto last = publish_and_kill(scratch.file(), first, round % 2 == 0, batches(dice));
    const auto store = SqliteStore::open(scratch.file());
    store->begin();
    const auto node = store->load({"pubsub.a.example", "n"});
    REQUIRE(node);
    CHECK(node->item_count <= 100 * batch_size);
    // With the one after the last, the 100th before that may be evicted.
    for (auto batch = last > 99 ? last - 98 : 1; batch <= last; ++batch)
      REQUIRE(found_of(*store, *node, batch) == batch_size);
    const auto unacknowledged = found_of(*store, *node, last + 1);
    CHECK((unacknowledged == 0 || unacknowledged == batch_size));
    CHECK(found_of(*store, *node, last + 2) == 0);

    const auto before = newest;
    std::uint64_t count = 0;
    store->items(*node, {.limit = 10'000, .newest = false}, [&](const StoredItem& item) {
      newest = item.seq;
      return ++count;
    });
    CHECK(count == node->item_count);
    CHECK(newest > before);
    CHECK(store->next_seq() > newest);
    store->rollback();
    first = last + 1 + unacknowledged / batch_size;
  }
}

}  // namespace crier::test
