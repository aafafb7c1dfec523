#include <crier/namespaces.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";
constexpr std::string_view unmet = "cancel/conflict precondition-not-met";

constexpr auto publish = "<publish node='n'><item id='1'><e xmlns='u:e'/></item></publish>";

/// Publishes item 1 to node n with what stands in `<publish-options/>`.
std::string request_with(std::string_view inside) {
  return pubsub(fmt::format("{}<publish-options>{}</publish-options>", publish, inside));
}

std::string request(const Strings& options) {
  return request_with(submit_form(ns::publish_options, options));
}

/// What the node's configuration form says.
Strings configured(Scene& scene, std::string_view field) {
  return field_in(scene.get(alice, pubsub_owner("<configure node='n'/>")).xml, field);
}

}  // namespace

TEST_CASE("§7.1.5 A180 preconditions that the node meets: it is published") {
  Scene scene;
  scene.create(alice, "n", {"access_model=whitelist", "max_items=5", "title=T"});
  CHECK(scene
            .set(alice, request({"access_model=whitelist", "max_items=5", "title=T",
                                 "persist_items=true"}))
            .type == "result");
  CHECK(scene.item_ids(alice, "n") == Strings{"1"});
}

TEST_CASE("§7.1.5 A180 one that it does not meet: cancel/conflict precondition-not-met") {
  Scene scene;
  scene.create(alice, "n", {"max_items=5"});
  scene.subscribe(bob, "n");
  for (const auto& options :
       {Strings{"access_model=whitelist"}, Strings{"access_model=open", "max_items=6"},
        Strings{"persist_items=0", "access_model=open"}, Strings{"title=T"},
        Strings{"send_last_published_item=on_sub"}})
    CHECK(scene.refused_set(alice, request(options)) == unmet);
}

TEST_CASE("§7.1.5 A181 trap: booleans are compared by value, 1 as true and 0 as false") {
  Scene scene;
  scene.create(alice, "n", {"notify_retract=0"});
  for (const auto* yes : {"1", "true"})
    CHECK(scene.set(alice, request({std::string("persist_items=") + yes})).type == "result");
  for (const auto* no : {"0", "false"}) {
    CHECK(scene.set(alice, request({std::string("notify_retract=") + no})).type == "result");
    CHECK(scene.refused_set(alice, request({std::string("persist_items=") + no})) == unmet);
  }
}

TEST_CASE("§7.1.5 A181 §16.3 trap: max is the maximum, however it is spelt") {
  auto policy = Scene::policy();
  policy.max_items = 50;
  Scene scene(policy);
  scene.create(alice, "n", {"max_items=max"});
  CHECK(scene.set(alice, request({"max_items=max"})).type == "result");
  CHECK(scene.set(alice, request({"max_items=50"})).type == "result");
  CHECK(scene.refused_set(alice, request({"max_items=49"})) == unmet);
  scene.configure(alice, "n", {"max_items=50"});
  CHECK(scene.set(alice, request({"max_items=max"})).type == "result");
  scene.configure(alice, "n", {"max_items=49"});
  CHECK(scene.refused_set(alice, request({"max_items=max"})) == unmet);
}

TEST_CASE("§7.1.5 A179 trap: an option that nobody knows is refused") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(scene.refused_set(alice, request({"access_model=open", "nonsense=1"})) == unmet);
  CHECK(scene.refused_set(alice, request({"access_model=nonsense"})) == unmet);
}

TEST_CASE("§7.1.5 A179 the same where the node would be made: no node") {
  Scene scene;
  CHECK(scene.refused_set(alice, request({"access_model=open", "nonsense=1"})) == unmet);
}

