/// Collections: XEP-0248.

#include "pubsub/collections.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace crier::test {

TEST_CASE("XEP-0248 §5.1 R01 collections, and several for a node, are advertised") {
  Scene scene;
  const auto info = scene.get(bob, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
  const auto features = attributes_of(info.xml, "feature", "var");
  for (const auto* feature : {"collections", "multi-collections", "multi-collection"})
    CHECK(std::ranges::count(features,
                             "http://jabber.org/protocol/pubsub#" + std::string(feature)) == 1);
}

TEST_CASE("XEP-0248 §5.2 R02 a collection lists its children, the service the first level") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "in", {"collection=c"});
  scene.create(alice, "secret", {"collection=c", "access_model=whitelist"});
  scene.create(alice, "out");
  CHECK(listed(scene, bob) == Strings{"c", "out"});
  CHECK(listed(scene, bob, "c") == Strings{"in"});
  CHECK(listed(scene, alice, "c") == Strings{"in", "secret"});
}

TEST_CASE(
    "XEP-0248 §5.3.1 R03 an event names the node where it was, and the collection it came "
    "through") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "leaf", {"collection=c"});
  follow(scene, bob, "c", {"subscription_type=items"});
  scene.publish(alice, "leaf", "1");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].event == event("<items node='leaf'><item id='1'><e xmlns='u:e'/></item></items>"));
  CHECK(attributes_of(heard[0].xml, "header", "name") == Strings{"Collection"});
  CHECK(texts_of(heard[0].xml, "header") == Strings{"c"});
}

TEST_CASE("XEP-0248 §5.3.1 R04 the options of the leaf count, not those of the collection") {
  Scene scene;
  collection(scene, "c", {"notification_type=headline"});
  scene.create(alice, "leaf", {"collection=c", "deliver_payloads=0", "notification_type=normal"});
  follow(scene, bob, "c", {"subscription_type=items"});
  scene.publish(alice, "leaf", "1");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].type == "normal");
  CHECK(heard[0].event == event("<items node='leaf'><item id='1'/></items>"));
}

TEST_CASE("XEP-0248 §5.3.2 R05 nodes that come and go, and their configuration") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"notify_config=1"});
  scene.subscribe(bob, "c");
  associate(scene, alice, "c", "n");
  CHECK(scene.events(bob) ==
        Strings{event("<collection node='c'><associate node='n'/></collection>")});
  scene.configure(alice, "n", {"title=T"});
  CHECK(through(scene, bob) == Strings{"c:configuration"});
  associate(scene, alice, "c", "n", "dissociate");
  CHECK(scene.events(bob) ==
        Strings{event("<collection node='c'><dissociate node='n'/></collection>")});
  scene.create(alice, "m", {"collection=c"});
  CHECK(through(scene, bob) == Strings{":collection", "c:create"});
  scene.remove(alice, "m");
  CHECK(through(scene, bob) == Strings{"c:delete"});
}

TEST_CASE(
    "XEP-0248 §6.1 R06 type and depth decide what comes through: by default nodes, at depth 1") {
  Scene scene;
  collection(scene, "top");
  collection(scene, "middle", {"collection=top"});
  scene.create(alice, "near", {"collection=top"});
  scene.create(alice, "far", {"collection=middle"});
  struct {
    Strings options;
    Strings heard;
  } cases[] = {
      {{}, {}},
      {{"subscription_type=items"}, {"near"}},
      {{"subscription_type=items", "subscription_depth=0"}, {}},
      {{"subscription_type=items", "subscription_depth=2"}, {"far", "near"}},
      {{"subscription_type=all", "subscription_depth=all"}, {"far", "near"}},
      {{"subscription_type=nodes", "subscription_depth=all"}, {}},
  };
  for (const auto& each : cases) {
    CAPTURE(each.options);
    REQUIRE(follow(scene, bob, "top", each.options).type == "result");
    for (const auto* leaf : {"near", "far"}) scene.publish(alice, leaf, "1");
    Strings nodes;
    for (const auto& message : scene.heard(bob))
      nodes.push_back(attributes_of(message.xml, "items", "node").at(0));
    std::ranges::sort(nodes);
    CHECK(nodes == each.heard);
    scene.unsubscribe(bob, "top");
  }
}

TEST_CASE("XEP-0248 §6.1.3 R07 the same type at another depth: cancel/conflict") {
  Scene scene;
  collection(scene, "c");
  CHECK(follow(scene, bob, "c", {"subscription_type=items", "subscription_depth=1"}).type ==
        "result");
  CHECK(follow(scene, bob, "c", {"subscription_type=items", "subscription_depth=all"}).error ==
        "cancel/conflict");
  CHECK(follow(scene, bob, "c", {"subscription_type=nodes", "subscription_depth=all"}).type ==
        "result");
}

