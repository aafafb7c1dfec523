/// Notifications that come back. XEP-0060 §12.4.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/options_requests.hpp"
#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

void bounce(Scene& scene, const Heard& heard, std::string_view from, std::string_view type,
            std::string_view condition) {
  scene.send_batch({fmt::format(
      "<message type='error' from='{}' to='pubsub.example.org' id='{}'><error type='{}'>"
      "<{} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
      from, attributes_of(heard.xml, "message", "id").at(0), type, condition)});
}

/// Publishes, and lets what bob hears come back; whether he heard anything.
bool publish_and_bounce(Scene& scene, std::string_view id, std::string_view type = "cancel",
                        std::string_view condition = "item-not-found") {
  scene.publish(alice, "n", id);
  const auto heard = scene.heard(bob);
  if (heard.empty()) return false;
  bounce(scene, heard.front(), bob, type, condition);
  return true;
}

bool is_subscribed(Scene& scene, std::string_view node = "n") {
  return scene.get(alice, pubsub_owner(fmt::format("<subscriptions node='{}'/>", node)))
             .payload.find("bob@b.example") != std::string::npos;
}

}  // namespace

TEST_CASE(
    "§12.4 A301 A302 notifications that come back suspend a subscription, and in the end end "
    "it, with a notice to owners") {
  auto policy = Scene::policy();
  policy.max_bounces = 3;
  Scene scene(policy);
  scene.create(alice, "n", {"notify_sub=1"});
  scene.subscribe(bob, "n");
  scene.heard("alice@a.example");
  CHECK(publish_and_bounce(scene, "1"));
  CHECK_FALSE(publish_and_bounce(scene, "2"));
  scene.wait(std::chrono::hours(1));
  CHECK(publish_and_bounce(scene, "3"));
  scene.wait(std::chrono::hours(1));
  CHECK(is_subscribed(scene));
  CHECK(publish_and_bounce(scene, "4"));
  CHECK_FALSE(is_subscribed(scene));
  CHECK(scene.heard("alice@a.example").size() == 1);
}

TEST_CASE("§12.4 A302 bounces that are long ago do not count") {
  auto policy = Scene::policy();
  policy.max_bounces = 2;
  Scene scene(policy);
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  for (int day = 0; day < 5; ++day) {
    CHECK(publish_and_bounce(scene, std::to_string(day)));
    scene.wait(std::chrono::hours(25));
  }
  CHECK(is_subscribed(scene));
}

TEST_CASE("§12.4 A302 errors of type wait end nothing") {
  auto policy = Scene::policy();
  policy.max_bounces = 2;
  Scene scene(policy);
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  for (int i = 0; i < 5; ++i) {
    CHECK(publish_and_bounce(scene, std::to_string(i), "wait", "resource-constraint"));
    scene.wait(std::chrono::hours(7));
  }
  CHECK(is_subscribed(scene));
}

TEST_CASE("§12.4 one bounce is about one subscription, and only from the one who was written to") {
  auto policy = Scene::policy();
  policy.max_bounces = 1;
  Scene scene(policy);
  scene.create(alice, "n");
  scene.create(alice, "m");
  scene.subscribe(bob, "n");
  scene.subscribe(bob, "m");
  scene.publish(alice, "n", "1");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  bounce(scene, heard[0], "mallory@m.example", "cancel", "gone");
  CHECK(is_subscribed(scene));
  bounce(scene, heard[0], "bob@b.example/x", "cancel", "gone");
  CHECK_FALSE(is_subscribed(scene));
  CHECK(is_subscribed(scene, "m"));
  bounce(scene, heard[0], bob, "cancel", "gone");
  CHECK(is_subscribed(scene, "m"));
}

TEST_CASE("§12.4 what comes back of a durable subscription is sent again, in order") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  set_options(scene, bob, "n", {"x-durable=1"});
  scene.publish(alice, "n", "1");
  scene.publish(alice, "n", "2");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 2);
  bounce(scene, heard[0], bob, "wait", "recipient-unavailable");
  bounce(scene, heard[1], bob, "wait", "recipient-unavailable");
  scene.publish(alice, "n", "3");
  CHECK(scene.heard(bob).empty());
  scene.wait(std::chrono::minutes(2));
  Strings ids;
  for (const auto& message : scene.heard(bob))
    for (const auto& id : ids_in(message.xml)) ids.push_back(id);
  CHECK(ids == Strings{"1", "2", "3"});
}

TEST_CASE("§12.4 RFC 6121 §8.5.2.2 that nobody is online ends no durable subscription") {
  auto policy = Scene::policy();
  policy.max_bounces = 1;
  Scene scene(policy);
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  set_options(scene, bob, "n", {"x-durable=1"});
  CHECK(publish_and_bounce(scene, "1", "cancel", "service-unavailable"));
  CHECK(is_subscribed(scene));
  scene.wait(std::chrono::hours(1));
  CHECK(ids_in(scene.heard(bob).at(0).xml) == Strings{"1"});
}

TEST_CASE("§12.4 an id that is none of the service's is passed over") {
  Scene scene;
  for (const auto* id : {"", "-", ".", "1", "1-", "-1", "zz-zz", "1.1.1", "-1--1",
                         "zzzzzzzzzzzzzzzzzzzzzzzzz-1", "1-zzzzzzzzzzzzzzzzzzzzzzzzzz"})
    CHECK(scene
              .send_batch({fmt::format("<message type='error' from='a@b' to='pubsub.example.org' "
                                       "id='{}'><error type='cancel'><gone xmlns='urn:ietf:params:"
                                       "xml:ns:xmpp-stanzas'/></error></message>",
                                       id)})
              .empty());
}

}  // namespace crier::test
