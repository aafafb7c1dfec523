#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto get_pending = "http://jabber.org/protocol/pubsub#get-pending";
constexpr auto commands = "http://jabber.org/protocol/commands";

std::string command(std::string_view node, std::string_view attributes,
                    std::string_view inside = "") {
  return fmt::format(
      "<command xmlns='http://jabber.org/protocol/commands' node='{}' {}>{}</command>", node,
      attributes, inside);
}

std::string disco(std::string_view what, std::string_view node) {
  return fmt::format("<query xmlns='http://jabber.org/protocol/disco#{}' node='{}'/>", what, node);
}

}  // namespace

TEST_CASE("XEP-0050 §2.2 R53 commands are announced and listed") {
  Scene scene;
  const auto service = scene.get(alice, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
  const auto features = attributes_of(service.xml, "feature", "var");
  CHECK(std::ranges::count(features, commands) == 1);
  scene.create(alice, "n");
  const auto list = scene.get(alice, disco("items", commands));
  CHECK(attributes_of(list.xml, "query", "node") == Strings{commands});
  const auto nodes = attributes_of(list.xml, "item", "node");
  CHECK(std::ranges::count(nodes, get_pending) == 1);
  CHECK(attributes_of(list.xml, "item", "jid") == Strings(nodes.size(), "pubsub.example.org"));
  CHECK(attributes_of(list.xml, "item", "name").size() == nodes.size());
  const auto info = scene.get(alice, disco("info", commands));
  CHECK(attributes_of(info.xml, "identity", "category") == Strings{"automation"});
  CHECK(attributes_of(info.xml, "identity", "type") == Strings{"command-list"});
}

TEST_CASE("XEP-0050 §2.3 R53 a command tells what it is") {
  Scene scene;
  const auto info = scene.get(alice, disco("info", get_pending));
  CHECK(attributes_of(info.xml, "query", "node") == Strings{get_pending});
  CHECK(attributes_of(info.xml, "identity", "category") == Strings{"automation"});
  CHECK(attributes_of(info.xml, "identity", "type") == Strings{"command-node"});
  CHECK(attributes_of(info.xml, "feature", "var") == Strings{commands, "jabber:x:data"});
  CHECK(attributes_of(scene.get(alice, disco("items", get_pending)).xml, "item", "jid").empty());
}

TEST_CASE("XEP-0050 §4.4 R53 a command that is not there: cancel/item-not-found") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* node : {"n", "nothing", "", "http://jabber.org/protocol/commands"})
    CHECK(scene.refused_set(alice, command(node, "action='execute'")) == "cancel/item-not-found");
  CHECK(scene.refused_set(alice, command("nothing", "action='cancel'")) == "cancel/item-not-found");
}

TEST_CASE("XEP-0050 §2.4.3 R53 a command that is cancelled does nothing") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  scene.subscribe("bob@b.example", "n");
  scene.heard("alice@a.example");
  const auto form =
      submit_form("http://jabber.org/protocol/pubsub#subscribe_authorization", {"node=n"});
  auto withdrawn = form;
  withdrawn.replace(withdrawn.find("submit"), 6, "cancel");
  for (const auto& request : {command(get_pending, "action='cancel' sessionid='s'"),
                              command(get_pending, "action='cancel' sessionid='s'", form),
                              command(get_pending, "sessionid='s'", withdrawn)})
    CHECK(scene.set(alice, request).payload ==
          canonical(fmt::format("<command xmlns='{}' node='{}' sessionid='s' status='canceled'/>",
                                commands, get_pending)));
  CHECK(scene.heard("alice@a.example").empty());
}

TEST_CASE("XEP-0050 §4.4 R53 an action that there is not, or not here: modify/bad-request") {
  Scene scene;
  scene.create(alice, "n");
  const auto error = [&](std::string_view attributes) {
    return scene.refused_set(alice, command(get_pending, attributes));
  };
  CHECK(error("action='explode'") == "modify/bad-request/malformed-action");
  CHECK(error("action=''") == "modify/bad-request/malformed-action");
  CHECK(error("action='prev'") == "modify/bad-request/bad-action");
  CHECK(error("action='next' sessionid='s'") == "modify/bad-request/bad-action");
  CHECK(error("action='complete' sessionid='s'") == "modify/bad-request/bad-payload");
  const auto refused = scene.set(alice, command(get_pending, "action='explode'"));
  CHECK(refused.xml.find("<malformed-action xmlns='http://jabber.org/protocol/commands'/>") !=
        std::string::npos);
}

TEST_CASE("XEP-0050 §3.4 R53 execute and complete both submit the form") {
  Scene scene;
  scene.create(alice, "n");
  const auto form =
      submit_form("http://jabber.org/protocol/pubsub#subscribe_authorization", {"node=n"});
  for (const auto* action : {"", "action='execute'", "action='complete'"}) {
    const auto reply = scene.set(alice, command(get_pending, action, form));
    CHECK(attributes_of(reply.xml, "command", "status") == Strings{"completed"});
  }
}

TEST_CASE("XEP-0050 R53 the names of commands and their like are no node's, however one tries") {
  Scene scene;
  for (const auto* name : {commands, get_pending, "http://jabber.org/protocol/shim"}) {
    CHECK(scene.refused_set(alice, pubsub(fmt::format("<create node='{}'/>", name))) ==
          "cancel/conflict");
    CHECK(scene.refused_set(alice,
                            pubsub(fmt::format("<publish node='{}'><item><e xmlns='u:e'/></item>"
                                               "</publish>",
                                               name))) == "cancel/conflict");
  }
}

}  // namespace crier::test