TEST_CASE(
    "XEP-0248 §6.2 R09 a collection's items are those of its leaves that the asker may retrieve") {
  Scene scene;
  collection(scene, "c");
  for (const auto* leaf : {"a", "b"}) {
    scene.create(alice, leaf, {"collection=c"});
    scene.fill(alice, leaf, 2);
  }
  scene.create(alice, "secret", {"collection=c", "access_model=whitelist"});
  scene.fill(alice, "secret", 1);
  const auto answer = scene.items(bob, "c");
  CHECK(attributes_of(answer.xml, "items", "node") == Strings{"a", "b"});
  CHECK(ids_in(answer.xml) == Strings{"1", "2", "1", "2"});
  CHECK(attributes_of(scene.items(alice, "c").xml, "items", "node") == Strings{"a", "b", "secret"});
}

TEST_CASE("XEP-0248 §7.1, §7.2 R10 R11 a collection is made and described by its form") {
  Scene scene;
  collection(scene, "c", {"children_max=2", "children_association_policy=owner"});
  CHECK(configured(scene, "c", "pubsub#node_type") == Strings{"collection"});
  CHECK(configured(scene, "c", "pubsub#children_max") == Strings{"2"});
  CHECK(configured(scene, "c", "pubsub#children_association_policy") == Strings{"owners"});
  scene.create(alice, "leaf");
  const auto form = scene.get(alice, pubsub_owner("<configure node='leaf'/>"));
  const auto vars = attributes_of(form.xml, "field", "var");
  CHECK(std::ranges::count(vars, "pubsub#collection") == 1);
  CHECK(std::ranges::count(vars, "pubsub#children_max") == 0);
}

TEST_CASE("XEP-0248 §7.2.3 R12 graphs that can not be") {
  Scene scene;
  collection(scene, "a");
  collection(scene, "b", {"collection=a"});
  collection(scene, "c", {"collection=b"});
  scene.create(alice, "leaf", {"collection=c"});
  const auto refused = [&](std::string_view who, std::string_view node, const Strings& config) {
    const auto before = scene.stored();
    const auto answer = scene.configure(who, node, config);
    CHECK(scene.stored() == before);
    return answer.error;
  };
  for (const auto* cycle : {"a", "b", "c"})
    CHECK(refused(alice, "a", {fmt::format("collection={}", cycle)}) ==
          "cancel/not-allowed invalid-options");
  CHECK(refused(alice, "c", {"children=a|leaf"}) == "cancel/not-allowed invalid-options");
  CHECK(refused(alice, "leaf", {"children=a"}) == "cancel/not-allowed invalid-options");
  CHECK(refused(alice, "c", {"collection=leaf"}) == "cancel/not-allowed invalid-options");
  CHECK(refused(alice, "a", {"node_type=leaf"}) == "cancel/not-allowed invalid-options");
  CHECK(refused(alice, "a", {"collection=nowhere"}) == "cancel/item-not-found");
  scene.create(bob, "bob's");
  const auto foreign = scene.set(
      bob, pubsub_owner(fmt::format(
               "<configure node=\"bob's\">{}</configure>",
               submit_form("http://jabber.org/protocol/pubsub#node_config", {"collection=a"}))));
  CHECK(foreign.error == "auth/forbidden");
  scene.configure(alice, "a", {"children_max=1"});
  CHECK(associate(scene, alice, "a", "leaf").error == "cancel/not-allowed max-nodes-exceeded");
}

TEST_CASE("XEP-0248 §7.2.1 R11 R12 who may put nodes into a collection") {
  Scene scene;
  for (const auto* policy : {"all", "owners", "whitelist"})
    collection(scene, policy,
               {fmt::format("children_association_policy={}", policy),
                "children_association_whitelist=bob@b.example"});
  scene.create(bob, "bob's");
  scene.create(carol, "carol's");
  const auto put = [&](std::string_view who, std::string_view node, std::string_view child) {
    return scene
        .set(who, pubsub_owner(fmt::format(
                      "<collection node='{}'><associate node=\"{}\"/></collection>", node, child)))
        .error;
  };
  CHECK(put(bob, "all", "bob's").empty());
  CHECK(put(bob, "whitelist", "bob's").empty());
  CHECK(put(bob, "owners", "bob's") == "auth/forbidden");
  CHECK(put(carol, "whitelist", "carol's") == "auth/forbidden");
  CHECK(put(carol, "all", "carol's").empty());
  // Not somebody else's node.
  CHECK(put(alice, "all", "bob's") == "auth/forbidden");
  CHECK(put(alice, "owners", "carol's") == "auth/forbidden");
}

TEST_CASE("XEP-0248 §7.2.4 R13 a leaf that becomes a collection loses its items") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 3);
  CHECK(scene.configure(alice, "n", {"node_type=collection"}).type == "result");
  scene.restart();
  CHECK(configured(scene, "n", "pubsub#node_type") == Strings{"collection"});
  CHECK(ids_in(scene.items(alice, "n").xml).empty());
}

