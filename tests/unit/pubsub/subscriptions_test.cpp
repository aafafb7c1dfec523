#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

Answer own(Scene& scene, std::string_view from, std::string_view attributes = "",
           std::string_view behind = "") {
  return scene.get(from, pubsub(fmt::format("<subscriptions {}/>{}", attributes, behind)));
}

Answer list(Scene& scene, std::string_view from, std::string_view behind = "") {
  return scene.get(from, pubsub_owner("<subscriptions node='n'/>" + std::string(behind)));
}

/// An owner's change of node n.
std::string change(std::string_view entries) {
  return pubsub_owner(fmt::format("<subscriptions node='n'>{}</subscriptions>", entries));
}

/// "node jid state" of each subscription in the stanza, sorted; without a node, "jid state".
Strings entries(const Answer& answer) {
  const auto nodes = attributes_of(answer.xml, "subscription", "node");
  const auto jids = attributes_of(answer.xml, "subscription", "jid");
  const auto states = attributes_of(answer.xml, "subscription", "subscription");
  REQUIRE(jids.size() == states.size());
  Strings all;
  for (std::size_t i = 0; i < jids.size(); ++i)
    all.push_back((nodes.empty() ? "" : nodes.at(i) + " ") + jids[i] + " " + states[i]);
  std::ranges::sort(all);
  return all;
}

std::string state_event(std::string_view jid, std::string_view subid, std::string_view state) {
  return event(fmt::format("<subscription node='n' jid='{}' subid='{}' subscription='{}'/>", jid,
                           subid, state));
}

std::string subid_in(const Answer& answer) {
  return attributes_of(answer.xml, "subscription", "subid").at(0);
}

}  // namespace

TEST_CASE("§5.6 A054 the subscriptions of all JIDs of an account, at all nodes, and no others") {
  Scene scene;
  for (const auto* node : {"n", "m"}) {
    scene.create(alice, node);
    scene.subscribe(bob, node);
    scene.subscribe("bob@b.example.org", node);
    scene.subscribe("bobby@b.example", node);
  }
  scene.subscribe("bob@b.example/x", "m");
  const Strings expected{"m bob@b.example subscribed", "m bob@b.example/x subscribed",
                         "n bob@b.example subscribed"};
  CHECK(entries(own(scene, bob)) == expected);
  CHECK(entries(own(scene, "bob@b.example/elsewhere")) == expected);
}

TEST_CASE("§5.6 A056 no subscriptions: an empty list, no error") {
  Scene scene;
  CHECK(own(scene, bob).payload == canonical(pubsub("<subscriptions/>")));
  scene.create(alice, "n");
  CHECK(own(scene, bob).payload == canonical(pubsub("<subscriptions/>")));
}

TEST_CASE("§5.6 A057 with a node, the subscriptions to it alone") {
  Scene scene;
  for (const auto* node : {"n", "m"}) {
    scene.create(alice, node);
    scene.subscribe(bob, node);
  }
  scene.subscribe("bob@b.example/x", "n");
  CHECK(entries(own(scene, bob, "node='n'")) ==
        Strings{"n bob@b.example subscribed", "n bob@b.example/x subscribed"});
}

TEST_CASE("§5.6 A055 A059 each entry has its SubID, and pending ones are told of too") {
  Scene scene;
  scene.create(alice, "n");
  scene.set_subscription(alice, "n", bob, "pending");
  scene.set_subscription(alice, "n", "bob@b.example/x", "unconfigured");
  for (const auto& answer : {own(scene, bob), own(scene, bob, "node='n'")}) {
    CHECK(entries(answer) == Strings{"n bob@b.example pending", "n bob@b.example/x unconfigured"});
    const auto subids = attributes_of(answer.xml, "subscription", "subid");
    REQUIRE(subids.size() == 2);
    CHECK(subids[0] != subids[1]);
  }
}

TEST_CASE("§5.6 what ended is told of no more, nor what was at a node that is gone") {
  Scene scene;
  for (const auto* node : {"n", "m"}) {
    scene.create(alice, node);
    scene.subscribe(bob, node);
  }
  scene.unsubscribe(bob, "n");
  scene.remove(alice, "m");
  CHECK(entries(own(scene, bob)).empty());
}

TEST_CASE("§5.6 R21 own subscriptions are paged: each once") {
  Scene scene;
  for (const auto* node : {"a", "b", "c", "d", "e"}) {
    scene.create(alice, node);
    scene.subscribe(bob, node);
  }
  Strings nodes;
  std::string set = "<max>2</max>";
  for (int pages = 0; pages < 3; ++pages) {
    const auto answer = own(scene, bob, "", page(set));
    for (auto& node : attributes_of(answer.xml, "subscription", "node")) nodes.push_back(node);
    set = "<max>2</max><after>" + texts_of(answer.xml, "last").at(0) + "</after>";
  }
  CHECK(nodes == Strings{"a", "b", "c", "d", "e"});
}

