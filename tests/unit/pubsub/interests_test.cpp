/// Filtered notifications: XEP-0060 §9.2, §12.2; XEP-0115, XEP-0390.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/interested_scene.hpp"

namespace crier::test {

namespace {

constexpr auto bob = "bob@b.example/home";
constexpr auto bob_work = "bob@b.example/work";
constexpr auto carol = "carol@c.example/z";

}  // namespace

TEST_CASE("§9.2 filtered notifications are advertised") {
  Scene scene;
  const auto info = scene.get(alice, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
  CHECK(info.xml.find("'http://jabber.org/protocol/pubsub#filtered-notifications'") !=
        std::string::npos);
}

TEST_CASE("§12.2 A296 who tells an interest by its capabilities is notified, while it is online") {
  WithNode scene({"send_last_published_item=never"});
  scene.publish(alice, "n", "1");
  CHECK(scene.told(bob) == 0);
  scene.come_with(bob, likes_n);
  CHECK(scene.asked_clients() == Strings{bob});
  scene.publish(alice, "n", "2");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].event == event("<items node='n'><item id='2'><e xmlns='u:e'/></item></items>"));
  CHECK(heard[0].type == "headline");
  scene.retract(alice, "n", "2");
  CHECK(scene.events(bob) == Strings{event("<items node='n'><retract id='2'/></items>")});
  scene.purge(alice, "n");
  CHECK(scene.events(bob) == Strings{event("<purge node='n'/>")});
  scene.leave(bob);
  scene.publish(alice, "n", "3");
  CHECK(scene.told(bob) == 0);
}

TEST_CASE("§12.2 who is interested is notified alike where the server makes the copies") {
  WithNode scene({"send_last_published_item=never"});
  scene.copier = Copier::server;
  for (const auto* client : {bob, bob_work, carol}) scene.come_with(client, likes_n);
  for (int number = 2; number < 4; ++number) scene.publish(alice, "n", std::to_string(number));
  for (const auto* client : {bob, bob_work, carol})
    CHECK(scene.events(client) ==
          Strings{event("<items node='n'><item id='2'><e xmlns='u:e'/></item></items>"),
                  event("<items node='n'><item id='3'><e xmlns='u:e'/></item></items>")});
}

TEST_CASE("§9.2 A284 nobody hears of nodes that its capabilities show no interest in") {
  WithNode scene;
  scene.create(alice, "m", on_presence);
  scene.fill(alice, "m", 1);
  scene.come_with(bob, {"n", "u:client", "mm+notify", "+notify", "n+notify+notify"});
  scene.publish(alice, "n", "2");
  scene.publish(alice, "m", "2");
  CHECK(scene.told(bob) == 0);
}

TEST_CASE("§12.2 A295 A286 the last item is sent once, at the first presence with the interest") {
  WithNode scene;
  scene.fill(alice, "n", 3);
  scene.come_with(bob, likes_n);
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].event == event("<items node='n'><item id='3'><e xmlns='u:e'/></item></items>"));
  // XEP-0203
  CHECK(attributes_of(heard[0].xml, "delay", "stamp").size() == 1);
  // The same capabilities again; without any, nothing has changed.
  scene.come_with(bob, likes_n);
  scene.come(bob, "<show>away</show>");
  CHECK(scene.told(bob) == 0);
  scene.publish(alice, "n", "4");
  CHECK(scene.told(bob) == 1);
  // For each time that it comes online, and each resource.
  scene.leave(bob);
  scene.come_with(bob, likes_n);
  CHECK(scene.told(bob) == 1);
  scene.come_with(bob_work, likes_n);
  CHECK(scene.told(bob_work) == 1);
  CHECK(scene.told(bob) == 0);
}

TEST_CASE("§12.2 A286 of other capabilities, what is a new interest counts") {
  WithNode scene;
  scene.create(alice, "m", on_presence);
  scene.fill(alice, "m", 1);
  scene.come_with(bob, likes_n);
  scene.heard(bob);
  scene.come_with(bob, {"n+notify", "m+notify"});
  CHECK(scene.events(bob) ==
        Strings{event("<items node='m'><item id='1'><e xmlns='u:e'/></item></items>")});
  scene.come_with(bob, {"u:client"});
  scene.publish(alice, "n", "2");
  CHECK(scene.told(bob) == 0);
  // All of them are known by now.
  scene.asked_clients();
  scene.come_with(bob, likes_n);
  CHECK(scene.asked_clients().empty());
  CHECK(scene.told(bob) == 1);
}

