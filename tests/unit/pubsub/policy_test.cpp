/// What the operator decides for the whole service.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";
constexpr auto admin = "admin@example.org/x";

Policy with_rules(std::vector<NodeRule> rules) {
  auto policy = Scene::policy();
  policy.node_rules = std::move(rules);
  return policy;
}

std::string creation(std::string_view node, const Strings& config = {}) {
  return pubsub(fmt::format("<create node='{}'/><configure>{}</configure>", node,
                            submit_form("http://jabber.org/protocol/pubsub#node_config", config)));
}

Strings configured(Scene& scene, std::string_view node, std::string_view var) {
  const auto answer = scene.get(alice, pubsub_owner(fmt::format("<configure node='{}'/>", node)));
  return field_in(answer.xml, var);
}

Strings features(Scene& scene) {
  return attributes_of(scene.get(bob, "<query xmlns='http://jabber.org/protocol/disco#info'/>").xml,
                       "feature", "var");
}

}  // namespace

TEST_CASE("§8.1.2 A202 a new node is what the operator's defaults for its name say") {
  Scene scene(with_rules({{"*", "pubsub#access_model", {"whitelist"}},
                          {"open/*", "pubsub#access_model", {"open"}},
                          {"open/?", "pubsub#max_items", {"3"}}}));
  for (const auto* node : {"n", "open/1", "open/12"}) scene.create(alice, node);
  CHECK(configured(scene, "n", "pubsub#access_model") == Strings{"whitelist"});
  CHECK(configured(scene, "open/1", "pubsub#access_model") == Strings{"open"});
  CHECK(configured(scene, "open/1", "pubsub#max_items") == Strings{"3"});
  CHECK(configured(scene, "open/12", "pubsub#max_items") == Strings{"max"});
  // Its creator may say something else.
  scene.create(alice, "m", {"access_model=open"});
  CHECK(configured(scene, "m", "pubsub#access_model") == Strings{"open"});
}

TEST_CASE(
    "§7.1.4 A175 a node that a publish creates is so, too; §8.3 A221 and the defaults say it") {
  Scene scene(with_rules({{"*", "pubsub#access_model", {"whitelist"}}}));
  CHECK(scene.publish(alice, "n", "1").type == "result");
  CHECK(configured(scene, "n", "pubsub#access_model") == Strings{"whitelist"});
  const auto defaults = scene.get(bob, pubsub_owner("<default/>"));
  CHECK(field_in(defaults.xml, "pubsub#access_model") == Strings{"whitelist"});
}

TEST_CASE("§10 A041 the access model of a new node is the one that is advertised") {
  Scene scene(with_rules({{"*", "pubsub#access_model", {"authorize"}}}));
  Strings access;
  for (const auto& feature : features(scene))
    if (feature.find("#access-") != std::string::npos) access.push_back(feature);
  CHECK(access == Strings{"http://jabber.org/protocol/pubsub#access-authorize"});
}

TEST_CASE("§8.2.5.2 A217 what the operator has forced is nobody's to change: not-acceptable") {
  Scene scene(with_rules({{"public/*", "pubsub#access_model", {"open"}, true}}));
  scene.create(alice, "public/1", {"title=T"});
  CHECK(scene.refused_set(alice, creation("public/2", {"access_model=whitelist"})) ==
        "modify/not-acceptable");
  CHECK(scene.configure(alice, "public/1", {"access_model=whitelist"}).error ==
        "modify/not-acceptable");
  CHECK(scene.configure(alice, "public/1", {"access_model=open", "title=U"}).type == "result");
  CHECK(scene.configure(admin, "public/1", {"access_model=whitelist"}).error ==
        "modify/not-acceptable");
}

TEST_CASE("§8.1.1 A196 names that are reserved: auth/forbidden for all but admins") {
  auto policy = Scene::policy();
  policy.reserved = {"system/*"};
  Scene scene(policy);
  CHECK(scene.refused_set(alice, creation("system/1")) == "auth/forbidden");
  CHECK(scene.publish(alice, "system/1", "1").error == "cancel/item-not-found");
  CHECK(scene.set(admin, creation("system/1")).type == "result");
  scene.create(alice, "my system/1");
}

TEST_CASE("§11 A288 who owns as many nodes as it may: cancel/not-allowed max-nodes-exceeded") {
  auto policy = Scene::policy();
  policy.max_nodes_per_account = 2;
  Scene scene(policy);
  scene.create(alice, "1");
  scene.create(alice, "2");
  CHECK(scene.refused_set("alice@a.example/y", creation("3")) ==
        "cancel/not-allowed max-nodes-exceeded");
  CHECK(scene.set(bob, creation("3")).type == "result");
  scene.remove(alice, "1");
  scene.create(alice, "4");
}

TEST_CASE("§6.1.3.9 A077 an account's subscriptions at all nodes: too-many-subscriptions") {
  auto policy = Scene::policy();
  policy.max_subscriptions_per_account = 2;
  Scene scene(policy);
  for (const auto* node : {"1", "2", "3"}) scene.create(alice, node);
  scene.subscribe(bob, "1");
  scene.subscribe("bob@b.example/r", "2");
  CHECK(scene.subscribe(bob, "3").error == "wait/policy-violation too-many-subscriptions");
  scene.unsubscribe(bob, "1");
  CHECK(scene.subscribe(bob, "3").type == "result");
}

TEST_CASE("§6.1.3.6 A074 anonymous users may not subscribe: cancel/forbidden") {
  auto policy = Scene::policy();
  policy.anonymous_domains = {"anon.example.org"};
  Scene scene(policy);
  scene.create(alice, "n");
  CHECK(scene.subscribe("abc@anon.example.org", "n").error == "cancel/forbidden");
  CHECK(scene.subscribe(bob, "n").type == "result");
}

TEST_CASE("§4.6.1 A036 a node is addressed by a JID, pubsub.example.org/NodeID, as well") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 1);
  const auto ask = [&](std::string_view type, std::string_view payload) {
    return scene.send(fmt::format(
        "<iq type='{}' id='1' from='{}' to='pubsub.example.org/n'>{}</iq>", type, bob, payload));
  };
  CHECK(ids_in(ask("get", pubsub("<items/>")).xml) == Strings{"1"});
  const auto info = ask("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>");
  CHECK(attributes_of(info.xml, "identity", "type") == Strings{"leaf"});
  CHECK(ask("set", pubsub(fmt::format("<subscribe jid='{}'/>", bob))).type == "result");
  CHECK(ask("get", pubsub("<items node='n'/>")).type == "result");
  CHECK(ask("get", pubsub("<items node='m'/>")).error == "modify/bad-request");
}

}  // namespace crier::test
