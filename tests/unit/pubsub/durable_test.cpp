/// Durable subscriptions: what waits for whom, what is confirmed, what comes again.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/durable_subscriber.hpp"

namespace crier::test {

namespace {

/// Bob has a durable subscription to alice's node, and shares his presence.
void begin(Scene& scene, const Strings& config = {}, const Strings& options = {}) {
  subscribe_durably(scene, config, options);
  scene.share_presence(bob);
  scene.presences(bob);
}

/// The ids of the items that a JID was sent, and those that were retracted with a minus sign.
Strings news(Scene& scene, std::string_view jid = bob) {
  Strings ids;
  for (const auto& message : scene.heard(jid)) {
    for (const auto& id : ids_in(message.xml)) ids.push_back(id);
    for (const auto& id : attributes_of(message.xml, "retract", "id")) ids.push_back("-" + id);
    if (message.xml.find("<purge") != std::string::npos) ids.emplace_back("purge");
    if (message.xml.find("<gap") != std::string::npos) ids.emplace_back("gap");
  }
  return ids;
}

}  // namespace

TEST_CASE("a durable subscriber who is online is notified at once") {
  Scene scene;
  begin(scene);
  scene.come(bob_home);
  scene.publish(alice, "n", "1");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].type == "normal");
  CHECK(heard[0].event == event("<items node='n'><item id='1'><e xmlns='u:e'/></item></items>"));
  CHECK(attributes_of(heard[0].xml, "stanza-id", "by") == Strings{"pubsub.example.org"});
  CHECK(attributes_of(heard[0].xml, "delay", "stamp").empty());
}

TEST_CASE(
    "what is published while a durable subscriber is away comes when it does, in order, once, "
    "with the time") {
  Scene scene;
  begin(scene);
  scene.fill(alice, "n", 250);
  CHECK(news(scene).empty());
  scene.wait(std::chrono::hours(1));
  scene.come(bob_home);
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 250);
  CHECK(attributes_of(heard[0].xml, "delay", "stamp") == Strings{"2024-05-01T00:00:00Z"});
  Strings ids;
  for (const auto& message : heard)
    for (const auto& id : ids_in(message.xml)) ids.push_back(id);
  CHECK(ids == numbers(1, 250));
  scene.leave(bob_home);
  scene.come(bob_home);
  CHECK(news(scene).empty());
  scene.publish(alice, "n", "251");
  CHECK(news(scene) == Strings{"251"});
}

TEST_CASE("a durable subscription outlives restarts, with all it has missed") {
  Scene scene;
  begin(scene);
  for (int id = 1; id <= 30; ++id) {
    scene.publish(alice, "n", std::to_string(id));
    if (id % 10 == 0) scene.restart();
  }
  scene.come(bob_home);
  CHECK(news(scene) == numbers(1, 30));
  scene.restart();
  scene.come(bob_home);
  CHECK(news(scene).empty());
}

TEST_CASE("what the server has not confirmed is sent again, with the same stanza-id") {
  Scene scene;
  begin(scene);
  scene.come(bob_home);
  scene.publish(alice, "n", "1");
  CHECK(news(scene) == Strings{"1"});
  scene.server_answers = false;
  scene.publish(alice, "n", "2");
  const auto first = scene.heard(bob);
  REQUIRE(first.size() == 1);
  scene.lose_stream();
  scene.server_answers = true;
  scene.connect();
  scene.come(bob_home);
  const auto second = scene.heard(bob);
  REQUIRE(second.size() == 1);
  CHECK(ids_in(second[0].xml) == Strings{"2"});
  CHECK(attributes_of(second[0].xml, "stanza-id", "id") ==
        attributes_of(first[0].xml, "stanza-id", "id"));
}

