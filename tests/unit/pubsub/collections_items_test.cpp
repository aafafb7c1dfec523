/// Items of collections: XEP-0248 §4.1, §6.2, §7.2.4; XEP-0060 §7.1.3.2.

#include "pubsub/collections.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace crier::test {

TEST_CASE("XEP-0248 §6.2 R09 the newest max_items of each leaf, oldest first, leaves by name") {
  Scene scene;
  collection(scene, "c");
  for (const auto* leaf : {"b", "a"}) {
    scene.create(alice, leaf, {"collection=c"});
    scene.fill(alice, leaf, 3);
  }
  const auto answer = scene.get(bob, pubsub("<items node='c' max_items='2'/>"));
  CHECK(attributes_of(answer.xml, "items", "node") == Strings{"a", "b"});
  CHECK(ids_in(answer.xml) == Strings{"2", "3", "2", "3"});
}

TEST_CASE("XEP-0248 §6.2 R09 only leaves of the collection itself that have items") {
  Scene scene;
  collection(scene, "c");
  collection(scene, "below", {"collection=c"});
  scene.create(alice, "deep", {"collection=below"});
  scene.create(alice, "empty", {"collection=c"});
  scene.create(alice, "transient", {"collection=c", "persist_items=0"});
  scene.create(alice, "n", {"collection=c"});
  for (const auto* leaf : {"deep", "n", "transient"}) scene.publish(alice, leaf, "1");
  CHECK(attributes_of(scene.items(bob, "c").xml, "items", "node") == Strings{"n"});
  CHECK(scene.items(bob, "below").payload ==
        canonical(pubsub("<items node='deep'><item id='1'><e xmlns='u:e'/></item></items>")));
  collection(scene, "nothing");
  CHECK(scene.items(bob, "nothing").payload == canonical(pubsub("")));
}

TEST_CASE("XEP-0248 §6.2 R09 the collection's access model comes first") {
  Scene scene;
  collection(scene, "c", {"access_model=whitelist"});
  scene.create(alice, "n", {"collection=c"});
  CHECK(scene.items(bob, "c").error == "cancel/not-allowed closed-node");
  scene.affiliate(alice, "c", bob, "member");
  CHECK(scene.items(bob, "c").type == "result");
}

TEST_CASE(
    "§14.3 A332 XEP-0248 §6.2 R09 items of a leaf are for those who may retrieve them there") {
  Scene scene;
  collection(scene, "c");
  for (const auto* model : {"whitelist", "authorize", "open"}) {
    scene.create(alice, model, {"collection=c", fmt::format("access_model={}", model)});
    scene.fill(alice, model, 1);
  }
  const auto leaves = [&](std::string_view who) {
    return attributes_of(scene.items(who, "c").xml, "items", "node");
  };
  CHECK(leaves(bob) == Strings{"open"});
  CHECK(leaves("admin@example.org/x") == Strings{"authorize", "open", "whitelist"});
  scene.affiliate(alice, "whitelist", bob, "member");
  scene.subscribe(bob, "authorize");
  CHECK(leaves(bob) == Strings{"open", "whitelist"});
  scene.set_subscription(alice, "authorize", bob, "subscribed");
  CHECK(leaves(bob) == Strings{"authorize", "open", "whitelist"});
  scene.affiliate(alice, "open", bob, "outcast");
  scene.affiliate(alice, "whitelist", bob, "none");
  CHECK(leaves(bob) == Strings{"authorize"});
}

TEST_CASE("XEP-0248 §6.2.3 R09 more items than a reply holds: cancel/feature-not-implemented") {
  auto policy = Scene::policy();
  policy.page_items = 5;
  Scene scene(policy);
  collection(scene, "c");
  for (const auto* leaf : {"a", "b"}) scene.create(alice, leaf, {"collection=c"});
  scene.fill(alice, "a", 3);
  scene.fill(alice, "b", 2);
  CHECK(ids_in(scene.items(bob, "c").xml).size() == 5);
  scene.publish(alice, "b", "3");
  CHECK(scene.items(bob, "c").error == "cancel/feature-not-implemented");
  CHECK(ids_in(scene.get(bob, pubsub("<items node='c' max_items='2'/>")).xml).size() == 4);
}

TEST_CASE(
    "XEP-0248 §6.2.3 R09 more nodes than a reply holds items: cancel/feature-not-implemented") {
  auto policy = Scene::policy();
  policy.page_items = 2;
  Scene scene(policy);
  collection(scene, "c");
  for (const auto* leaf : {"a", "b", "d"}) scene.create(alice, leaf, {"collection=c"});
  CHECK(scene.items(bob, "c").error == "cancel/feature-not-implemented");
}

TEST_CASE("XEP-0248 §6.2.3 R09 more bytes than a reply holds: cancel/feature-not-implemented") {
  auto policy = Scene::policy();
  policy.page_bytes = 1000;
  Scene scene(policy);
  collection(scene, "c");
  const auto payload = fmt::format("<e xmlns='u:e'>{}</e>", std::string(600, 'x'));
  for (const auto* leaf : {"a", "b"}) scene.create(alice, leaf, {"collection=c"});
  scene.publish(alice, "a", "1", payload);
  CHECK(scene.items(bob, "c").type == "result");
  scene.publish(alice, "b", "1", payload);
  CHECK(scene.items(bob, "c").error == "cancel/feature-not-implemented");
  scene.purge(alice, "b");
  scene.publish(alice, "a", "2", payload);
  CHECK(scene.items(bob, "c").error == "cancel/feature-not-implemented");
  CHECK(ids_in(scene.get(bob, pubsub("<items node='c' max_items='1'/>")).xml) == Strings{"2"});
}

