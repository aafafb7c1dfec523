#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

constexpr auto purge_n = "<purge node='n'/>";
constexpr auto delete_n = "<delete node='n'/>";

/// Node n with items 1 to 3 and bob as its subscriber.
void prepare(Scene& scene, const Strings& config = {}) {
  scene.create(alice, "n", config);
  scene.fill(alice, "n", 3);
  scene.subscribe(bob, "n");
  scene.events(bob);
}

}  // namespace

TEST_CASE("§8.4.2 A228 a deleted node is gone, and its subscribers are told once") {
  Scene scene;
  prepare(scene);
  CHECK(scene.set(alice, pubsub_owner(delete_n)).type == "result");
  CHECK(scene.events(bob) == Strings{event("<delete node='n'/>")});
  CHECK(scene.items(bob, "n").error == "cancel/item-not-found");
  scene.restart();
  CHECK(scene.items(bob, "n").error == "cancel/item-not-found");
}

TEST_CASE("§8.4.2 A228 those who wait for approval, or are not configured, are told too") {
  Scene scene;
  scene.create(alice, "n");
  scene.set_subscription(alice, "n", "carol@c.example", "pending");
  scene.set_subscription(alice, "n", "dan@d.example", "unconfigured");
  scene.events("carol@c.example");
  scene.events("dan@d.example");
  scene.remove(alice, "n");
  CHECK(scene.events("carol@c.example") == Strings{event("<delete node='n'/>")});
  CHECK(scene.events("dan@d.example") == Strings{event("<delete node='n'/>")});
}

TEST_CASE("§16.4.4 notify_delete=0: nobody is told") {
  Scene scene;
  prepare(scene, {"notify_delete=0"});
  scene.remove(alice, "n");
  CHECK(scene.events(bob).empty());
}

TEST_CASE("§8.4 A226 items, subscriptions, affiliations and configuration go with the node") {
  for (const bool restart : {false, true}) {
    Scene scene;
    prepare(scene, {"title=T", "max_items=5"});
    scene.affiliate(alice, "n", bob, "publisher");
    scene.remove(alice, "n");
    scene.events(bob);
    if (restart) scene.restart();
    scene.create("carol@c.example", "n");
    CHECK(scene.item_ids(bob, "n").empty());
    CHECK(scene.publish("carol@c.example", "n", "1").type == "result");
    CHECK(scene.events(bob).empty());
    CHECK(scene.publish(bob, "n", "2").error == "auth/forbidden");
    CHECK(scene.publish(alice, "n", "2").error == "auth/forbidden");
    const auto form = scene.get("carol@c.example", pubsub_owner("<configure node='n'/>"));
    CHECK(field_in(form.xml, "pubsub#title").empty());
    CHECK(field_in(form.xml, "pubsub#max_items") == Strings{"max"});
  }
}

TEST_CASE("§8.4 nothing of a deleted node is left in the store") {
  Scene scene;
  const auto before = scene.stored();
  prepare(scene);
  scene.affiliate(alice, "n", bob, "member");
  scene.remove(alice, "n");
  CHECK(scene.stored() == before);
}

TEST_CASE("§8.4 a node deleted and made again in one batch is a new one") {
  Scene scene;
  prepare(scene);
  const auto left = scene.send_batch({
      iq("set", alice, pubsub_owner(delete_n)),
      iq("set", bob, pubsub("<create node='n'/>")),
      iq("set", bob, pubsub("<publish node='n'><item id='new'><e xmlns='u:e'/></item></publish>")),
  });
  for (const auto& stanza : left)
    if (stanza.starts_with("<iq")) CHECK(attributes_of(stanza, "iq", "type") == Strings{"result"});
  CHECK(scene.events(bob) == Strings{event("<delete node='n'/>")});
  scene.restart();
  CHECK(scene.item_ids(alice, "n") == Strings{"new"});
  CHECK(scene.publish(alice, "n", "x").error == "auth/forbidden");
}

