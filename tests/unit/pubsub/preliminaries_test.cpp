/// What XEP-0060 demands of the service as a whole: its requirements (§3), preliminaries (§4),
/// features (§10), errors (§11) and triggers (§12.2).

#include <crier/errors.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/node_fields.hpp"
#include "model/subscription_fields.hpp"
#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";
constexpr std::string_view prefix = "http://jabber.org/protocol/pubsub#";

Answer disco(Scene& scene, std::string_view node = "") {
  const auto attribute = node.empty() ? "" : fmt::format(" node='{}'", node);
  return scene.get(
      bob, fmt::format("<query xmlns='http://jabber.org/protocol/disco#info'{}/>", attribute));
}

std::set<std::string> features(Scene& scene) {
  const auto list = attributes_of(disco(scene).xml, "feature", "var");
  return {list.begin(), list.end()};
}

bool advertises(Scene& scene, std::string_view feature) {
  return features(scene).contains(std::string(prefix) + std::string(feature));
}

Answer retrieve(Scene& scene, std::string_view who) {
  return scene.items(who, "n");
}

}  // namespace

TEST_CASE(
    "§3 A001 A002 an entity subscribes, or is told that it may not; who does hears of items") {
  Scene scene;
  scene.create(alice, "n");
  scene.create(alice, "closed", {"access_model=whitelist"});
  for (const auto* who : {bob, "carol@c.example/r"})
    CHECK(scene.subscribe(who, "n").type == "result");
  CHECK(scene.subscribe(bob, "closed").error == "cancel/not-allowed closed-node");
  scene.publish(alice, "n", "1");
  for (const auto* who : {bob, "carol@c.example/r"}) CHECK(scene.events(who).size() == 1);
}

TEST_CASE("§3 A003 §4.1 A009 the owner may do all, who is none may do what the access model lets") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(scene.subscribe(alice, "n").type == "result");
  CHECK(scene.publish(alice, "n", "1").type == "result");
  CHECK(retrieve(scene, alice).type == "result");
  CHECK(scene.configure(alice, "n", {"title=T"}).type == "result");
  CHECK(scene.retract(alice, "n", "1").type == "result");
  scene.purge(alice, "n");
  CHECK(scene.subscribe(bob, "n").type == "result");
  CHECK(scene.publish(bob, "n", "2").error == "auth/forbidden");
  scene.remove(alice, "n");
}

TEST_CASE(
    "§3 A004 R52 what the service, and a node, can do is discovered; what is not there is not "
    "found") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(features(scene).contains("http://jabber.org/protocol/pubsub"));
  CHECK_FALSE(attributes_of(disco(scene, "n").xml, "feature", "var").empty());
  CHECK(field_in(disco(scene, "n").xml, "pubsub#access_model") == Strings{"open"});
  CHECK(disco(scene, "m").error == "cancel/item-not-found");
}

TEST_CASE("§3 A006 A007 the owner says who subscribes, and who publishes") {
  Scene scene;
  scene.create(alice, "n", {"access_model=whitelist", "publish_model=subscribers"});
  CHECK(scene.subscribe(bob, "n").error == "cancel/not-allowed closed-node");
  scene.affiliate(alice, "n", bob, "member");
  CHECK(scene.publish(bob, "n", "1").error == "auth/forbidden");
  CHECK(scene.subscribe(bob, "n").type == "result");
  CHECK(scene.publish(bob, "n", "1").type == "result");
}

TEST_CASE("§4.1 A017 each affiliation that can be given is advertised, and can be given") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* affiliation : {"member", "outcast", "publisher", "publish-only"}) {
    CHECK(advertises(scene, std::string(affiliation) + "-affiliation"));
    scene.affiliate(alice, "n", bob, affiliation);
  }
}

TEST_CASE(
    "§4.1, §8.9.2.4 A019 A275 an owner makes of anybody what it wants, as long as one stays") {
  Scene scene;
  scene.create(alice, "n");
  const auto all = {"owner", "publisher", "publish-only", "member", "outcast", "none"};
  for (const auto* from : all)
    for (const auto* to : all) {
      scene.affiliate(alice, "n", bob, from);
      scene.affiliate(alice, "n", bob, to);
    }
  CHECK(scene
            .set(alice, pubsub_owner("<affiliations node='n'><affiliation jid='alice@a.example' "
                                     "affiliation='member'/></affiliations>"))
            .error == "modify/not-acceptable");
}

TEST_CASE("§4.5 A031 §6.5.1 A121 the access model decides about retrieving as about subscribing") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 1);
  CHECK(retrieve(scene, bob).type == "result");
  scene.configure(alice, "n", {"access_model=whitelist"});
  CHECK(retrieve(scene, bob).error == "cancel/not-allowed closed-node");
  CHECK(scene.subscribe(bob, "n").error == "cancel/not-allowed closed-node");
  scene.affiliate(alice, "n", bob, "outcast");
  CHECK(retrieve(scene, bob).error == "auth/forbidden");
  CHECK(scene.subscribe(bob, "n").error == "auth/forbidden");
}

TEST_CASE("§6.1.7 A092 the last item is not sent by default, and so it is not advertised") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 1);
  scene.subscribe(bob, "n");
  CHECK(scene.events(bob).empty());
  CHECK_FALSE(advertises(scene, "last-published"));
}