TEST_CASE(
    "of items that were changed or are gone, the last version is sent, and what is gone is "
    "told of") {
  Scene scene;
  begin(scene, {"notify_retract=1"});
  scene.fill(alice, "n", 4);
  scene.publish(alice, "n", "1", "<new xmlns='u:e'/>");
  scene.retract(alice, "n", "2");
  scene.come(bob_home);
  CHECK(news(scene) == Strings{"3", "4", "1", "-2"});
  scene.leave(bob_home);
  scene.publish(alice, "n", "5");
  scene.purge(alice, "n");
  scene.publish(alice, "n", "6");
  scene.come(bob_home);
  CHECK(news(scene) == Strings{"purge", "6"});
}

TEST_CASE("a durable subscription that wants every version gets every version") {
  Scene scene;
  begin(scene, {"notify_retract=1"}, {"x-versions=every"});
  scene.publish(alice, "n", "1", "<a xmlns='u:e'/>");
  scene.publish(alice, "n", "1", "<b xmlns='u:e'/>");
  scene.publish(alice, "n", "2");
  scene.retract(alice, "n", "2");
  scene.come(bob_home);
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 4);
  CHECK(heard[0].event == event("<items node='n'><item id='1'><a xmlns='u:e'/></item></items>"));
  CHECK(heard[1].event == event("<items node='n'><item id='1'><b xmlns='u:e'/></item></items>"));
  scene.publish(alice, "n", "3");
  CHECK(news(scene) == Strings{"3"});
}

TEST_CASE("a durable subscription to a node that keeps nothing gets its events all the same") {
  Scene scene;
  begin(scene, {"persist_items=0"});
  scene.fill(alice, "n", 3);
  scene.come(bob_home);
  CHECK(news(scene) == numbers(1, 3));
}

TEST_CASE("a durable subscription begins when it is made, and ends when it is none") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 3);
  scene.subscribe(bob, "n");
  set_options(scene, bob, "n", {"x-durable=1"});
  scene.share_presence(bob);
  scene.publish(alice, "n", "4");
  scene.come(bob_home);
  CHECK(news(scene) == Strings{"4"});
  scene.leave(bob_home);
  scene.publish(alice, "n", "5");
  set_options(scene, bob, "n", {"x-durable=0"});
  CHECK(news(scene).empty());
  scene.publish(alice, "n", "6");
  CHECK(news(scene) == Strings{"6"});
  set_options(scene, bob, "n", {"x-durable=1"});
  scene.publish(alice, "n", "7");
  scene.come(bob_home);
  CHECK(news(scene) == Strings{"7"});
}

TEST_CASE("one joins while another is behind, and gets nothing of what was before") {
  Scene scene;
  begin(scene);
  scene.fill(alice, "n", 3);
  scene.subscribe("carol@c.example", "n");
  set_options(scene, "carol@c.example", "n", {"x-durable=1"});
  scene.share_presence("carol@c.example");
  scene.publish(alice, "n", "4");
  scene.come("carol@c.example/x");
  CHECK(news(scene, "carol@c.example") == Strings{"4"});
  scene.come(bob_home);
  CHECK(news(scene) == numbers(1, 4));
}

TEST_CASE("a node whose owner says so makes new subscriptions durable") {
  Scene scene;
  scene.create(alice, "n", {"x-durable=1"});
  scene.subscribe(bob, "n");
  CHECK(scene.presences(bob) == Strings{"subscribe"});
  scene.share_presence(bob);
  scene.fill(alice, "n", 3);
  scene.come(bob_home);
  CHECK(news(scene) == numbers(1, 3));
}

TEST_CASE("the first durable subscription after the last one begins anew, whatever is on its way") {
  Scene scene;
  begin(scene);
  scene.come(bob_home);
  scene.server_answers = false;
  scene.publish(alice, "n", "1");
  CHECK(news(scene) == Strings{"1"});
  scene.unsubscribe(bob, "n");
  scene.subscribe(bob, "n");
  set_options(scene, bob, "n", {"x-durable=1"});
  scene.publish(alice, "n", "2");
  CHECK(news(scene) == Strings{"2"});
  scene.server_answers = true;
  scene.settle();
  scene.publish(alice, "n", "3");
  CHECK(news(scene) == Strings{"3"});
  scene.leave(bob_home);
  scene.publish(alice, "n", "4");
  scene.come(bob_home);
  CHECK(news(scene) == Strings{"4"});
}

