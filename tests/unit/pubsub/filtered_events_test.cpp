/// Events for subscriptions with a content filter. XEP-0060 §12.20.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/options_requests.hpp"
#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

std::string text(std::string_view words) {
  return fmt::format("<e xmlns='u:e'>{}</e>", words);
}

/// Publishes items 1, 2, … with those payloads at once.
void publish_all(Scene& scene, const Strings& payloads) {
  std::string items;
  for (std::size_t i = 0; i < payloads.size(); ++i)
    items += fmt::format("<item id='{}'>{}</item>", i + 1, payloads[i]);
  REQUIRE(scene.set(alice, pubsub(fmt::format("<publish node='n'>{}</publish>", items))).type ==
          "result");
}

}  // namespace

TEST_CASE("§12.20 A326 keywords: items whose payload has all of them") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {"x-keywords=rogue|peasant slave"});
  scene.publish(alice, "n", "1", text("O, what a rogue and peasant slave am I!"));
  scene.publish(alice, "n", "2", text("a rogue"));
  scene.publish(alice, "n", "3", "<ROGUE xmlns='u:e'/>");
  CHECK(scene.events(bob) ==
        Strings{event("<items node='n'><item id='1'><e xmlns='u:e'>O, what a rogue and peasant "
                      "slave am I!</e></item></items>")});
}

TEST_CASE("§12.20 A326 payload namespace: items with a payload of it") {
  Scene scene;
  scene.create(alice, "n", {"persist_items=1"});
  subscribe_with(scene, bob, "n", {"x-payload-namespace=u:b"});
  scene.publish(alice, "n", "1", "<x xmlns='u:a'><y xmlns='u:b'/></x>");
  scene.publish(alice, "n", "2", "<x xmlns='u:b'/>");
  CHECK(heard_items(scene, bob) == Strings{"2"});
}

TEST_CASE("§12.20 A326 xpath: items for which it holds") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {"x-xpath=/order[total and @currency = 'EUR']"});
  scene.publish(alice, "n", "1", "<order xmlns='u:o' currency='EUR'><total>1</total></order>");
  scene.publish(alice, "n", "2", "<order xmlns='u:o' currency='USD'><total>1</total></order>");
  scene.publish(alice, "n", "3", "<order xmlns='u:o' currency='EUR'/>");
  CHECK(heard_items(scene, bob) == Strings{"1"});
}

TEST_CASE("§12.20 filters of several kinds must all let the item pass") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {"x-keywords=yes", "x-payload-namespace=u:e", "x-xpath=/e[@k]"});
  scene.publish(alice, "n", "1", "<e xmlns='u:e' k=''>yes</e>");
  scene.publish(alice, "n", "2", "<e xmlns='u:e'>yes</e>");
  scene.publish(alice, "n", "3", "<e xmlns='u:f' k=''>yes</e>");
  scene.publish(alice, "n", "4", "<e xmlns='u:e' k=''>no</e>");
  CHECK(heard_items(scene, bob) == Strings{"1"});
}

TEST_CASE("§12.20 of a batch only the items that pass come, in one message; none: no message") {
  Scene scene;
  scene.create(alice, "n", {"itemreply=publisher"});
  subscribe_with(scene, bob, "n", {"x-keywords=yes"});
  publish_all(scene,
              {text("yes"), text("no"), text("yes, &lt;yes&gt;"), "<e xmlns='u:e' yes='y'/>"});
  CHECK(scene.events(bob) ==
        Strings{event("<items node='n'><item id='1' publisher='alice@a.example'>"
                      "<e xmlns='u:e'>yes</e></item><item id='3' publisher='alice@a.example'>"
                      "<e xmlns='u:e'>yes, &lt;yes&gt;</e></item></items>")});
  publish_all(scene, {text("no"), text("no")});
  CHECK(scene.heard(bob).empty());
  publish_all(scene, {text("yes"), text("yes")});
  CHECK(heard_items(scene, bob) == Strings{"1", "2"});
}