TEST_CASE("XEP-0248 §7.4, §8.2 R15 children of a collection that goes keep others, or the root") {
  Scene scene;
  collection(scene, "a");
  collection(scene, "b");
  scene.create(alice, "both", {"collection=a|b"});
  scene.create(alice, "one", {"collection=a"});
  scene.remove(alice, "a");
  CHECK(listed(scene, bob) == Strings{"b", "one"});
  CHECK(listed(scene, bob, "b") == Strings{"both"});
  CHECK(configured(scene, "both", "pubsub#collection") == Strings{"b"});
  CHECK(configured(scene, "one", "pubsub#collection") == Strings{""});
}

TEST_CASE("XEP-0248 §7.5, §7.6 R16 associating and dissociating; what is not there: bad-request") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n");
  CHECK(associate(scene, alice, "c", "n", "dissociate").error == "modify/bad-request");
  CHECK(associate(scene, alice, "c", "n").type == "result");
  CHECK(associate(scene, alice, "c", "n").type == "result");
  CHECK(associate(scene, bob, "c", "n", "dissociate").error == "auth/forbidden");
  CHECK(associate(scene, alice, "c", "n", "dissociate").type == "result");
  CHECK(associate(scene, alice, "c", "nowhere").error == "cancel/item-not-found");
}

TEST_CASE("XEP-0248 §8.3 R18 both ends of an edge say the same, also after a restart") {
  Scene scene;
  collection(scene, "a");
  collection(scene, "b");
  scene.create(alice, "n", {"collection=a|b"});
  for (int round = 0; round < 2; ++round) {
    CHECK(configured(scene, "n", "pubsub#collection") == Strings{"a", "b"});
    for (const auto* parent : {"a", "b"})
      CHECK(configured(scene, parent, "pubsub#children") == Strings{"n"});
    scene.restart();
  }
  CHECK(scene.configure(alice, "a", {"children="}).type == "result");
  CHECK(configured(scene, "n", "pubsub#collection") == Strings{"b"});
  CHECK(scene.configure(alice, "n", {"collection="}).type == "result");
  CHECK(configured(scene, "b", "pubsub#children").empty());
}

TEST_CASE("XEP-0248 §8.1 R17 §6.3.4.1 A111 the root: subscribed to without a name, with options") {
  Scene scene;
  const auto answer = scene.set(bob, pubsub(fmt::format("<subscribe jid='{}'/>", bob)));
  CHECK(answer.type == "result");
  const auto options = scene.get(bob, pubsub(fmt::format("<options jid='{}'/>", bob)));
  CHECK(field_in(options.xml, "pubsub#subscription_type") == Strings{"nodes"});
  scene.create(alice, "n");
  CHECK(through(scene, bob) == Strings{":create"});
  CHECK(scene.set(bob, pubsub(fmt::format("<unsubscribe jid='{}'/>", bob))).type == "result");
}

TEST_CASE("§14.3 A332 nothing of a private node comes through an open collection") {
  Scene scene;
  collection(scene, "c");
  for (const auto* model : {"whitelist", "authorize"}) {
    scene.create(alice, model, {fmt::format("access_model={}", model)});
    for (const auto* who : {bob, carol})
      follow(scene, who, "c", {"subscription_type=all", "subscription_depth=all"});
    scene.affiliate(alice, model, carol, "member");
    scene.heard(carol);
    associate(scene, alice, "c", model);
    scene.publish(alice, model, "1");
    CHECK(scene.heard(bob).empty());
    CHECK(scene.heard(carol).size() == 2);
    associate(scene, alice, "c", model, "dissociate");
    for (const auto* who : {bob, carol}) {
      scene.unsubscribe(who, "c");
      scene.heard(who);
    }
  }
}

TEST_CASE("§14.3 A332 a collection's new configuration names no node that is in it") {
  Scene scene;
  collection(scene, "c", {"notify_config=1"});
  scene.create(alice, "secret", {"collection=c", "access_model=whitelist"});
  scene.subscribe(bob, "c");
  CHECK(scene.configure(alice, "c", {"title=T"}).type == "result");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(field_in(heard[0].xml, "pubsub#title") == Strings{"T"});
  CHECK(heard[0].xml.find("secret") == std::string::npos);
}

TEST_CASE(
    "XEP-0248 §7.2.1 R12 an outcast of a collection puts nothing into it, open to all or not") {
  Scene scene;
  collection(scene, "c", {"children_association_policy=all"});
  scene.create(bob, "n");
  scene.affiliate(alice, "c", bob, "outcast");
  CHECK(associate(scene, bob, "c", "n").error == "auth/forbidden");
}

TEST_CASE("XEP-0248 §5.3.1 through several ways up, each collection's subscribers hear once") {
  Scene scene;
  collection(scene, "top");
  collection(scene, "left", {"collection=top"});
  collection(scene, "right", {"collection=top"});
  scene.create(alice, "leaf", {"collection=left|right"});
  for (const auto* node : {"top", "left", "right"})
    follow(scene, bob, node, {"subscription_type=items", "subscription_depth=all"});
  scene.subscribe(bob, "leaf");
  scene.publish(alice, "leaf", "1");
  CHECK(through(scene, bob) == Strings{":items", "left:items", "right:items", "top:items"});
}

}  // namespace crier::test
