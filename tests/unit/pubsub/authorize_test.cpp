#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example/y";
constexpr auto bob_bare = "bob@b.example";

/// The message with which an owner, or somebody else, answers; `fields` are "name=value".
std::string answer(std::string_view from, const Strings& fields, std::string_view type = "submit") {
  auto form = submit_form("http://jabber.org/protocol/pubsub#subscribe_authorization", fields);
  form.replace(form.find("submit"), 6, type);
  return fmt::format("<message from='{}' to='pubsub.example.org' id='m'>{}</message>", from, form);
}

std::string allow(std::string_view from, std::string_view verdict = "true",
                  std::string_view jid = bob, std::string_view node = "n") {
  return answer(from, {fmt::format("node={}", node), fmt::format("subscriber_jid={}", jid),
                       fmt::format("allow={}", verdict)});
}

/// A node where alice approves, and bob waits.
struct Waiting : Scene {
  Waiting() {
    create(alice, "n", {"access_model=authorize", "send_last_published_item=on_sub"});
    subid = attributes_of(subscribe(bob, "n").xml, "subscription", "subid").front();
  }
  /// What bob has, as the service tells him.
  std::string state() {
    const auto states = attributes_of(get(bob, pubsub("<subscriptions node='n'/>")).xml,
                                      "subscription", "subscription");
    return states.empty() ? "none" : states.front();
  }
  std::string subid;
};

}  // namespace

TEST_CASE("§6.1.4 A081 §8.6 A238 who subscribes waits, and the owner is asked with a form") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  const auto subscribed = scene.subscribe(bob, "n");
  CHECK(attributes_of(subscribed.xml, "subscription", "subscription") == Strings{"pending"});
  const auto subid = attributes_of(subscribed.xml, "subscription", "subid").front();

  const auto asked = scene.heard("alice@a.example");
  REQUIRE(asked.size() == 1);
  const auto& xml = asked.front().xml;
  CHECK(attributes_of(xml, "message", "id").size() == 1);
  CHECK(attributes_of(xml, "x", "type") == Strings{"form"});
  CHECK(field_in(xml, "FORM_TYPE") ==
        Strings{"http://jabber.org/protocol/pubsub#subscribe_authorization"});
  CHECK(field_in(xml, "pubsub#node") == Strings{"n"});
  CHECK(field_in(xml, "pubsub#subscriber_jid") == Strings{bob});
  CHECK(field_in(xml, "pubsub#subid") == Strings{subid});
  CHECK(field_in(xml, "pubsub#allow") == Strings{"false"});
  CHECK(attributes_of(xml, "field", "type") ==
        Strings{"hidden", "hidden", "text-single", "jid-single", "boolean"});
  CHECK(texts_of(xml, "body").size() == 1);
}

TEST_CASE("§4.2 A021 §6.5.9.3 A136 A123 who waits hears nothing and retrieves nothing") {
  Waiting scene;
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).empty());
  CHECK(scene.refused_get(bob, pubsub("<items node='n'/>")) ==
        "auth/not-authorized not-subscribed");
  CHECK(scene.refused_get("eve@e.example/z", pubsub("<items node='n'/>")) ==
        "auth/not-authorized not-subscribed");
  CHECK(
      scene.refused_get(bob, "<query xmlns='http://jabber.org/protocol/disco#items' node='n'/>") ==
      "auth/not-authorized not-subscribed");
  CHECK(scene.refused_set(bob, pubsub(fmt::format("<subscribe node='n' jid='{}'/>", bob))) ==
        "auth/not-authorized pending-subscription");
}

TEST_CASE("§6.1.4 A082 members, publishers and owners are not asked about") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  for (const auto* affiliation : {"member", "publisher", "owner"}) {
    const auto jid = fmt::format("{}@b.example/y", affiliation);
    scene.affiliate(alice, "n", jid, affiliation);
    scene.heard("alice@a.example");
    CHECK(attributes_of(scene.subscribe(jid, "n").xml, "subscription", "subscription") ==
          Strings{"subscribed"});
    CHECK(scene.heard("alice@a.example").empty());
  }
}

TEST_CASE("§8.6 A239 A240 §12.10 A313 approved: told, the last item behind it, then events") {
  for (const auto* yes : {"1", "true"}) {
    Waiting scene;
    scene.publish(alice, "n", "1");
    scene.send(allow("alice@a.example/other", yes));
    CHECK(scene.state() == "subscribed");
    const auto heard = scene.heard(bob);
    REQUIRE(heard.size() == 2);
    CHECK(heard[0].event == event(fmt::format("<subscription node='n' jid='{}' subid='{}' "
                                              "subscription='subscribed'/>",
                                              bob, scene.subid)));
    CHECK(ids_in(heard[1].xml) == Strings{"1"});
    scene.publish(alice, "n", "2");
    CHECK(scene.heard(bob).size() == 1);
    CHECK(scene.item_ids(bob, "n") == Strings{"1", "2"});
  }
}

