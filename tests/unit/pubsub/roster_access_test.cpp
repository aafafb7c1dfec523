/// The access models that go by rosters. XEP-0060 §4.5, XEP-0356.

#include <crier/service.hpp>
#include <crier/waiting_requests.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

#include <stdexcept>

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto alice_bare = "alice@a.example";
constexpr auto bob = "bob@b.example/y";
constexpr auto carol = "carol@b.example/z";
constexpr auto no_presence = "auth/not-authorized presence-subscription-required";
constexpr auto no_group = "auth/not-authorized not-in-roster-group";

std::string contact(std::string_view jid, std::string_view subscription,
                    const Strings& groups = {}) {
  auto item = fmt::format("<item jid='{}' subscription='{}'>", jid, subscription);
  for (const auto& group : groups) item += fmt::format("<group>{}</group>", group);
  return item + "</item>";
}

std::string subscribe_xml(std::string_view jid, std::string_view node = "n") {
  return pubsub(fmt::format("<subscribe node='{}' jid='{}'/>", node, jid));
}

std::string items_xml(std::string_view node = "n") {
  return pubsub(fmt::format("<items node='{}'/>", node));
}

/// A service that may read the rosters of a.example; alice owns n, where bob is no stranger.
struct Rostered : Scene {
  explicit Rostered(const Strings& config,
                    std::string_view bobs = contact("bob@b.example", "from")) {
    grant("a.example");
    rosters[alice_bare] = bobs;
    create(alice, "n", config);
    fill(alice, "n", 1);
  }
};

}  // namespace

TEST_CASE("§4.5 A030 all five access models are offered and taken") {
  Scene scene;
  scene.grant("a.example");
  const auto form = scene.get(alice, pubsub_owner("<default/>")).xml;
  for (const auto* model : {"open", "presence", "roster", "authorize", "whitelist"}) {
    CAPTURE(model);
    CHECK(form.find(fmt::format("<value>{}</value></option>", model)) != form.npos);
    scene.create(alice, model, {fmt::format("access_model={}", model)});
  }
}

TEST_CASE("§6.1.3.2 §6.5.9.6 A032 A070 A139 presence: who sees an owner's presence gets in") {
  for (const auto* subscription : {"from", "both"}) {
    Rostered scene({"access_model=presence"}, contact("bob@b.example", subscription));
    CHECK(scene.subscribe(bob, "n").type == "result");
    CHECK(scene.item_ids(bob, "n") == Strings{"1"});
    CHECK(scene.asked_rosters() == Strings{alice_bare});
  }
  for (const auto* subscription : {"to", "none"}) {
    Rostered scene({"access_model=presence"}, contact("bob@b.example", subscription));
    CHECK(scene.refused_set(bob, subscribe_xml(bob)) == no_presence);
    CHECK(scene.refused_get(bob, items_xml()) == no_presence);
  }
}

TEST_CASE("§6.1.3.3 §6.5.9.7 A033 A071 A140 roster: who is in an allowed group gets in") {
  Rostered scene({"access_model=roster", "roster_groups_allowed=Friends|Work"},
                 contact("bob@b.example", "both", {"Work"}) +
                     contact("carol@b.example", "both", {"Family"}) +
                     contact("dave@b.example", "to", {"Friends"}));
  CHECK(scene.subscribe(bob, "n").type == "result");
  CHECK(scene.item_ids(bob, "n") == Strings{"1"});
  for (const auto* jid : {carol, "dave@b.example/x", "eve@b.example/x"}) {
    CHECK(scene.refused_set(jid, subscribe_xml(jid)) == no_group);
    CHECK(scene.refused_get(jid, items_xml()) == no_group);
  }
}

TEST_CASE("§4.5 an affiliation lets in whatever the roster says, and keeps out") {
  Rostered scene({"access_model=presence"});
  scene.affiliate(alice, "n", "carol@b.example", "member");
  CHECK(scene.subscribe(carol, "n").type == "result");
  scene.affiliate(alice, "n", "bob@b.example", "outcast");
  CHECK(scene.refused_set(bob, subscribe_xml(bob)) == "auth/forbidden");
}

