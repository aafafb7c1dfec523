#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example/y";

/// `<items/>` of node n with those attributes and that inside.
std::string request(std::string_view attributes, std::string_view inside = "") {
  return pubsub(fmt::format("<items node='n' {}>{}</items>", attributes, inside));
}

Strings ids(Scene& scene, std::string_view attributes, std::string_view inside = "") {
  const auto answer = scene.get(bob, request(attributes, inside));
  CHECK_MESSAGE(answer.type == "result", answer.xml);
  return ids_in(answer.xml);
}

void prepare(Scene& scene, int items = 5, const Strings& config = {}) {
  scene.create(alice, "n", config);
  scene.fill(alice, "n", items);
}

}  // namespace

TEST_CASE("§6.5.3 A125 §12.1 all items, newest last, with their payloads") {
  Scene scene;
  prepare(scene, 2);
  CHECK(scene.items(bob, "n").payload ==
        canonical(pubsub("<items node='n'><item id='1'><e xmlns='u:e'/></item>"
                         "<item id='2'><e xmlns='u:e'/></item></items>")));
}

TEST_CASE("§6.5.1 A122 an open node gives its items to anybody, subscribed or not") {
  Scene scene;
  prepare(scene);
  CHECK(scene.item_ids("stranger@s.example", "n").size() == 5);
}

TEST_CASE("§6.5.7 A131 A132 the N most recent items, newest last; all when there are fewer") {
  Scene scene;
  prepare(scene);
  CHECK(ids(scene, "max_items='2'") == Strings{"4", "5"});
  CHECK(ids(scene, "max_items='5'") == Strings{"1", "2", "3", "4", "5"});
  CHECK(ids(scene, "max_items='6'") == Strings{"1", "2", "3", "4", "5"});
  CHECK(ids(scene, "max_items='18446744073709551615'").size() == 5);
}

TEST_CASE("§6.5.7 A131 max_items are the most recent ones, also where a page is asked for") {
  Scene scene;
  prepare(scene);
  const auto answer =
      scene.get(bob, pubsub("<items node='n' max_items='2'/>" + page("<max>10</max>")));
  CHECK(ids_in(answer.xml) == Strings{"4", "5"});
}

TEST_CASE("§6.5.7 a max_items that is no positive number: modify/bad-request") {
  Scene scene;
  prepare(scene);
  for (const auto* number : {"", "0", "-1", "two", "1.5", "99999999999999999999999", "1 or 1=1"})
    CHECK(scene.refused_get(bob, request(fmt::format("max_items='{}'", number))) ==
          "modify/bad-request");
}

TEST_CASE("§6.5.8 A133 §6.5.6 A130 items by id; those found are returned") {
  Scene scene;
  prepare(scene);
  CHECK(ids(scene, "", "<item id='3'/>") == Strings{"3"});
  CHECK(ids(scene, "", "<item id='2'/><item id='4'/>") == Strings{"2", "4"});
  CHECK(ids(scene, "", "<item id='9'/><item id='4'/>") == Strings{"4"});
}

TEST_CASE("§6.5.9.12 A145 unknown ids, or nothing there at all: an empty list, no error") {
  Scene scene;
  prepare(scene, 0);
  const auto empty = canonical(pubsub("<items node='n'/>"));
  CHECK(scene.items(bob, "n").payload == empty);
  CHECK(scene.get(bob, request("", "<item id='1'/>")).payload == empty);
  CHECK(scene.get(bob, request("max_items='3'")).payload == empty);
}

TEST_CASE("§6.5.8 an item asked for without its id: modify/bad-request") {
  Scene scene;
  prepare(scene);
  CHECK(scene.refused_get(bob, request("", "<item/>")) == "modify/bad-request");
}

TEST_CASE("§6.5.9.4 A137 a node that keeps none: feature-not-implemented persistent-items") {
  Scene scene;
  prepare(scene, 1, {"persist_items=0"});
  for (const auto* inside : {"", "<item id='1'/>"})
    CHECK(scene.refused_get(bob, request("", inside)) ==
          "cancel/feature-not-implemented unsupported:persistent-items");
}

TEST_CASE("§6.5.9.8 A141 not on the whitelist: cancel/not-allowed closed-node") {
  Scene scene;
  prepare(scene, 1, {"access_model=whitelist"});
  for (const auto* inside : {"", "<item id='1'/>"})
    CHECK(scene.refused_get(bob, request("", inside)) == "cancel/not-allowed closed-node");
  scene.affiliate(alice, "n", "bob@b.example", "member");
  CHECK(ids(scene, "") == Strings{"1"});
}

