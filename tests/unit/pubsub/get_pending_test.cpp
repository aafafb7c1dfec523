#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto alice_bare = "alice@a.example";
constexpr auto bob = "bob@b.example/y";
constexpr auto name = "http://jabber.org/protocol/pubsub#get-pending";

std::string command(std::string_view inside = "", std::string_view attributes = "") {
  return fmt::format(
      "<command xmlns='http://jabber.org/protocol/commands' node='{}' {}>{}</command>", name,
      attributes, inside);
}

std::string about(std::string_view node) {
  return command(submit_form("http://jabber.org/protocol/pubsub#subscribe_authorization",
                             {fmt::format("node={}", node)}),
                 "sessionid='s'");
}

}  // namespace

TEST_CASE("§8.7.2 A244 A245 the form asks for one of the nodes that the asker owns") {
  Scene scene;
  scene.create(alice, "n");
  scene.create(alice, "m");
  scene.create(bob, "other");
  scene.affiliate(bob, "other", alice_bare, "publisher");
  const auto reply = scene.set(alice, command("", "action='execute'"));
  CHECK(attributes_of(reply.xml, "command", "status") == Strings{"executing"});
  CHECK(attributes_of(reply.xml, "command", "node") == Strings{name});
  CHECK(attributes_of(reply.xml, "command", "sessionid").size() == 1);
  CHECK(attributes_of(reply.xml, "x", "type") == Strings{"form"});
  CHECK(field_in(reply.xml, "FORM_TYPE") ==
        Strings{"http://jabber.org/protocol/pubsub#subscribe_authorization"});
  CHECK(attributes_of(reply.xml, "field", "var") == Strings{"FORM_TYPE", "pubsub#node"});
  CHECK(attributes_of(reply.xml, "field", "type") == Strings{"hidden", "list-single"});
  CHECK(attributes_of(reply.xml, "option", "label") == Strings{"m", "n"});
}

TEST_CASE("§8.7.4 A250 one form for each subscription that waits, to the asker alone") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  scene.affiliate(alice, "n", "carol@c.example", "owner");
  scene.subscribe("sub@b.example/1", "n");
  for (const auto* jid : {"a@b.example", "b@b.example/1", "b@b.example/2"})
    scene.subscribe(jid, "n");
  scene.set_subscription(alice, "n", "sub@b.example/1", "subscribed");
  scene.set_subscription(alice, "n", "later@b.example", "unconfigured");
  scene.set_subscription(alice, "n", "last@b.example", "pending");
  scene.unsubscribe("b@b.example/1", "n");
  scene.heard(alice_bare);
  scene.heard("carol@c.example");
  const auto reply = scene.set(alice, about("n"));
  CHECK(attributes_of(reply.xml, "command", "status") == Strings{"completed"});
  CHECK(attributes_of(reply.xml, "command", "sessionid") == Strings{"s"});
  Strings asked;
  for (const auto& heard : scene.heard(alice_bare))
    asked.push_back(field_in(heard.xml, "pubsub#subscriber_jid").at(0));
  std::ranges::sort(asked);
  CHECK(asked == Strings{"a@b.example", "b@b.example/2", "last@b.example"});
  CHECK(scene.heard("carol@c.example").empty());
}

TEST_CASE("§8.7.4 no more forms at once than a page has; what is answered makes room for others") {
  auto policy = Scene::policy();
  policy.page_items = 2;
  Scene scene(policy);
  scene.create(alice, "n", {"access_model=authorize"});
  for (const auto* jid : {"a@b.example", "b@b.example", "c@b.example"}) scene.subscribe(jid, "n");
  scene.heard(alice_bare);
  scene.set(alice, about("n"));
  CHECK(scene.heard(alice_bare).size() == 2);
  scene.set_subscription(alice, "n", "a@b.example", "none");
  scene.set(alice, about("n"));
  const auto asked = scene.heard(alice_bare);
  REQUIRE(asked.size() == 2);
  CHECK(field_in(asked[1].xml, "pubsub#subscriber_jid") == Strings{"c@b.example"});
}

TEST_CASE("§8.7.3.3 A248 who does not own the node, or owns none: cancel/forbidden") {
  Scene scene;
  scene.create(alice, "n");
  scene.affiliate(alice, "n", "carol@c.example", "publisher");
  CHECK(scene.refused_set(bob, command()) == "cancel/forbidden");
  CHECK(scene.refused_set(bob, about("n")) == "cancel/forbidden");
  CHECK(scene.refused_set("carol@c.example/z", about("n")) == "cancel/forbidden");
  CHECK(scene.set("admin@example.org/z", about("n")).type == "result");
}

TEST_CASE("§8.7.3.4 A249 a node that is not there: cancel/item-not-found") {
  Scene scene;
  CHECK(scene.refused_set(alice, about("n")) == "cancel/item-not-found");
}

TEST_CASE("§8.7.4 XEP-0050 §4.4 a form without a node, or of something else: bad-payload") {
  Scene scene;
  scene.create(alice, "n");
  const Strings forms{
      "<x xmlns='jabber:x:data' type='submit'/>",
      "<x xmlns='jabber:x:data' type='submit'><field/></x>",
      "<x xmlns='jabber:x:data' type='form'><field var='pubsub#node'><value>n</value></field></x>",
      submit_form("http://jabber.org/protocol/pubsub#subscribe_authorization", {"node=n|n"}),
      submit_form("http://jabber.org/protocol/pubsub#node_config", {"node=n"})};
  for (const auto& form : forms)
    CHECK(scene.refused_set(alice, command(form)) == "modify/bad-request/bad-payload");
}

}  // namespace crier::test
