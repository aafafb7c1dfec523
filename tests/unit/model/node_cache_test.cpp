#include "model/node_cache.hpp"

#include <doctest/doctest.h>

namespace crier::test {

namespace {

std::shared_ptr<Node> make(std::string name, std::string host = "h") {
  auto node = std::make_shared<Node>();
  node->key = {std::move(host), std::move(name)};
  return node;
}

/// A budget that has room for that many nodes with names of one letter.
std::size_t room_for(std::size_t nodes) {
  return nodes * make("a")->bytes();
}

}  // namespace

TEST_CASE("NodeCache: finds by host and name what was put in") {
  NodeCache cache(room_for(10));
  auto& a = cache.insert(make("a"));
  auto& other = cache.insert(make("a", "other"));
  CHECK(cache.find("h", "a") == &a);
  CHECK(cache.find("other", "a") == &other);
  CHECK(cache.find("h", "b") == nullptr);
  CHECK(cache.find("ha", "") == nullptr);
  CHECK(cache.size() == 2);
}

TEST_CASE("NodeCache: within the budget nothing goes; over it the least recently used goes first") {
  NodeCache cache(room_for(3));
  for (const auto* name : {"a", "b", "c"}) cache.insert(make(name));
  cache.trim();
  CHECK(cache.size() == 3);
  CHECK(cache.bytes() <= room_for(3));

  CHECK(cache.find("h", "a"));
  cache.insert(make("d"));
  CHECK(cache.size() == 4);
  cache.trim();
  CHECK(cache.size() == 3);
  CHECK(cache.find("h", "b") == nullptr);
  for (const auto* name : {"a", "c", "d"}) CHECK(cache.find("h", name));
  CHECK(cache.bytes() <= room_for(3));
}

TEST_CASE("NodeCache: nothing goes while a batch is open, whatever the budget") {
  NodeCache cache(1);
  const auto& a = cache.insert(make("a"));
  cache.insert(make("b"));
  CHECK(a.key.name == "a");
  CHECK(cache.find("h", "a") == &a);
  cache.trim();
  CHECK(cache.size() == 0);
  CHECK(cache.bytes() == 0);
}

TEST_CASE("NodeCache: a node that a broadcast walks over is kept, and goes afterwards") {
  NodeCache cache(1);
  auto audience = cache.insert(make("a")).shared_from_this();
  cache.insert(make("b"));
  cache.trim();
  CHECK(cache.find("h", "a") != nullptr);
  CHECK(cache.find("h", "b") == nullptr);
  audience.reset();
  cache.trim();
  CHECK(cache.find("h", "a") == nullptr);
}

TEST_CASE("NodeCache: a dropped node is found no more, and lives until trim") {
  NodeCache cache(room_for(10));
  auto& a = cache.insert(make("a"));
  cache.insert(make("b"));
  const std::weak_ptr<Node> life = a.weak_from_this();
  cache.touch(a);
  cache.drop(a);
  CHECK(cache.find("h", "a") == nullptr);
  CHECK(cache.touched().empty());
  CHECK(cache.bytes() == room_for(1));
  CHECK(a.key.name == "a");
  CHECK_FALSE(life.expired());
  cache.trim();
  CHECK(life.expired());
  CHECK(cache.find("h", "b"));
}

TEST_CASE("NodeCache: a node that is put in twice takes the place of the first") {
  NodeCache cache(room_for(10));
  cache.insert(make("a"));
  auto& second = cache.insert(make("a"));
  CHECK(cache.find("h", "a") == &second);
  CHECK(cache.size() == 1);
  CHECK(cache.bytes() == room_for(1));
}

TEST_CASE("NodeCache: what was touched is known until it is settled, each once") {
  NodeCache cache(room_for(10));
  auto& a = cache.insert(make("a"));
  auto& b = cache.insert(make("b"));
  cache.touch(a);
  cache.touch(b);
  cache.touch(a);
  CHECK(cache.touched() == std::vector<Node*>{&a, &b});
  cache.settle();
  CHECK(cache.touched().empty());
  cache.touch(a);
  CHECK(cache.touched() == std::vector<Node*>{&a});
}

TEST_CASE("NodeCache: what was touched may be wrong after a failure, and goes; the rest stays") {
  NodeCache cache(room_for(10));
  cache.touch(cache.insert(make("a")));
  cache.insert(make("b"));
  cache.touch(cache.insert(make("c")));
  cache.drop_touched();
  CHECK(cache.touched().empty());
  CHECK(cache.find("h", "a") == nullptr);
  CHECK(cache.find("h", "b"));
  CHECK(cache.find("h", "c") == nullptr);
}

TEST_CASE("NodeCache: counts what the store has to be told") {
  NodeCache cache(room_for(10));
  auto fresh = make("a");
  fresh->first_seq = Seq{5};
  fresh->item_count = 3;
  auto& node = cache.insert(std::move(fresh));
  CHECK_FALSE(node.counts_changed());
  cache.touch(node);
  node.item_count = 4;
  CHECK(node.counts_changed());
  cache.settle();
  CHECK_FALSE(node.counts_changed());
  node.first_seq = Seq{6};
  CHECK(node.counts_changed());
}

TEST_CASE("NodeCache: a node that grew counts with its new size once it is settled") {
  NodeCache cache(room_for(2));
  auto& a = cache.insert(make("a"));
  cache.insert(make("b"));
  for (int i = 0; i < 1000; ++i)
    a.subscriptions.add(SubscriptionId{i}, "user@b.example", SubscriptionState::subscribed, {});
  cache.touch(a);
  cache.settle();
  CHECK(cache.bytes() == a.bytes() + room_for(1));
  CHECK(a.bytes() > 1000 * 32);
}

}  // namespace crier::test
