/// Message bodies. XEP-0060 §12.8.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "pubsub/options_requests.hpp"
#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

std::string entry(std::string_view title) {
  return fmt::format("<entry xmlns='http://www.w3.org/2005/Atom'><title>{}</title></entry>", title);
}

Strings bodies(Scene& scene, std::string_view jid) {
  Strings bodies;
  for (const auto& message : scene.heard(jid))
    for (auto& body : texts_of(message.xml, "body")) bodies.push_back(std::move(body));
  return bodies;
}

bool offered(const std::string& form) {
  const auto fields = attributes_of(form, "field", "var");
  return std::ranges::find(fields, "pubsub#include_body") != fields.end();
}

}  // namespace

TEST_CASE("§12.8 A307 a body in front of the event, for who asked for one") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {"include_body=1"});
  scene.subscribe("carol@c.example", "n");
  scene.publish(alice, "n", "1", entry("R&amp;D"));
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  const auto document = parse_xml(heard[0].xml);
  CHECK(document->root().first_child()->name == "body");
  CHECK(document->root().first_child()->text() == "R&D");
  CHECK(ids_in(heard[0].xml) == Strings{"1"});
  CHECK(bodies(scene, "carol@c.example").empty());
}

TEST_CASE("§12.8 no body for what the service can not read, nor for a retraction") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {"include_body=1"});
  scene.publish(alice, "n", "1", "<e xmlns='urn:example:unread'>text</e>");
  scene.retract(alice, "n", "1");
  const auto heard = scene.heard(bob);
  CHECK(heard.size() == 2);
  for (const auto& message : heard) CHECK(texts_of(message.xml, "body").empty());
}

TEST_CASE("§12.8 A308 not offered, and refused, where the payloads can not be read") {
  Scene scene;
  scene.create(alice, "unread", {"type=urn:example:unread"});
  scene.create(alice, "atom", {"type=http://www.w3.org/2005/Atom"});
  scene.create(alice, "any");
  for (const auto* node : {"unread", "atom", "any"}) {
    const bool reads = node != std::string_view("unread");
    CHECK(offered(scene.get(bob, pubsub(fmt::format("<default node='{}'/>", node))).xml) == reads);
    CHECK(offered(scene.set(bob, subscribe_request(node, bob, {"deliver=1"})).xml) == reads);
    CHECK(offered(scene.get(bob, options_request(node, bob)).xml) == reads);
    const auto answer =
        scene.set(bob, options_request(node, bob, options_form({"include_body=1"})));
    CHECK(answer.error == (reads ? "" : "modify/bad-request invalid-options"));
  }
  CHECK(scene.set(bob, options_request("unread", bob, options_form({"include_body=0"}))).type ==
        "result");
}

TEST_CASE("§12.8 A308 a node that becomes one which can not be read takes other options still") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {"include_body=1"});
  scene.configure(alice, "n", {"type=urn:example:unread"});
  set_options(scene, bob, "n", {"x-keywords=yes"});
  CHECK(option(scene, bob, "n", "x-keywords") == Strings{"yes"});
  set_options(scene, bob, "n", {"include_body=0"});
  CHECK(scene.set(bob, options_request("n", bob, options_form({"include_body=1"}))).error ==
        "modify/bad-request invalid-options");
}

TEST_CASE("§12.8 A310 of several SubIDs one asked for it: the message has a body") {
  Scene scene;
  scene.create(alice, "n");
  const auto without = subscribe_with(scene, bob, "n");
  const auto with = subscribe_with(scene, bob, "n", {"include_body=1"});
  scene.publish(alice, "n", "1", entry("one"));
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(texts_of(heard[0].xml, "body") == Strings{"one"});
  CHECK(subids_in(heard[0]) == Strings{without, with});
}

TEST_CASE("§12.8 a body also where the event has no payloads") {
  Scene scene;
  scene.create(alice, "n", {"deliver_payloads=0", "send_last_published_item=on_sub"});
  subscribe_with(scene, bob, "n", {"include_body=1"});
  scene.publish(alice, "n", "1", entry("one"));
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(texts_of(heard[0].xml, "body") == Strings{"one"});
  CHECK(texts_of(heard[0].xml, "title").empty());
}

TEST_CASE("§12.8 §6.1.7 a body with the last item, also where the event has no payloads") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub"});
  scene.create(alice, "m", {"send_last_published_item=on_sub", "deliver_payloads=0"});
  for (const auto* node : {"n", "m"}) {
    scene.publish(alice, node, "1", entry("one"));
    subscribe_with(scene, bob, node, {"include_body=1"});
    CHECK(bodies(scene, bob) == Strings{"one"});
  }
}

TEST_CASE("§12.8 bodies of all items of a batch that the subscription wants") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {"include_body=1"});
  subscribe_with(scene, "carol@c.example", "n", {"include_body=1", "x-keywords=even"});
  scene.set(alice, pubsub(fmt::format("<publish node='n'><item id='1'>{}</item><item id='2'>{}"
                                      "</item><item id='3'>{}</item></publish>",
                                      entry("odd one"), entry("even two"), entry("odd three"))));
  CHECK(bodies(scene, bob) == Strings{"odd one\n\neven two\n\nodd three"});
  CHECK(bodies(scene, "carol@c.example") == Strings{"even two"});
}

TEST_CASE("§12.8 XEP-0248 a body through a collection, also of a node without payloads in events") {
  Scene scene;
  scene.create(alice, "c", {"node_type=collection"});
  scene.create(alice, "n", {"collection=c", "deliver_payloads=0"});
  scene.create(alice, "m", {"deliver_payloads=0"});
  const Strings options{"include_body=1", "x-keywords=one", "subscription_type=items",
                        "subscription_depth=all"};
  subscribe_with(scene, bob, "c", options);
  scene.set("carol@c.example",
            pubsub(fmt::format("<subscribe jid='carol@c.example'/><options>{}</options>",
                               options_form(options))));
  scene.heard("carol@c.example");
  scene.publish(alice, "n", "1", entry("one"));
  CHECK(bodies(scene, bob) == Strings{"one"});
  CHECK(bodies(scene, "carol@c.example") == Strings{"one"});
  scene.publish(alice, "m", "1", entry("one"));
  CHECK(bodies(scene, "carol@c.example") == Strings{"one"});
}

}  // namespace crier::test
