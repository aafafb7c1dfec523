#include <crier/namespaces.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

std::string request_with(std::string_view configure, std::string_view node = "n") {
  return pubsub(fmt::format("<create node='{}'/>{}", node, configure));
}

std::string request(const Strings& config, std::string_view node = "n") {
  return request_with("<configure>" + submit_form(ns::node_config, config) + "</configure>", node);
}

Strings configured(Scene& scene, std::string_view field) {
  return field_in(scene.get(alice, pubsub_owner("<configure node='n'/>")).xml, field);
}

}  // namespace

TEST_CASE("§8.1.1 A201 a node is created, and its creator owns it") {
  Scene scene;
  const auto answer = scene.set(alice, pubsub("<create node='n'/>"));
  CHECK(answer.type == "result");
  const auto list = scene.get(alice, pubsub_owner("<affiliations node='n'/>"));
  CHECK(list.payload ==
        canonical(pubsub_owner("<affiliations node='n'><affiliation jid='alice@a.example' "
                               "affiliation='owner'/></affiliations>")));
}

TEST_CASE("§8.1.1 A199 no NodeID: one is made, unique, told, and can be used") {
  Scene scene;
  std::set<std::string> names;
  for (const auto* create : {"<create/>", "<create node=''/>", "<create/><configure/>"}) {
    const auto answer = scene.set(alice, pubsub(create));
    const auto told = attributes_of(answer.xml, "create", "node");
    REQUIRE(told.size() == 1);
    CHECK(scene.publish(alice, told[0], "1").type == "result");
    CHECK(scene.item_ids(bob, told[0]) == Strings{"1"});
    names.insert(told[0]);
  }
  CHECK(names.size() == 3);
}

TEST_CASE("§8.1.1 A200 §4.6.2 a NodeID that the service changed is told") {
  Scene scene;
  // U+FB01 is two letters to resourceprep, and U+00AD is nothing.
  const auto answer = scene.set(alice, pubsub("<create node='\xef\xac\x81x\xc2\xad'/>"));
  CHECK(attributes_of(answer.xml, "create", "node") == Strings{"fix"});
  CHECK(scene.item_ids(bob, "fix").empty());
}

TEST_CASE("§8.1.1 A197 a NodeID that exists: cancel/conflict, also in another spelling") {
  Scene scene;
  scene.create(alice, "fix");
  for (const auto* from : {alice, bob, "admin@example.org"}) {
    CHECK(scene.refused_set(from, pubsub("<create node='fix'/>")) == "cancel/conflict");
    CHECK(scene.refused_set(from, pubsub("<create node='\xef\xac\x81x'/>")) == "cancel/conflict");
  }
  scene.restart();
  CHECK(scene.refused_set(bob, pubsub("<create node='fix'/>")) == "cancel/conflict");
}

TEST_CASE("§8.1.1 A196 who may not create: auth/forbidden") {
  auto policy = Scene::policy();
  policy.creators = {.all = false, .domains = {"a.example"}};
  Scene scene(policy);
  CHECK(scene.refused_set(bob, pubsub("<create node='n'/>")) == "auth/forbidden");
  CHECK(scene.refused_set(bob, pubsub("<create/>")) == "auth/forbidden");
  CHECK(scene.set(alice, pubsub("<create node='n'/>")).type == "result");
  CHECK(scene.set("admin@example.org", pubsub("<create node='m'/>")).type == "result");
}

TEST_CASE("§8.1.2 A202 no configuration, or an empty one: the defaults") {
  for (const auto* configure :
       {"", "<configure/>", "<configure><x xmlns='jabber:x:data' type='submit'/></configure>"}) {
    Scene scene;
    CHECK(scene.set(alice, request_with(configure)).type == "result");
    CHECK(configured(scene, "pubsub#access_model") == Strings{"open"});
    CHECK(configured(scene, "pubsub#node_type") == Strings{"leaf"});
    CHECK(configured(scene, "pubsub#persist_items") == Strings{"1"});
  }
}

