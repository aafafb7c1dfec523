/// How nodes are configured by the operator's rules.

#include <crier/namespaces.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";
constexpr auto admin = "admin@example.org/x";

/// Nodes are for those listed, but for blogs, which everybody may read and which keep 10 items.
Policy ruled() {
  auto policy = Scene::policy();
  policy.node_rules = {{"*", "pubsub#access_model", {"whitelist"}},
                       {"blog*", "pubsub#title", {"A blog"}},
                       {"blog*", "pubsub#access_model", {"open"}, true},
                       {"blog*", "pubsub#max_items", {"10"}, true}};
  return policy;
}

std::string form_of(Scene& scene, std::string_view node, std::string_view from = alice) {
  return scene.get(from, pubsub_owner(fmt::format("<configure node='{}'/>", node))).xml;
}

std::string create(std::string_view node, const Strings& config) {
  return pubsub(fmt::format("<create node='{}'/><configure>{}</configure>", node,
                            submit_form(ns::node_config, config)));
}

std::string configure(std::string_view node, const Strings& config) {
  return pubsub_owner(fmt::format("<configure node='{}'>{}</configure>", node,
                                  submit_form(ns::node_config, config)));
}

/// The values that the form offers for the field.
Strings offered(std::string_view stanza, std::string_view var) {
  const auto at = stanza.find(fmt::format("var='{}'", var));
  REQUIRE(at != stanza.npos);
  const auto field = "<field " + std::string(stanza.substr(at, stanza.find("</field>", at) - at));
  return attributes_of(field + "</field>", "option", "label");
}

Strings access_features(Scene& scene) {
  const auto info = scene.get(bob, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
  Strings access;
  for (const auto& feature : attributes_of(info.xml, "feature", "var"))
    if (feature.starts_with("http://jabber.org/protocol/pubsub#access-")) access.push_back(feature);
  return access;
}

}  // namespace

TEST_CASE(
    "§8.1.2 A202 §7.1.4 A175 defaults by name: of a node created, published to, and of an instant "
    "one") {
  Scene scene(ruled());
  scene.create(alice, "n");
  CHECK(field_in(form_of(scene, "n"), "pubsub#access_model") == Strings{"whitelist"});
  CHECK(scene.publish(alice, "blog/1", "1").type == "result");
  scene.restart();
  CHECK(field_in(form_of(scene, "blog/1"), "pubsub#access_model") == Strings{"open"});
  CHECK(field_in(form_of(scene, "blog/1"), "pubsub#title") == Strings{"A blog"});
  CHECK(field_in(form_of(scene, "blog/1"), "pubsub#max_items") == Strings{"10"});
  const auto instant = scene.set(alice, pubsub("<create/>"));
  const auto name = attributes_of(instant.xml, "create", "node")[0];
  CHECK(field_in(form_of(scene, name), "pubsub#access_model") == Strings{"whitelist"});
}

TEST_CASE("§8.1.3 A204 a default is what stands where nothing else is asked for") {
  Scene scene(ruled());
  scene.create(alice, "n", {"access_model=open"});
  CHECK(field_in(form_of(scene, "n"), "pubsub#access_model") == Strings{"open"});
  scene.create(alice, "m", {"title=T"});
  CHECK(field_in(form_of(scene, "m"), "pubsub#access_model") == Strings{"whitelist"});
  CHECK(scene.configure(alice, "m", {"access_model=open"}).type == "result");
  scene.restart();
  CHECK(field_in(form_of(scene, "m"), "pubsub#access_model") == Strings{"open"});
}

TEST_CASE("§8.3 A221 the defaults are told: the service's, and those of a name") {
  Scene scene(ruled());
  const auto ask = [&](std::string_view attributes) {
    return scene.get(bob, pubsub_owner(fmt::format("<default {}/>", attributes))).xml;
  };
  CHECK(field_in(ask(""), "pubsub#access_model") == Strings{"whitelist"});
  CHECK(field_in(ask(""), "pubsub#title").empty());
  CHECK(field_in(ask("node='blog/1'"), "pubsub#access_model") == Strings{"open"});
  CHECK(field_in(ask("node='blog/1'"), "pubsub#title") == Strings{"A blog"});
  CHECK(offered(ask("node='blog/1'"), "pubsub#access_model").size() == 1);
  CHECK(attributes_of(ask("node='blog/1'"), "default", "node") == Strings{"blog/1"});
  CHECK(field_in(ask("node='blog/1' type='collection'"), "pubsub#node_type") ==
        Strings{"collection"});
  CHECK(field_in(ask("node='blog/1' type='collection'"), "pubsub#title") == Strings{"A blog"});
}

TEST_CASE("§5.1 A041 the feature of the access model is the default's, by rule or by force") {
  Scene by_rule(ruled());
  CHECK(access_features(by_rule) == Strings{"http://jabber.org/protocol/pubsub#access-whitelist"});
  auto policy = Scene::policy();
  policy.node_rules = {{"blog*", "pubsub#access_model", {"whitelist"}},
                       {"*", "pubsub#access_model", {"authorize"}, true}};
  Scene by_force(policy);
  CHECK(access_features(by_force) == Strings{"http://jabber.org/protocol/pubsub#access-authorize"});
}

