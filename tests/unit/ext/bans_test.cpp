#include "ext/command_requests.hpp"

#include <crier/bans.hpp>

#include <doctest/doctest.h>

namespace crier::test {

namespace {

constexpr auto admin = "admin@example.org/desk";
constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example/x";
constexpr auto ban = "urn:crier:command:ban";
constexpr auto unban = "urn:crier:command:unban";
constexpr auto bans = "urn:crier:command:bans";
constexpr auto disco_info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";

std::string text_of(const Answer& answer) {
  const auto texts = texts_of(answer.xml, "text");
  return texts.empty() ? "" : texts.front();
}

}  // namespace

TEST_CASE("Bans: an account is covered by its own ban and by its domain's, by no other") {
  Bans known;
  CHECK_FALSE(known.covering("bob@b.example"));
  known.set({.jid = "b.example"});
  known.set({.jid = "carol@c.example"});
  CHECK(known.covering("bob@b.example"));
  CHECK(known.covering("b.example"));
  CHECK(known.covering("carol@c.example"));
  for (const auto* other :
       {"c.example", "dave@c.example", "bob@x.b.example", "b.example@c.example"})
    CHECK_FALSE(known.covering(other));
  known.remove("b.example");
  CHECK_FALSE(known.covering("bob@b.example"));
}

TEST_CASE("whoever is banned is refused everything with the reason, and nothing is changed") {
  Scene scene;
  scene.create(alice, "n");
  const auto done = scene.set(admin, command_xml(ban, {"jid=bob@b.example/phone", "reason=Spam"}));
  CHECK(texts_of(done.xml, "note") == Strings{"bob@b.example is banned."});
  for (const auto* from : {bob, "bob@b.example", "bob@b.example/phone"}) {
    CHECK(scene.refused_get(from, disco_info) == "auth/forbidden");
    CHECK(scene.refused_set(from, pubsub("<subscribe node='n' jid='bob@b.example'/>")) ==
          "auth/forbidden");
    CHECK(scene.refused_set(from, pubsub("<create/>")) == "auth/forbidden");
  }
  CHECK(text_of(scene.get(bob, disco_info)) == "You are banned from this service: Spam");
  CHECK(scene.get("eve@b.example/x", disco_info).type == "result");
  scene.set(admin, command_xml(ban, {"jid=b.example"}));
  CHECK(text_of(scene.get("eve@b.example/x", disco_info)) == "You are banned from this service.");
}

TEST_CASE("whoever is banned hears nothing until that ends, and is subscribed as before") {
  Scene scene;
  scene.create(alice, "n");
  scene.create(alice, "c", {"node_type=collection"});
  scene.create(alice, "below", {"collection=c"});
  for (const auto* jid : {"bob@b.example", "bob@b.example/x", "carol@c.example"})
    scene.subscribe(jid, "n");
  scene.set("bob@b.example",
            pubsub("<subscribe node='c' jid='bob@b.example'/><options>" +
                   submit_form("http://jabber.org/protocol/pubsub#subscribe_options",
                               {"subscription_type=items", "subscription_depth=all"}) +
                   "</options>"));
  scene.set(admin, command_xml(ban, {"jid=b.example"}));
  for (const auto* node : {"n", "below"}) scene.publish(alice, node, "1");
  scene.affiliate(alice, "n", "bob@b.example", "publisher");
  for (const auto* jid : {"bob@b.example", "bob@b.example/x"}) CHECK(scene.heard(jid).empty());
  CHECK(scene.events("carol@c.example").size() == 1);
  scene.set(admin, command_xml(unban, {"jid=b.example"}));
  for (const auto* node : {"n", "below"}) scene.publish(alice, node, "2");
  CHECK(scene.heard("bob@b.example").size() == 2);
  CHECK(scene.heard("bob@b.example/x").size() == 1);
}

TEST_CASE("a notification on its way does not come to who is banned meanwhile") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* jid : {"bob@b.example", "carol@c.example"}) scene.subscribe(jid, "n");
  scene.server_takes = false;
  scene.publish(alice, "n", "1");
  scene.set(admin, command_xml(ban, {"jid=carol@c.example"}));
  scene.take_some(5);
  CHECK(scene.events("bob@b.example").size() == 1);
  CHECK(scene.heard("carol@c.example").empty());
}

TEST_CASE("the presence of the banned is ignored, but that they leave") {
  Scene scene;
  scene.create(alice, "n", {"presence_based_delivery=1"});
  scene.subscribe("bob@b.example", "n");
  scene.share_presence("bob@b.example");
  scene.come(bob);
  scene.set(admin, command_xml(ban, {"jid=bob@b.example"}));
  scene.leave(bob);
  scene.come("bob@b.example/y");
  scene.presences("bob@b.example");
  scene.set(admin, command_xml(unban, {"jid=bob@b.example"}));
  scene.publish(alice, "n", "1");
  CHECK(scene.heard("bob@b.example").empty());
  // It is asked where it is now.
  CHECK(scene.presences("bob@b.example") == Strings{"probe"});
  scene.come("bob@b.example/y");
  scene.publish(alice, "n", "2");
  CHECK(scene.heard("bob@b.example").size() == 1);
}