TEST_CASE("XEP-0059 §2.4 R20 a page of own subscriptions behind one that ended: none is lost") {
  Scene scene;
  for (const auto* node : {"a", "b", "c"}) {
    scene.create(alice, node);
    scene.subscribe(bob, node);
  }
  const auto first = own(scene, bob, "", page("<max>1</max>"));
  scene.unsubscribe(bob, attributes_of(first.xml, "subscription", "node").at(0));
  const auto next = own(
      scene, bob, "", page("<max>5</max><after>" + texts_of(first.xml, "last").at(0) + "</after>"));
  // Either the place is still known, or it is said that it is not.
  const bool goes_on = attributes_of(next.xml, "subscription", "node") == Strings{"b", "c"};
  CHECK_MESSAGE((goes_on || next.error == "cancel/item-not-found"), next.xml);
}

TEST_CASE("XEP-0059 §2.4 R19 a page of own subscriptions behind none: cancel/item-not-found") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  const auto answer = own(scene, bob, "", page("<after>nonsense</after>"));
  CHECK_MESSAGE(answer.error == "cancel/item-not-found", answer.xml);
}

TEST_CASE("§8.8.1.2 A253 A254 the owner's list: subscribed and unconfigured, never pending") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.subscribe("bob@b.example/x", "n");
  scene.set_subscription(alice, "n", "carol@c.example", "unconfigured");
  scene.set_subscription(alice, "n", "dan@d.example", "pending");
  scene.subscribe("eve@e.example", "n");
  scene.unsubscribe("eve@e.example", "n");
  const auto answer = list(scene, alice);
  CHECK(attributes_of(answer.xml, "subscriptions", "node") == Strings{"n"});
  CHECK(entries(answer) == Strings{"bob@b.example subscribed", "bob@b.example/x subscribed",
                                   "carol@c.example unconfigured"});
}

TEST_CASE("§8.8.1 an admin of the service lists and changes like an owner") {
  Scene scene;
  scene.create(alice, "n");
  scene.set_subscription("admin@example.org/x", "n", bob, "subscribed");
  CHECK(entries(list(scene, "admin@example.org/x")) == Strings{"bob@b.example subscribed"});
}

TEST_CASE("§8.8.1 R21 the owner's list is paged: each once, though one went") {
  Scene scene;
  scene.create(alice, "n");
  for (int i = 1; i <= 5; ++i) scene.subscribe(fmt::format("u{}@b.example", i), "n");
  const auto first = list(scene, alice, page("<max>2</max>"));
  CHECK(attributes_of(first.xml, "subscription", "jid") == Strings{"u1@b.example", "u2@b.example"});
  CHECK(texts_of(first.xml, "count") == Strings{"5"});
  scene.unsubscribe("u2@b.example", "n");
  const auto second = list(
      scene, alice, page("<max>2</max><after>" + texts_of(first.xml, "last").at(0) + "</after>"));
  CHECK(attributes_of(second.xml, "subscription", "jid") ==
        Strings{"u3@b.example", "u4@b.example"});
}

TEST_CASE("§8.8.2 A259 A263 the owner subscribes who never asked, and that one is told") {
  Scene scene;
  scene.create(alice, "n");
  scene.set_subscription(alice, "n", "bob@b.example/x", "subscribed");
  const auto subid = subid_in(list(scene, alice));
  CHECK(scene.events("bob@b.example/x") ==
        Strings{state_event("bob@b.example/x", subid, "subscribed")});
  scene.publish(alice, "n", "1");
  CHECK(scene.events("bob@b.example/x").size() == 1);
  scene.restart();
  CHECK(subid_in(list(scene, alice)) == subid);
}

TEST_CASE("§8.8.2 A259 A021 who is set to pending hears nothing until it is subscribed") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.set_subscription(alice, "n", bob, "pending");
  CHECK(attributes_of(scene.heard(bob).at(0).xml, "subscription", "subscription") ==
        Strings{"pending"});
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).empty());
  scene.set_subscription(alice, "n", bob, "subscribed");
  scene.events(bob);
  scene.publish(alice, "n", "2");
  CHECK(scene.events(bob).size() == 1);
}

TEST_CASE("§8.8.3 A262 A263 none removes, tells, and is listed no more") {
  Scene scene;
  scene.create(alice, "n");
  const auto subid = subid_in(scene.subscribe(bob, "n"));
  scene.set_subscription(alice, "n", bob, "none");
  CHECK(scene.events(bob) == Strings{state_event(bob, subid, "none")});
  CHECK(entries(list(scene, alice)).empty());
  CHECK(entries(own(scene, bob)).empty());
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).empty());
}

