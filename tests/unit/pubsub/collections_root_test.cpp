/// The root collection, and collections that go: XEP-0248 §7.4, §8.1, §8.2.

#include "pubsub/collections.hpp"

#include <crier/namespaces.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace crier::test {

namespace {

Answer follow_root(Scene& scene, std::string_view who, const Strings& options) {
  return scene.set(who, pubsub(fmt::format("<subscribe jid='{}'/><options>{}</options>", who,
                                           submit_form(ns::subscribe_options, options))));
}

}  // namespace

TEST_CASE("XEP-0248 §8.1 R17 A065 the root is subscribed to without a node, or with an empty one") {
  Scene scene;
  for (const auto* node : {"", " node=''"}) {
    const auto answer = scene.set(bob, pubsub(fmt::format("<subscribe{} jid='{}'/>", node, bob)));
    CHECK(attributes_of(answer.xml, "subscription", "subscription") == Strings{"subscribed"});
    CHECK(attributes_of(answer.xml, "subscription", "node").empty());
    const auto ended = scene.set(bob, pubsub(fmt::format("<unsubscribe{} jid='{}'/>", node, bob)));
    CHECK(ended.type == "result");
  }
  scene.create(alice, "n");
  CHECK(scene.heard(bob).empty());
}

TEST_CASE(
    "§6.3.4.1 A111 XEP-0248 §8.1 the options of the root are told and changed without a node") {
  Scene scene;
  follow_root(scene, bob, {});
  scene.create(alice, "n");
  scene.heard(bob);
  for (const auto* node : {"", " node=''"}) {
    CHECK(scene
              .set(bob, pubsub(fmt::format(
                            "<options{} jid='{}'>{}</options>", node, bob,
                            submit_form(ns::subscribe_options, {"subscription_type=items"}))))
              .type == "result");
    const auto options = scene.get(bob, pubsub(fmt::format("<options{} jid='{}'/>", node, bob)));
    CHECK(field_in(options.xml, "pubsub#subscription_type") == Strings{"items"});
    CHECK(field_in(options.xml, "pubsub#subscription_depth") == Strings{"1"});
  }
  scene.publish(alice, "n", "1");
  CHECK(through(scene, bob) == Strings{":items"});
  CHECK(scene.get(carol, pubsub(fmt::format("<options jid='{}'/>", carol))).error ==
        "modify/unexpected-request not-subscribed");
}

TEST_CASE(
    "XEP-0248 §8.1 R17 the root hears of everything, as deep as it listens, also after a restart") {
  Scene scene;
  follow_root(scene, bob, {"subscription_type=all"});
  follow_root(scene, carol, {"subscription_type=all", "subscription_depth=all"});
  collection(scene, "c");
  scene.create(alice, "deep", {"collection=c"});
  scene.create(alice, "n");
  for (const auto* who : {bob, carol}) scene.heard(who);
  scene.restart();
  for (const auto* node : {"n", "deep"}) scene.publish(alice, node, "1");
  CHECK(through(scene, bob) == Strings{":items"});
  CHECK(through(scene, carol) == Strings{":items", ":items"});
  associate(scene, alice, "c", "n");
  CHECK(scene.heard(bob).empty());
  CHECK(through(scene, carol) == Strings{":collection"});
  // Nothing is a child of the root that is in another collection.
  scene.publish(alice, "n", "2");
  CHECK(scene.heard(bob).empty());
  CHECK(scene.heard(carol).size() == 1);
  associate(scene, alice, "c", "n", "dissociate");
  scene.publish(alice, "n", "3");
  CHECK(through(scene, bob) == Strings{":items"});
}

TEST_CASE("§14.3 A332 XEP-0248 §8.1 the root tells of private nodes to those who may see them") {
  Scene scene;
  follow_root(scene, bob, {"subscription_type=all", "subscription_depth=all"});
  follow_root(scene, "admin@example.org", {"subscription_type=all", "subscription_depth=all"});
  scene.create(alice, "n", {"access_model=whitelist"});
  scene.publish(alice, "n", "1");
  scene.remove(alice, "n");
  CHECK(scene.heard(bob).empty());
  CHECK(scene.heard("admin@example.org").size() == 3);
}

TEST_CASE(
    "XEP-0248 §7.4.3.1, §8.1 R15 R17 the root is neither deleted nor configured nor created") {
  Scene scene;
  for (const auto* who : {alice, "admin@example.org"}) {
    CHECK(scene.refused_set(who, pubsub_owner("<delete node=''/>")) == "cancel/not-allowed");
    CHECK(scene.refused_get(who, pubsub_owner("<configure node=''/>")) == "cancel/not-allowed");
    CHECK(refused_configuration(scene, who, "", {"title=T"}) == "cancel/not-allowed");
  }
  // What is created without a name gets one. §8.1.2
  const auto created = scene.set(alice, pubsub("<create node=''/>"));
  CHECK_FALSE(attributes_of(created.xml, "create", "node").at(0).empty());
}