TEST_CASE("§8.4.3.1 A229 not an owner: auth/forbidden") {
  Scene scene;
  prepare(scene);
  CHECK(scene.refused_set(bob, pubsub_owner(delete_n)) == "auth/forbidden");
  scene.affiliate(alice, "n", bob, "publisher");
  scene.events(bob);
  CHECK(scene.refused_set(bob, pubsub_owner(delete_n)) == "auth/forbidden");
}

TEST_CASE("§8.4 an admin of the service may delete any node") {
  Scene scene;
  prepare(scene);
  scene.remove("admin@example.org/x", "n");
  CHECK(scene.items(bob, "n").error == "cancel/item-not-found");
}

TEST_CASE("§8.5.2 A232 A233 purge: all items go, the last too, and one event tells of it") {
  Scene scene;
  prepare(scene);
  CHECK(scene.set(alice, pubsub_owner(purge_n)).type == "result");
  CHECK(scene.events(bob) == Strings{event("<purge node='n'/>")});
  CHECK(scene.item_ids(bob, "n").empty());
  CHECK(ids_in(scene.get(bob, pubsub("<items node='n'><item id='3'/></items>")).xml).empty());
  scene.restart();
  CHECK(scene.item_ids(bob, "n").empty());
}

TEST_CASE("§8.5.2 A233 what was purged is not the last item any more") {
  Scene scene;
  prepare(scene, {"send_last_published_item=on_sub"});
  scene.purge(alice, "n");
  scene.subscribe("carol@c.example", "n");
  CHECK(scene.events("carol@c.example").empty());
}

TEST_CASE("§8.5.2 what is published after a purge, in the same batch too, is there") {
  Scene scene;
  prepare(scene);
  scene.send_batch({
      iq("set", alice, pubsub("<publish node='n'><item id='4'><e xmlns='u:e'/></item></publish>")),
      iq("set", alice, pubsub_owner(purge_n)),
      iq("set", alice, pubsub("<publish node='n'><item id='1'><e xmlns='u:e'/></item></publish>")),
  });
  CHECK(scene.item_ids(bob, "n") == Strings{"1"});
  scene.restart();
  CHECK(scene.item_ids(bob, "n") == Strings{"1"});
  CHECK(scene.retract(alice, "n", "2").error == "cancel/item-not-found");
  scene.publish(alice, "n", "2");
  CHECK(scene.item_ids(bob, "n") == Strings{"1", "2"});
}

TEST_CASE("§8.5.2 a purge leaves the rest of the node as it is, and other nodes alone") {
  Scene scene;
  prepare(scene, {"title=T"});
  scene.create(alice, "m");
  scene.fill(alice, "m", 2);
  scene.purge(alice, "n");
  scene.events(bob);
  scene.publish(alice, "n", "9");
  CHECK(scene.events(bob).size() == 1);
  CHECK(field_in(scene.get(alice, pubsub_owner("<configure node='n'/>")).xml, "pubsub#title") ==
        Strings{"T"});
  CHECK(scene.item_ids(bob, "m") == Strings{"1", "2"});
}

TEST_CASE("§8.5.3.2 A235 A011 not entitled: auth/forbidden; a publisher is (A018)") {
  Scene scene;
  prepare(scene);
  for (const auto* affiliation : {"none", "outcast", "member", "publish-only"}) {
    scene.affiliate(alice, "n", "eve@e.example", affiliation);
    CHECK(scene.refused_set("eve@e.example", pubsub_owner(purge_n)) == "auth/forbidden");
  }
  scene.affiliate(alice, "n", "eve@e.example", "publisher");
  scene.purge("eve@e.example", "n");
}

TEST_CASE("§8.5.3.3 A236 a node that keeps none: feature-not-implemented persistent-items") {
  Scene scene;
  prepare(scene, {"persist_items=0"});
  CHECK(scene.refused_set(alice, pubsub_owner(purge_n)) ==
        "cancel/feature-not-implemented unsupported:persistent-items");
}

TEST_CASE("§8.5.2 purging a node that is empty succeeds") {
  Scene scene;
  scene.create(alice, "n");
  scene.purge(alice, "n");
  scene.purge(alice, "n");
  scene.fill(alice, "n", 2);
  CHECK(scene.item_ids(bob, "n") == Strings{"1", "2"});
}

}  // namespace crier::test
