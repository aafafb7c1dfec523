#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

std::string request(std::string_view inside, std::string_view node = "n") {
  return pubsub(fmt::format("<publish node='{}'>{}</publish>", node, inside));
}

/// An item with a payload.
std::string item(std::string_view id, std::string_view payload = "<e xmlns='u:e'/>") {
  return fmt::format("<item id='{}'>{}</item>", id, payload);
}

/// Node n with bob as its subscriber.
void prepare(Scene& scene, const Strings& config = {}) {
  scene.create(alice, "n", config);
  scene.subscribe(bob, "n");
}

}  // namespace

TEST_CASE("§7.1.2 A149 A155 the publisher is answered, the subscriber gets the item") {
  Scene scene;
  prepare(scene);
  const auto answer = scene.set(alice, request(item("1")));
  CHECK(answer.type == "result");
  CHECK(attributes_of(answer.xml, "publish", "node") == Strings{"n"});
  CHECK(scene.events(bob) ==
        Strings{event("<items node='n'><item id='1'><e xmlns='u:e'/></item></items>")});
  CHECK(scene.items(bob, "n").payload ==
        canonical(pubsub("<items node='n'><item id='1'><e xmlns='u:e'/></item></items>")));
}

TEST_CASE("§7.1.1 A148 §7.1.3.7 A171 no ItemID: one is made, unique, told, and used") {
  Scene scene;
  prepare(scene);
  std::set<std::string> ids;
  for (const auto* inside : {"<item><e xmlns='u:e'/></item>", "<item id=''><e xmlns='u:e'/></item>",
                             "<item><e xmlns='u:e'/></item>"}) {
    const auto told = ids_in(scene.set(alice, request(inside)).xml);
    REQUIRE(told.size() == 1);
    CHECK_FALSE(told[0].empty());
    CHECK(ids_in(scene.heard(bob).at(0).xml) == told);
    ids.insert(told[0]);
  }
  CHECK(ids.size() == 3);
  const auto stored = scene.item_ids(bob, "n");
  CHECK(std::set<std::string>(stored.begin(), stored.end()) == ids);
}

TEST_CASE("§4.3 A025 persistent, notifications only: kept with payload, told of without") {
  Scene scene;
  prepare(scene, {"deliver_payloads=0"});
  CHECK(scene.publish(alice, "n", "1", "<e xmlns='u:e'/>").type == "result");
  CHECK(scene.events(bob) == Strings{event("<items node='n'><item id='1'/></items>")});
  CHECK(scene.items(bob, "n").payload ==
        canonical(pubsub("<items node='n'><item id='1'><e xmlns='u:e'/></item></items>")));
}

TEST_CASE("§4.3 A025 persistent, notifications only: an item may be empty, and gets an id") {
  Scene scene;
  prepare(scene, {"deliver_payloads=0"});
  CHECK(scene.publish(alice, "n", "1", "").type == "result");
  CHECK(scene.items(bob, "n").payload ==
        canonical(pubsub("<items node='n'><item id='1'/></items>")));
  const auto made = ids_in(scene.set(alice, request("<item/>")).xml);
  REQUIRE(made.size() == 1);
  CHECK_FALSE(made[0].empty());
}

TEST_CASE("§4.3 A026 A028 payload nodes, persistent or not, deliver the payload") {
  for (const auto* persist : {"persist_items=1", "persist_items=0"}) {
    Scene scene;
    prepare(scene, {persist});
    CHECK(scene.publish(alice, "n", "1").type == "result");
    CHECK(scene.events(bob) ==
          Strings{event("<items node='n'><item id='1'><e xmlns='u:e'/></item></items>")});
  }
}

TEST_CASE("§4.3 A028 transient, payload: nothing is kept") {
  Scene scene;
  prepare(scene, {"persist_items=0"});
  scene.publish(alice, "n", "1");
  CHECK(scene.items(bob, "n").error ==
        "cancel/feature-not-implemented unsupported:persistent-items");
  scene.configure(alice, "n", {"persist_items=1"});
  CHECK(scene.item_ids(bob, "n").empty());
}

TEST_CASE("§4.3 A027 transient, notifications only: no item goes in, an empty <items/> comes out") {
  Scene scene;
  prepare(scene, {"persist_items=0", "deliver_payloads=0"});
  const auto answer = scene.set(alice, request(""));
  CHECK(answer.type == "result");
  CHECK(ids_in(answer.xml).empty());
  CHECK(scene.events(bob) == Strings{event("<items node='n'/>")});
}

TEST_CASE("§7.1.3.7 A174 transient, notifications only: an item is forbidden") {
  Scene scene;
  prepare(scene, {"persist_items=0", "deliver_payloads=0"});
  for (const auto* inside : {"<item/>", "<item id='1'/>", "<item><e xmlns='u:e'/></item>"})
    CHECK(scene.refused_set(alice, request(inside)) == "modify/bad-request item-forbidden");
}

