#include <crier/namespaces.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

Answer form(Scene& scene) {
  return scene.get(alice, pubsub_owner("<configure node='n'/>"));
}

Strings configured(Scene& scene, std::string_view field) {
  return field_in(form(scene).xml, field);
}

std::string request_with(std::string_view inside) {
  return pubsub_owner(fmt::format("<configure node='n'>{}</configure>", inside));
}

std::string request(const Strings& config) {
  return request_with(submit_form(ns::node_config, config));
}

}  // namespace

TEST_CASE("§8.2.2 A208 A209 the form holds every option with what it is set to") {
  Scene scene;
  scene.create(alice, "n",
               {"title=A &amp; B", "description=D", "access_model=whitelist", "publish_model=open",
                "max_items=3", "persist_items=0", "deliver_payloads=0", "notify_retract=0",
                "notify_delete=0", "send_last_published_item=on_sub", "publish_node_full=reject"});
  const auto answer = form(scene);
  CHECK(answer.type == "result");
  CHECK(attributes_of(answer.xml, "configure", "node") == Strings{"n"});
  CHECK(attributes_of(answer.xml, "x", "type") == Strings{"form"});
  const auto value = [&](const char* var) { return field_in(answer.xml, var); };
  CHECK(value("FORM_TYPE") == Strings{"http://jabber.org/protocol/pubsub#node_config"});
  CHECK(value("pubsub#title") == Strings{"A & B"});
  CHECK(value("pubsub#description") == Strings{"D"});
  CHECK(value("pubsub#access_model") == Strings{"whitelist"});
  CHECK(value("pubsub#publish_model") == Strings{"open"});
  CHECK(value("pubsub#max_items") == Strings{"3"});
  CHECK(value("pubsub#persist_items") == Strings{"0"});
  CHECK(value("pubsub#deliver_payloads") == Strings{"0"});
  CHECK(value("pubsub#notify_retract") == Strings{"0"});
  CHECK(value("pubsub#notify_delete") == Strings{"0"});
  CHECK(value("pubsub#send_last_published_item") == Strings{"on_sub"});
  CHECK(value("pubsub#publish_node_full") == Strings{"reject"});
  CHECK(value("pubsub#node_type") == Strings{"leaf"});
}

TEST_CASE("§8.2.2 the form tells which access models there are") {
  Scene scene;
  scene.create(alice, "n");
  const auto document = parse_xml(form(scene).xml);
  const auto& x = *document->root().first_child()->first_child()->first_child();
  Strings options;
  for (const auto& field : x.children())
    if (field.attribute_or("var", "") == "pubsub#access_model")
      for (const auto& child : field.children())
        if (child.name == "option") options.push_back(child.first_child()->text());
  CHECK(options.size() >= 2);
  for (const auto* model : {"open", "whitelist"})
    CHECK(std::ranges::find(options, model) != options.end());
  // Each of them can be set.
  for (const auto& model : options)
    CHECK(scene.configure(alice, "n", {"access_model=" + model}).type == "result");
}

TEST_CASE("§8.2.3.2 A211 trap: a configuration is the owner's alone, to read and to change") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(scene.refused_get(bob, pubsub_owner("<configure node='n'/>")) == "auth/forbidden");
  CHECK(scene.refused_set(bob, request({"title=mine"})) == "auth/forbidden");
  CHECK(scene.refused_set(bob, request_with("<x xmlns='jabber:x:data' type='cancel'/>")) ==
        "auth/forbidden");
}

TEST_CASE("§8.2.4 A215 what is submitted changes, what is left out stays, also after a restart") {
  Scene scene;
  scene.create(alice, "n", {"title=T", "max_items=5", "notify_retract=0"});
  const auto answer = scene.configure(alice, "n", {"max_items=9", "access_model=whitelist"});
  CHECK(answer.type == "result");
  for (int restarted = 0; restarted < 2; ++restarted) {
    CHECK(configured(scene, "pubsub#title") == Strings{"T"});
    CHECK(configured(scene, "pubsub#max_items") == Strings{"9"});
    CHECK(configured(scene, "pubsub#notify_retract") == Strings{"0"});
    CHECK(configured(scene, "pubsub#access_model") == Strings{"whitelist"});
    scene.restart();
  }
}

TEST_CASE("§8.2.4 what the form says can be submitted as it is, and changes nothing") {
  Scene scene;
  scene.create(alice, "n", {"title=T", "max_items=5", "persist_items=0"});
  const auto before = scene.stored();
  auto filled = form(scene).payload;
  REQUIRE(filled.find("type='form'") != std::string::npos);
  filled.replace(filled.find("type='form'"), 11, "type='submit'");
  CHECK(scene.set(alice, filled).type == "result");
  CHECK(scene.stored() == before);
}

TEST_CASE("§8.2.4 a text can be made empty again") {
  Scene scene;
  scene.create(alice, "n", {"title=T", "description=D"});
  CHECK(scene.configure(alice, "n", {"title="}).type == "result");
  CHECK(scene
            .set(alice, request_with("<x xmlns='jabber:x:data' type='submit'>"
                                     "<field var='pubsub#description'/></x>"))
            .type == "result");
  CHECK(configured(scene, "pubsub#title").empty());
  CHECK(configured(scene, "pubsub#description").empty());
}

TEST_CASE("§8.2.4 A216 a form that is withdrawn changes nothing") {
  Scene scene;
  scene.create(alice, "n", {"title=T"});
  const auto before = scene.stored();
  CHECK(scene.set(alice, request_with("<x xmlns='jabber:x:data' type='cancel'/>")).type ==
        "result");
  CHECK(scene
            .set(alice, request_with("<x xmlns='jabber:x:data' type='cancel'>"
                                     "<field var='pubsub#title'><value>U</value></field></x>"))
            .type == "result");
  CHECK(scene.stored() == before);
}

