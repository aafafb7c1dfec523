#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

}  // namespace

TEST_CASE("§7.1.2 A152 exactly one notification to each subscriber for each publish") {
  Scene scene;
  scene.create(alice, "n");
  for (int i = 0; i < 50; ++i) scene.subscribe(fmt::format("u{}@b.example", i), "n");
  scene.publish(alice, "n", "1");
  for (int i = 0; i < 50; ++i) CHECK(scene.events(fmt::format("u{}@b.example", i)).size() == 1);
  CHECK(scene.events(bob).empty());
  CHECK(scene.events(alice).empty());
}

TEST_CASE("§12.4 A153 A300 trap: every message that leaves has an id, and no two the same") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub"});
  std::set<std::string> ids;
  std::size_t messages = 0;
  const auto gather = [&](std::string_view jid) {
    for (const auto& message : scene.heard(jid)) {
      const auto id = attributes_of(message.xml, "message", "id");
      REQUIRE(id.size() == 1);
      CHECK_FALSE(id[0].empty());
      ids.insert(id[0]);
      ++messages;
    }
  };
  for (int round = 0; round < 3; ++round) {
    scene.fill(alice, "n", 3);
    for (const auto* jid : {"bob@b.example", "carol@c.example"}) {
      scene.subscribe(jid, "n");
      scene.publish(alice, "n", "4");
      scene.retract(alice, "n", "4");
      scene.purge(alice, "n");
      scene.affiliate(alice, "n", jid, "outcast");
      scene.affiliate(alice, "n", jid, "none");
      gather(jid);
    }
    scene.restart();
  }
  CHECK(messages > 30);
  CHECK(ids.size() == messages);
}

TEST_CASE("§12.7 A306 events are headlines: they never wait in offline storage") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub"});
  scene.fill(alice, "n", 1);
  scene.subscribe(bob, "n");
  scene.publish(alice, "n", "2");
  scene.retract(alice, "n", "2");
  scene.purge(alice, "n");
  scene.remove(alice, "n");
  const auto heard = scene.heard(bob);
  CHECK(heard.size() == 5);
  for (const auto& message : heard) CHECK(message.type == "headline");
}

TEST_CASE("§6.1.7 A090 A091 on_sub: the last item comes, stamped with when it was published") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub"});
  scene.fill(alice, "n", 2);
  scene.now += std::chrono::hours(3) + std::chrono::milliseconds(250);
  scene.publish(alice, "n", "1", "<new xmlns='u:e'/>");
  scene.now += std::chrono::hours(24);
  scene.subscribe("bob@b.example/phone", "n");
  const auto heard = scene.heard("bob@b.example/phone");
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].event == event("<items node='n'><item id='1'><new xmlns='u:e'/></item></items>"));
  const auto document = parse_xml(heard[0].xml);
  const auto* delay = document->root().child("delay", "urn:xmpp:delay");
  REQUIRE(delay);
  const auto stamp = parse_datetime(delay->attribute_or("stamp", ""));
  CHECK(stamp == scene.now - std::chrono::hours(24));
  CHECK(delay->attribute_or("stamp", "").ends_with("Z"));
}

TEST_CASE(
    "§6.1.7 on_sub: without payload where the node delivers none, nothing where it is empty") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub", "deliver_payloads=0"});
  scene.subscribe(bob, "n");
  CHECK(scene.events(bob).empty());
  scene.fill(alice, "n", 1);
  scene.subscribe("carol@c.example", "n");
  CHECK(scene.events("carol@c.example") ==
        Strings{event("<items node='n'><item id='1'/></items>")});
}

TEST_CASE("§6.1.7 on_sub: once, not again for who is subscribed already") {
  auto policy = Scene::policy();
  policy.multi_subscribe = false;
  Scene scene(policy);
  scene.create(alice, "n", {"send_last_published_item=on_sub"});
  scene.fill(alice, "n", 1);
  scene.subscribe(bob, "n");
  scene.subscribe(bob, "n");
  CHECK(scene.events(bob).size() == 1);
}

TEST_CASE("§16.4.4 never: no last item; that is the default") {
  Scene scene;
  scene.create(alice, "n");
  scene.create(alice, "m", {"send_last_published_item=never"});
  for (const auto* node : {"n", "m"}) {
    scene.fill(alice, node, 1);
    scene.subscribe(bob, node);
    CHECK(scene.events(bob).empty());
  }
}