TEST_CASE("bans outlive a restart, end when they expire, and are listed in pages") {
  Scene scene;
  scene.set(admin, command_xml(ban, {"jid=bob@b.example", "reason=Spam", "duration=3600"}));
  scene.set(admin, command_xml(ban, {"jid=c.example"}));
  scene.restart();
  CHECK(text_of(scene.get(bob, disco_info)) ==
        "You are banned from this service until 2024-05-01T01:00:00Z: Spam");
  const auto list = scene.set(admin, command_xml(bans, {"max=1"}));
  CHECK(column(list, "jid") == Strings{"bob@b.example"});
  CHECK(column(list, "by") == Strings{admin});
  CHECK(column(list, "reason") == Strings{"Spam"});
  CHECK(column(list, "expires") == Strings{"2024-05-01T01:00:00Z"});
  CHECK(field_in(list.xml, "next") == Strings{"bob@b.example"});
  const auto rest = scene.set(admin, command_xml(bans, {"after=bob@b.example"}));
  CHECK(column(rest, "jid") == Strings{"c.example"});
  scene.wait(std::chrono::minutes(59));
  CHECK(scene.refused_get(bob, disco_info) == "auth/forbidden");
  scene.wait(std::chrono::minutes(2));
  CHECK(scene.get(bob, disco_info).type == "result");
  CHECK(scene.refused_get("x@c.example", disco_info) == "auth/forbidden");
  CHECK(column(scene.set(admin, command_xml(bans, {"max=9"})), "jid") == Strings{"c.example"});
  CHECK(scene.refused_set(admin, command_xml(unban, {"jid=bob@b.example"})) ==
        "cancel/item-not-found");
}

TEST_CASE("whoever becomes an administrator is under no ban any more, and hears of events") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* jid : {"bob@b.example", "carol@c.example"}) scene.subscribe(jid, "n");
  scene.set(admin, command_xml(ban, {"jid=bob@b.example"}));
  scene.set(admin, command_xml(ban, {"jid=c.example"}));
  auto policy = Scene::policy();
  policy.admins.insert({"bob@b.example", "carol@c.example"});
  scene.reload(policy);
  scene.publish(alice, "n", "1");
  CHECK(scene.heard("bob@b.example").size() == 1);
  CHECK(scene.heard("carol@c.example").size() == 1);
  CHECK(scene.get(bob, disco_info).type == "result");
  scene.reload(Scene::policy());
  CHECK(scene.refused_get(bob, disco_info) == "auth/forbidden");
}

TEST_CASE("the end of a domain's ban asks the contacts there, and nobody else") {
  Scene scene;
  scene.create(alice, "n", {"presence_based_delivery=1"});
  for (const auto* jid : {"bob@b.example", "carol@c.example"}) {
    scene.subscribe(jid, "n");
    scene.share_presence(jid);
  }
  scene.set(admin, command_xml(ban, {"jid=b.example"}));
  for (const auto* jid : {"bob@b.example", "carol@c.example"}) scene.presences(jid);
  scene.set(admin, command_xml(unban, {"jid=b.example"}));
  CHECK(scene.presences("bob@b.example") == Strings{"probe"});
  CHECK(scene.presences("carol@c.example").empty());
}

TEST_CASE("a request for presence that was answered during the ban is asked again") {
  Scene scene;
  scene.create(alice, "n", {"presence_based_delivery=1"});
  scene.subscribe("bob@b.example", "n");
  scene.presences("bob@b.example");
  scene.set(admin, command_xml(ban, {"jid=bob@b.example"}));
  scene.set(admin, command_xml(unban, {"jid=bob@b.example"}));
  CHECK(scene.presences("bob@b.example") == Strings{"subscribe"});
}

TEST_CASE("nobody locks administrators or the service itself out") {
  Scene scene;
  for (const auto* jid : {"admin@example.org", "example.org", "pubsub.example.org"})
    CHECK(scene.refused_set(admin, command_xml(ban, {fmt::format("jid={}", jid)})) ==
          "cancel/not-allowed");
}

TEST_CASE("a ban whose batch fails is none, and a ban that could not be lifted stays") {
  Scene scene;
  scene.store().fail_commit = true;
  CHECK(scene.set(admin, command_xml(ban, {"jid=bob@b.example"})).error ==
        "wait/resource-constraint");
  CHECK(scene.get(bob, disco_info).type == "result");
  scene.set(admin, command_xml(ban, {"jid=bob@b.example"}));
  scene.store().fail_commit = true;
  scene.set(admin, command_xml(unban, {"jid=bob@b.example"}));
  CHECK(scene.refused_get(bob, disco_info) == "auth/forbidden");
  scene.complaints.clear();
}

}  // namespace crier::test