TEST_CASE("§8.6 A241 denied: told, and the subscription is no more") {
  for (const auto* no : {"0", "false"}) {
    Waiting scene;
    scene.send(allow(alice, no));
    CHECK(scene.events(bob) ==
          Strings{
              event(fmt::format("<subscription node='n' jid='{}' subid='{}' subscription='none'/>",
                                bob, scene.subid))});
    CHECK(scene.state() == "none");
    CHECK(attributes_of(scene.subscribe(bob, "n").xml, "subscription", "subscription") ==
          Strings{"pending"});
  }
}

TEST_CASE("§8.6 A242 a form that is withdrawn decides nothing") {
  Waiting scene;
  scene.send(answer(alice, {"node=n", "subscriber_jid=bob@b.example/y", "allow=1"}, "cancel"));
  CHECK(scene.state() == "pending");
  scene.send(allow(alice));
  CHECK(scene.state() == "subscribed");
}

TEST_CASE("§8.6 A243 §14.2 A330 trap: nobody but an owner approves") {
  Waiting scene;
  scene.affiliate(alice, "n", "carol@c.example", "publisher");
  scene.create("eve@e.example/z", "other", {"access_model=authorize"});
  const auto before = scene.stored();
  for (const auto* who : {bob, "carol@c.example/z", "eve@e.example/z", "a.example", "b.example"}) {
    CHECK(scene.send(allow(who)).xml == "");
    CHECK(scene.send(allow(who, "0")).xml == "");
  }
  CHECK(scene.stored() == before);
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§8.6 A243 an admin of the service answers like an owner") {
  Waiting scene;
  scene.send(allow("admin@example.org/z"));
  CHECK(scene.state() == "subscribed");
}

TEST_CASE("§12.13 of several owners all are asked, and the first answer counts") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  scene.affiliate(alice, "n", "carol@c.example", "owner");
  scene.heard("carol@c.example");
  scene.subscribe(bob, "n");
  CHECK(scene.heard("alice@a.example").size() == 1);
  CHECK(scene.heard("carol@c.example").size() == 1);
  scene.send(allow("carol@c.example/z"));
  CHECK(scene.events(bob).size() == 1);
  // Too late.
  const auto before = scene.stored();
  scene.send(allow(alice, "0"));
  scene.send(allow(alice, "1"));
  CHECK(scene.stored() == before);
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§8.6 an answer after the request was withdrawn, or the node deleted, changes nothing") {
  Waiting scene;
  scene.unsubscribe(bob, "n");
  scene.send(allow(alice));
  CHECK(scene.state() == "none");
  scene.remove(alice, "n");
  scene.send(allow(alice));
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§8.6 an answer about another node, JID or SubID than the one that waits is ignored") {
  Waiting scene;
  scene.create(alice, "m", {"access_model=authorize"});
  const auto before = scene.stored();
  scene.send(allow(alice, "1", bob, "m"));
  scene.send(allow(alice, "1", bob, "nowhere"));
  scene.send(allow(alice, "1", bob_bare));
  scene.send(allow(alice, "1", "eve@e.example"));
  scene.send(answer(alice, {"node=n", "subscriber_jid=bob@b.example/y", "allow=1", "subid=wrong"}));
  CHECK(scene.stored() == before);
  scene.send(answer(
      alice, {"node=n", "subscriber_jid=BOB@b.example/y", "allow=1", "subid=" + scene.subid}));
  CHECK(scene.state() == "subscribed");
}

TEST_CASE("§8.6 hostile forms neither decide anything nor are answered") {
  Waiting scene;
  const auto before = scene.stored();
  const Strings bodies{
      "<x xmlns='jabber:x:data'/>",
      "<x xmlns='jabber:x:data' type='submit'/>",
      "<x xmlns='jabber:x:data' type='submit'><field/><field/></x>",
      "<x xmlns='u:other' type='submit'/>",
      submit_form("http://jabber.org/protocol/pubsub#node_config",
                  {"node=n", "subscriber_jid=bob@b.example/y", "allow=1"}),
  };
  for (const auto& body : bodies)
    CHECK(scene
              .send(fmt::format("<message from='{}' to='pubsub.example.org'>{}</message>", alice,
                                body))
              .xml == "");
  for (const auto& fields :
       std::vector<Strings>{{},
                            {"allow=1"},
                            {"node=n", "allow=1"},
                            {"node=", "subscriber_jid=bob@b.example/y", "allow=1"},
                            {"node=n", "subscriber_jid=@", "allow=1"},
                            {"node=n", "subscriber_jid=", "allow=1"},
                            {"node=n", "subscriber_jid=bob@b.example/y"},
                            {"node=n", "subscriber_jid=bob@b.example/y", "allow="},
                            {"node=n", "subscriber_jid=bob@b.example/y", "allow=yes"},
                            {"node=n", "subscriber_jid=bob@b.example/y", "allow=1|1"},
                            {"node=n|n", "subscriber_jid=bob@b.example/y", "allow=1"},
                            {"node=n", "subscriber_jid=bob@b.example/y", "allow=1", "allow=0"}})
    CHECK(scene.send(answer(alice, fields)).xml == "");
  for (const auto* type : {"form", "result", ""})
    CHECK(scene.send(answer(alice, {"node=n", "subscriber_jid=bob@b.example/y", "allow=1"}, type))
              .xml == "");
  auto bounce = allow(alice);
  bounce.insert(9, "type='error' ");
  scene.send(bounce);
  CHECK(scene.stored() == before);
  CHECK(scene.state() == "pending");
}

