#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

std::string request(std::string_view attributes) {
  return pubsub(fmt::format("<unsubscribe node='n' {}/>", attributes));
}

/// Subscribes, and gives the SubID.
std::string subid_of(Scene& scene, std::string_view jid) {
  return attributes_of(scene.subscribe(jid, "n").xml, "subscription", "subid").at(0);
}

}  // namespace

TEST_CASE("§6.2.2 A093 unsubscribing ends the subscription, and its notifications at once") {
  Scene scene;
  scene.create(alice, "n");
  const auto subid = subid_of(scene, bob);
  const auto answer = scene.unsubscribe(bob, "n");
  CHECK(answer.type == "result");
  CHECK(
      answer.payload ==
      canonical(pubsub(fmt::format(
          "<subscription node='n' jid='bob@b.example' subid='{}' subscription='none'/>", subid))));
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).empty());
  scene.restart();
  scene.publish(alice, "n", "2");
  CHECK(scene.events(bob).empty());
}

TEST_CASE("§6.2 any resource ends the subscription of the bare JID, but only that one") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.subscribe("bob@b.example/pad", "n");
  CHECK(scene.set("bob@b.example/phone", request("jid='bob@b.example'")).type == "result");
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).empty());
  CHECK(scene.events("bob@b.example/pad").size() == 1);
}

TEST_CASE("§6.2.3.2 A095 not subscribed: cancel/unexpected-request not-subscribed") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(scene.refused_set(bob, request("jid='bob@b.example'")) ==
        "cancel/unexpected-request not-subscribed");
  scene.subscribe("bob@b.example/pad", "n");
  CHECK(scene.refused_set(bob, request("jid='bob@b.example'")) ==
        "cancel/unexpected-request not-subscribed");
  CHECK(scene.unsubscribe("bob@b.example/pad", "n").type == "result");
  CHECK(scene.refused_set(bob, request("jid='bob@b.example/pad'")) ==
        "cancel/unexpected-request not-subscribed");
}

TEST_CASE("§6.2.3.3 A096 the subscription of another account: auth/forbidden") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  CHECK(scene.refused_set("eve@b.example", request("jid='bob@b.example'")) == "auth/forbidden");
  // Whether it exists or not: that is nobody else's business.
  CHECK(scene.refused_set("eve@b.example", request("jid='dan@b.example'")) == "auth/forbidden");
}

TEST_CASE("§6.2.3.3 A096 an admin may unsubscribe others") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  CHECK(scene.set("admin@example.org", request("jid='bob@b.example'")).type == "result");
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).empty());
}

TEST_CASE("§6.2.1 no jid: modify/bad-request jid-required") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(scene.refused_set(bob, request("")) == "modify/bad-request jid-required");
}

TEST_CASE("§6.2.3.5 A099 a SubID of nobody's, or of another's: modify/not-acceptable") {
  Scene scene;
  scene.create(alice, "n");
  const auto own = subid_of(scene, bob);
  const auto other = subid_of(scene, "carol@c.example");
  for (const auto& subid : {other, std::string("nonsense"), std::string(""), own + " ", "0" + own})
    CHECK(scene.refused_set(bob, request(fmt::format("jid='bob@b.example' subid='{}'", subid))) ==
          "modify/not-acceptable invalid-subid");
  CHECK(scene.set(bob, request(fmt::format("jid='bob@b.example' subid='{}'", own))).type ==
        "result");
}

TEST_CASE("§6.1.6 a SubID is never used again") {
  Scene scene;
  scene.create(alice, "n");
  const auto first = subid_of(scene, bob);
  scene.unsubscribe(bob, "n");
  scene.restart();
  CHECK(subid_of(scene, bob) != first);
}

TEST_CASE("§6.2 A100 a request that waits for approval can be withdrawn") {
  Scene scene;
  scene.create(alice, "n");
  scene.set_subscription(alice, "n", bob, "pending");
  CHECK(scene.unsubscribe(bob, "n").type == "result");
  CHECK(scene.subscribe(bob, "n").type == "result");
}

TEST_CASE("§14.3 A331 who may no longer be subscribed has been told, and has nothing left to end") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.configure(alice, "n", {"access_model=whitelist"});
  CHECK(scene.heard(bob).back().xml.find("subscription='none'") != std::string::npos);
  CHECK(scene.unsubscribe(bob, "n").error == "cancel/unexpected-request not-subscribed");
}

}  // namespace crier::test
