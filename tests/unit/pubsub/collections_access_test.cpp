/// What a collection must not let through: XEP-0060 §14.3, XEP-0248 §10.1.

#include "pubsub/collections.hpp"

#include <crier/namespaces.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace crier::test {

namespace {

constexpr auto admin = "admin@example.org";

/// All that can become of a node of that access model in the collection c, which bob, carol, and
/// an admin listen to. Carol may see it; bob may not.
void live_and_die(Scene& scene, std::string_view model) {
  collection(scene, "c", {"notify_config=1"});
  for (const auto* who : {bob, carol, admin})
    follow(scene, who, "c", {"subscription_type=all", "subscription_depth=all"});
  scene.create(alice, "n", {fmt::format("access_model={}", model), "notify_config=1"});
  scene.affiliate(alice, "n", carol, "member");
  for (const auto* who : {bob, carol, admin}) scene.heard(who);
  associate(scene, alice, "c", "n");
  scene.configure(alice, "n", {"title=secret"});
  scene.publish(alice, "n", "1");
  scene.publish(alice, "n", "2");
  scene.retract(alice, "n", "1");
  scene.purge(alice, "n");
  associate(scene, alice, "c", "n", "dissociate");
  associate(scene, alice, "c", "n");
  scene.remove(alice, "n");
}

/// A batch of one publish whose effects are kept back.
Effects publish_slowly(Scene& scene, std::string_view node) {
  const auto publish =
      fmt::format("<publish node='{}'><item id='1'><e xmlns='u:e'/></item></publish>", node);
  scene.batch().handle(std::move(*parse_xml(iq("set", alice, pubsub(publish)))));
  return scene.batch().commit();
}

/// To whom those messages go that are yet to be written.
Strings recipients(Effects& effects) {
  Strings jids;
  for (auto& broadcast : effects.broadcasts) {
    std::string out;
    while (!broadcast.render(out, 1, [](std::size_t) {})) {
    }
    for (auto& to : attributes_of("<all xmlns='jabber:client'>" + out + "</all>", "message", "to"))
      jids.push_back(std::move(to));
  }
  std::ranges::sort(jids);
  return jids;
}

}  // namespace

TEST_CASE(
    "§14.3 A332 XEP-0248 §10.1 all events of a private node reach those who may see it, and no "
    "other") {
  for (const auto* model : {"whitelist", "authorize"}) {
    CAPTURE(model);
    Scene scene;
    live_and_die(scene, model);
    CHECK(scene.heard(bob).empty());
    const Strings all{":collection", ":collection", ":collection", "c:configuration", "c:delete",
                      "c:items",     "c:items",     "c:items",     "c:purge"};
    CHECK(through(scene, carol) == all);
    CHECK(through(scene, admin) == all);
  }
  Scene scene;
  live_and_die(scene, "open");
  CHECK(scene.heard(bob).size() == scene.heard(carol).size());
}

TEST_CASE(
    "§14.3 A332 XEP-0248 §5.3.1 an outcast of the leaf hears nothing of it through a collection") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c"});
  follow(scene, bob, "c", {"subscription_type=all"});
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).size() == 1);
  scene.affiliate(alice, "n", bob, "outcast");
  scene.heard(bob);
  scene.publish(alice, "n", "2");
  scene.remove(alice, "n");
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§14.3 A332 XEP-0248 §5.3.1 of an authorize leaf those hear who were approved there") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c", "access_model=authorize"});
  follow(scene, bob, "c", {"subscription_type=items"});
  scene.subscribe(bob, "n");
  scene.heard(bob);
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).empty());
  scene.set_subscription(alice, "n", bob, "subscribed");
  scene.heard(bob);
  scene.publish(alice, "n", "2");
  CHECK(through(scene, bob) == Strings{":items", "c:items"});
  scene.unsubscribe(bob, "n");
  scene.publish(alice, "n", "3");
  CHECK(scene.heard(bob).empty());
}

