/// What a Store promises about items.

#include "contract.hpp"

#include <limits>
#include <optional>

namespace crier::test {

namespace {

/// An item with texts of its own.
struct Copy {
  Seq seq;
  std::string id, publisher, payload;
  Time created, published;
};

std::optional<Copy> copy_of(Contract& store, const Node& node, std::string_view id) {
  std::optional<Copy> copy;
  const bool found = store->item(node, id, [&](const StoredItem& item) {
    copy = Copy{
        item.seq,     std::string(item.id), std::string(item.publisher), std::string(item.payload),
        item.created, item.published};
  });
  CHECK(found == copy.has_value());
  return copy;
}

void put_all(Contract& store, const Node& node, const Strings& ids) {
  for (const auto& id : ids) store.put(node, id);
}

}  // namespace

TEST_CASE("§7.1 store: an item is found as it was put") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    const auto payload = "<e xmlns='u:e'>" + std::string(300'000, '\n') + "🦉'\"</e>";
    const auto put = store->put(*node, {"id '\" 🦉", "a@a.example", payload, at(1'234'567)});
    CHECK_FALSE(put.replaced);
    store.commit();
    store.reopen();

    const auto item = copy_of(store, *node, "id '\" 🦉");
    REQUIRE(item);
    CHECK(item->seq == put.seq);
    CHECK(item->id == "id '\" 🦉");
    CHECK(item->publisher == "a@a.example");
    CHECK(item->payload == payload);
    CHECK(item->created == at(1'234'567));
    CHECK(item->published == at(1'234'567));
  });
}

TEST_CASE("§7.1.2 store: an item without payload") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    store->put(*node, {"1", "a@a.example", {}, at(1)});
    REQUIRE(copy_of(store, *node, "1"));
    CHECK(copy_of(store, *node, "1")->payload.empty());
  });
}

TEST_CASE("store: an item is found by its node and its exact id") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    const auto other = store.create("m");
    store.put(*node, "a");
    CHECK_FALSE(copy_of(store, *node, "A"));
    CHECK_FALSE(copy_of(store, *node, ""));
    CHECK_FALSE(copy_of(store, *other, "a"));
    store->put(*other, {"a", "b@a.example", "<o/>", at(9)});
    CHECK(copy_of(store, *node, "a")->payload == "<e/>");
    CHECK(copy_of(store, *other, "a")->payload == "<o/>");
  });
}

TEST_CASE("§12.1 store: an overwritten item is the newest and keeps its creation time") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    const auto first = store.put(*node, "1", 100);
    const auto second = store.put(*node, "2", 200);
    const auto put = store->put(*node, {"1", "b@a.example", "<new/>", at(300)});
    CHECK(put.replaced);
    CHECK(put.seq > second);
    CHECK(second > first);
    CHECK(store.ids(*node) == Strings{"2", "1"});
    const auto item = copy_of(store, *node, "1");
    REQUIRE(item);
    CHECK(item->seq == put.seq);
    CHECK(item->publisher == "b@a.example");
    CHECK(item->payload == "<new/>");
    CHECK(item->created == at(100));
    CHECK(item->published == at(300));
  });
}

TEST_CASE("§6.5 store: a range of items, oldest first") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    const auto other = store.create("m");
    std::vector<Seq> seqs;
    for (const auto* id : {"1", "2", "3", "4", "5"}) {
      store.put(*other, id);
      seqs.push_back(store.put(*node, id));
    }
    using Range = ItemRange;
    const auto ids = [&](const Range& range) { return store.ids(*node, range); };
    CHECK(ids({.limit = 9, .newest = false}) == Strings{"1", "2", "3", "4", "5"});
    CHECK(ids({.limit = 2, .newest = false}) == Strings{"1", "2"});
    CHECK(ids({.after = seqs[1], .limit = 2, .newest = false}) == Strings{"3", "4"});
    CHECK(ids({.before = seqs[2], .limit = 9, .newest = false}) == Strings{"1", "2"});
    CHECK(ids({.after = seqs[0], .before = seqs[4], .limit = 9, .newest = false}) ==
          Strings{"2", "3", "4"});
    CHECK(ids({.after = seqs[4], .limit = 9, .newest = false}).empty());
    CHECK(ids({.limit = 0, .newest = false}).empty());
    constexpr Seq last{std::numeric_limits<std::int64_t>::max()};
    CHECK(ids({.after = last, .limit = 9, .newest = false}).empty());
    CHECK(ids({.after = Seq{0}, .limit = 9, .newest = false}).size() == 5);
  });
}

