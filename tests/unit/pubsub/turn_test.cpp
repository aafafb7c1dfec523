#include <crier/turn.hpp>

#include <crier/service.hpp>

#include "model/node_cache.hpp"
#include "pubsub/test_store.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

namespace crier::test {

namespace {

/// A turn in a service without a store.
struct Stage {
  Service service{Policy{}};
  TestStore store{nullptr};
  NodeCache nodes{0};
  Effects effects;
  std::mt19937_64 dice{1};
  World world{[] { return Time(); }, [this] { return dice(); }, 41};
  Turn turn{service, store, nodes, effects, world};
};

}  // namespace

TEST_CASE("Turn: a fresh id is 20 characters of a-z, 2-7, another each time") {
  Stage stage;
  std::set<std::string> ids;
  std::set<char> characters;
  for (int i = 0; i < 1000; ++i) {
    const auto id = stage.turn.fresh_id();
    CHECK(id.size() == 20);
    characters.insert(id.begin(), id.end());
    ids.insert(id);
  }
  CHECK(ids.size() == 1000);
  CHECK(std::string(characters.begin(), characters.end()) == "234567abcdefghijklmnopqrstuvwxyz");
}

TEST_CASE("Turn: events are numbered on from the last one, over all turns") {
  Stage stage;
  CHECK(stage.turn.next_event() == EventNumber{42});
  Turn next(stage.service, stage.store, stage.nodes, stage.effects, stage.world);
  CHECK(next.next_event() == EventNumber{43});
}

TEST_CASE("Turn: time stands still while a stanza is answered") {
  Stage stage;
  stage.world.now = [] { return Time(std::chrono::seconds(5)); };
  Turn turn(stage.service, stage.store, stage.nodes, stage.effects, stage.world);
  stage.world.now = [] { return Time(std::chrono::seconds(6)); };
  CHECK(turn.now() == Time(std::chrono::seconds(5)));
}

}  // namespace crier::test
