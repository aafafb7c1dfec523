#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>

#include "pubsub/scene.hpp"

namespace crier::test {

using namespace std::chrono_literals;

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example/y";

std::string retracted(std::string_view ids) {
  return event(fmt::format("<items node='n'>{}</items>", ids));
}

}  // namespace

TEST_CASE("§16.4.4 item_expire: an item goes by itself, and its retraction is told") {
  Scene scene;
  scene.create(alice, "n", {"item_expire=60"});
  scene.subscribe(bob, "n");
  scene.publish(alice, "n", "1");
  scene.wait(30s);
  scene.publish(alice, "n", "2");
  scene.heard(bob);
  scene.wait(29s);
  CHECK(scene.heard(bob).empty());
  scene.wait(1s);
  CHECK(scene.events(bob) == Strings{retracted("<retract id='1'/>")});
  CHECK(scene.item_ids(alice, "n") == Strings{"2"});
  scene.wait(30s);
  CHECK(scene.events(bob) == Strings{retracted("<retract id='2'/>")});
  CHECK(scene.item_ids(alice, "n").empty());
}

TEST_CASE("§16.4.4 item_expire: silently where retractions are not told of") {
  Scene scene;
  scene.create(alice, "n", {"item_expire=60", "notify_retract=0"});
  scene.subscribe(bob, "n");
  scene.publish(alice, "n", "1");
  scene.heard(bob);
  scene.wait(60s);
  CHECK(scene.heard(bob).empty());
  CHECK(scene.item_ids(alice, "n").empty());
}

TEST_CASE("§16.4.4 item_expire: an item that is too old is not retrieved, listed or sent as last") {
  Scene scene;
  scene.create(alice, "n", {"item_expire=60", "send_last_published_item=on_sub"});
  scene.publish(alice, "n", "1");
  // No timer has run yet.
  scene.now += 60s;
  scene.subscribe(bob, "n");
  CHECK(scene.heard(bob).empty());
  CHECK(
      ids_in(
          scene.get(alice, "<query xmlns='http://jabber.org/protocol/disco#items' node='n'/>").xml)
          .empty());
  scene.publish(alice, "n", "2");
  scene.now += 60s;
  CHECK(scene.item_ids(alice, "n").empty());
  CHECK(scene.retract(alice, "n", "2").error == "cancel/item-not-found");
}

TEST_CASE("§16.4.4 item_expire counts from the last publication of an item") {
  Scene scene;
  scene.create(alice, "n", {"item_expire=60"});
  scene.publish(alice, "n", "1");
  scene.wait(40s);
  scene.publish(alice, "n", "1");
  scene.wait(40s);
  CHECK(scene.item_ids(alice, "n") == Strings{"1"});
  scene.wait(20s);
  CHECK(scene.item_ids(alice, "n").empty());
}

TEST_CASE("§16.4.4 item_expire: items of before are subject to it when it is configured") {
  Scene scene;
  scene.create(alice, "n");
  scene.publish(alice, "n", "1");
  scene.wait(100s);
  scene.publish(alice, "n", "2");
  scene.configure(alice, "n", {"item_expire=60"});
  scene.wait(0s);
  CHECK(scene.item_ids(alice, "n") == Strings{"2"});
  scene.configure(alice, "n", {"item_expire=600"});
  scene.wait(100s);
  CHECK(scene.item_ids(alice, "n") == Strings{"2"});
  scene.configure(alice, "n", {"item_expire=max"});
  scene.wait(24h);
  CHECK(scene.item_ids(alice, "n") == Strings{"2"});
}

TEST_CASE("§16.4.4 item_expire goes on after a restart") {
  Scene scene;
  scene.create(alice, "n", {"item_expire=60"});
  scene.subscribe(bob, "n");
  scene.publish(alice, "n", "1");
  scene.heard(bob);
  scene.restart();
  scene.wait(60s);
  CHECK(scene.events(bob) == Strings{retracted("<retract id='1'/>")});
}

TEST_CASE("§16.4.4 item_expire: a node that was emptied and filled again still forgets") {
  Scene scene;
  scene.create(alice, "n", {"item_expire=60"});
  scene.publish(alice, "n", "1");
  scene.retract(alice, "n", "1");
  scene.wait(200s);
  scene.publish(alice, "n", "2");
  scene.purge(alice, "n");
  scene.publish(alice, "n", "3");
  scene.wait(60s);
  scene.publish(alice, "n", "4");
  CHECK(scene.item_ids(alice, "n") == Strings{"4"});
  scene.wait(60s);
  CHECK(scene.item_ids(alice, "n").empty());
}

TEST_CASE("§16.4.4 item_expire: more than go at once all go") {
  Scene scene;
  scene.create(alice, "n", {"item_expire=60"});
  for (int batch = 0; batch < 6; ++batch) {
    std::string items;
    for (int i = 0; i < 200; ++i)
      items += fmt::format("<item id='{}-{}'><e xmlns='u:e'/></item>", batch, i);
    REQUIRE(scene.set(alice, pubsub("<publish node='n'>" + items + "</publish>")).type == "result");
  }
  scene.wait(60s);
  CHECK(scene.item_ids(alice, "n").empty());
}

TEST_CASE("§16.4.4 item_expire: a node deleted, with items that would have gone, leaves nothing") {
  Scene scene;
  scene.create(alice, "n", {"item_expire=60"});
  scene.publish(alice, "n", "1");
  scene.remove(alice, "n");
  scene.create(alice, "n");
  scene.publish(alice, "n", "1");
  scene.wait(24h);
  CHECK(scene.item_ids(alice, "n") == Strings{"1"});
}

TEST_CASE("§16.3 A333 item_expire: max, or seconds up to a hundred years") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* good : {"max", "1", "3155760000"})
    CHECK(scene.configure(alice, "n", {fmt::format("item_expire={}", good)}).type == "result");
  for (const auto* bad : {"", "0", "-1", "1.5", "MAX", "3155760001", "99999999999999999999"})
    CHECK(scene.configure(alice, "n", {fmt::format("item_expire={}", bad)}).error ==
          "modify/not-acceptable");
}

}  // namespace crier::test
