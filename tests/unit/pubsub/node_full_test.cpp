#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

/// Node n with room for two items, items 1 and 2 in it, and bob as its subscriber.
void prepare(Scene& scene, Strings config) {
  config.push_back("max_items=2");
  scene.create(alice, "n", config);
  scene.fill(alice, "n", 2);
  scene.subscribe(bob, "n");
  scene.events(bob);
}

std::string published(std::string_view id) {
  return event(fmt::format("<items node='n'><item id='{}'><e xmlns='u:e'/></item></items>", id));
}

std::string retracted(std::string_view ids) {
  std::string inside;
  for (const char id : ids) inside += fmt::format("<retract id='{}'/>", id);
  return event("<items node='n'>" + inside + "</items>");
}

}  // namespace

TEST_CASE("§7.1.2.5 A160 A161 full: the oldest item goes, and its retraction is told after") {
  Scene scene;
  prepare(scene, {});
  scene.publish(alice, "n", "3");
  CHECK(scene.item_ids(bob, "n") == Strings{"2", "3"});
  CHECK(scene.events(bob) == Strings{published("3"), retracted("1")});
  scene.restart();
  CHECK(scene.item_ids(bob, "n") == Strings{"2", "3"});
}

TEST_CASE("§7.1.2.5 A161 full, and retractions are not told of: the oldest goes silently") {
  Scene scene;
  prepare(scene, {"notify_retract=0"});
  scene.publish(alice, "n", "3");
  CHECK(scene.item_ids(bob, "n") == Strings{"2", "3"});
  CHECK(scene.events(bob) == Strings{published("3")});
}

TEST_CASE("§7.1.2.5 A162 discard-oldest: the oldest goes silently") {
  Scene scene;
  prepare(scene, {"publish_node_full=discard-oldest"});
  scene.publish(alice, "n", "3");
  CHECK(scene.item_ids(bob, "n") == Strings{"2", "3"});
  CHECK(scene.events(bob) == Strings{published("3")});
}

TEST_CASE("§7.1.3.4 A163 A167 reject: cancel/conflict node-full, nothing stored, nobody told") {
  Scene scene;
  prepare(scene, {"publish_node_full=reject"});
  CHECK(scene.refused_set(alice, pubsub("<publish node='n'><item id='3'><e xmlns='u:e'/></item>"
                                        "</publish>")) == "cancel/conflict node-full");
  CHECK(scene.refused_set(alice, pubsub("<publish node='n'><item><e xmlns='u:e'/></item>"
                                        "</publish>")) == "cancel/conflict node-full");
}

TEST_CASE("§7.1.3 A151 reject: an item that is there can still be published again") {
  Scene scene;
  prepare(scene, {"publish_node_full=reject"});
  CHECK(scene.publish(alice, "n", "1").type == "result");
  CHECK(scene.item_ids(bob, "n") == Strings{"2", "1"});
}

TEST_CASE("§7.1.3.4 reject: there is room again when an item was retracted") {
  Scene scene;
  prepare(scene, {"publish_node_full=reject"});
  scene.retract(alice, "n", "1");
  CHECK(scene.publish(alice, "n", "3").type == "result");
  CHECK(scene.publish(alice, "n", "4").error == "cancel/conflict node-full");
  scene.purge(alice, "n");
  CHECK(scene.publish(alice, "n", "4").type == "result");
}

TEST_CASE("§7.1.3.4 §12.11 reject: a batch that does not fit as a whole publishes nothing") {
  Scene scene;
  prepare(scene, {"publish_node_full=reject"});
  scene.retract(alice, "n", "1");
  scene.events(bob);
  CHECK(scene
            .refused_set(alice, pubsub("<publish node='n'><item id='3'><e xmlns='u:e'/></item>"
                                       "<item id='4'><e xmlns='u:e'/></item></publish>"))
            .starts_with("cancel/"));
}

TEST_CASE("§7.1.2.5 an item that is overwritten pushes nothing out") {
  Scene scene;
  prepare(scene, {});
  scene.publish(alice, "n", "1");
  CHECK(scene.item_ids(bob, "n") == Strings{"2", "1"});
  CHECK(scene.events(bob) == Strings{published("1")});
}

TEST_CASE("§12.1 A292 the oldest is the one not published for longest, not the first ever") {
  Scene scene;
  prepare(scene, {});
  scene.publish(alice, "n", "1");
  scene.publish(alice, "n", "3");
  CHECK(scene.item_ids(bob, "n") == Strings{"1", "3"});
}

TEST_CASE("§12.11 a batch pushes out as many as it brings, told of together") {
  Scene scene;
  prepare(scene, {});
  scene.set(alice, pubsub("<publish node='n'><item id='3'><e xmlns='u:e'/></item>"
                          "<item id='4'><e xmlns='u:e'/></item></publish>"));
  CHECK(scene.item_ids(bob, "n") == Strings{"3", "4"});
  const auto events = scene.events(bob);
  REQUIRE_FALSE(events.empty());
  CHECK(events.back() == retracted("12"));
}

TEST_CASE("§12.21 A327 a singleton node holds its one item, whatever is published") {
  Scene scene;
  scene.create(alice, "n", {"max_items=1"});
  for (const auto* id : {"current", "current", "other", "current"}) {
    scene.publish(alice, "n", id);
    CHECK(scene.item_ids(bob, "n") == Strings{id});
  }
}

TEST_CASE("§16.3 A333 max: as many as the service allows, and not one more") {
  auto policy = Scene::policy();
  policy.max_items = 3;
  Scene scene(policy);
  scene.create(alice, "n", {"max_items=max"});
  scene.fill(alice, "n", 5);
  CHECK(scene.item_ids(bob, "n") == Strings{"3", "4", "5"});
}

TEST_CASE("§7.1.2.5 a node stays at its size under any mix of publishing and retracting") {
  Scene scene;
  prepare(scene, {});
  Strings expected{"1", "2"};
  for (int i = 0; i < 60; ++i) {
    const auto id = fmt::format("{}", (i * 7) % 5);
    if (i % 4 == 3) {
      const bool there = std::erase(expected, id) > 0;
      CHECK(scene.retract(alice, "n", id).type == (there ? "result" : "error"));
    } else {
      std::erase(expected, id);
      expected.push_back(id);
      if (expected.size() > 2) expected.erase(expected.begin());
      scene.publish(alice, "n", id);
    }
    if (i % 10 == 9) scene.restart();
    REQUIRE(scene.item_ids(bob, "n") == expected);
  }
}

}  // namespace crier::test
