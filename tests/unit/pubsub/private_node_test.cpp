#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto eve = "eve@e.example/z";

std::string disco(std::string_view what, std::string_view node) {
  return fmt::format("<query xmlns='http://jabber.org/protocol/disco#{}' node='{}'/>", what, node);
}

/// Requests about a node, `get` ones and `set` ones, that eve may send.
Strings gets(std::string_view node) {
  return {disco("info", node),
          disco("items", node),
          pubsub(fmt::format("<items node='{}'/>", node)),
          pubsub(fmt::format("<items node='{}'><item id='1'/></items>", node)),
          pubsub(fmt::format("<subscriptions node='{}'/>", node)),
          pubsub(fmt::format("<affiliations node='{}'/>", node)),
          pubsub(fmt::format("<options node='{}' jid='{}'/>", node, eve)),
          pubsub(fmt::format("<default node='{}'/>", node)),
          pubsub_owner(fmt::format("<configure node='{}'/>", node)),
          pubsub_owner(fmt::format("<subscriptions node='{}'/>", node)),
          pubsub_owner(fmt::format("<affiliations node='{}'/>", node))};
}

Strings sets(std::string_view node) {
  return {
      pubsub(fmt::format("<subscribe node='{}' jid='{}'/>", node, eve)),
      pubsub(fmt::format("<unsubscribe node='{}' jid='{}'/>", node, eve)),
      pubsub(
          fmt::format("<publish node='{}'><item id='9'><e xmlns='u:e'/></item></publish>", node)),
      pubsub(fmt::format("<retract node='{}'><item id='1'/></retract>", node)),
      pubsub_owner(fmt::format("<delete node='{}'/>", node)),
      pubsub_owner(fmt::format("<purge node='{}'/>", node)),
      pubsub_owner(fmt::format("<configure node='{}'>{}</configure>", node,
                               submit_form("http://jabber.org/protocol/pubsub#node_config", {}))),
      pubsub_owner(fmt::format("<subscriptions node='{}'/>", node)),
      pubsub_owner(fmt::format("<affiliations node='{}'/>", node)),
      pubsub_owner(fmt::format("<collection node='{}'><associate node='x'/></collection>", node)),
      fmt::format("<command xmlns='http://jabber.org/protocol/commands' "
                  "node='http://jabber.org/protocol/pubsub#get-pending'>{}</command>",
                  submit_form("http://jabber.org/protocol/pubsub#subscribe_authorization",
                              {fmt::format("node={}", node)}))};
}

crier::Policy concealing() {
  auto policy = Scene::policy();
  policy.conceal_private_nodes = true;
  policy.creators = {.all = false, .domains = {"a.example"}};
  return policy;
}

}  // namespace

TEST_CASE("§5.2 §5.4 A044 A052 A332 trap: a stranger discovers nothing of a private node") {
  Scene scene;
  scene.create(alice, "n", {"access_model=whitelist", "title=Secret"});
  scene.fill(alice, "n", 1);
  CHECK(scene.get(eve, "<query xmlns='http://jabber.org/protocol/disco#items'/>")
            .xml.find("Secret") == std::string::npos);
  for (const auto* node : {"n", "nowhere"}) {
    CHECK(scene.refused_get(eve, disco("info", node)) == "cancel/item-not-found");
    CHECK(scene.refused_get(eve, disco("items", node)) == "cancel/item-not-found");
    CHECK(scene.refused_get(eve, pubsub(fmt::format("<subscriptions node='{}'/>", node))) ==
          "cancel/item-not-found");
    CHECK(scene.refused_get(eve, pubsub(fmt::format("<affiliations node='{}'/>", node))) ==
          "cancel/item-not-found");
  }
}

TEST_CASE("§14.3 A332 an outcast discovers nothing of any node, but that it is one") {
  Scene scene;
  scene.create(alice, "n");
  scene.affiliate(alice, "n", "eve@e.example", "outcast");
  CHECK(ids_in(scene.get(eve, "<query xmlns='http://jabber.org/protocol/disco#items'/>").xml)
            .empty());
  CHECK(scene.refused_get(eve, disco("info", "n")) == "cancel/item-not-found");
  const auto own = scene.get(eve, pubsub("<affiliations node='n'/>"));
  CHECK(attributes_of(own.xml, "affiliation", "affiliation") == Strings{"outcast"});
  CHECK(scene.refused_get(eve, pubsub("<subscriptions node='n'/>")) == "cancel/item-not-found");
}

TEST_CASE("§14.3 A052 who is listed, publishes or owns sees the private node") {
  Scene scene;
  scene.create(alice, "n", {"access_model=whitelist"});
  for (const auto* affiliation : {"member", "publisher", "publish-only", "owner"}) {
    scene.affiliate(alice, "n", "eve@e.example", affiliation);
    CHECK(scene.get(eve, disco("info", "n")).type == "result");
    const auto own = scene.get(eve, pubsub("<affiliations node='n'/>"));
    CHECK(attributes_of(own.xml, "affiliation", "affiliation") == Strings{affiliation});
  }
  CHECK(scene.get("admin@example.org/x", disco("info", "n")).type == "result");
}

