/// Who may do what on the service, and how much of it, as the operator decides.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";
constexpr auto admin = "admin@example.org/x";

std::string create(std::string_view node) {
  return pubsub(fmt::format("<create node='{}'/>", node));
}

std::string publish(std::string_view node) {
  return pubsub(
      fmt::format("<publish node='{}'><item id='1'><e xmlns='u:e'/></item></publish>", node));
}

std::string subscribe(std::string_view node, std::string_view jid) {
  return pubsub(fmt::format("<subscribe node='{}' jid='{}'/>", node, jid));
}

}  // namespace

TEST_CASE("§8.1.1 A196 who creates nodes of a name: the last pattern that matches says so") {
  auto policy = Scene::policy();
  policy.creators = {.all = false, .domains = {"a.example"}};
  policy.creators_by_name = {{"open/*", {.all = true, .domains = {}}},
                             {"*/b", {.all = false, .domains = {"b.example"}}},
                             {"system*", {.all = true, .domains = {}}}};
  policy.reserved = {"system*"};
  Scene scene(policy);
  CHECK(scene.refused_set(bob, create("n")) == "auth/forbidden");
  CHECK(scene.set(bob, create("open/n")).type == "result");
  CHECK(scene.refused_set(alice, create("open/b")) == "auth/forbidden");
  CHECK(scene.set(bob, create("open/b")).type == "result");
  CHECK(scene.set(alice, create("n")).type == "result");
  CHECK(scene.refused_set(alice, create("system/n")) == "auth/forbidden");
  CHECK(scene.set(admin, create("system/n")).type == "result");
}

TEST_CASE("§7.1.4 A196 publishing creates no node whose name is reserved: item-not-found") {
  auto policy = Scene::policy();
  policy.reserved = {"system*"};
  Scene scene(policy);
  CHECK(scene.refused_set(alice, publish("system")) == "cancel/item-not-found");
  CHECK(scene.set(alice, publish("n")).type == "result");
  CHECK(scene.set(admin, publish("system")).type == "result");
}

TEST_CASE("§8.1.1 a node of a reserved name stays its owner's when the operator made one") {
  auto policy = Scene::policy();
  policy.reserved = {"system*"};
  Scene scene(policy);
  scene.create(admin, "system");
  scene.affiliate(admin, "system", bob, "owner");
  CHECK(scene.set(bob, publish("system")).type == "result");
  CHECK(scene.configure(bob, "system", {"title=T"}).type == "result");
}

TEST_CASE("§6.1.3.6 A074 anonymous entities may not subscribe: cancel/forbidden") {
  auto policy = Scene::policy();
  policy.anonymous_domains = {"anon.example"};
  Scene scene(policy);
  scene.create(alice, "n");
  scene.fill(alice, "n", 1);
  for (const auto* jid : {"x@anon.example/1", "x@anon.example", "anon.example"})
    CHECK(scene.refused_set(jid, subscribe("n", jid)) == "cancel/forbidden");
  // Nor by an admin, or by the node's owner.
  CHECK(scene.refused_set(admin, subscribe("n", "x@anon.example")) == "cancel/forbidden");
  CHECK(scene.refused_set(alice, pubsub_owner("<subscriptions node='n'><subscription "
                                              "jid='x@anon.example' subscription='subscribed'/>"
                                              "</subscriptions>")) == "modify/not-acceptable");
  // Neither those of other domains, nor what else they may.
  for (const auto* jid : {"x@not.anon.example", "anon.example@b.example"})
    CHECK(scene.subscribe(jid, "n").type == "result");
  CHECK(scene.item_ids("x@anon.example/1", "n") == Strings{"1"});
}

TEST_CASE("§11 A288 G16 as many nodes as one account may create: max-nodes-exceeded") {
  auto policy = Scene::policy();
  policy.max_nodes_per_account = 2;
  Scene scene(policy);
  scene.create(alice, "a");
  CHECK(scene.set("alice@a.example/other", publish("b")).type == "result");
  const auto* const refused = "cancel/not-allowed max-nodes-exceeded";
  CHECK(scene.refused_set(alice, create("c")) == refused);
  CHECK(scene.refused_set(alice, pubsub("<create/>")) == refused);
  CHECK(scene.refused_set(alice, publish("c")) == refused);
  CHECK(scene.set(alice, publish("a")).type == "result");
  scene.restart();
  CHECK(scene.refused_set(alice, create("c")) == refused);

  // Others have their own; what they give away still counts, and what is given to them does not.
  scene.create(bob, "d");
  scene.affiliate(bob, "d", "alice@a.example", "owner");
  scene.create(bob, "e");
  CHECK(scene.refused_set(bob, create("f")) == refused);
  scene.remove(alice, "a");
  CHECK(scene.set(alice, create("c")).type == "result");
  CHECK(scene.refused_set(alice, create("a")) == refused);
  for (const auto* name : {"g", "h", "i"}) scene.create(admin, name);
}