TEST_CASE("§7.1.3.7 A172 §4.3 A028 everywhere else an item is required") {
  for (const auto& config :
       {Strings{}, Strings{"deliver_payloads=0"}, Strings{"persist_items=0"}}) {
    Scene scene;
    prepare(scene, config);
    CHECK(scene.refused_set(alice, request("")) == "modify/bad-request item-required");
  }
}

TEST_CASE("§7.1.3.7 A173 a payload node wants a payload") {
  for (const auto* persist : {"persist_items=1", "persist_items=0"}) {
    Scene scene;
    prepare(scene, {persist});
    for (const auto* inside : {"<item/>", "<item id='1'/>", "<item id='1'> \n\t</item>"})
      CHECK(scene.refused_set(alice, request(inside)) == "modify/bad-request payload-required");
  }
}

TEST_CASE(
    "§7.1.3.6 A169 more than one payload, or text for one: modify/bad-request invalid-payload") {
  for (const auto& config : {Strings{}, Strings{"deliver_payloads=0"}}) {
    Scene scene;
    prepare(scene, config);
    for (const auto* payload : {"<a xmlns='u:a'/><b xmlns='u:b'/>", "text", "<a xmlns='u:a'/>text"})
      CHECK(scene.refused_set(alice, request(item("1", payload))) ==
            "modify/bad-request invalid-payload");
    CHECK(scene.publish(alice, "n", "1", " \n<a xmlns='u:a'/> ").type == "result");
  }
}

TEST_CASE("§7.1.3.1 A164 A011 A013 A014 A015 without the right: auth/forbidden, nobody is told") {
  Scene scene;
  prepare(scene);
  for (const auto* affiliation : {"none", "member", "outcast"}) {
    scene.affiliate(alice, "n", "eve@e.example", affiliation);
    CHECK(scene.refused_set("eve@e.example/x", request(item("1"))) == "auth/forbidden");
  }
  for (const auto* affiliation : {"publisher", "publish-only", "owner"}) {
    scene.affiliate(alice, "n", "eve@e.example", affiliation);
    CHECK(scene.publish("eve@e.example/x", "n", affiliation).type == "result");
  }
}

TEST_CASE(
    "§16.4.4 trap: a bare JID that subscribed publishes from any resource, if subscribers may") {
  Scene scene;
  prepare(scene, {"publish_model=subscribers"});
  CHECK(scene.publish("bob@b.example/phone", "n", "1").type == "result");
  CHECK(scene.refused_set("eve@e.example", request(item("2"))) == "auth/forbidden");
  scene.unsubscribe(bob, "n");
  CHECK(scene.refused_set("bob@b.example/phone", request(item("2"))) == "auth/forbidden");
}

TEST_CASE("§7.1.1 A147 no NodeID: modify/bad-request nodeid-required") {
  Scene scene;
  CHECK(scene.refused_set(alice, request(item("1"), "")) == "modify/bad-request nodeid-required");
  CHECK(scene.refused_set(alice, pubsub("<publish>" + item("1") + "</publish>")) ==
        "modify/bad-request nodeid-required");
}

TEST_CASE("§7.1.3.3 A166 no node, and one may not be made: cancel/item-not-found") {
  auto policy = Scene::policy();
  policy.creators = {};
  Scene scene(policy);
  CHECK(scene.refused_set(alice, request(item("1"))) == "cancel/item-not-found");
}

TEST_CASE(
    "§7.1.4 A175 no node: it is made by publishing, with defaults, and the publisher owns it") {
  Scene scene;
  CHECK(scene.publish(alice, "n", "1").type == "result");
  CHECK(scene.item_ids(bob, "n") == Strings{"1"});
  const auto form = scene.get(alice, pubsub_owner("<configure node='n'/>"));
  CHECK(field_in(form.xml, "pubsub#access_model") == Strings{"open"});
  CHECK(field_in(form.xml, "pubsub#publish_model") == Strings{"publishers"});
  CHECK(scene.refused_set(bob, request(item("2"))) == "auth/forbidden");
}

TEST_CASE("§7.1.4 a publish that is refused makes no node") {
  Scene scene;
  for (const auto* inside : {"", "<item id='1'/>", "<item><a xmlns='u:a'/><b xmlns='u:b'/></item>"})
    CHECK(scene.refused_set(alice, request(inside)).starts_with("modify/bad-request"));
}

TEST_CASE("§7.1.3.5 A168 a payload over the limit: modify/not-acceptable payload-too-big") {
  auto policy = Scene::policy();
  policy.max_payload_size = 100;
  Scene scene(policy);
  prepare(scene);
  const auto payload = [](std::size_t text) {
    return "<e xmlns='u:e'>" + std::string(text, 'x') + "</e>";
  };
  CHECK(scene.publish(alice, "n", "1", payload(50)).type == "result");
  scene.events(bob);
  CHECK(scene.refused_set(alice, request(item("2", payload(101)))) ==
        "modify/not-acceptable payload-too-big");
}