TEST_CASE("§12.2 what is published while new capabilities are unknown is not lost") {
  WithNode scene;
  scene.come_with(bob, likes_n);
  scene.heard(bob);
  scene.now += std::chrono::seconds(1);
  scene.server_answers = false;
  scene.come_with(bob, {"n+notify", "u:new"});
  scene.now += std::chrono::seconds(1);
  SUBCASE("nothing") {
    scene.server_answers = true;
    scene.settle();
    CHECK(scene.told(bob) == 0);
  }
  SUBCASE("an item") {
    scene.publish(alice, "n", "2");
    scene.server_answers = true;
    scene.settle();
    CHECK(ids_in(scene.heard(bob).at(0).xml) == Strings{"2"});
  }
}

TEST_CASE("what waits when the store fails is done when it works again") {
  WithNode scene;
  scene.set(carol, pubsub(fmt::format("<subscribe node='n' jid='{}'/>", carol)));
  scene.heard(carol);
  scene.come_with(bob, likes_n);
  scene.leave(bob);
  scene.heard(bob);
  scene.store().fail_commit = true;
  scene.batch().handle(
      *parse_xml(fmt::format("<presence from='{}' to='pubsub.example.org'/>", carol)));
  CHECK(scene.batch().commit().stanzas.empty());
  scene.complaints.clear();
  scene.come_with(bob, likes_n);
  CHECK(scene.told(bob) == 1);
  CHECK(scene.told(carol) == 1);
  scene.leave(carol);
  // The presence itself needs no store; what follows from it does.
  scene.batch().handle(
      *parse_xml(fmt::format("<presence from='{}' to='pubsub.example.org'/>", carol)));
  scene.batch().commit();
  scene.store().fail_commit = true;
  CHECK(scene.batch().work().stanzas.empty());
  scene.complaints.clear();
  // It does not try again at once.
  CHECK_FALSE(scene.batch().has_work());
  scene.wait(std::chrono::seconds(2));
  CHECK(scene.told(carol) == 1);
}

TEST_CASE("§12.2 the last item follows send_last_published_item") {
  for (const auto* when : {"never", "on_sub"}) {
    CAPTURE(when);
    WithNode scene({fmt::format("send_last_published_item={}", when)});
    scene.come_with(bob, likes_n);
    CHECK(scene.told(bob) == 0);
  }
  WithNode mute({"send_last_published_item=on_sub_and_presence", "deliver_notifications=0"});
  mute.come_with(bob, likes_n);
  mute.publish(alice, "n", "2");
  CHECK(mute.told(bob) == 0);
}

TEST_CASE("§12.2 who is subscribed hears of it as a subscriber, once") {
  WithNode scene;
  scene.subscribe("bob@b.example", "n");
  scene.heard("bob@b.example");
  scene.come_with(bob, likes_n);
  // As §6.1.7 has it.
  CHECK(scene.told(bob) == 1);
  scene.publish(alice, "n", "2");
  CHECK(scene.told("bob@b.example") == 1);
  CHECK(scene.told(bob) == 0);
  // A subscription of one resource is none of the other.
  scene.unsubscribe("bob@b.example", "n");
  scene.subscribe(bob_work, "n");
  scene.heard(bob_work);
  scene.come_with(bob_work, likes_n);
  scene.heard(bob_work);
  scene.publish(alice, "n", "3");
  CHECK(scene.told(bob_work) == 1);
  CHECK(scene.told(bob) == 1);
}

TEST_CASE("§9.2 A285 capabilities that are not what the hash says are not believed") {
  WithNode scene;
  // Says something else than it has promised.
  scene.come_with(bob, {"u:client"});
  scene.leave(bob);
  const auto honest = scene.clients[bob];
  scene.come_with(carol, likes_n);
  CHECK(scene.told(carol) == 1);
  scene.leave(carol);
  Scene other;
  other.create(alice, "n", on_presence);
  other.fill(alice, "n", 1);
  other.server_answers = false;
  other.come_with(bob, {"u:client"});
  other.clients[bob] = scene.clients[carol];
  other.server_answers = true;
  other.settle();
  CHECK(other.heard(bob).empty());
  other.publish(alice, "n", "2");
  CHECK(other.heard(bob).empty());
}

