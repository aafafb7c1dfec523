/// Events that rise through collections: XEP-0248 §5.3, §6.1.

#include "pubsub/collections.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace crier::test {

namespace {

/// What somebody who subscribed to `top` with those options hears of `top` / `middle` / `low` /
/// `leaf`, and of `near`, which is in `top` itself: "node:event", sorted.
Strings heard_below(const Strings& options, void (*happen)(Scene&)) {
  Scene scene;
  collection(scene, "top");
  collection(scene, "middle", {"collection=top"});
  collection(scene, "low", {"collection=middle"});
  for (const auto& [name, parent] : {std::pair("near", "top"), std::pair("leaf", "low")}) {
    scene.create(alice, name, {fmt::format("collection={}", parent), "notify_config=1"});
    scene.fill(alice, name, 2);
  }
  REQUIRE(follow(scene, bob, "top", options).type == "result");
  happen(scene);
  Strings heard;
  for (const auto& message : scene.heard(bob)) {
    const auto event = parse_xml(message.event);
    const Element& about = *event->root().first_child();
    heard.push_back(fmt::format("{}:{}", about.attribute_or("node", ""), about.name));
    if (about.name != "collection" || about.attribute_or("node", "") != "top")
      CHECK(texts_of(message.xml, "header") == Strings{"top"});
  }
  std::ranges::sort(heard);
  return heard;
}

void items_come_and_go(Scene& scene) {
  for (const auto* node : {"near", "leaf"}) {
    scene.publish(alice, node, "3");
    scene.set(alice,
              pubsub(fmt::format("<retract node='{}' notify='1'><item id='3'/></retract>", node)));
    scene.purge(alice, node);
  }
}

void nodes_come_and_go(Scene& scene) {
  scene.configure(alice, "leaf", {"title=T"});
  scene.configure(alice, "near", {"title=T"});
  scene.create(alice, "new", {"collection=middle"});
  associate(scene, alice, "low", "near");
  associate(scene, alice, "low", "near", "dissociate");
  scene.remove(alice, "leaf");
}

}  // namespace

TEST_CASE("XEP-0248 §5.3.1.1 R06 items: published, retracted, purged, as deep as the depth says") {
  const Strings near{"near:items", "near:items", "near:purge"};
  const Strings both{"leaf:items", "leaf:items", "leaf:purge",
                     "near:items", "near:items", "near:purge"};
  const struct {
    const char* depth;
    Strings heard;
  } cases[] = {{"0", {}},   {"1", near},          {"2", near},
               {"3", both}, {"4294967294", both}, {"all", both}};
  for (const auto& each : cases)
    for (const auto* type : {"items", "all"}) {
      CAPTURE(each.depth);
      CHECK(heard_below({fmt::format("subscription_type={}", type),
                         fmt::format("subscription_depth={}", each.depth)},
                        items_come_and_go) == each.heard);
    }
  CHECK(heard_below({}, items_come_and_go).empty());
}

TEST_CASE("XEP-0248 §5.3.1.2 R05 R06 nodes: what becomes of them, as deep as the depth says") {
  const Strings deep1{"near:configuration"};
  const Strings deep2{"middle:collection", "near:configuration", "new:create"};
  const auto heard = [](const Strings& options) { return heard_below(options, nodes_come_and_go); };
  CHECK(heard({"subscription_depth=0"}).empty());
  CHECK(heard({}) == deep1);
  CHECK(heard({"subscription_depth=2"}) == deep2);
  // What is put into `low` is three below `top`.
  const Strings all{"leaf:configuration", "leaf:delete",        "low:collection", "low:collection",
                    "middle:collection",  "near:configuration", "new:create"};
  CHECK(heard({"subscription_depth=3"}) == all);
  CHECK(heard({"subscription_type=all", "subscription_depth=all"}) == all);
  CHECK(heard({"subscription_type=items", "subscription_depth=all"}).empty());
}

TEST_CASE("XEP-0248 §5.3.2 R05 an association names the collection; above, the header does too") {
  Scene scene;
  collection(scene, "top");
  collection(scene, "c", {"collection=top"});
  scene.create(alice, "n");
  for (const auto* node : {"top", "c"}) follow(scene, bob, node, {"subscription_depth=all"});
  scene.heard(bob);
  associate(scene, alice, "c", "n");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 2);
  for (const auto& message : heard)
    CHECK(message.event == event("<collection node='c'><associate node='n'/></collection>"));
  CHECK(texts_of(heard[0].xml, "header") == Strings{"top"});
  CHECK(texts_of(heard[1].xml, "header").empty());
}

TEST_CASE("XEP-0248 §5.3.2 a collection that delivers no notifications tells of no association") {
  Scene scene;
  collection(scene, "c", {"deliver_notifications=0"});
  scene.create(alice, "n");
  follow(scene, bob, "c", {"subscription_type=all"});
  associate(scene, alice, "c", "n");
  CHECK(scene.heard(bob).empty());
  // What happens in the node is the node's to tell. R04
  scene.publish(alice, "n", "1");
  CHECK(through(scene, bob) == Strings{"c:items"});
}

