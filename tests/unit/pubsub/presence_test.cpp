/// Presence: the service's own, and what it makes of that of others. RFC 6121 §3, §4; XEP-0060
/// §6.1.7, §12.5, §12.6; XEP-0312.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/options_requests.hpp"
#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";
constexpr auto bob_home = "bob@b.example/home";
constexpr auto bob_work = "bob@b.example/work";

void send_presence(Scene& scene, std::string_view from, std::string_view type) {
  scene.send_batch(
      {fmt::format("<presence type='{}' from='{}' to='pubsub.example.org'/>", type, from)});
}

}  // namespace

TEST_CASE("RFC 6121 §3.1 who asks for the service's presence gets it, and is asked for its own") {
  Scene scene;
  send_presence(scene, bob, "subscribe");
  CHECK(scene.presences(bob) == Strings{"subscribed", "available", "subscribe"});
  send_presence(scene, bob, "subscribe");
  CHECK(scene.presences(bob) == Strings{"subscribed", "available"});
  send_presence(scene, bob, "subscribed");
  CHECK(scene.presences(bob).empty());
}

TEST_CASE("RFC 6121 §3.3 who wants the service's presence no more gets none") {
  Scene scene;
  send_presence(scene, bob, "unsubscribe");
  CHECK(scene.presences(bob).empty());
  send_presence(scene, bob, "subscribe");
  scene.presences(bob);
  send_presence(scene, bob, "unsubscribe");
  CHECK(scene.presences(bob) == Strings{"unsubscribed", "unavailable"});
}

TEST_CASE("RFC 6121 §4.3.2 probes are answered by those who may know, after a restart too") {
  Scene scene;
  send_presence(scene, bob, "probe");
  CHECK(scene.presences(bob) == Strings{"unsubscribed"});
  send_presence(scene, bob, "subscribe");
  send_presence(scene, bob, "subscribed");
  scene.presences(bob);
  scene.restart();
  CHECK(scene.presences(bob) == Strings{"available", "probe"});
  send_presence(scene, bob, "probe");
  CHECK(scene.presences(bob) == Strings{"available"});
}

TEST_CASE("RFC 6121 §4.5.2 those who see the service's presence are told when it stops") {
  Scene scene;
  send_presence(scene, bob, "subscribe");
  send_presence(scene, "carol@c.example", "subscribe");
  send_presence(scene, "carol@c.example", "unsubscribe");
  scene.presences(bob);
  scene.presences("carol@c.example");
  scene.stop();
  CHECK(scene.presences(bob) == Strings{"unavailable"});
  CHECK(scene.presences("carol@c.example").empty());
  scene.lose_stream();
  scene.stop();
  CHECK(scene.presences(bob).empty());
}

TEST_CASE("RFC 6121 §3 a presence that nobody asked to be shared is not one that is") {
  Scene scene;
  send_presence(scene, bob, "subscribed");
  scene.restart();
  CHECK(scene.presences(bob).empty());
}

TEST_CASE(
    "§12.6 A305 presence_based_delivery: the presence of subscribers is asked for, and only "
    "those who are online are notified") {
  Scene scene;
  scene.create(alice, "n", {"presence_based_delivery=1"});
  scene.subscribe(bob, "n");
  CHECK(scene.presences(bob) == Strings{"subscribe"});
  scene.share_presence(bob);
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).empty());
  scene.come(bob_home);
  scene.publish(alice, "n", "2");
  CHECK(scene.events(bob).size() == 1);
  scene.leave(bob_home);
  scene.publish(alice, "n", "3");
  CHECK(scene.events(bob).empty());
  scene.come(bob_home);
  scene.lose_stream();
  scene.connect();
  scene.publish(alice, "n", "4");
  CHECK(scene.events(bob).empty());
}

TEST_CASE("§12.6 a full JID that is subscribed is online when that resource is") {
  Scene scene;
  scene.create(alice, "n", {"presence_based_delivery=1"});
  scene.subscribe(bob_home, "n");
  scene.come(bob_work);
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob_home).empty());
  scene.come(bob_home);
  scene.publish(alice, "n", "2");
  CHECK(scene.events(bob_home).size() == 1);
}

