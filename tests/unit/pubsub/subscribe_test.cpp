#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

std::string request(std::string_view attributes) {
  return pubsub(fmt::format("<subscribe {}/>", attributes));
}

}  // namespace

TEST_CASE("§6.1.2 A066 subscribing answers with the subscription") {
  Scene scene;
  scene.create(alice, "n");
  const auto answer = scene.subscribe(bob, "n");
  CHECK(answer.type == "result");
  CHECK(answer.payload == canonical(pubsub("<subscription node='n' jid='bob@b.example' subid='1' "
                                           "subscription='subscribed'/>")));
}

TEST_CASE("§6.1.2 A067 events go to exactly the JID that subscribed, bare or full") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe("bob@b.example/phone", "n");
  scene.publish(alice, "n", "1");
  CHECK(scene.events("bob@b.example/phone").size() == 1);
  CHECK(scene.events(bob).empty());
}

TEST_CASE("§6.1.2 A067 a resource subscribes its account's bare JID, or another resource") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(scene.set("bob@b.example/phone", request("node='n' jid='bob@b.example'")).type == "result");
  CHECK(scene.set("bob@b.example/phone", request("node='n' jid='bob@b.example/pad'")).type ==
        "result");
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).size() == 1);
  CHECK(scene.events("bob@b.example/pad").size() == 1);
  CHECK(scene.events("bob@b.example/phone").empty());
}

TEST_CASE("§6.1.1 A064 no jid: modify/bad-request jid-required") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(scene.refused_set(bob, request("node='n'")) == "modify/bad-request jid-required");
}

TEST_CASE("§6.1.3.1 A068 subscribing somebody else: modify/bad-request invalid-jid") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* from : {"eve@b.example/x", "b.example", "bob@b.example.evil.example"})
    CHECK(scene.refused_set(from, request("node='n' jid='bob@b.example'")) ==
          "modify/bad-request invalid-jid");
  // Not even the owner, who has a request of the owner's for it.
  CHECK(scene.refused_set(alice, request("node='n' jid='bob@b.example'")) ==
        "modify/bad-request invalid-jid");
}

TEST_CASE("§6.1.3.1 A069 an admin may subscribe others") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(scene.set("admin@example.org/x", request("node='n' jid='bob@b.example'")).type == "result");
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).size() == 1);
}

TEST_CASE("§6.1.3.4 A072 not on the whitelist: cancel/not-allowed closed-node") {
  Scene scene;
  scene.create(alice, "n", {"access_model=whitelist"});
  CHECK(scene.refused_set(bob, request("node='n' jid='bob@b.example'")) ==
        "cancel/not-allowed closed-node");
  for (const auto* affiliation : {"member", "publisher", "owner"}) {
    scene.affiliate(alice, "n", bob, affiliation);
    CHECK(scene.subscribe(bob, "n").type == "result");
    CHECK(scene.unsubscribe(bob, "n").type == "result");
  }
}

TEST_CASE("§4.5 A035 §12.12 A316 the owner is on the whitelist") {
  Scene scene;
  scene.create(alice, "n", {"access_model=whitelist"});
  CHECK(scene.subscribe(alice, "n").type == "result");
}

TEST_CASE("§6.1.3.8 A076 A011 an outcast, or who may only publish: auth/forbidden") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* affiliation : {"outcast", "publish-only"}) {
    scene.affiliate(alice, "n", bob, affiliation);
    scene.events(bob);
    CHECK(scene.refused_set(bob, request("node='n' jid='bob@b.example'")) == "auth/forbidden");
    CHECK(scene.refused_set("bob@b.example/x", request("node='n' jid='bob@b.example/x'")) ==
          "auth/forbidden");
  }
}

TEST_CASE("§6.1.3.7 A075 a subscription that waits for approval: auth/not-authorized") {
  Scene scene;
  scene.create(alice, "n");
  scene.set_subscription(alice, "n", bob, "pending");
  CHECK(scene.refused_set(bob, request("node='n' jid='bob@b.example'")) ==
        "auth/not-authorized pending-subscription");
}

TEST_CASE("§6.1.3.9 A077 too many subscriptions: wait/policy-violation too-many-subscriptions") {
  auto policy = Scene::policy();
  policy.max_subscriptions_per_node = 1;
  Scene scene(policy);
  scene.create(alice, "n");
  CHECK(scene.subscribe(bob, "n").type == "result");
  CHECK(scene.refused_set("carol@c.example", request("node='n' jid='carol@c.example'")) ==
        "wait/policy-violation too-many-subscriptions");
}

/// A service where a JID has one subscription to a node.
Policy single() {
  auto policy = Scene::policy();
  policy.multi_subscribe = false;
  return policy;
}

TEST_CASE("§6.1.6 A087 asking again gives the subscription that is there, and one notification") {
  Scene scene(single());
  scene.create(alice, "n");
  const auto first = scene.subscribe(bob, "n");
  CHECK(scene.subscribe(bob, "n").payload == first.payload);
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).size() == 1);
}

TEST_CASE("§6.1.6 A087 another spelling of the same JID is the same subscription") {
  Scene scene(single());
  scene.create(alice, "n");
  const auto first = scene.subscribe(bob, "n");
  CHECK(scene.set("BOB@B.example/x", request("node='n' jid='Bob@B.EXAMPLE'")).payload ==
        first.payload);
}

TEST_CASE("§6.1.6 A089 full JIDs of one account are subscribers of their own") {
  Scene scene;
  scene.create(alice, "n");
  Strings subids;
  for (const auto* jid : {"bob@b.example", "bob@b.example/a", "bob@b.example/b"}) {
    const auto answer = scene.subscribe(jid, "n");
    subids.push_back(attributes_of(answer.xml, "subscription", "subid").at(0));
  }
  CHECK(subids[0] != subids[1]);
  CHECK(subids[1] != subids[2]);
  scene.publish(alice, "n", "1");
  for (const auto* jid : {"bob@b.example", "bob@b.example/a", "bob@b.example/b"})
    CHECK(scene.events(jid).size() == 1);
}

TEST_CASE("§4.2 A023 a subscription outlives a restart, with its SubID") {
  Scene scene(single());
  scene.create(alice, "n");
  const auto first = scene.subscribe("bob@b.example/o'hara & <co>", "n");
  scene.restart();
  CHECK(scene.subscribe("bob@b.example/o'hara & <co>", "n").payload == first.payload);
  scene.publish(alice, "n", "1");
  CHECK(scene.events("bob@b.example/o'hara & <co>").size() == 1);
}

}  // namespace crier::test