TEST_CASE(
    "XEP-0248 §5.3.2 R05 a change of configuration tells those who were above, and those who are") {
  Scene scene;
  collection(scene, "old");
  collection(scene, "new");
  collection(scene, "c", {"collection=old"});
  scene.create(alice, "n", {"collection=c"});
  scene.create(alice, "m");
  follow(scene, bob, "old", {"subscription_depth=all"});
  follow(scene, carol, "new", {"subscription_depth=all"});
  CHECK(scene.configure(alice, "c", {"collection=new", "children=m"}).type == "result");
  CHECK(scene.events(bob) ==
        Strings{event("<collection node='c'><dissociate node='n'/></collection>"),
                event("<collection node='old'><dissociate node='c'/></collection>")});
  CHECK(scene.events(carol) ==
        Strings{event("<collection node='new'><associate node='c'/></collection>"),
                event("<collection node='c'><associate node='m'/></collection>")});
}

TEST_CASE(
    "XEP-0248 §5.3.1 R04 a leaf that delivers no notifications is not heard through collections") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c", "deliver_notifications=0"});
  follow(scene, bob, "c", {"subscription_type=all"});
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("XEP-0248 §5.3.1 R03 R06 a collection is heard through once, at the least distance") {
  Scene scene;
  collection(scene, "top");
  collection(scene, "middle", {"collection=top"});
  scene.create(alice, "leaf", {"collection=middle|top"});
  follow(scene, bob, "top", {"subscription_type=items"});
  follow(scene, carol, "top", {"subscription_type=items", "subscription_depth=all"});
  scene.publish(alice, "leaf", "1");
  CHECK(through(scene, bob) == Strings{"top:items"});
  CHECK(through(scene, carol) == Strings{"top:items"});
}

TEST_CASE(
    "XEP-0248 §5.3.1 R03 a JID subscribed to the leaf and to several collections hears of each") {
  Scene scene;
  for (const auto* name : {"a", "b", "c"}) {
    collection(scene, name);
    follow(scene, bob, name, {"subscription_type=items"});
  }
  follow(scene, carol, "b", {"subscription_type=items"});
  scene.create(alice, "n", {"collection=a|b|c"});
  scene.subscribe(bob, "n");
  scene.heard(bob);
  scene.publish(alice, "n", "1");
  CHECK(through(scene, bob) == Strings{":items", "a:items", "b:items", "c:items"});
  CHECK(through(scene, carol) == Strings{"b:items"});
}

TEST_CASE(
    "XEP-0248 §5.3.1 R05 a deleted node is told of through all collections, if it is told of") {
  for (const bool told : {true, false}) {
    Scene scene;
    collection(scene, "top");
    collection(scene, "c", {"collection=top"});
    scene.create(alice, "n", {"collection=c", fmt::format("notify_delete={}", told ? 1 : 0)});
    for (const auto* node : {"top", "c"}) follow(scene, bob, node, {"subscription_depth=all"});
    scene.remove(alice, "n");
    CHECK(through(scene, bob) == (told ? Strings{"c:delete", "top:delete"} : Strings{}));
  }
}

TEST_CASE(
    "XEP-0248 §7.2 R11 notify_config of a collection tells its subscribers of its configuration") {
  Scene scene;
  collection(scene, "c", {"notify_config=1"});
  scene.subscribe(bob, "c");
  scene.configure(alice, "c", {"title=T"});
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(attributes_of(heard[0].xml, "configuration", "node") == Strings{"c"});
  CHECK(field_in(heard[0].xml, "pubsub#title") == Strings{"T"});
  scene.configure(alice, "c", {"notify_config=0", "title=U"});
  CHECK(scene.heard(bob).empty());
}

TEST_CASE(
    "XEP-0248 §5.3.1 an event through a collection has an id, and goes to a full JID as it is") {
  Scene scene;
  collection(scene, "c & 'd'");
  scene.set(bob, pubsub("<subscribe node=\"c &amp; 'd'\" jid=\"bob@b.example/o'ne\"/>"
                        "<options>" +
                        submit_form("http://jabber.org/protocol/pubsub#subscribe_options",
                                    {"subscription_type=items"}) +
                        "</options>"));
  scene.create(alice, "n");
  CHECK(associate(scene, alice, "c &amp; &apos;d&apos;", "n").type == "result");
  scene.publish(alice, "n", "1");
  const auto heard = scene.heard("bob@b.example/o'ne");
  REQUIRE(heard.size() == 1);
  CHECK(texts_of(heard[0].xml, "header") == Strings{"c & 'd'"});
  CHECK_FALSE(attributes_of(heard[0].xml, "message", "id").at(0).empty());
}

TEST_CASE("XEP-0248 §5.3.1 R03 an expired item is told of through collections") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c", "item_expire=60"});
  follow(scene, bob, "c", {"subscription_type=items"});
  scene.publish(alice, "n", "1");
  scene.heard(bob);
  scene.wait(std::chrono::minutes(2));
  CHECK(scene.events(bob) == Strings{event("<items node='n'><retract id='1'/></items>")});
}

}  // namespace crier::test