TEST_CASE("XEP-0115 §5 one of many with the same software is asked; each gets the last item") {
  WithNode scene;
  scene.server_answers = false;
  for (int i = 0; i < 50; ++i) scene.come_with(fmt::format("u{}@b.example/x", i), likes_n);
  scene.server_answers = true;
  scene.settle();
  CHECK(scene.asked_clients().size() == 1);
  for (int i = 0; i < 50; ++i) CHECK(scene.told(fmt::format("u{}@b.example/x", i)) == 1);
  scene.publish(alice, "n", "2");
  for (int i = 0; i < 50; ++i) CHECK(scene.told(fmt::format("u{}@b.example/x", i)) == 1);
}

TEST_CASE("XEP-0115 §5.4 when the one that is asked does not answer, another is") {
  WithNode scene;
  scene.server_answers = false;
  scene.come_with(bob, likes_n);
  scene.come_with(carol, likes_n);
  scene.clients.erase(bob);
  SUBCASE("it answers with an error") {}
  SUBCASE("it goes offline") {
    scene.leave(bob);
  }
  SUBCASE("it says nothing") {
    scene.lose_answers();
    scene.wait(std::chrono::minutes(2));
  }
  scene.server_answers = true;
  scene.settle();
  CHECK(scene.asked_clients() == Strings{bob, carol});
  CHECK(scene.told(carol) == 1);
}

TEST_CASE("§12.2 a node that comes later is as good; one that is deleted says so") {
  Scene scene;
  scene.come_with(bob, likes_n);
  scene.create(alice, "n", on_presence);
  scene.fill(alice, "n", 1);
  CHECK(scene.heard(bob).size() == 1);
  scene.leave(bob);
  scene.come_with(bob, likes_n);
  CHECK(scene.heard(bob).size() == 1);
  scene.remove(alice, "n");
  CHECK(scene.events(bob) == Strings{event("<delete node='n'/>")});
  scene.leave(bob);
  scene.come_with(bob, likes_n);
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§12.2 an event finds those who were interested when it happened, each once") {
  WithNode scene({"send_last_published_item=never"});
  scene.come_with(bob, likes_n);
  const auto left = scene.send_batch(
      {iq("set", alice, pubsub("<publish node='n'><item id='2'/></publish>")),
       "<presence type='unavailable' from='bob@b.example/home' to='pubsub.example.org'/>",
       fmt::format("<presence from='{}' to='pubsub.example.org'/>", carol)});
  CHECK(scene.told(bob) == 0);
  scene.come_with(bob, likes_n);
  scene.publish(alice, "n", "3");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  // §12.4
  CHECK(attributes_of(heard[0].xml, "message", "id")[0] != "");
}

TEST_CASE("§12.4 an interest's notification that comes back ends nobody's subscription") {
  WithNode scene({"send_last_published_item=never"});
  scene.come_with(bob, likes_n);
  scene.subscribe(carol, "n");
  scene.publish(alice, "n", "2");
  const auto id = attributes_of(scene.heard(bob).at(0).xml, "message", "id")[0];
  for (int i = 0; i < 20; ++i)
    scene.send_batch(
        {fmt::format("<message type='error' from='{}' to='pubsub.example.org' "
                     "id='{}'><error type='cancel'><gone "
                     "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
                     bob, id)});
  scene.publish(alice, "n", "3");
  CHECK(scene.told(carol) == 2);
}

TEST_CASE("what the service knows of interests is forgotten with the stream") {
  WithNode scene;
  scene.come_with(bob, likes_n);
  scene.heard(bob);
  scene.lose_stream();
  scene.connect();
  scene.publish(alice, "n", "2");
  CHECK(scene.told(bob) == 0);
  scene.come_with(bob, likes_n);
  CHECK(scene.told(bob) == 1);
}

}  // namespace crier::test