TEST_CASE("§8.2.5.2 A217 trap: what can not be configured is refused, and nothing is changed") {
  Scene scene;
  scene.create(alice, "n", {"title=T"});
  for (const auto* entry : {"persist_items=maybe", "max_items=0", "max_items=-1",
                            "publish_model=nobody", "nonsense=1", "notify_delete="})
    CHECK_MESSAGE(scene.refused_set(alice, request({"title=U", entry})) == "modify/not-acceptable",
                  std::string(entry));
  CHECK(scene.refused_set(alice, request({"title=U", "access_model=roster"})) ==
        "modify/not-acceptable unsupported-access-model");
  CHECK(scene.refused_set(alice, request({"title=U", "children=m"})) ==
        "cancel/not-allowed invalid-options");
  CHECK(configured(scene, "pubsub#title") == Strings{"T"});
}

TEST_CASE("§8.2.4 no form, or none that belongs here: modify/bad-request") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(scene.refused_set(alice, request_with("")) == "modify/bad-request");
  CHECK(scene.refused_set(alice, request_with(submit_form(ns::publish_options, {}))) ==
        "modify/bad-request");
  for (const auto* form : {"<x xmlns='jabber:x:data'/>", "<x xmlns='jabber:x:data' type='result'/>",
                           "<x xmlns='jabber:x:data' type='submit'><field/></x>"})
    CHECK(scene.refused_set(alice, request_with(form)) == "modify/bad-request");
}

TEST_CASE("§8.2 A219 max_items made smaller: the oldest items go, and do not come back") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 5);
  CHECK(scene.configure(alice, "n", {"max_items=2"}).type == "result");
  CHECK(scene.item_ids(bob, "n") == Strings{"4", "5"});
  CHECK(scene.configure(alice, "n", {"max_items=max"}).type == "result");
  CHECK(scene.item_ids(bob, "n") == Strings{"4", "5"});
  CHECK(ids_in(scene.get(bob, pubsub("<items node='n'><item id='1'/></items>")).xml).empty());
  scene.restart();
  CHECK(scene.item_ids(bob, "n") == Strings{"4", "5"});
  scene.publish(alice, "n", "1");
  CHECK(scene.item_ids(bob, "n") == Strings{"4", "5", "1"});
}

TEST_CASE("§8.2 max_items that is still large enough takes nothing") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 3);
  for (const auto* count : {"4", "3"}) {
    scene.configure(alice, "n", {std::string("max_items=") + count});
    CHECK(scene.item_ids(bob, "n") == Strings{"1", "2", "3"});
  }
}

TEST_CASE("§8.2 a node that keeps items no more has none, and none when it keeps them again") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 3);
  CHECK(scene.configure(alice, "n", {"persist_items=0"}).type == "result");
  CHECK(scene.configure(alice, "n", {"persist_items=1"}).type == "result");
  CHECK(scene.item_ids(bob, "n").empty());
  scene.fill(alice, "n", 1);
  CHECK(scene.item_ids(bob, "n") == Strings{"1"});
}

TEST_CASE("§14.3 A331 trap: a node that is closed is closed to its subscribers too") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.affiliate(alice, "n", "carol@c.example", "member");
  scene.subscribe("carol@c.example", "n");
  scene.configure(alice, "n", {"access_model=whitelist"});
  scene.publish(alice, "n", "1");
  for (const auto& message : scene.heard(bob))
    CHECK_MESSAGE(ids_in(message.xml).empty(), message.xml);
  CHECK(ids_in(scene.heard("carol@c.example").back().xml) == Strings{"1"});
}

TEST_CASE("§8.2 deliver_payloads holds for the next event") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.configure(alice, "n", {"deliver_payloads=0"});
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob) == Strings{event("<items node='n'><item id='1'/></items>")});
}

TEST_CASE("§8.3 A221 A222 the defaults of a leaf, for anybody, and the same without a type") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* request : {"<default/>", "<default type='leaf'/>"}) {
    const auto answer = scene.get(bob, pubsub_owner(request));
    CHECK(answer.type == "result");
    CHECK(field_in(answer.xml, "FORM_TYPE") ==
          Strings{"http://jabber.org/protocol/pubsub#node_config"});
    for (const auto* field :
         {"access_model", "publish_model", "max_items", "persist_items", "deliver_payloads",
          "notify_retract", "notify_delete", "node_type", "send_last_published_item"}) {
      const auto var = std::string("pubsub#") + field;
      CAPTURE(var);
      CHECK_FALSE(field_in(answer.xml, var).empty());
      // A node that nobody configured has them.
      CHECK(field_in(answer.xml, var) == configured(scene, var));
    }
  }
}

TEST_CASE("§8.3.2 A222 XEP-0248 §7.3 R14 the defaults of a leaf, and of a collection") {
  Scene scene;
  const auto type_of = [&](std::string_view attributes) {
    const auto answer = scene.get(bob, pubsub_owner(fmt::format("<default {}/>", attributes)));
    return field_in(answer.xml, "pubsub#node_type");
  };
  CHECK(type_of("") == Strings{"leaf"});
  CHECK(type_of("type='leaf'") == Strings{"leaf"});
  CHECK(type_of("type='collection'") == Strings{"collection"});
  CHECK(scene.refused_get(bob, pubsub_owner("<default type='nonsense'/>")).starts_with("modify/"));
}

}  // namespace crier::test