TEST_CASE("filters and collections hold for what was missed as well") {
  Scene scene;
  begin(scene, {}, {"x-payload-namespace=u:wanted"});
  scene.publish(alice, "n", "1", "<e xmlns='u:other'/>");
  scene.publish(alice, "n", "2", "<e xmlns='u:wanted'/>");
  scene.come(bob_home);
  CHECK(news(scene) == Strings{"2"});

  scene.leave(bob_home);
  scene.create(alice, "c", {"node_type=collection"});
  scene.create(alice, "leaf", {"collection=c"});
  scene.subscribe(bob, "c");
  set_options(scene, bob, "c", {"subscription_type=items", "x-durable=1"});
  scene.publish(alice, "leaf", "3");
  scene.come(bob_home);
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(ids_in(heard[0].xml) == Strings{"3"});
  CHECK(texts_of(heard[0].xml, "header") == Strings{"c"});
}

TEST_CASE(
    "who has been away for longer than events are kept is told so, and gets the items that are "
    "there") {
  auto policy = Scene::policy();
  policy.max_event_age = std::chrono::hours(1);
  Scene scene(policy);
  begin(scene, {"notify_retract=1"});
  scene.fill(alice, "n", 3);
  scene.retract(alice, "n", "2");
  scene.wait(std::chrono::hours(2));
  scene.publish(alice, "n", "4");
  scene.come(bob_home);
  CHECK(news(scene) == Strings{"gap", "1", "3", "4"});
}

TEST_CASE("the events that are kept take no more than the policy allows") {
  auto policy = Scene::policy();
  policy.max_event_bytes_per_node = 2000;
  Scene scene(policy);
  begin(scene, {"persist_items=0"});
  scene.fill(alice, "n", 100);
  scene.come(bob_home);
  const auto ids = news(scene);
  REQUIRE(ids.size() > 3);
  CHECK(ids.size() < 30);
  CHECK(ids.front() == "gap");
  CHECK(ids.back() == "100");
}

TEST_CASE("XEP-0184 §5 with receipts the client's word counts, not the server's") {
  Scene scene;
  begin(scene, {}, {"x-acknowledgement=receipt"});
  scene.come(bob_home);
  scene.fill(alice, "n", 2);
  const auto first = scene.heard(bob);
  REQUIRE(first.size() == 1);
  CHECK(first[0].xml.find("<request xmlns='urn:xmpp:receipts'") != std::string::npos);
  const auto receipt = [&](const Heard& heard) {
    scene.send_batch(
        {fmt::format("<message from='{}' to='pubsub.example.org'>"
                     "<received xmlns='urn:xmpp:receipts' id='{}'/></message>",
                     bob_home, attributes_of(heard.xml, "message", "id").at(0))});
  };
  receipt(first[0]);
  const auto second = scene.heard(bob);
  REQUIRE(second.size() == 1);
  CHECK(ids_in(second[0].xml) == Strings{"2"});
  scene.restart();
  scene.come(bob_home);
  const auto again = scene.heard(bob);
  REQUIRE(again.size() == 1);
  CHECK(ids_in(again[0].xml) == Strings{"2"});
  receipt(again[0]);
  scene.restart();
  scene.come(bob_home);
  CHECK(news(scene).empty());
}

TEST_CASE("a disk that fails loses nothing of what durable subscribers get") {
  Scene scene;
  begin(scene);
  scene.come(bob_home);
  scene.publish(alice, "n", "1");
  scene.store().fail_commit = true;
  CHECK(scene.publish(alice, "n", "2").type == "error");
  scene.publish(alice, "n", "3");
  CHECK(news(scene) == Strings{"1", "3"});
  scene.complaints.clear();
}

}  // namespace crier::test