TEST_CASE("§12.20 several SubIDs with filters: the items of all, and the SubIDs that they passed") {
  Scene scene;
  scene.create(alice, "n");
  const auto red = subscribe_with(scene, bob, "n", {"x-keywords=red"});
  const auto blue = subscribe_with(scene, bob, "n", {"x-keywords=blue"});
  const auto green = subscribe_with(scene, bob, "n", {"x-keywords=green"});
  publish_all(scene, {text("red"), text("black"), text("blue")});
  auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(ids_in(heard[0].xml) == Strings{"1", "3"});
  CHECK(subids_in(heard[0]) == Strings{red, blue});
  scene.publish(alice, "n", "4", text("green"));
  heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(subids_in(heard[0]) == Strings{green});
  scene.publish(alice, "n", "5", text("white"));
  CHECK(scene.heard(bob).empty());
  // One without a filter gets everything.
  const auto all = subscribe_with(scene, bob, "n");
  publish_all(scene, {text("white"), text("red")});
  heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(ids_in(heard[0].xml) == Strings{"1", "2"});
  CHECK(subids_in(heard[0]) == Strings{red, all});
}

TEST_CASE("§12.20 retractions, purges and the node's end pass every filter") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {"x-keywords=yes"});
  scene.publish(alice, "n", "1", text("no"));
  scene.retract(alice, "n", "1");
  scene.purge(alice, "n");
  scene.remove(alice, "n");
  CHECK(scene.events(bob) == Strings{event("<items node='n'><retract id='1'/></items>"),
                                     event("<purge node='n'/>"), event("<delete node='n'/>")});
}

TEST_CASE("§12.20 where events have no payloads the filter looks into them all the same") {
  Scene scene;
  scene.create(alice, "n", {"deliver_payloads=0"});
  subscribe_with(scene, bob, "n", {"x-keywords=yes"});
  publish_all(scene, {text("yes"), text("no")});
  CHECK(scene.events(bob) == Strings{event("<items node='n'><item id='1'/></items>")});
}

TEST_CASE("§12.20 §6.1.7 the last item comes if it passes") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub"});
  scene.publish(alice, "n", "1", text("yes"));
  subscribe_with(scene, bob, "n", {"x-keywords=yes"});
  subscribe_with(scene, "carol@c.example", "n", {"x-keywords=no"});
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(ids_in(heard[0].xml) == Strings{"1"});
  CHECK(heard[0].xml.find("urn:xmpp:delay") != std::string::npos);
  CHECK(scene.heard("carol@c.example").empty());
}

TEST_CASE("§12.20 filters work after a restart, and from the change on") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {"x-keywords=red"});
  scene.restart();
  publish_all(scene, {text("red"), text("blue")});
  CHECK(heard_items(scene, bob) == Strings{"1"});
  set_options(scene, bob, "n", {"x-keywords=blue"});
  publish_all(scene, {text("red"), text("blue")});
  CHECK(heard_items(scene, bob) == Strings{"2"});
  set_options(scene, bob, "n", {"x-keywords="});
  publish_all(scene, {text("red"), text("blue")});
  CHECK(heard_items(scene, bob) == Strings{"1", "2"});
}

TEST_CASE("§12.20 more filters than are remembered: each decides for itself") {
  Scene scene;
  scene.create(alice, "n");
  for (int i = 0; i < 150; ++i)
    subscribe_with(scene, fmt::format("u{}@b.example", i), "n",
                   {fmt::format("x-keywords=k{}k", i)});
  Strings payloads;
  for (int i = 0; i < 150; ++i) payloads.push_back(text(fmt::format("k{}k", i)));
  publish_all(scene, payloads);
  for (int i = 0; i < 150; ++i)
    CHECK(heard_items(scene, fmt::format("u{}@b.example", i)) == Strings{std::to_string(i + 1)});
}

TEST_CASE("§12.20 payloads come as they were published, whatever prefixes and text they have") {
  Scene scene;
  scene.create(alice, "n");
  const auto payload =
      "<p:e xmlns:p='u:p' xmlns:q='u:q' q:a='&quot;&amp;&#9;'>yes <q:i>]]&gt;</q:i>\n</p:e>";
  subscribe_with(scene, bob, "n", {"x-keywords=yes"});
  scene.subscribe("carol@c.example", "n");
  publish_all(scene, {payload, text("no")});
  scene.publish(alice, "n", "1", payload);
  const auto plain = scene.events("carol@c.example");
  const auto filtered = scene.events(bob);
  REQUIRE(filtered.size() == 2);
  CHECK(filtered[0] == plain[1]);
  CHECK(filtered[1] == plain[1]);
}

}  // namespace crier::test