TEST_CASE(
    "§7.1.2 A150 §12.1 A292 trap: an item published again is overwritten, and is the newest") {
  Scene scene;
  prepare(scene);
  scene.fill(alice, "n", 3);
  scene.events(bob);
  CHECK(scene.publish(alice, "n", "1", "<new xmlns='u:e'/>").type == "result");
  CHECK(scene.events(bob) ==
        Strings{event("<items node='n'><item id='1'><new xmlns='u:e'/></item></items>")});
  CHECK(scene.item_ids(bob, "n") == Strings{"2", "3", "1"});
  const auto newest = scene.get(bob, pubsub("<items node='n' max_items='2'/>"));
  CHECK(ids_in(newest.xml) == Strings{"3", "1"});
  CHECK(newest.xml.find("<new") != std::string::npos);
}

TEST_CASE("§7.1.3 A151 trap: one publisher overwrites the item of another") {
  Scene scene;
  prepare(scene, {"publish_model=open"});
  scene.publish(alice, "n", "1");
  CHECK(scene.publish("carol@c.example", "n", "1", "<new xmlns='u:e'/>").type == "result");
  CHECK(scene.item_ids(bob, "n") == Strings{"1"});
  // It is hers now.
  CHECK(scene.retract("carol@c.example", "n", "1").type == "result");
}

TEST_CASE("§12.9 A311 an ItemID is unique in its node, and another in the next") {
  Scene scene;
  prepare(scene);
  scene.create(alice, "m");
  scene.publish(alice, "n", "1", "<a xmlns='u:e'/>");
  scene.publish(alice, "m", "1", "<b xmlns='u:e'/>");
  CHECK(scene.items(bob, "n").xml.find("<a") != std::string::npos);
  CHECK(scene.items(bob, "m").xml.find("<b") != std::string::npos);
}

TEST_CASE("§12.11 A314 trap: of a batch every item is kept and told of, in order") {
  Scene scene;
  prepare(scene);
  CHECK(scene.set(alice, request(item("1") + item("2") + item("3"))).type == "result");
  CHECK(scene.item_ids(bob, "n") == Strings{"1", "2", "3"});
  Strings told;
  for (const auto& message : scene.heard(bob))
    for (auto& id : ids_in(message.xml)) told.push_back(std::move(id));
  CHECK(told == Strings{"1", "2", "3"});
}

TEST_CASE("§12.11 A314 a batch with one wrong item: none is published") {
  Scene scene;
  prepare(scene);
  for (const auto* wrong :
       {"<item id='2'/>", "<item><a xmlns='u:a'/><b xmlns='u:b'/></item>", "<nonsense/>"}) {
    CHECK(scene.refused_set(alice, request(item("1") + wrong)).starts_with("modify/bad-request"));
    CHECK(scene.refused_set(alice, request(wrong + item("1"))).starts_with("modify/bad-request"));
  }
}

TEST_CASE(
    "§12.11 A315 a batch of more than the node holds: cancel/not-allowed max-items-exceeded") {
  Scene scene;
  prepare(scene, {"max_items=2"});
  scene.fill(alice, "n", 1);
  scene.events(bob);
  CHECK(scene.refused_set(alice, request(item("7") + item("8") + item("9"))) ==
        "cancel/not-allowed max-items-exceeded");
  CHECK(scene.set(alice, request(item("7") + item("8"))).type == "result");
  CHECK(scene.item_ids(bob, "n") == Strings{"7", "8"});
}

TEST_CASE("§12.11 a batch that names one item twice keeps the later one") {
  Scene scene;
  prepare(scene, {"max_items=2"});
  scene.set(alice, request(item("1", "<a xmlns='u:e'/>") + item("1", "<b xmlns='u:e'/>")));
  CHECK(scene.item_ids(bob, "n") == Strings{"1"});
  CHECK(scene.items(bob, "n").xml.find("<b") != std::string::npos);
  scene.publish(alice, "n", "2");
  CHECK(scene.item_ids(bob, "n") == Strings{"1", "2"});
}

TEST_CASE("trap: pipelined publishes are kept and told of in their order") {
  Scene scene;
  prepare(scene);
  Strings stanzas;
  Strings ids;
  for (int i = 0; i < 200; ++i) {
    ids.push_back(fmt::format("{}", (i * 37) % 200));
    stanzas.push_back(iq("set", alice, request(item(ids.back()))));
  }
  scene.send_batch(stanzas);
  CHECK(scene.item_ids(bob, "n") == ids);
  Strings told;
  for (const auto& message : scene.heard(bob)) told.push_back(ids_in(message.xml).at(0));
  CHECK(told == ids);
}

}  // namespace crier::test