TEST_CASE(
    "§14.3 A332 XEP-0248 §5.3.1 a resource hears what its account may, of several subscriptions "
    "too") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c", "access_model=whitelist"});
  scene.affiliate(alice, "n", carol, "member");
  for (const auto* who : {"bob@b.example/r", "carol@c.example/r"}) {
    follow(scene, who, "c", {"subscription_type=items"});
    follow(scene, who, "c", {"subscription_type=all"});
  }
  scene.publish(alice, "n", "1");
  CHECK(scene.heard("bob@b.example/r").empty());
  CHECK(scene.heard("carol@c.example/r").size() == 1);
}

TEST_CASE("§14.3 A332 a new access model counts at once for those who listen at a collection") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c", "notify_config=1"});
  follow(scene, bob, "c", {"subscription_type=all"});
  scene.configure(alice, "n", {"access_model=whitelist"});
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).empty());
  scene.configure(alice, "n", {"access_model=open"});
  CHECK(through(scene, bob) == Strings{"c:configuration"});
}

TEST_CASE("§14.3 A332 A016 who loses the right while the event is under way gets it no more") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c"});
  scene.create(alice, "m", {"collection=c", "access_model=authorize"});
  for (const auto* who : {bob, carol}) {
    follow(scene, who, "c", {"subscription_type=items"});
    scene.subscribe(who, "m");
    scene.set_subscription(alice, "m", who, "subscribed");
  }
  auto open = publish_slowly(scene, "n");
  auto asks = publish_slowly(scene, "m");
  scene.affiliate(alice, "n", bob, "outcast");
  scene.set_subscription(alice, "m", bob, "none");
  CHECK(recipients(open) == Strings{carol});
  // Of m itself, and through the collection.
  CHECK(recipients(asks) == Strings{carol, carol});
}

TEST_CASE("§14.3 A332 the right counts that the node has now, however small the cache is") {
  Scene scene;
  scene.cache_bytes = 1;
  scene.restart();
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c"});
  for (const auto* who : {bob, carol}) follow(scene, who, "c", {"subscription_type=items"});
  auto effects = publish_slowly(scene, "n");
  scene.configure(alice, "n", {"access_model=whitelist"});
  scene.affiliate(alice, "n", carol, "member");
  CHECK(recipients(effects) == Strings{carol});
  scene.remove(alice, "n");
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§14.3 A332 an event of a deleted node is for those who could see it") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c", "access_model=whitelist"});
  scene.affiliate(alice, "n", carol, "member");
  for (const auto* who : {bob, carol}) follow(scene, who, "c", {});
  scene.batch().handle(std::move(*parse_xml(iq("set", alice, pubsub_owner("<delete node='n'/>")))));
  auto effects = scene.batch().commit();
  scene.create(alice, "n", {"collection=c"});
  CHECK(recipients(effects) == Strings{carol});
}

TEST_CASE("§14.3 A332 a configuration that is told of names no other nodes") {
  Scene scene;
  collection(scene, "secret top", {"access_model=whitelist"});
  collection(scene, "c", {"notify_config=1", "collection=secret top"});
  scene.create(alice, "secret", {"collection=c", "access_model=whitelist", "notify_config=1"});
  scene.subscribe(bob, "c");
  scene.configure(alice, "c", {"title=T"});
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].xml.find("secret") == std::string::npos);
  CHECK(field_in(heard[0].xml, "pubsub#title") == Strings{"T"});
  const auto info =
      scene.get(bob, "<query xmlns='http://jabber.org/protocol/disco#info' node='c'/>");
  CHECK(info.xml.find("secret") == std::string::npos);
}

TEST_CASE(
    "§14.3 A332 XEP-0248 §5.3.1 who is no longer let into the collection hears nothing through "
    "it") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c"});
  follow(scene, bob, "c", {"subscription_type=items"});
  scene.configure(alice, "c", {"access_model=whitelist"});
  scene.heard(bob);
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).empty());
  CHECK(scene.unsubscribe(bob, "c").error == "cancel/unexpected-request not-subscribed");
}

}  // namespace crier::test