TEST_CASE("§14.3 a private node to which everybody may publish is seen by everybody, not read") {
  for (const bool conceal : {false, true}) {
    auto policy = Scene::policy();
    policy.conceal_private_nodes = conceal;
    Scene scene(policy);
    scene.create(alice, "n", {"access_model=whitelist", "publish_model=open"});
    CHECK(scene.publish(eve, "n", "1").type == "result");
    CHECK(scene.get(eve, disco("info", "n")).type == "result");
    CHECK(scene.items(eve, "n").error == "cancel/not-allowed closed-node");
    CHECK(scene.retract(eve, "n", "1").type == "result");
  }
}

TEST_CASE("§14.3 A332 errors of a private node do not tell which items it has") {
  Scene scene;
  scene.create(alice, "n", {"access_model=whitelist"});
  scene.fill(alice, "n", 1);
  const auto retrieve = [&](std::string_view id) {
    return scene.refused_get(eve,
                             pubsub(fmt::format("<items node='n'><item id='{}'/></items>", id)));
  };
  CHECK(retrieve("1") == "cancel/not-allowed closed-node");
  CHECK(retrieve("2") == retrieve("1"));
  const auto retract = [&](std::string_view id) {
    return scene.refused_set(
        eve, pubsub(fmt::format("<retract node='n'><item id='{}'/></retract>", id)));
  };
  CHECK(retract("1") == "auth/forbidden");
  CHECK(retract("2") == retract("1"));
}

TEST_CASE("§14.3 conceal_private_nodes: every request about a private node is item-not-found") {
  Scene scene(concealing());
  scene.create(alice, "n", {"access_model=whitelist"});
  scene.create(alice, "open");
  scene.affiliate(alice, "open", "eve@e.example", "outcast");
  scene.fill(alice, "n", 1);
  scene.fill(alice, "open", 1);
  scene.heard("eve@e.example");
  for (const auto* node : {"n", "open", "nowhere"}) {
    for (const auto& request : gets(node))
      CHECK_MESSAGE(scene.refused_get(eve, request) == "cancel/item-not-found", request);
    for (const auto& request : sets(node))
      CHECK_MESSAGE(scene.refused_set(eve, request) == "cancel/item-not-found", request);
  }
  CHECK(scene.refused_set(eve, pubsub("<create node='n'/>")) == "auth/forbidden");
}

TEST_CASE("§14.3 conceal_private_nodes: publishing does not take the place of the private node") {
  auto policy = concealing();
  policy.creators.all = true;
  Scene scene(policy);
  scene.create(alice, "n", {"access_model=whitelist"});
  CHECK(scene.refused_set(eve, pubsub("<publish node='n'><item><e xmlns='u:e'/></item>"
                                      "</publish>")) == "cancel/item-not-found");
  CHECK(scene.refused_set(eve, pubsub("<create node='n'/>")) == "cancel/conflict");
}

TEST_CASE("§14.3 conceal_private_nodes: a collection above does not give a private node away") {
  auto policy = concealing();
  policy.creators.all = true;
  Scene scene(policy);
  scene.create(alice, "n", {"access_model=whitelist"});
  scene.create(eve, "c", {"node_type=collection"});
  for (const auto* node : {"n", "nowhere"}) {
    CHECK(scene.configure(eve, "c", {fmt::format("children={}", node)}).error ==
          "cancel/item-not-found");
    CHECK(scene.refused_set(eve, pubsub_owner(fmt::format(
                                     "<collection node='c'><associate node='{}'/></collection>",
                                     node))) == "cancel/item-not-found");
    CHECK(scene.refused_set(eve, pubsub_owner(fmt::format(
                                     "<collection node='c'><dissociate node='{}'/></collection>",
                                     node))) == "cancel/item-not-found");
  }
}

TEST_CASE("§14.3 conceal_private_nodes: the owner, who is listed and open nodes notice nothing") {
  Scene scene(concealing());
  scene.create(alice, "n", {"access_model=whitelist"});
  scene.affiliate(alice, "n", "eve@e.example", "member");
  CHECK(scene.subscribe(eve, "n").type == "result");
  scene.fill(alice, "n", 1);
  CHECK(scene.item_ids(eve, "n") == Strings{"1"});
  CHECK(scene.publish(eve, "n", "2").error == "auth/forbidden");
}

TEST_CASE("§8.1.1 A196 who may not create does not learn which names are taken") {
  auto policy = Scene::policy();
  policy.creators = {.all = false, .domains = {"a.example"}};
  Scene scene(policy);
  scene.create(alice, "n", {"access_model=whitelist"});
  CHECK(scene.refused_set(eve, pubsub("<create node='n'/>")) == "auth/forbidden");
  CHECK(scene.refused_set(eve, pubsub("<create node='m'/>")) == "auth/forbidden");
}

}  // namespace crier::test