TEST_CASE("§6.3.3 show-values: only somebody as available as that is notified") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  set_options(scene, bob, "n", {"show-values=chat|online"});
  CHECK(scene.presences(bob) == Strings{"subscribe"});
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).empty());
  scene.come(bob_home, "<show>away</show>");
  scene.publish(alice, "n", "2");
  CHECK(scene.events(bob).empty());
  scene.come(bob_work, "<show>chat</show>");
  scene.publish(alice, "n", "3");
  CHECK(scene.events(bob).size() == 1);
  scene.come(bob_work, "<show>dnd</show>");
  scene.publish(alice, "n", "4");
  CHECK(scene.events(bob).empty());
  scene.come(bob_home);
  scene.publish(alice, "n", "5");
  CHECK(scene.events(bob).size() == 1);
}

TEST_CASE(
    "§6.1.7 on_sub_and_presence: each resource gets the last item when it comes "
    "online, with the time") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub_and_presence"});
  scene.fill(alice, "n", 3);
  scene.subscribe(bob, "n");
  CHECK(ids_in(scene.heard(bob).at(0).xml) == Strings{"3"});
  scene.come(bob_home);
  const auto heard = scene.heard(bob_home);
  REQUIRE(heard.size() == 1);
  CHECK(ids_in(heard[0].xml) == Strings{"3"});
  CHECK(attributes_of(heard[0].xml, "delay", "stamp") == Strings{"2024-05-01T00:00:00Z"});
  scene.come(bob_home, "<show>away</show>");
  CHECK(scene.heard(bob_home).empty());
  scene.come(bob_work);
  CHECK(scene.heard(bob_work).size() == 1);
  CHECK(scene.heard(bob_home).empty());
  scene.leave(bob_home);
  scene.come(bob_home);
  CHECK(scene.heard(bob_home).size() == 1);
}

TEST_CASE("§12.5 A303 expire=presence: the subscription ends when the last resource goes") {
  Scene scene;
  scene.create(alice, "n", {"notify_sub=1"});
  scene.subscribe(bob, "n");
  set_options(scene, bob, "n", {"expire=presence"});
  scene.come(bob_home);
  scene.come(bob_work);
  scene.leave(bob_home);
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).size() == 1);
  scene.heard("alice@a.example");
  scene.leave(bob_work);
  scene.publish(alice, "n", "2");
  CHECK(scene.events(bob).empty());
  CHECK(scene.heard("alice@a.example").size() == 1);
}

TEST_CASE("§12.5 A304 tempsub: all subscriptions end with presence") {
  Scene scene;
  scene.create(alice, "n", {"tempsub=1"});
  scene.subscribe(bob, "n");
  scene.come(bob_home);
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).size() == 1);
  scene.leave(bob_home);
  scene.publish(alice, "n", "2");
  CHECK(scene.events(bob).empty());
}

TEST_CASE(
    "§12.5 A303 A304 a temporary subscription ends after a restart if its subscriber is "
    "gone") {
  Scene scene;
  scene.create(alice, "n", {"tempsub=1"});
  for (const auto* jid : {"bob@b.example", "carol@c.example"}) {
    scene.subscribe(jid, "n");
    scene.share_presence(jid);
    scene.come(std::string(jid) + "/x");
  }
  scene.restart();
  scene.come("carol@c.example/x");
  scene.wait(std::chrono::minutes(10));
  scene.publish(alice, "n", "1");
  CHECK(scene.events("bob@b.example").empty());
  CHECK(scene.events("carol@c.example").size() == 1);
}

TEST_CASE("§16.4.4 purge_offline: what a publisher has published goes with it") {
  Scene scene;
  scene.create(alice, "n", {"purge_offline=1", "publish_model=open", "notify_retract=1"});
  scene.subscribe("carol@c.example", "n");
  scene.come(bob_home);
  scene.publish(alice, "n", "1");
  scene.publish(bob_home, "n", "2");
  scene.publish(bob_home, "n", "3");
  CHECK(scene.events("carol@c.example").size() == 3);
  scene.leave(bob_home);
  CHECK(scene.item_ids(alice, "n") == Strings{"1"});
  CHECK(scene.events("carol@c.example") ==
        Strings{event("<items node='n'><retract id='2'/><retract id='3'/></items>")});
}

