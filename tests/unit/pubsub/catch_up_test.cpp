/// When durable subscribers who are behind catch up, besides when they come online; and that
/// nothing between two events makes them miss the second.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "pubsub/durable_subscriber.hpp"

namespace crier::test {

namespace {

Strings ids_of(const std::vector<Heard>& messages) {
  Strings ids;
  for (const auto& message : messages) {
    for (const auto& id : ids_in(message.xml)) ids.push_back(id);
    if (message.xml.find("<gap") != std::string::npos) ids.emplace_back("gap");
  }
  return ids;
}

void bounce(Scene& scene, const Heard& message) {
  scene.send(
      fmt::format("<message type='error' from='{}' to='pubsub.example.org' id='{}'>"
                  "<error type='wait'><remote-server-timeout "
                  "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
                  bob, attributes_of(message.xml, "message", "id").at(0)));
}

}  // namespace

TEST_CASE("events that nobody may hear of any more hide none of those behind them") {
  Scene scene;
  scene.create(alice, "c", {"node_type=collection"});
  scene.create(alice, "closed", {"collection=c", "access_model=whitelist"});
  scene.create(alice, "leaf", {"collection=c", "max_items=500"});
  scene.subscribe(bob, "c");
  set_options(scene, bob, "c", {"subscription_type=items", "x-durable=1"});
  scene.share_presence(bob);
  scene.publish(alice, "closed", "hidden");
  for (const auto& id : numbers(1, 150)) scene.publish(alice, "leaf", id);
  scene.remove(alice, "closed");
  scene.heard(bob);
  scene.come(bob_home);
  CHECK(ids_of(scene.heard(bob)) == numbers(1, 150));
}

TEST_CASE("§12.4 an event that is not stored comes again when it comes back") {
  Scene scene;
  subscribe_durably(scene, {"persist_items=0"});
  scene.publish(alice, "n", "1");
  const auto heard = scene.heard(bob);
  REQUIRE(ids_of(heard) == Strings{"1"});
  bounce(scene, heard[0]);
  scene.wait(std::chrono::minutes(2));
  CHECK(ids_of(scene.heard(bob)) == Strings{"1"});
}

TEST_CASE("§12.4 of an event that comes back when it is kept no longer a gap is told") {
  Scene scene;
  subscribe_durably(scene, {"persist_items=0"});
  scene.publish(alice, "n", "1");
  const auto heard = scene.heard(bob);
  scene.wait(std::chrono::hours(1));
  scene.publish(alice, "n", "2");
  scene.heard(bob);
  bounce(scene, heard[0]);
  scene.wait(std::chrono::minutes(2));
  CHECK(ids_of(scene.heard(bob)) == Strings{"gap", "2"});
}

TEST_CASE("§8.6 what happened while a subscription was pending comes with its approval") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  scene.send(
      fmt::format("<iq type='set' id='s' from='{}' to='pubsub.example.org'>"
                  "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                  "<subscribe node='n' jid='{}'/><options>"
                  "<x xmlns='jabber:x:data' type='submit'>"
                  "<field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub"
                  "#subscribe_options</value></field>"
                  "<field var='x-durable'><value>1</value></field></x></options>"
                  "</pubsub></iq>",
                  bob_home, bob));
  scene.publish(alice, "n", "1");
  CHECK(ids_of(scene.heard(bob)).empty());
  scene.set_subscription(alice, "n", bob, "subscribed");
  CHECK(ids_of(scene.heard(bob)) == Strings{"1"});
}

TEST_CASE("§12.3 whoever shows again what a subscription waits for gets what it has missed") {
  Scene scene;
  subscribe_durably(scene, {}, {"show-values=online"});
  scene.share_presence(bob);
  scene.come(bob_home);
  scene.come(bob_home, "<show>away</show>");
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).empty());
  scene.come(bob_home);
  CHECK(ids_of(scene.heard(bob)) == Strings{"1"});
}

TEST_CASE("who shares its presence no more is written to again, from where it was") {
  Scene scene;
  subscribe_durably(scene);
  scene.share_presence(bob);
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).empty());
  scene.send(fmt::format("<presence type='unsubscribed' from='{}' to='pubsub.example.org'/>", bob));
  CHECK(ids_of(scene.heard(bob)) == Strings{"1"});
}

TEST_CASE("a batch that fails does not end what somebody is being sent of what it has missed") {
  Scene scene;
  subscribe_durably(scene, {"max_items=500"});
  scene.share_presence(bob);
  for (const auto& id : numbers(1, 150)) scene.publish(alice, "n", id);
  scene.server_answers = false;
  scene.come(bob_home);
  auto ids = ids_of(scene.heard(bob));
  REQUIRE(ids.size() < 150);
  scene.store().fail_commit = true;
  CHECK(scene.publish(alice, "n", "lost").type == "error");
  scene.complaints.clear();
  scene.server_answers = true;
  scene.settle();
  scene.publish(alice, "n", "151");
  scene.settle();
  const auto more = ids_of(scene.heard(bob));
  CHECK(more.back() == "151");
  CHECK(std::set(more.begin(), more.end()).contains("150"));
}

TEST_CASE("questions about deliveries are asked however many others wait") {
  Questions questions;
  for (std::size_t i = 0; i < Questions::most; ++i)
    REQUIRE(questions.add(std::to_string(i), {QuestionKind::capabilities, "a", "", Time()}));
  CHECK_FALSE(questions.add("x", {QuestionKind::capabilities, "a", "", Time()}));
  CHECK(questions.add("y", {QuestionKind::delivery, "a", "", Time()}));
}

TEST_CASE("XEP-0312 §2 who returns gets the newest of what it has missed, some megabytes at most") {
  Scene scene;
  scene.create(alice, "n", {"presence_based_delivery=1", "max_payload_size=1000000"});
  scene.subscribe(bob, "n");
  const auto payload = "<e xmlns='u:e'>" + std::string(900'000, 'x') + "</e>";
  for (const auto& id : numbers(1, 6)) scene.publish(alice, "n", id, payload);
  scene.heard(bob);
  scene.come(bob_home, "<ago xmlns='urn:xmpp:ago:0' secs='86400'/>");
  CHECK(ids_of(scene.heard(bob_home)) == numbers(3, 6));
}

}  // namespace crier::test