TEST_CASE("without a quota nothing is counted") {
  Scene scene;
  scene.create(alice, "n");
  scene.store().questions = 0;
  CHECK(scene.subscribe(bob, "n").type == "result");
  const auto without = scene.store().questions;

  auto policy = Scene::policy();
  policy.max_subscriptions_per_account = 2;
  Scene other(policy);
  other.create(alice, "n");
  other.store().questions = 0;
  CHECK(other.subscribe(bob, "n").type == "result");
  CHECK(other.store().questions == without + 1);
}

TEST_CASE("§6.1.3.9 A077 an account and its resources have so many subscriptions on the service") {
  auto policy = Scene::policy();
  policy.max_subscriptions_per_account = 2;
  Scene scene(policy);
  for (const auto* node : {"a", "b", "c"}) scene.create(alice, node);
  CHECK(scene.subscribe(bob, "a").type == "result");
  CHECK(scene.subscribe("bob@b.example/x", "b").type == "result");
  const auto* const refused = "wait/policy-violation too-many-subscriptions";
  CHECK(scene.refused_set(bob, subscribe("c", "bob@b.example/y")) == refused);
  CHECK(scene.refused_set(bob, subscribe("a", bob)) == refused);
  scene.restart();
  CHECK(scene.refused_set(admin, subscribe("c", bob)) == refused);
  CHECK(scene.subscribe("bobby@b.example", "c").type == "result");
  CHECK(scene.unsubscribe("bob@b.example/x", "b").type == "result");
  CHECK(scene.subscribe(bob, "c").type == "result");
  for (const auto* node : {"a", "b", "c"})
    CHECK(scene.subscribe("admin@example.org", node).type == "result");
}

TEST_CASE("§8.8.2 A077 trap: an owner's request counts what it makes itself") {
  auto policy = Scene::policy();
  policy.max_subscriptions_per_account = 2;
  Scene scene(policy);
  scene.create(alice, "n");
  const auto answer = scene.set(
      alice, pubsub_owner("<subscriptions node='n'>"
                          "<subscription jid='bob@b.example/1' subscription='subscribed'/>"
                          "<subscription jid='bob@b.example/2' subscription='subscribed'/>"
                          "<subscription jid='bob@b.example/3' subscription='subscribed'/>"
                          "<subscription jid='carol@b.example' subscription='subscribed'/>"
                          "</subscriptions>"));
  CHECK(answer.error == "modify/not-acceptable");
  CHECK(answer.payload ==
        canonical(pubsub_owner("<subscriptions node='n'><subscription jid='bob@b.example/3' "
                               "subscription='none'/></subscriptions>")));
  CHECK(attributes_of(scene.get(alice, pubsub_owner("<subscriptions node='n'/>")).xml,
                      "subscription",
                      "jid") == Strings{"bob@b.example/1", "bob@b.example/2", "carol@b.example"});
}

TEST_CASE("§8.9.2 a node has so many affiliations: wait/policy-violation, nothing is changed") {
  auto policy = Scene::policy();
  policy.max_affiliations_per_node = 3;
  Scene scene(policy);
  scene.create(alice, "n");
  scene.affiliate(alice, "n", bob, "member");
  const auto two_more = [](std::string_view bobs) {
    return pubsub_owner(
        fmt::format("<affiliations node='n'><affiliation jid='c@b.example' affiliation='member'/>"
                    "<affiliation jid='d@b.example' affiliation='outcast'/>"
                    "<affiliation jid='bob@b.example' affiliation='{}'/></affiliations>",
                    bobs));
  };
  CHECK(scene.refused_set(alice, two_more("publisher")) == "wait/policy-violation");
  CHECK(scene.set(alice, two_more("none")).type == "result");
  CHECK(scene.refused_set(alice, pubsub_owner("<affiliations node='n'><affiliation "
                                              "jid='e@b.example' affiliation='member'/>"
                                              "</affiliations>")) == "wait/policy-violation");
  scene.affiliate(alice, "n", "c@b.example", "publisher");
}

TEST_CASE("XEP-0248 §7.2.3.3 a collection has so many children as the service says") {
  auto policy = Scene::policy();
  policy.max_children = 1;
  Scene scene(policy);
  scene.create(alice, "c", {"node_type=collection"});
  scene.create(alice, "a", {"collection=c"});
  scene.create(alice, "b");
  CHECK(scene.refused_set(alice, pubsub_owner("<collection node='c'><associate node='b'/>"
                                              "</collection>")) ==
        "cancel/not-allowed max-nodes-exceeded");
}

TEST_CASE("§6.1.6 one subscription for each JID, when the operator says so") {
  auto policy = Scene::policy();
  policy.multi_subscribe = false;
  Scene scene(policy);
  scene.create(alice, "n");
  const auto first = scene.subscribe(bob, "n");
  const auto second = scene.subscribe(bob, "n");
  CHECK(first.payload == second.payload);
  CHECK(scene.subscribe("bob@b.example/x", "n").type == "result");
}

}  // namespace crier::test