TEST_CASE("§6.5.9.10 A143 A011 outcasts, and those who may only publish: auth/forbidden") {
  Scene scene;
  prepare(scene, 1);
  for (const auto* affiliation : {"outcast", "publish-only"}) {
    scene.affiliate(alice, "n", "bob@b.example", affiliation);
    CHECK(scene.refused_get(bob, request("")) == "auth/forbidden");
    CHECK(scene.refused_get(bob, request("", "<item id='1'/>")) == "auth/forbidden");
  }
}

TEST_CASE("§6.5.1 A124 §12.12 A316 owners and publishers retrieve without being subscribed") {
  Scene scene;
  prepare(scene, 1, {"access_model=whitelist"});
  scene.affiliate(alice, "n", "bob@b.example", "publisher");
  CHECK(scene.item_ids(alice, "n") == Strings{"1"});
  CHECK(scene.item_ids(bob, "n") == Strings{"1"});
}

TEST_CASE("§6.5.9.2 A135 a SubID that is not the asker's: modify/not-acceptable invalid-subid") {
  Scene scene;
  prepare(scene);
  const auto own = attributes_of(scene.subscribe(bob, "n").xml, "subscription", "subid").at(0);
  const auto other =
      attributes_of(scene.subscribe("carol@c.example", "n").xml, "subscription", "subid").at(0);
  for (const auto& subid : {other, std::string("nonsense"), std::string()})
    CHECK(scene.refused_get(bob, request(fmt::format("subid='{}'", subid))) ==
          "modify/not-acceptable invalid-subid");
  CHECK(ids(scene, fmt::format("subid='{}'", own)).size() == 5);
}

TEST_CASE("§6.5.4 A126 more than a page: some items, and a <set/> that says so") {
  auto policy = Scene::policy();
  policy.page_items = 3;
  Scene scene(policy);
  prepare(scene);
  const auto answer = scene.items(bob, "n");
  CHECK(ids_in(answer.xml).size() == 3);
  CHECK(texts_of(answer.xml, "first").size() == 1);
  CHECK(texts_of(answer.xml, "last").size() == 1);
  CHECK(texts_of(answer.xml, "count") == Strings{"5"});
  const auto document = parse_xml(answer.xml);
  CHECK(document->root().first_child()->child("set", "http://jabber.org/protocol/rsm"));

  // What was left out is what comes next.
  auto all = ids_in(answer.xml);
  const auto rest =
      scene.items(bob, "n", page("<after>" + texts_of(answer.xml, "last").at(0) + "</after>"));
  for (auto& id : ids_in(rest.xml)) all.push_back(std::move(id));
  CHECK(all == Strings{"1", "2", "3", "4", "5"});
}

TEST_CASE("§6.5.4 A126 more bytes than a page: the items that fit, one at least") {
  auto policy = Scene::policy();
  policy.page_bytes = 100;
  Scene scene(policy);
  scene.create(alice, "n");
  const auto payload = "<e xmlns='u:e'>" + std::string(200, 'x') + "</e>";
  for (const auto* id : {"1", "2"}) scene.publish(alice, "n", id, payload);
  const auto answer = scene.items(bob, "n");
  CHECK(ids_in(answer.xml) == Strings{"1"});
  CHECK(texts_of(answer.xml, "count") == Strings{"2"});
  const auto newest = scene.get(bob, request("max_items='2'"));
  CHECK(ids_in(newest.xml) == Strings{"2"});
  CHECK(texts_of(newest.xml, "count") == Strings{"2"});
}

TEST_CASE("§6.5.4 what was asked for and fits has no <set/>") {
  Scene scene;
  prepare(scene);
  CHECK(texts_of(scene.items(bob, "n").xml, "set").empty());
  CHECK(texts_of(scene.get(bob, request("max_items='2'")).xml, "set").empty());
}

TEST_CASE("§6.5 items are still there, in their order, after a restart") {
  Scene scene;
  prepare(scene);
  scene.publish(alice, "n", "2");
  scene.restart();
  CHECK(ids(scene, "") == Strings{"1", "3", "4", "5", "2"});
  scene.publish(alice, "n", "6");
  CHECK(ids(scene, "max_items='2'") == Strings{"2", "6"});
}

}  // namespace crier::test