TEST_CASE("§4.5 the roster of any owner counts") {
  Rostered scene({"access_model=presence"}, "");
  scene.rosters["olga@a.example"] = contact("bob@b.example", "from");
  CHECK(scene.refused_set(bob, subscribe_xml(bob)) == no_presence);
  scene.affiliate(alice, "n", "olga@a.example", "owner");
  CHECK(scene.subscribe(bob, "n").type == "result");
  scene.heard(bob);
  scene.affiliate(alice, "n", "olga@a.example", "none");
  CHECK(scene.heard(bob).size() == 1);
  CHECK(scene.refused_get(bob, items_xml()) == no_presence);
}

TEST_CASE("a request waits for the roster; what comes behind it does not wait") {
  Rostered scene({"access_model=presence"});
  scene.create(alice, "open");
  scene.server_answers = false;
  const auto before = scene.stored();
  CHECK(scene.subscribe(bob, "n").xml.empty());
  CHECK(scene.stored() == before);
  CHECK(scene.subscribe(bob, "open").type == "result");
  CHECK(scene.items(bob, "n").xml.empty());
  CHECK(scene.asked_rosters() == Strings{alice_bare});
  scene.server_answers = true;
  const auto left = scene.wait(std::chrono::seconds(1));
  REQUIRE(left.size() == 2);
  CHECK(left[0].find("subscription='subscribed'") != left[0].npos);
  CHECK(ids_in(left[1]) == Strings{"1"});
}

TEST_CASE("an owner whose roster can not be had has no contacts") {
  Rostered scene({"access_model=presence"});
  scene.rosters.clear();
  CHECK(scene.refused_set(bob, subscribe_xml(bob)) == no_presence);
  scene.wait(std::chrono::seconds(10));
  scene.server_answers = false;
  CHECK(scene.subscribe(bob, "n").xml.empty());
  const auto left = scene.wait(std::chrono::seconds(61));
  REQUIRE(left.size() == 1);
  CHECK(left[0].find("presence-subscription-required") != left[0].npos);
}

TEST_CASE("beyond the bound requests do not wait: wait/resource-constraint") {
  Rostered scene({"access_model=presence"});
  scene.server_answers = false;
  for (std::size_t i = 0; i < WaitingRequests::most; ++i) scene.subscribe(bob, "n");
  CHECK(scene.subscribe(bob, "n").error == "wait/resource-constraint");
}

TEST_CASE("a request that waits is forgotten with the stream, and so are rosters and grants") {
  Rostered scene({"access_model=presence"});
  CHECK(scene.subscribe(bob, "n").type == "result");
  scene.lose_stream();
  scene.connect();
  scene.asked_rosters();
  CHECK(scene.refused_get(bob, items_xml()) == no_presence);
  CHECK(scene.asked_rosters().empty());
}

TEST_CASE("XEP-0356 §4.2 only a server grants, only for its own users, and may take it back") {
  Scene scene;
  scene.rosters[alice_bare] = contact("bob@b.example", "both", {"G"});
  const Strings config{"access_model=roster", "roster_groups_allowed=G"};
  const auto create_n =
      pubsub("<create node='n'/><configure>" +
             submit_form("http://jabber.org/protocol/pubsub#node_config", config) + "</configure>");
  constexpr auto unsupported = "modify/not-acceptable unsupported-access-model";
  CHECK(scene.refused_set(alice, create_n) == unsupported);
  for (const auto* stranger : {"b.example", "mallory@a.example", "a.example/x"}) {
    scene.grant(stranger);
    CHECK(scene.refused_set(alice, create_n) == unsupported);
  }
  scene.grant("a.example", "<perm access='roster' type='none'/>");
  CHECK(scene.refused_set(alice, create_n) == unsupported);
  // As ejabberd 23.01 writes it.
  scene.grant("a.example",
              "<perm access='message' type='none'/><perm access='roster' type='both'/>"
              "<perm access='presence' type='managed_entity'/>",
              "urn:xmpp:privilege:1");
  scene.create(alice, "n", config);
  CHECK(scene.subscribe(bob, "n").type == "result");
  scene.grant("a.example", "");
  scene.asked_rosters();
  CHECK(scene.refused_get(bob, items_xml()) == no_group);
  CHECK(scene.asked_rosters().empty());
}

