/// Nodes that are named by the address. XEP-0060 §4.6.1.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

Answer send(Scene& scene, std::string_view type, std::string_view from, std::string_view resource,
            std::string_view payload) {
  return scene.send(fmt::format("<iq type='{}' from='{}' to='pubsub.example.org/{}' id='1'>{}</iq>",
                                type, from, resource, payload));
}

constexpr auto info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
constexpr auto items = "<query xmlns='http://jabber.org/protocol/disco#items'/>";

}  // namespace

TEST_CASE("§4.6.1 A036 a node is discovered at its address") {
  Scene scene;
  scene.create(alice, "news/a b", {"title=T"});
  scene.fill(alice, "news/a b", 2);
  const auto told = send(scene, "get", bob, "news/a b", info);
  CHECK(attributes_of(told.xml, "identity", "type") == Strings{"leaf"});
  CHECK(attributes_of(told.xml, "identity", "name") == Strings{"T"});
  CHECK(attributes_of(told.xml, "iq", "from") == Strings{"pubsub.example.org/news/a b"});
  CHECK(ids_in(send(scene, "get", bob, "news/a b", items).xml) == Strings{"1", "2"});
  CHECK(send(scene, "get", bob, "other", info).error == "cancel/item-not-found");
  CHECK(send(scene, "get", bob, "other", items).error == "cancel/item-not-found");
}

TEST_CASE(
    "§4.6.1 A036 a node is created, subscribed to, published to and retrieved at its address") {
  Scene scene;
  CHECK(attributes_of(send(scene, "set", alice, "n", pubsub("<create/>")).xml, "create", "node") ==
        Strings{"n"});
  CHECK(send(scene, "set", bob, "n", pubsub("<subscribe jid='bob@b.example'/>")).type == "result");
  CHECK(send(scene, "set", alice, "n",
             pubsub("<publish><item id='1'><e xmlns='u:e'/></item></publish>"))
            .type == "result");
  CHECK(scene.events(bob) == Strings{event("<items node='n'><item id='1'><e xmlns='u:e'/></item>"
                                           "</items>")});
  CHECK(ids_in(send(scene, "get", bob, "n", pubsub("<items/>")).xml) == Strings{"1"});
  CHECK(send(scene, "set", alice, "n", pubsub_owner("<delete/>")).type == "result");
  CHECK(scene.items(bob, "n").error == "cancel/item-not-found");
}

TEST_CASE("§4.6 A036 a node that is named twice is one node, in whatever spelling") {
  Scene scene;
  scene.create(alice, "fix");
  scene.fill(alice, "fix", 1);
  // U+FB01 is two letters to resourceprep.
  for (const auto* resource : {"fix", "\xef\xac\x81x"})
    for (const auto* node : {"fix", "\xef\xac\x81x"})
      CHECK(
          send(scene, "get", bob, resource, pubsub(fmt::format("<items node='{}'/>", node))).type ==
          "result");
}

TEST_CASE("§4.6 A036 trap: two different nodes, or the root, at a node's address: bad-request") {
  Scene scene;
  scene.create(alice, "n");
  scene.create(alice, "m");
  const auto before = scene.stored();
  for (const auto* node : {"m", "", "N", "none"}) {
    CHECK(send(scene, "get", bob, "n", pubsub(fmt::format("<items node='{}'/>", node))).error ==
          "modify/bad-request");
    CHECK(send(scene, "set", bob, "n",
               pubsub(fmt::format("<subscribe node='{}' jid='bob@b.example'/>", node)))
              .error == "modify/bad-request");
    CHECK(send(scene, "set", alice, "n",
               pubsub(fmt::format(
                   "<publish node='{}'><item id='1'><e xmlns='u:e'/></item></publish>", node)))
              .error == "modify/bad-request");
  }
  CHECK(scene.stored() == before);
}

TEST_CASE(
    "§4.6.1 A036 a resource means nothing to what is not about nodes; no node has a user part") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(send(scene, "get", bob, "n", "<ping xmlns='urn:xmpp:ping'/>").type == "result");
  CHECK(send(scene, "set", alice, "n",
             "<command xmlns='http://jabber.org/protocol/commands' "
             "node='http://jabber.org/protocol/pubsub#get-pending'/>")
            .type == "result");
  CHECK(scene
            .send(fmt::format("<iq type='get' from='{}' to='n@pubsub.example.org' id='1'>{}</iq>",
                              bob, info))
            .error == "cancel/service-unavailable");
}

}  // namespace crier::test