TEST_CASE("XEP-0248 §6.2 R09 items are not asked for by their ids in a collection") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c"});
  scene.fill(alice, "n", 2);
  CHECK(scene.get(bob, pubsub("<items node='c'><item id='1'/></items>")).error ==
        "cancel/feature-not-implemented");
  CHECK(scene.get(bob, pubsub("<items node='c' max_items='0'/>")).error == "modify/bad-request");
}

TEST_CASE("XEP-0248 §6.2 R09 items that are too old are not in a collection either") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c", "item_expire=60"});
  scene.publish(alice, "n", "1");
  scene.now += std::chrono::minutes(2);
  CHECK(ids_in(scene.items(bob, "c").xml).empty());
}

TEST_CASE("§7.1.3.2 A165 XEP-0248 §4.1 a collection takes no items: unsupported, publish") {
  Scene scene;
  collection(scene, "c", {"publish_model=open"});
  const auto publish = pubsub("<publish node='c'><item id='1'><e xmlns='u:e'/></item></publish>");
  for (const auto* who : {alice, bob})
    CHECK(scene.refused_set(who, publish) == "cancel/feature-not-implemented unsupported:publish");
  collection(scene, "closed");
  CHECK(scene.refused_set(bob, pubsub("<publish node='closed'/>")) == "auth/forbidden");
}

TEST_CASE("XEP-0248 §4.1 A165 a collection has nothing to retract or to purge") {
  Scene scene;
  collection(scene, "c");
  CHECK(scene.refused_set(alice, pubsub("<retract node='c'><item id='1'/></retract>")) ==
        "cancel/feature-not-implemented unsupported:delete-items");
  CHECK(scene.refused_set(alice, pubsub_owner("<purge node='c'/>")) ==
        "cancel/feature-not-implemented unsupported:purge-nodes");
}

TEST_CASE("XEP-0248 §7.2.4 R13 a leaf that becomes a collection keeps nothing of its items") {
  Scene scene;
  collection(scene, "top");
  scene.create(alice, "n", {"collection=top", "item_expire=60"});
  scene.fill(alice, "n", 3);
  scene.subscribe(bob, "n");
  CHECK(scene.configure(alice, "n", {"node_type=collection"}).type == "result");
  for (int round = 0; round < 2; ++round) {
    CHECK(scene.items(bob, "n").payload == canonical(pubsub("")));
    CHECK(ids_in(scene.items(bob, "top").xml).empty());
    CHECK(listed(scene, bob, "n").empty());
    scene.restart();
  }
  CHECK(scene.stored().find("u:e") == std::string::npos);
  scene.wait(std::chrono::minutes(5));
  scene.heard(bob);
  CHECK(scene.unsubscribe(bob, "n").type == "result");
}

TEST_CASE("XEP-0248 §5.2 A046 R02 a collection says that it is one") {
  Scene scene;
  collection(scene, "c", {"title=T"});
  const auto info =
      scene.get(bob, "<query xmlns='http://jabber.org/protocol/disco#info' node='c'/>");
  CHECK(attributes_of(info.xml, "identity", "category") == Strings{"pubsub"});
  CHECK(attributes_of(info.xml, "identity", "type") == Strings{"collection"});
  CHECK(attributes_of(info.xml, "identity", "name") == Strings{"T"});
}

TEST_CASE(
    "XEP-0248 §5.2 A043 R02 the children of a collection come in pages, forwards and backwards") {
  Scene scene;
  collection(scene, "c");
  for (int i = 1; i <= 5; ++i) scene.create(alice, fmt::format("n{}", i), {"collection=c"});
  for (const auto* node : {"n2", "n4"}) scene.configure(alice, node, {"access_model=whitelist"});
  const auto list = [&](std::string_view inside) {
    const auto answer = scene.get(
        bob,
        fmt::format("<query xmlns='http://jabber.org/protocol/disco#items' node='c'>{}</query>",
                    page(inside)));
    return attributes_of(answer.xml, "item", "node");
  };
  CHECK(list("<max>2</max>") == Strings{"n1", "n3"});
  CHECK(list("<max>2</max><after>n3</after>") == Strings{"n5"});
  CHECK(list("<max>2</max><before/>") == Strings{"n3", "n5"});
  CHECK(list("<max>2</max><before>n3</before>") == Strings{"n1"});
  // Where a page starts need not be a node that the asker sees, or that is there.
  CHECK(list("<max>1</max><after>n2</after>") == Strings{"n3"});
}

TEST_CASE("§14.3 A332 XEP-0248 §5.2 a private collection lists nothing to a stranger") {
  Scene scene;
  collection(scene, "c", {"access_model=whitelist"});
  scene.create(alice, "n", {"collection=c"});
  const auto list = [&](std::string_view who) {
    return scene.get(who, "<query xmlns='http://jabber.org/protocol/disco#items' node='c'/>");
  };
  CHECK(list(bob).error == "cancel/item-not-found");
  CHECK(attributes_of(list("admin@example.org").xml, "item", "node") == Strings{"n"});
  CHECK(listed(scene, bob).empty());
}

}  // namespace crier::test