TEST_CASE("§8.1.3 A204 the configuration that was asked for, and defaults for the rest") {
  Scene scene;
  CHECK(scene
            .set(alice, request({"title=T", "access_model=whitelist", "max_items=7",
                                 "notify_retract=false", "publish_model=subscribers"}))
            .type == "result");
  scene.restart();
  CHECK(configured(scene, "pubsub#title") == Strings{"T"});
  CHECK(configured(scene, "pubsub#access_model") == Strings{"whitelist"});
  CHECK(configured(scene, "pubsub#max_items") == Strings{"7"});
  CHECK(configured(scene, "pubsub#notify_retract") == Strings{"0"});
  CHECK(configured(scene, "pubsub#publish_model") == Strings{"subscribers"});
  CHECK(configured(scene, "pubsub#persist_items") == Strings{"1"});
}

TEST_CASE("§8.1.2 A203 an access model that is not served: unsupported-access-model, no node") {
  Scene scene;
  for (const auto* model : {"roster", "nonsense", ""})
    CHECK(scene.refused_set(alice, request({std::string("access_model=") + model})) ==
          "modify/not-acceptable unsupported-access-model");
}

TEST_CASE("XEP-0248 §7.1 R10 trap: a collection is one, and no leaf") {
  Scene scene;
  CHECK(scene.set(alice, request({"node_type=collection"})).type == "result");
  const auto info =
      scene.get(alice, "<query xmlns='http://jabber.org/protocol/disco#info' node='n'/>");
  CHECK(attributes_of(info.xml, "identity", "type") == Strings{"collection"});
}

TEST_CASE("§8.1.3 A207 a value that no field can have, or a field that nobody knows: no node") {
  Scene scene;
  for (const auto* entry :
       {"persist_items=maybe", "max_items=-1", "max_items=0", "max_items=some",
        "publish_model=nobody", "nonsense=1", "description=a|b", "max_items=99999999999999999999"})
    CHECK_MESSAGE(scene.refused_set(alice, request({"title=T", entry})) == "modify/not-acceptable",
                  std::string(entry));
}

TEST_CASE("§16.3 A333 max_items: max or a number up to what the service allows") {
  auto policy = Scene::policy();
  policy.max_items = 10;
  Scene scene(policy);
  CHECK(scene.refused_set(alice, request({"max_items=11"})) == "modify/not-acceptable");
  CHECK(scene.set(alice, request({"max_items=10"}, "a")).type == "result");
  CHECK(scene.set(alice, request({"max_items=max"}, "b")).type == "result");
}

TEST_CASE("§8.1.3 A205 a <configure/> that names a node: modify/bad-request, no node") {
  Scene scene;
  for (const auto* configure :
       {"<configure node='n'/>", "<configure node='m'/>", "<configure node=''/>"})
    CHECK(scene.refused_set(alice, request_with(configure)) == "modify/bad-request");
}

TEST_CASE("§8.1.3 a form of something else: modify/bad-request, no node") {
  Scene scene;
  for (const auto* form_type : {"http://jabber.org/protocol/pubsub#subscribe_options", "urn:other"})
    CHECK(scene.refused_set(alice, request_with("<configure>" + submit_form(form_type, {}) +
                                                "</configure>")) == "modify/bad-request");
  for (const auto* type : {"form", "result", "nonsense"})
    CHECK(scene.refused_set(
              alice, request_with(fmt::format(
                         "<configure><x xmlns='jabber:x:data' type='{}'/></configure>", type))) ==
          "modify/bad-request");
}

TEST_CASE("§8.1.1 trap: of several that create one node at once, one has it whole") {
  Scene scene;
  const auto left = scene.send_batch({
      iq("set", bob, request({"title=Bob"}), "1"),
      iq("set", alice, request({"title=Alice"}), "2"),
      iq("set", bob, pubsub("<publish node='n'><item id='1'><e xmlns='u:e'/></item></publish>")),
      iq("set", alice, pubsub("<publish node='n'><item id='2'><e xmlns='u:e'/></item></publish>")),
  });
  REQUIRE(left.size() == 4);
  for (std::size_t i : {0, 2}) CHECK(attributes_of(left[i], "iq", "type") == Strings{"result"});
  for (std::size_t i : {1, 3}) CHECK(attributes_of(left[i], "iq", "type") == Strings{"error"});
  scene.restart();
  CHECK(scene.item_ids(alice, "n") == Strings{"1"});
  CHECK(field_in(scene.get(bob, pubsub_owner("<configure node='n'/>")).xml, "pubsub#title") ==
        Strings{"Bob"});
}

}  // namespace crier::test