TEST_CASE(
    "XEP-0248 §8.1 R17 the root has no items of its own, no owner, and is in no list of nodes") {
  Scene scene;
  follow_root(scene, bob, {});
  const auto root = "modify/bad-request nodeid-required";
  CHECK(scene.get(bob, pubsub("<items node=''/>")).error == root);
  CHECK(scene.publish(bob, "", "1").error == root);
  CHECK(scene.set(bob, pubsub_owner("<purge node=''/>")).error == root);
  CHECK(scene.get("admin@example.org", pubsub_owner("<affiliations node=''/>")).error == root);
  CHECK(listed(scene, bob).empty());
  scene.create(alice, "n");
  CHECK(listed(scene, bob) == Strings{"n"});
  const auto subscriptions = scene.get(bob, pubsub("<subscriptions/>"));
  CHECK(attributes_of(subscriptions.xml, "subscription", "jid") == Strings{bob});
}

TEST_CASE("§12.19 XEP-0248 §8.1 a lease of the root ends") {
  Scene scene;
  follow_root(scene, bob, {"expire=2024-05-01T01:00:00Z", "subscription_type=all"});
  scene.wait(std::chrono::hours(2));
  scene.heard(bob);
  scene.create(alice, "n");
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("XEP-0248 §8.1 R18 the configuration shows that a node is in the root: one empty value") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection="});
  CHECK(configured(scene, "n", "pubsub#collection") == Strings{""});
  associate(scene, alice, "c", "n");
  CHECK(configured(scene, "n", "pubsub#collection") == Strings{"c"});
  CHECK(scene.configure(alice, "n", {"collection="}).type == "result");
  CHECK(configured(scene, "n", "pubsub#collection") == Strings{""});
  CHECK(configured(scene, "c", "pubsub#children").empty());
  CHECK(listed(scene, bob) == Strings{"c", "n"});
}

TEST_CASE(
    "XEP-0248 §7.4, §8.2 R15 a collection in the middle goes: what was below it is on the first "
    "level") {
  Scene scene;
  collection(scene, "top");
  collection(scene, "middle", {"collection=top"});
  collection(scene, "other");
  collection(scene, "low", {"collection=middle"});
  scene.create(alice, "both", {"collection=middle|other"});
  scene.create(alice, "one", {"collection=middle"});
  follow(scene, bob, "top", {"subscription_type=all", "subscription_depth=all"});
  scene.subscribe(carol, "middle");
  scene.remove(alice, "middle");
  CHECK(through(scene, bob) == Strings{"top:delete"});
  CHECK(scene.events(carol) == Strings{event("<delete node='middle'/>")});
  for (int round = 0; round < 2; ++round) {
    CHECK(configured(scene, "top", "pubsub#children").empty());
    CHECK(configured(scene, "low", "pubsub#collection") == Strings{""});
    CHECK(configured(scene, "both", "pubsub#collection") == Strings{"other"});
    CHECK(listed(scene, alice) == Strings{"low", "one", "other", "top"});
    scene.restart();
  }
  scene.publish(alice, "one", "1");
  CHECK(scene.heard(bob).empty());
  // A new node of that name is not what the old one was.
  collection(scene, "middle");
  CHECK(configured(scene, "middle", "pubsub#children").empty());
}

TEST_CASE("XEP-0248 §7.4 R15 only an owner deletes a collection") {
  Scene scene;
  collection(scene, "c", {"children_association_policy=all"});
  scene.create(bob, "bobs", {"collection=c"});
  CHECK(scene.refused_set(bob, pubsub_owner("<delete node='c'/>")) == "auth/forbidden");
  scene.remove(alice, "c");
  CHECK(listed(scene, bob) == Strings{"bobs"});
}

TEST_CASE(
    "XEP-0248 §8.1 a publish to a node in no collection asks the store no more for the root") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 1);
  const auto questions_of = [&](auto ask) {
    const auto before = scene.store().questions;
    ask();
    return scene.store().questions - before;
  };
  const auto alone = questions_of([&] { scene.publish(alice, "n", "2"); });
  follow_root(scene, bob, {"subscription_type=items"});
  CHECK(questions_of([&] { scene.publish(alice, "n", "3"); }) == alone);
  CHECK(scene.heard(bob).size() == 1);
}

}  // namespace crier::test