TEST_CASE("§16.4.4 purge_offline: all goes, however much it is") {
  Scene scene;
  scene.create(alice, "n", {"purge_offline=1", "publish_model=open", "max_items=5000"});
  scene.come(bob_home);
  scene.publish(alice, "n", "a");
  for (int number = 0; number < 2'500; ++number)
    scene.publish(bob_home, "n", std::to_string(number));
  for (int node = 0; node < 150; ++node) {
    const auto name = "n" + std::to_string(node);
    scene.create(alice, name, {"purge_offline=1", "publish_model=open", "max_items=5000"});
    scene.publish(bob_home, name, "1");
  }
  scene.leave(bob_home);
  CHECK(scene.item_ids(alice, "n") == Strings{"a"});
  for (int node = 0; node < 150; ++node)
    CHECK(scene.item_ids(alice, "n" + std::to_string(node)).empty());
}

TEST_CASE("§16.4.4 purge_offline: what is left of somebody who is back goes the next time") {
  Scene scene;
  scene.create(alice, "n", {"purge_offline=1", "publish_model=open", "max_items=5000"});
  scene.come(bob_home);
  for (int number = 0; number < 1'500; ++number)
    scene.publish(bob_home, "n", std::to_string(number));
  scene.send_batch(
      {fmt::format("<presence type='unavailable' from='{}' to='pubsub.example.org'/>", bob_home),
       fmt::format("<presence from='{}' to='pubsub.example.org'/>", bob_home)});
  CHECK(scene.item_ids(alice, "n").size() == 500);
  scene.leave(bob_home);
  CHECK(scene.item_ids(alice, "n").empty());
}

TEST_CASE("invariant 2: a fan-out to those who are online goes on when the stream was lost") {
  Scene scene;
  scene.create(alice, "n", {"presence_based_delivery=1"});
  const std::vector<std::string> jids{"bob@b.example", "carol@c.example", "dave@d.example"};
  for (const auto& jid : jids) {
    scene.subscribe(jid, "n");
    if (jid != jids[2]) scene.come(jid + "/x");
  }
  for (const auto& jid : jids) scene.heard(jid);
  scene.server_takes = false;
  scene.publish(alice, "n", "1");
  scene.take_some(1);
  scene.lose_stream();
  scene.connect();
  scene.take_some(10);
  for (const auto& jid : jids) CHECK(scene.heard(jid).size() == (jid == jids[2] ? 0 : 1));
  scene.server_takes = true;
  scene.publish(alice, "n", "2");
  for (const auto& jid : jids) CHECK(scene.heard(jid).empty());
}

TEST_CASE("§12.5 A303 what ends with presence ends when the batch had to be taken apart") {
  Scene scene;
  scene.create(alice, "n", {"tempsub=1"});
  scene.subscribe("bob@b.example", "n");
  scene.come("bob@b.example/x");
  scene.store().fail_commit = true;
  scene.leave("bob@b.example/x");
  scene.complaints.clear();
  scene.leave("bob@b.example/x");
  CHECK(scene.get(alice, pubsub_owner("<subscriptions node='n'/>")).payload.find("bob") ==
        std::string::npos);
}

TEST_CASE("XEP-0312 §2 a resource that says for how long it was away gets what it has missed") {
  Scene scene;
  scene.create(alice, "n", {"presence_based_delivery=1"});
  scene.subscribe(bob, "n");
  scene.publish(alice, "n", "old");
  scene.wait(std::chrono::hours(1));
  scene.publish(alice, "n", "1");
  scene.publish(alice, "n", "2");
  scene.publish(alice, "n", "1");
  scene.wait(std::chrono::minutes(10));
  scene.come(bob_home, "<ago xmlns='urn:xmpp:ago:0' secs='900'/>");
  Strings ids;
  for (const auto& message : scene.heard(bob_home)) {
    for (const auto& id : ids_in(message.xml)) ids.push_back(id);
    CHECK(attributes_of(message.xml, "delay", "stamp") == Strings{"2024-05-01T01:00:00Z"});
  }
  CHECK(ids == Strings{"2", "1"});
  scene.come(bob_home, "<ago xmlns='urn:xmpp:ago:0' secs='9000'/>");
  CHECK(scene.heard(bob_home).empty());
}

TEST_CASE("presence that makes no sense changes nothing") {
  Scene scene;
  scene.create(alice, "n", {"presence_based_delivery=1"});
  scene.subscribe(bob, "n");
  const auto before = scene.stored();
  for (const auto* inside :
       {"<show>sleeping</show>", "<priority>high</priority>", "<priority>999999999999</priority>",
        "<ago xmlns='urn:xmpp:ago:0' secs='-1'/>", "<ago xmlns='urn:xmpp:ago:0'/>",
        "<ago xmlns='urn:xmpp:ago:0' secs='99999999999999999999'/>"}) {
    scene.come(bob_home, inside);
    scene.leave(bob_home);
  }
  send_presence(scene, bob_home, "sometimes");
  CHECK(scene.stored() == before);
}

}  // namespace crier::test