TEST_CASE("§14.3 A332 on_sub: no last item to who may not subscribe") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub", "access_model=whitelist"});
  scene.fill(alice, "n", 1);
  scene.subscribe(bob, "n");
  CHECK(scene.events(bob).empty());
}

TEST_CASE("§6.1.7 on_sub in one batch with publishes: the last item and what follows, each once") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub"});
  const auto publish = [](std::string_view id) {
    return iq("set", alice,
              pubsub(fmt::format("<publish node='n'><item id='{}'><e xmlns='u:e'/>"
                                 "</item></publish>",
                                 id)));
  };
  scene.send_batch({publish("1"), publish("2"),
                    iq("set", bob, pubsub("<subscribe node='n' jid='bob@b.example'/>")),
                    publish("3"), publish("4")});
  Strings told;
  for (const auto& message : scene.heard(bob)) told.push_back(ids_in(message.xml).at(0));
  CHECK(told == Strings{"2", "3", "4"});
}

TEST_CASE("§4.2 A020 in one batch: who leaves hears nothing, who comes nothing from before") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  const auto publish =
      iq("set", alice, pubsub("<publish node='n'><item id='1'><e xmlns='u:e'/></item></publish>"));
  scene.send_batch({
      publish,
      iq("set", "carol@c.example", pubsub("<subscribe node='n' jid='carol@c.example'/>")),
      iq("set", bob, pubsub("<unsubscribe node='n' jid='bob@b.example'/>")),
      iq("set", "dan@d.example", pubsub("<subscribe node='n' jid='dan@d.example'/>")),
  });
  CHECK(scene.events("carol@c.example").empty());
  CHECK(scene.events("dan@d.example").empty());
  CHECK(scene.events(bob).empty());
}

TEST_CASE("§7.1.2 of two nodes each tells its own subscribers") {
  Scene scene;
  for (const auto* node : {"n", "m"}) scene.create(alice, node);
  scene.subscribe(bob, "n");
  scene.publish(alice, "m", "1");
  CHECK(scene.events(bob).empty());
}

TEST_CASE("§7.1.2 a subscription is told of in the order in which things happened") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  const auto publish = [](std::string_view id) {
    return iq("set", alice,
              pubsub(fmt::format("<publish node='n'><item id='{}'><e xmlns='u:e'/>"
                                 "</item></publish>",
                                 id)));
  };
  scene.send_batch({publish("1"), publish("2"),
                    iq("set", alice, pubsub("<retract node='n'><item id='1'/></retract>")),
                    publish("3"), iq("set", alice, pubsub_owner("<purge node='n'/>")), publish("4"),
                    iq("set", alice, pubsub_owner("<delete node='n'/>"))});
  const auto item = [](int id) {
    return event(fmt::format("<items node='n'><item id='{}'><e xmlns='u:e'/></item></items>", id));
  };
  CHECK(scene.events(bob) ==
        Strings{item(1), item(2), event("<items node='n'><retract id='1'/></items>"), item(3),
                event("<purge node='n'/>"), item(4), event("<delete node='n'/>")});
}

TEST_CASE("trap: what a publish asks of the store does not depend on the number of subscribers") {
  Scene scene;
  scene.create(alice, "n");
  const auto questions = [&] {
    const auto before = scene.store().questions;
    scene.publish(alice, "n", "1");
    return scene.store().questions - before;
  };
  questions();
  const auto alone = questions();
  for (int i = 0; i < 100; ++i) scene.subscribe(fmt::format("u{}@b.example", i), "n");
  CHECK(questions() == alone);
}

TEST_CASE("trap: what a subscription asks of the store does not depend on how many there are") {
  Scene scene;
  scene.create(alice, "n");
  const auto questions = [&](std::string_view jid) {
    const auto before = scene.store().questions;
    scene.subscribe(jid, "n");
    return scene.store().questions - before;
  };
  const auto first = questions("first@b.example");
  for (int i = 0; i < 100; ++i) scene.subscribe(fmt::format("u{}@b.example", i), "n");
  CHECK(questions("last@b.example") == first);
}

}  // namespace crier::test