TEST_CASE("§8.6 who waits still waits after a restart, and can be approved") {
  Waiting scene;
  scene.restart();
  CHECK(scene.state() == "pending");
  scene.send(allow(alice));
  scene.restart();
  CHECK(scene.state() == "subscribed");
}

TEST_CASE("§8.7.4 A251 who waits and becomes member, publisher or owner is approved and told") {
  for (const auto* affiliation : {"member", "publisher", "owner"}) {
    Waiting scene;
    scene.publish(alice, "n", "1");
    scene.affiliate(alice, "n", bob_bare, affiliation);
    CHECK(scene.state() == "subscribed");
    const auto heard = scene.heard(bob);
    REQUIRE(heard.size() == 2);
    CHECK(attributes_of(heard[0].xml, "subscription", "subscription") == Strings{"subscribed"});
    CHECK(ids_in(heard[1].xml) == Strings{"1"});
  }
}

TEST_CASE("§8.7.4 A252 who waits and becomes an outcast, or publish-only, is rejected and told") {
  for (const auto* affiliation : {"outcast", "publish-only"}) {
    Waiting scene;
    scene.affiliate(alice, "n", bob_bare, affiliation);
    CHECK(attributes_of(scene.heard(bob).at(0).xml, "subscription", "subscription") ==
          Strings{"none"});
    scene.send(allow(alice));
    CHECK(scene.heard(bob).empty());
  }
}

TEST_CASE("§14.3 A331 authorize to open approves who waits; to whitelist rejects") {
  Waiting open;
  open.configure(alice, "n", {"access_model=open"});
  CHECK(open.state() == "subscribed");
  CHECK(open.events(bob).size() == 1);
  Waiting closed;
  closed.configure(alice, "n", {"access_model=whitelist"});
  CHECK(attributes_of(closed.heard(bob).at(0).xml, "subscription", "subscription") ==
        Strings{"none"});
}

TEST_CASE("§14.3 A331 open to authorize: who is subscribed stays so, who comes is asked about") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.configure(alice, "n", {"access_model=authorize"});
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).size() == 1);
  CHECK(scene.item_ids(bob, "n") == Strings{"1"});
  scene.subscribe("eve@e.example/z", "n");
  scene.publish(alice, "n", "2");
  CHECK(scene.heard("eve@e.example/z").empty());
}

TEST_CASE("§8.8.2 A259 §8.6 set to pending by an owner, then approved with the form") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  scene.set_subscription(alice, "n", bob, "subscribed");
  scene.set_subscription(alice, "n", bob, "pending");
  scene.heard(bob);
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).empty());
  CHECK(scene.items(bob, "n").error == "auth/not-authorized not-subscribed");
  scene.send(allow(alice));
  CHECK(scene.events(bob).size() == 1);
  CHECK(scene.item_ids(bob, "n") == Strings{"1"});
}

TEST_CASE("§8.6 batch: a request and its approval in one batch, in order") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  scene.send_batch({iq("set", bob, pubsub(fmt::format("<subscribe node='n' jid='{}'/>", bob))),
                    allow(alice), allow(alice, "0")});
  CHECK(attributes_of(scene.heard(bob).at(0).xml, "subscription", "subscription") ==
        Strings{"subscribed"});
}

TEST_CASE("§8.6 when the disk fails nobody is told, and who waits still waits") {
  Waiting scene;
  scene.store().fail_commit = true;
  scene.send(allow(alice));
  CHECK(scene.complaints.size() == 1);
  scene.complaints.clear();
  CHECK(scene.heard(bob).empty());
  CHECK(scene.state() == "pending");
  scene.send(allow(alice));
  CHECK(scene.state() == "subscribed");
}

}  // namespace crier::test