TEST_CASE("§7.1.5 A182 R34 no node: it is made with the options for its configuration") {
  Scene scene;
  CHECK(scene
            .set(alice, request({"persist_items=true", "max_items=max",
                                 "send_last_published_item=never", "access_model=whitelist"}))
            .type == "result");
  CHECK(configured(scene, "pubsub#access_model") == Strings{"whitelist"});
  CHECK(configured(scene, "pubsub#max_items") == Strings{"max"});
  CHECK(scene.item_ids(alice, "n") == Strings{"1"});
  CHECK(scene.items(bob, "n").error == "cancel/not-allowed closed-node");
  // What made the node is met by it.
  CHECK(scene
            .set(alice, request({"persist_items=true", "max_items=max",
                                 "send_last_published_item=never", "access_model=whitelist"}))
            .type == "result");
}

TEST_CASE("§7.1.5 A182 what no node can be configured to makes none") {
  Scene scene;
  for (const auto& options : {Strings{"access_model=roster"}, Strings{"max_items=0"},
                              Strings{"persist_items=maybe"}, Strings{"node_type=collection"}})
    CHECK_FALSE(scene.refused_set(alice, request(options)).empty());
}

TEST_CASE("§7.1.5 A182 the options decide what the first publish must look like") {
  Scene scene;
  CHECK(scene.refused_set(alice, request({"persist_items=0", "deliver_payloads=0"})) ==
        "modify/bad-request item-forbidden");
}

TEST_CASE("§7.1.5 the right to publish comes first: the configuration is nobody else's business") {
  Scene scene;
  scene.create(alice, "n", {"title=T"});
  CHECK(scene.refused_set(bob, request({"title=T"})) == "auth/forbidden");
  CHECK(scene.refused_set(bob, request({"title=U"})) == "auth/forbidden");
}

TEST_CASE("§7.1.5 A178 options without fields ask for nothing") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(scene.set(alice, request({})).type == "result");
}

TEST_CASE("§7.1.5 A178 options that hold no form, or one that is none of theirs: a bad request") {
  for (const bool exists : {true, false}) {
    Scene scene;
    if (exists) scene.create(alice, "n");
    CHECK(scene.refused_set(alice, request_with("")) == "modify/bad-request");
    CHECK(scene.refused_set(alice, request_with(submit_form(ns::node_config, {}))) ==
          "modify/bad-request");
    for (const auto* form : {"<x xmlns='jabber:x:data'/>", "<x xmlns='jabber:x:data' type='form'/>",
                             "<x xmlns='jabber:x:data' type='submit'><field/></x>"})
      CHECK(scene.refused_set(alice, request_with(form)) == "modify/bad-request");
  }
}

TEST_CASE("§7.1.5 A180 A181 every kind of field is a precondition, compared by value") {
  Scene scene;
  scene.create(alice, "n",
               {"type=u:e", "language=de-AT", "contact=a@a.example|b@b.example", "item_expire=60",
                "max_payload_size=1000", "notify_sub=1", "itemreply=owner", "subscribe=0"});
  struct Case {
    std::string met;
    std::string unmet;
  };
  for (const auto& [good, bad] :
       std::vector<Case>{{"type=u:e", "type=u:f"},
                         {"language=DE-at", "language=de"},
                         {"contact=B@b.example|a@a.example", "contact=a@a.example"},
                         {"item_expire=060", "item_expire=max"},
                         {"max_payload_size=1000", "max_payload_size=1001"},
                         {"notify_sub=true", "notify_sub=false"},
                         {"itemreply=owner", "itemreply=none"},
                         {"subscribe=false", "subscribe=true"},
                         {"description=", "description=d"},
                         {"publish_full_node=retract-oldest", "publish_full_node=reject"},
                         {"node_type=leaf", "node_type=collection"},
                         {"collection=", "collection=c"},
                         {"access_model=open", "access_model=presence"},
                         {"notification_type=headline", "notification_type=chat"}}) {
    CHECK_MESSAGE(scene.set(alice, request({good})).type == "result", good);
    CHECK_MESSAGE(scene.refused_set(alice, request({bad})) == unmet, bad);
  }
}

}  // namespace crier::test