TEST_CASE("§6.5.7 store: a range of items, newest first") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    std::vector<Seq> seqs;
    for (const auto* id : {"1", "2", "3", "4", "5"}) seqs.push_back(store.put(*node, id));
    const auto ids = [&](const ItemRange& range) { return store.ids(*node, range); };
    CHECK(ids({.limit = 9}) == Strings{"5", "4", "3", "2", "1"});
    CHECK(ids({.limit = 2}) == Strings{"5", "4"});
    CHECK(ids({.before = seqs[3], .limit = 2}) == Strings{"3", "2"});
    CHECK(ids({.after = seqs[2], .limit = 9}) == Strings{"5", "4"});
    CHECK(ids({.before = seqs[0], .limit = 9}).empty());
    CHECK(ids({.before = Seq{0}, .limit = 9}).empty());
    CHECK(ids({.limit = std::numeric_limits<std::size_t>::max()}).size() == 5);
  });
}

TEST_CASE("store: a visitor ends its visit") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    put_all(store, *node, {"1", "2", "3"});
    int visited = 0;
    store->items(*node, {.limit = 9}, [&](const StoredItem&) { return ++visited < 2; });
    CHECK(visited == 2);
    CHECK(store.ids(*node).size() == 3);
  });
}

TEST_CASE("§7.2 store: a retracted item is gone") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    put_all(store, *node, {"1", "2", "3"});
    CHECK(store->retract(*node, "2"));
    CHECK_FALSE(store->retract(*node, "2"));
    CHECK_FALSE(store->retract(*node, "4"));
    CHECK_FALSE(copy_of(store, *node, "2"));
    CHECK(store.ids(*node) == Strings{"1", "3"});
    CHECK_FALSE(store->put(*node, {"2", "a@a.example", "", at(7)}).replaced);
    CHECK(copy_of(store, *node, "2")->created == at(7));
  });
}

TEST_CASE("§7.1.2.5 store: the oldest items are evicted, and named oldest first") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    const auto other = store.create("m");
    put_all(store, *other, {"x", "1"});
    put_all(store, *node, {"c", "a", "d", "b"});
    store.put(*node, "c");
    CHECK(store->evict_oldest(*node, 0).empty());
    CHECK(store->evict_oldest(*node, 2) == Strings{"a", "d"});
    CHECK(store.ids(*node) == Strings{"b", "c"});
    CHECK(store->evict_oldest(*node, 9) == Strings{"b", "c"});
    CHECK(store.ids(*node).empty());
    CHECK(store->evict_oldest(*node, 9).empty());
    CHECK(store.ids(*other) == Strings{"x", "1"});
  });
}

TEST_CASE("store: the first item that is not among the newest") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    std::vector<Seq> seqs;
    for (const auto* id : {"1", "2", "3"}) seqs.push_back(store.put(*node, id));
    CHECK(store->displaced(*node, 0) == seqs[2]);
    CHECK(store->displaced(*node, 1) == seqs[1]);
    CHECK(store->displaced(*node, 2) == seqs[0]);
    CHECK_FALSE(store->displaced(*node, 3));
    CHECK_FALSE(store->displaced(*node, std::numeric_limits<std::uint64_t>::max()));
  });
}

TEST_CASE("§8.5 store: nobody finds the items before first_seq, whether swept or not") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    put_all(store, *node, {"1", "2", "3"});
    node->first_seq = store->next_seq();
    store->save_counts(*node);
    const auto four = store.put(*node, "4");

    for (const bool swept : {false, true}) {
      CAPTURE(swept);
      CHECK(store.ids(*node) == Strings{"4"});
      CHECK(store.ids(*node, {.limit = 9}) == Strings{"4"});
      CHECK(store.ids(*node, {.after = Seq{0}, .limit = 9, .newest = false}) == Strings{"4"});
      CHECK_FALSE(copy_of(store, *node, "1"));
      CHECK_FALSE(store->retract(*node, "1"));
      CHECK(store->displaced(*node, 0) == four);
      CHECK_FALSE(store->displaced(*node, 1));
      store.sweep();
    }
    CHECK(store->evict_oldest(*node, 9) == Strings{"4"});
  });
}

TEST_CASE("§8.5 store: an id from before the purge is new") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    store.put(*node, "1", 100);
    node->first_seq = store->next_seq();
    store->save_counts(*node);
    CHECK_FALSE(store->put(*node, {"1", "a@a.example", "", at(200)}).replaced);
    CHECK(copy_of(store, *node, "1")->created == at(200));
    CHECK(store->put(*node, {"1", "a@a.example", "", at(300)}).replaced);
    store.sweep();
    CHECK(copy_of(store, *node, "1")->created == at(200));
    CHECK(store.ids(*node) == Strings{"1"});
  });
}

}  // namespace crier::test