TEST_CASE("without a grant roster is not offered, and presence is that of the service") {
  Scene scene;
  const auto form = scene.get(alice, pubsub_owner("<default/>")).xml;
  CHECK(form.find("<value>roster</value>") == form.npos);
  CHECK(form.find("<value>presence</value>") != form.npos);
  scene.create(alice, "n", {"access_model=presence"});
  CHECK(scene.configure(alice, "n", {"access_model=roster"}).error ==
        "modify/not-acceptable unsupported-access-model");
  CHECK(scene.refused_set(bob, subscribe_xml(bob)) == no_presence);
  scene.send_batch({"<presence type='subscribe' from='bob@b.example' to='pubsub.example.org'/>"});
  CHECK(scene.subscribe(bob, "n").type == "result");
  scene.heard(bob);
  scene.send_batch({"<presence type='unsubscribe' from='bob@b.example' to='pubsub.example.org'/>"});
  const auto told = scene.events(bob);
  CHECK(told.size() == 1);
  CHECK(scene.refused_get(bob, items_xml()) == no_presence);
}

TEST_CASE("RFC 6121 §2.1.6 a push is taken from the account alone, and answered") {
  Rostered scene({"access_model=presence"});
  CHECK(scene.push(alice_bare, contact("bob@b.example", "none")).type == "result");
  for (const auto* stranger : {alice, "a.example", "bob@b.example"})
    CHECK(scene.push(stranger, contact("bob@b.example", "none")).error ==
          "cancel/service-unavailable");
}

TEST_CASE("§12.14 a push that takes the right away ends the subscriptions, and says so") {
  Rostered scene(
      {"access_model=roster", "roster_groups_allowed=G"},
      contact("bob@b.example", "both", {"G"}) + contact("carol@b.example", "both", {"G"}));
  for (const auto* jid : {bob, carol, "bob@b.example"}) {
    CHECK(scene.subscribe(jid, "n").type == "result");
    scene.heard(jid);
  }
  scene.push(alice_bare, contact("bob@b.example", "both", {"H"}));
  for (const auto* jid : {bob, "bob@b.example"}) {
    const auto told = scene.heard(jid);
    REQUIRE(told.size() == 1);
    CHECK(told[0].xml.find("subscription='none'") != told[0].xml.npos);
  }
  scene.publish(alice, "n", "2");
  CHECK(scene.events(bob).empty());
  CHECK(scene.events(carol).size() == 1);
  CHECK(scene.refused_get(bob, items_xml()) == no_group);
  scene.push(alice_bare, "<item jid='carol@b.example' subscription='remove'/>");
  CHECK(scene.events(carol).size() == 1);
  scene.push(alice_bare, contact("bob@b.example", "both", {"G"}));
  CHECK(scene.subscribe(bob, "n").type == "result");
  CHECK(scene.asked_rosters() == Strings{alice_bare});
}

TEST_CASE("nobody loses a right that a roster which can not be had just now may give") {
  Rostered scene({"access_model=presence"});
  scene.affiliate(alice, "n", "olga@a.example", "owner");
  scene.rosters["olga@a.example"] = contact("carol@b.example", "from");
  CHECK(scene.subscribe(carol, "n").type == "result");
  scene.heard(carol);
  scene.wait(std::chrono::seconds(6));
  scene.rosters.erase("olga@a.example");
  scene.rosters[alice_bare] = "";
  CHECK(scene.refused_set(bob, subscribe_xml(bob)) == no_presence);
  CHECK(scene.events(carol).empty());
}

TEST_CASE("a push reaches nodes that are not in memory, after a restart, when no roster is known") {
  Rostered scene({"access_model=presence"});
  CHECK(scene.subscribe(bob, "n").type == "result");
  scene.heard(bob);
  scene.restart();
  scene.grant("a.example");
  scene.rosters[alice_bare] = "";
  scene.push(alice_bare, contact("bob@b.example", "none"));
  CHECK(scene.events(bob).size() == 1);
}

TEST_CASE("a server that does not push is asked again: at requests, and behind publications") {
  Rostered scene({"access_model=presence"});
  CHECK(scene.subscribe(bob, "n").type == "result");
  scene.rosters[alice_bare] = contact("carol@b.example", "from");
  scene.wait(std::chrono::seconds(6));
  CHECK(scene.subscribe(carol, "n").type == "result");
  // Bob's right is seen to be gone with the new roster.
  CHECK(scene.events(bob).size() == 1);
  scene.wait(std::chrono::seconds(61));
  scene.rosters[alice_bare] = "";
  scene.publish(alice, "n", "2");
  const auto told = scene.events(carol);
  REQUIRE(told.size() == 2);
  scene.publish(alice, "n", "3");
  CHECK(scene.events(carol).empty());
}