TEST_CASE("§8.2.5.2 A217 what is forced nobody changes: not-acceptable, naming the field") {
  Scene scene(ruled());
  const auto* const refused = "modify/not-acceptable";
  CHECK(scene.refused_set(alice, create("blog", {"access_model=whitelist"})) == refused);
  CHECK(scene.refused_set(admin, create("blog", {"max_items=max"})) == "modify/not-acceptable");
  scene.create(alice, "blog", {"access_model=open", "title=T"});
  for (const auto* from : {alice, admin}) {
    CHECK(scene.refused_set(from, configure("blog", {"access_model=whitelist"})) == refused);
    CHECK(scene.refused_set(from, configure("blog", {"title=U", "max_items=11"})) ==
          "modify/not-acceptable");
  }
  const auto answer = scene.configure(alice, "blog", {"max_items=11"});
  CHECK(texts_of(answer.xml, "text") ==
        Strings{"The administrators have set pubsub#max_items for this node."});
}

TEST_CASE("§8.2.1 what is forced is shown, can be sent back, and is not to be chosen") {
  Scene scene(ruled());
  scene.create(alice, "blog");
  const auto form = form_of(scene, "blog");
  CHECK(field_in(form, "pubsub#access_model") == Strings{"open"});
  CHECK(offered(form, "pubsub#access_model").size() == 1);
  CHECK(offered(form, "pubsub#publish_model").size() == 3);
  CHECK(scene.configure(alice, "blog", {"access_model=open", "max_items=10", "title=T"}).type ==
        "result");
  CHECK(field_in(form_of(scene, "blog"), "pubsub#title") == Strings{"T"});
  scene.create(alice, "n");
  CHECK(offered(form_of(scene, "n"), "pubsub#access_model").size() > 1);
}

TEST_CASE("§7.1.5 options of a publication to a node that is forced to be otherwise are not met") {
  Scene scene(ruled());
  const auto publish = [](std::string_view node, const Strings& options) {
    return pubsub(
        fmt::format("<publish node='{}'><item id='1'><e xmlns='u:e'/></item></publish>"
                    "<publish-options>{}</publish-options>",
                    node, submit_form(ns::publish_options, options)));
  };
  CHECK(scene.refused_set(alice, publish("blog", {"max_items=5"})) == "modify/not-acceptable");
  CHECK(scene.set(alice, publish("blog", {"max_items=10"})).type == "result");
  CHECK(scene.refused_set(alice, publish("blog", {"max_items=5"})) ==
        "cancel/conflict precondition-not-met");
  CHECK(scene.set(alice, publish("n", {"access_model=whitelist"})).type == "result");
  CHECK(field_in(form_of(scene, "n"), "pubsub#access_model") == Strings{"whitelist"});
}

TEST_CASE("a number that is as much as the service allows can be forced, and sent back") {
  auto policy = Scene::policy();
  policy.node_rules = {
      {"*", "pubsub#max_payload_size", {std::to_string(policy.max_payload_size)}, true}};
  Scene scene(policy);
  scene.create(alice, "n");
  const auto shown = field_in(form_of(scene, "n"), "pubsub#max_payload_size");
  CHECK(shown == Strings{std::to_string(policy.max_payload_size)});
  CHECK(scene.configure(alice, "n", {"max_payload_size=" + shown[0], "title=T"}).type == "result");
  CHECK(scene.refused_set(alice, configure("n", {"max_payload_size=7"})) ==
        "modify/not-acceptable");
}

TEST_CASE("§14.3 a rule that is new is in force at nodes that are there already") {
  auto policy = Scene::policy();
  Scene scene(policy);
  scene.create(alice, "blog");
  scene.create(alice, "n");
  scene.fill(alice, "blog", 3);
  policy.node_rules = {{"blog*", "pubsub#access_model", {"whitelist"}, true},
                       {"blog*", "pubsub#max_items", {"2"}, true}};
  scene.restart(policy);
  CHECK(field_in(form_of(scene, "blog"), "pubsub#access_model") == Strings{"whitelist"});
  CHECK(scene.items(bob, "blog").error == "cancel/not-allowed closed-node");
  const auto listed = scene.get(bob, "<query xmlns='http://jabber.org/protocol/disco#items'/>");
  CHECK(attributes_of(listed.xml, "item", "node") == Strings{"n"});
  CHECK(scene.publish(alice, "blog", "4").type == "result");
  CHECK(scene.item_ids(alice, "blog") == Strings{"3", "4"});
  // What nobody has stored goes with the rule.
  scene.restart(Scene::policy());
  CHECK(field_in(form_of(scene, "blog"), "pubsub#access_model") == Strings{"open"});
}

TEST_CASE("XEP-0248 §8.1 the root is the service's: rules for all names do not change it") {
  auto policy = Scene::policy();
  policy.node_rules = {{"*", "pubsub#access_model", {"whitelist"}, true}};
  Scene scene(policy);
  CHECK(scene.set(bob, pubsub("<subscribe node='' jid='bob@b.example'/>")).type == "result");
  scene.restart();
  CHECK(scene.set(bob, pubsub("<unsubscribe node='' jid='bob@b.example'/>")).type == "result");
  CHECK(scene.set(bob, pubsub("<subscribe node='' jid='bob@b.example'/>")).type == "result");
}

}  // namespace crier::test