TEST_CASE("§8.8.2.1 A258 what is not named, and what has no state, stays and nobody is told") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.subscribe("carol@c.example", "n");
  const auto before = scene.stored();
  for (const auto* entry : {"", "<subscription jid='bob@b.example'/>",
                            "<subscription jid='bob@b.example' subscription='subscribed'/>",
                            "<subscription jid='nobody@b.example' subscription='none'/>"})
    CHECK(scene.set(alice, change(entry)).type == "result");
  CHECK(scene.stored() == before);
  CHECK(scene.events(bob).empty());
  CHECK(scene.events("nobody@b.example").empty());
}

TEST_CASE("§8.8.2.4 A260 some entries are wrong: those come back as they are, the rest is done") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.affiliate(alice, "n", "eve@e.example", "outcast");
  const auto answer =
      scene.set(alice, change("<subscription jid='bob@b.example' subscription='nonsense'/>"
                              "<subscription jid='carol@c.example' subscription='subscribed'/>"
                              "<subscription jid='eve@e.example' subscription='subscribed'/>"
                              "<subscription jid='a@b@c' subscription='subscribed'/>"));
  CHECK(answer.error == "modify/not-acceptable");
  CHECK(answer.payload ==
        canonical(change("<subscription jid='bob@b.example' subscription='subscribed'/>"
                         "<subscription jid='eve@e.example' subscription='none'/>"
                         "<subscription jid='a@b@c' subscription='none'/>")));
  CHECK(entries(list(scene, alice)) ==
        Strings{"bob@b.example subscribed", "carol@c.example subscribed"});
}

TEST_CASE("§8.8.2.4 a wrong SubID is a wrong entry") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  CHECK(scene.refused_set(
            alice, change("<subscription jid='bob@b.example' subid='x' subscription='none'/>")) ==
        "modify/not-acceptable");
}

TEST_CASE("§8.8.2.4 A261 two entries of one subscription contradict each other: an error") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  const auto answer =
      scene.set(alice, change("<subscription jid='bob@b.example' subscription='none'/>"
                              "<subscription jid='bob@b.example' subscription='subscribed'/>"));
  CHECK_MESSAGE(answer.type == "error", answer.xml);
}

TEST_CASE("§6.1.3.9 A077 an owner can not subscribe more than the service allows either") {
  auto policy = Scene::policy();
  policy.max_subscriptions_per_node = 1;
  Scene scene(policy);
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  CHECK_FALSE(scene
                  .refused_set(alice, change("<subscription jid='carol@c.example' "
                                             "subscription='subscribed'/>"))
                  .empty());
}

TEST_CASE("§8.8.2 what is no subscription makes the whole request wrong") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(scene.refused_set(alice,
                          change("<subscription jid='bob@b.example' subscription='subscribed'/>"
                                 "<affiliation jid='bob@b.example' affiliation='owner'/>")) ==
        "modify/bad-request");
}

TEST_CASE("§12.10 A313 who is subscribed by an owner gets the last item, if the node says so") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub"});
  scene.fill(alice, "n", 2);
  scene.set_subscription(alice, "n", bob, "subscribed");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 2);
  CHECK(heard[1].event == event("<items node='n'><item id='2'><e xmlns='u:e'/></item></items>"));
}

TEST_CASE("§8.8.2 A254 A261 of two subscriptions of one JID each has its SubID") {
  Scene scene;
  scene.create(alice, "n");
  const auto one = attributes_of(scene.subscribe(bob, "n").xml, "subscription", "subid").at(0);
  const auto two = attributes_of(scene.subscribe(bob, "n").xml, "subscription", "subid").at(0);
  const auto list = [&] {
    return attributes_of(scene.get(alice, pubsub_owner("<subscriptions node='n'/>")).xml,
                         "subscription", "subid");
  };
  CHECK(list() == Strings{one, two});
  const auto both = fmt::format(
      "<subscriptions node='n'><subscription jid='{}' subid='{}' subscription='none'/>"
      "<subscription jid='{}' subid='{}' subscription='subscribed'/></subscriptions>",
      bob, one, bob, two);
  CHECK(scene.set(alice, pubsub_owner(both)).type == "result");
  CHECK(list() == Strings{two});
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).back().xml.find("<items") != std::string::npos);
  // Without a SubID all of the JID are meant.
  scene.subscribe(bob, "n");
  scene.set_subscription(alice, "n", bob, "none");
  CHECK(list().empty());
}

}  // namespace crier::test