TEST_CASE("§14.3 a change of the model or the groups ends the subscriptions of strangers") {
  Rostered scene({"access_model=open"}, contact("bob@b.example", "both", {"G"}));
  for (const auto* jid : {bob, carol}) {
    CHECK(scene.subscribe(jid, "n").type == "result");
    scene.heard(jid);
  }
  CHECK(scene.configure(alice, "n", {"access_model=roster", "roster_groups_allowed=G"}).type ==
        "result");
  CHECK(scene.events(bob).empty());
  CHECK(scene.events(carol).size() == 1);
  CHECK(scene.configure(alice, "n", {"roster_groups_allowed=H"}).type == "result");
  CHECK(scene.events(bob).size() == 1);
}

TEST_CASE("§14.3 nodes of these models are shown to those who get in, as far as is known") {
  Rostered scene({"access_model=presence"});
  const auto nodes = [&](std::string_view who) {
    const auto list = scene.get(who, "<query xmlns='http://jabber.org/protocol/disco#items'/>");
    return attributes_of(list.xml, "item", "node");
  };
  CHECK(nodes(alice) == Strings{"n"});
  CHECK(nodes(bob).empty());
  CHECK(nodes(carol).empty());
  CHECK(scene.asked_rosters().empty());
  CHECK(scene.item_ids(bob, "n") == Strings{"1"});
  CHECK(nodes(bob) == Strings{"n"});
  CHECK(nodes(carol).empty());
  CHECK(scene.subscribe(bob, "n").type == "result");
  scene.restart();
  CHECK(nodes(bob) == Strings{"n"});
}

TEST_CASE("§14.3 a concealed node answers strangers as if there were none, friends as ever") {
  auto policy = Scene::policy();
  policy.conceal_private_nodes = true;
  Scene scene(policy);
  scene.grant("a.example");
  scene.rosters[alice_bare] = contact("bob@b.example", "from");
  scene.create(alice, "n", {"access_model=presence"});
  CHECK(scene.refused_set(carol, subscribe_xml(carol)) == "cancel/item-not-found");
  CHECK(scene.subscribe(bob, "n").type == "result");
}

TEST_CASE("XEP-0248 §6.2 a collection shows the items of the children that let the asker in") {
  Rostered scene({"access_model=presence"});
  scene.create(alice, "m", {"access_model=roster", "roster_groups_allowed=G"});
  scene.fill(alice, "m", 1);
  scene.create(alice, "c", {"node_type=collection", "children=n|m"});
  const auto answer = scene.items(bob, "c");
  CHECK(attributes_of(answer.xml, "items", "node") == Strings{"n"});
}

TEST_CASE("§8.8.2 an owner subscribes those who may, and nobody else") {
  Rostered scene({"access_model=presence"});
  scene.set_subscription(alice, "n", "bob@b.example", "subscribed");
  const auto answer =
      scene.set(alice, pubsub_owner("<subscriptions node='n'><subscription jid='carol@b.example' "
                                    "subscription='subscribed'/></subscriptions>"));
  CHECK(answer.error == "modify/not-acceptable");
}

TEST_CASE("a request that waits is answered once, whatever becomes of its batch") {
  auto service = make_service(Scene::policy());
  constexpr auto fail = [](const Request&, Turn&) -> Result<Reply> {
    throw std::logic_error("a defect");
  };
  service.add_route({Request::Type::set, "urn:defect", "defect", fail});
  Scene scene(std::move(service));
  scene.grant("a.example");
  scene.rosters[alice_bare] = contact("bob@b.example", "from");
  scene.create(alice, "n", {"access_model=presence"});
  scene.server_answers = false;
  const auto request = iq("set", bob, subscribe_xml(bob), "1");
  CHECK(scene.send_batch({request, iq("set", alice, "<defect xmlns='urn:defect'/>")}).size() == 1);
  CHECK(scene.asked_rosters() == Strings{alice_bare});
  scene.server_answers = true;
  CHECK(scene.wait(std::chrono::seconds(1)).size() == 1);
  CHECK(scene.complaints.size() == 2);
  scene.complaints.clear();

  scene.wait(std::chrono::seconds(10));
  scene.store().fail_commit = true;
  const auto refused = scene.send_batch({request});
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].find("resource-constraint") != refused[0].npos);
  CHECK(scene.asked_rosters().empty());
  CHECK(scene.complaints.size() == 1);
  scene.complaints.clear();
}

}  // namespace crier::test