TEST_CASE(
    "§7.1.2 A154 the publisher of an item is remembered: it alone of the open may retract it") {
  Scene scene;
  scene.create(alice, "n", {"publish_model=open"});
  scene.publish(bob, "n", "1");
  scene.restart();
  CHECK(scene.retract("carol@c.example", "n", "1").error == "auth/forbidden");
  CHECK(scene.retract(bob, "n", "1").type == "result");
}

TEST_CASE("§7.1.4 A176 §7.1.5 A177 §8.8 A264 §12.14 A319 what is advertised works") {
  Scene scene;
  for (const auto* feature :
       {"auto-create", "publish-options", "manage-subscriptions", "subscription-notifications"})
    CHECK_MESSAGE(advertises(scene, feature), std::string(feature));
  const auto publish = [&](std::string_view options) {
    return scene.set(
        alice, pubsub(fmt::format("<publish node='n'><item id='1'><e xmlns='u:e'/></item></publish>"
                                  "<publish-options>{}</publish-options>",
                                  options)));
  };
  const auto ns = "http://jabber.org/protocol/pubsub#publish-options";
  CHECK(publish(submit_form(ns, {"persist_items=1"})).type == "result");
  CHECK(publish(submit_form(ns, {"persist_items=0"})).error ==
        "cancel/conflict precondition-not-met");
  scene.set_subscription(alice, "n", bob, "subscribed");
  CHECK(scene.events(bob).size() == 1);
}

TEST_CASE(
    "§7.2.3.6 A193 §8.5.3.1 A234 §7.1.3.2 A165 a collection has no items to publish or delete") {
  Scene scene;
  scene.create(alice, "c", {"node_type=collection"});
  CHECK(scene.publish(alice, "c", "1").error ==
        "cancel/feature-not-implemented unsupported:publish");
  CHECK(scene.retract(alice, "c", "1").error ==
        "cancel/feature-not-implemented unsupported:delete-items");
  CHECK(scene.refused_set(alice, pubsub_owner("<purge node='c'/>")) ==
        "cancel/feature-not-implemented unsupported:purge-nodes");
}

TEST_CASE("§8.2.3.4 A213 the root, whose configuration is locked: cancel/not-allowed") {
  Scene scene;
  CHECK(scene.refused_get(alice, pubsub_owner("<configure node=''/>")) == "cancel/not-allowed");
}

TEST_CASE("§10 A287 all features of pubsub that are advertised are ones that are defined") {
  const std::set<std::string> defined{"access-authorize",
                                      "access-open",
                                      "access-whitelist",
                                      "auto-create",
                                      "collections",
                                      "config-node",
                                      "config-node-max",
                                      "create-and-configure",
                                      "create-nodes",
                                      "delete-items",
                                      "delete-nodes",
                                      "get-pending",
                                      "filtered-notifications",
                                      "instant-nodes",
                                      "item-ids",
                                      "leased-subscription",
                                      "manage-subscriptions",
                                      "member-affiliation",
                                      "meta-data",
                                      "modify-affiliations",
                                      "multi-collection",
                                      "multi-collections",
                                      "multi-items",
                                      "multi-subscribe",
                                      "outcast-affiliation",
                                      "persistent-items",
                                      "presence-notifications",
                                      "since",  // XEP-0312 §7.2
                                      "publish",
                                      "publish-node-full",
                                      "publish-only-affiliation",
                                      "publish-options",
                                      "publisher-affiliation",
                                      "purge-nodes",
                                      "retract-items",
                                      "retrieve-affiliations",
                                      "retrieve-default",
                                      "retrieve-default-sub",
                                      "retrieve-items",
                                      "retrieve-subscriptions",
                                      "rsm",
                                      "subscribe",
                                      "subscription-notifications",
                                      "subscription-options"};
  Scene scene;
  for (const auto& feature : features(scene))
    if (feature.starts_with(prefix))
      CHECK_MESSAGE(defined.contains(feature.substr(prefix.size())), feature);
}

TEST_CASE("§11 A289 every refusal of something unsupported names the feature") {
  using namespace errors;
  for (const auto* kind :
       {&subscribe_unsupported, &persistent_items_unsupported, &publish_unsupported,
        &delete_items_unsupported, &purge_nodes_unsupported}) {
    CHECK(kind->pubsub_condition == "unsupported");
    CHECK_FALSE(kind->feature.empty());
  }
}

TEST_CASE("§12.2 A293 A294 items are sent when they are asked for, and when they are published") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).size() == 1);
  CHECK(scene.item_ids(bob, "n") == Strings{"1"});
  CHECK(scene.events(bob).empty());
}

TEST_CASE("§16.4 A334 fields that are not registered begin with x-") {
  for (const auto& field : subscription_fields())
    CHECK_MESSAGE((field.var.starts_with("pubsub#") || field.var.starts_with("x-")),
                  std::string(field.var));
  for (const auto& field : node_fields())
    CHECK_MESSAGE((field.var.starts_with("pubsub#") || field.var.starts_with("x-")),
                  std::string(field.var));
}

TEST_CASE("XEP-0203 §3 R57 the stamp of a last item is when it was published, in UTC") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub"});
  scene.publish(alice, "n", "1");
  scene.wait(std::chrono::hours(1));
  scene.subscribe(bob, "n");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(attributes_of(heard[0].xml, "delay", "stamp") == Strings{"2024-05-01T00:00:00Z"});
}

}  // namespace crier::test
