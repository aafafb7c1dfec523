#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

std::string request(std::string_view inside, std::string_view attributes = "") {
  return pubsub(fmt::format("<retract node='n' {}>{}</retract>", attributes, inside));
}

/// Node n with items 1 to 3 and bob as its subscriber.
void prepare(Scene& scene, const Strings& config = {}) {
  scene.create(alice, "n", config);
  scene.fill(alice, "n", 3);
  scene.subscribe(bob, "n");
  scene.events(bob);
}

std::string retracted(std::string_view id) {
  return event(fmt::format("<items node='n'><retract id='{}'/></items>", id));
}

}  // namespace

TEST_CASE("§7.2.2 A183 A184 a retracted item is gone, and stays gone") {
  Scene scene;
  prepare(scene);
  const auto answer = scene.retract(alice, "n", "2");
  CHECK(answer.type == "result");
  CHECK(scene.item_ids(bob, "n") == Strings{"1", "3"});
  CHECK(ids_in(scene.get(bob, pubsub("<items node='n'><item id='2'/></items>")).xml).empty());
  scene.restart();
  CHECK(scene.item_ids(bob, "n") == Strings{"1", "3"});
}

TEST_CASE("§7.2.2.1 A185 notify true or 1: subscribers are told, whatever the node says") {
  for (const auto* config : {"notify_retract=0", "notify_retract=1"}) {
    Scene scene;
    prepare(scene, {config});
    CHECK(scene.set(alice, request("<item id='1'/>", "notify='1'")).type == "result");
    CHECK(scene.set(alice, request("<item id='2'/>", "notify='true'")).type == "result");
    CHECK(scene.events(bob) == Strings{retracted("1"), retracted("2")});
  }
}

TEST_CASE("§7.2.2.1 A186 without notify the node's notify_retract decides") {
  Scene silent;
  prepare(silent, {"notify_retract=0"});
  silent.retract(alice, "n", "1");
  CHECK(silent.events(bob).empty());
  Scene telling;
  prepare(telling);
  telling.retract(alice, "n", "1");
  CHECK(telling.events(bob) == Strings{retracted("1")});
}

TEST_CASE("§7.2.1 a notify that is no boolean: modify/bad-request") {
  Scene scene;
  prepare(scene);
  for (const auto* notify : {"", "yes", "TRUE", "2"})
    CHECK(scene.refused_set(alice, request("<item id='1'/>", fmt::format("notify='{}'", notify))) ==
          "modify/bad-request");
}

TEST_CASE("§7.2.3.1 A188 A014 without the right: auth/forbidden") {
  Scene scene;
  prepare(scene);
  for (const auto* affiliation : {"none", "member", "outcast"}) {
    scene.affiliate(alice, "n", "eve@e.example", affiliation);
    CHECK(scene.refused_set("eve@e.example", request("<item id='1'/>")) == "auth/forbidden");
    // Nor does that one learn which items there are.
    CHECK(scene.refused_set("eve@e.example", request("<item id='9'/>")) == "auth/forbidden");
  }
}

TEST_CASE("§4.1 A012 publish-only retracts its own items, and no others") {
  Scene scene;
  prepare(scene);
  scene.affiliate(alice, "n", "eve@e.example", "publish-only");
  scene.publish("eve@e.example/x", "n", "hers");
  CHECK(scene.refused_set("eve@e.example/y", request("<item id='1'/>")) == "auth/forbidden");
  CHECK(scene.refused_set("eve@e.example/y", request("<item id='hers'/><item id='1'/>")) ==
        "auth/forbidden");
  CHECK(scene.retract("eve@e.example/y", "n", "hers").type == "result");
}

TEST_CASE("§4.1 A010 A018 a publisher retracts any item") {
  Scene scene;
  prepare(scene);
  scene.affiliate(alice, "n", "carol@c.example", "publisher");
  CHECK(scene.retract("carol@c.example", "n", "1").type == "result");
}

TEST_CASE(
    "§7.2.3.1 who published under an open model retracts that, and loses it when overwritten") {
  Scene scene;
  prepare(scene, {"publish_model=open"});
  scene.publish("eve@e.example", "n", "hers");
  CHECK(scene.refused_set("eve@e.example", request("<item id='1'/>")) == "auth/forbidden");
  scene.publish(alice, "n", "hers");
  CHECK(scene.refused_set("eve@e.example", request("<item id='hers'/>")) == "auth/forbidden");
}

TEST_CASE("§7.2.3.2 A189 no such item: cancel/item-not-found") {
  Scene scene;
  prepare(scene);
  CHECK(scene.refused_set(alice, request("<item id='9'/>")) == "cancel/item-not-found");
  scene.retract(alice, "n", "1");
  scene.events(bob);
  CHECK(scene.refused_set(alice, request("<item id='1'/>")) == "cancel/item-not-found");
}

TEST_CASE("§7.2.3.4 A191 no item, or one without id: modify/bad-request item-required") {
  Scene scene;
  prepare(scene);
  for (const auto* inside : {"", "<item/>", "<item id=''/>", "<item id='1'/><item/>"})
    CHECK(scene.refused_set(alice, request(inside)) == "modify/bad-request item-required");
}

TEST_CASE("§7.2.3.5 A192 a node that keeps none: feature-not-implemented persistent-items") {
  for (const auto& config :
       {Strings{"persist_items=0"}, Strings{"persist_items=0", "deliver_payloads=0"}}) {
    Scene scene;
    scene.create(alice, "n", config);
    CHECK(scene.refused_set(alice, request("<item id='1'/>")) ==
          "cancel/feature-not-implemented unsupported:persistent-items");
  }
}

TEST_CASE("§12.11 A314 several items go at once, told of in their order") {
  Scene scene;
  prepare(scene);
  CHECK(scene.set(alice, request("<item id='3'/><item id='1'/>")).type == "result");
  CHECK(scene.item_ids(bob, "n") == Strings{"2"});
  Strings told;
  for (const auto& message : scene.heard(bob))
    for (auto& id : attributes_of(message.xml, "retract", "id")) told.push_back(std::move(id));
  CHECK(told == Strings{"3", "1"});
}

TEST_CASE("§12.11 A314 of several items one is not there: none goes") {
  Scene scene;
  prepare(scene);
  CHECK(scene.refused_set(alice, request("<item id='1'/><item id='9'/>")) ==
        "cancel/item-not-found");
}

TEST_CASE("§7.2 an item that is named twice goes once") {
  Scene scene;
  prepare(scene);
  CHECK(scene.set(alice, request("<item id='1'/><item id='1'/>")).type == "result");
  CHECK(scene.events(bob) == Strings{retracted("1")});
  CHECK(scene.item_ids(bob, "n") == Strings{"2", "3"});
}

TEST_CASE("§7.2 an item that was retracted can be published again") {
  Scene scene;
  prepare(scene);
  scene.retract(alice, "n", "1");
  scene.publish(alice, "n", "1");
  CHECK(scene.item_ids(bob, "n") == Strings{"2", "3", "1"});
}

}  // namespace crier::test
