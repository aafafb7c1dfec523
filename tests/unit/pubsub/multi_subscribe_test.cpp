/// Several subscriptions of one JID. XEP-0060 §6.1.6.

#include <crier/namespaces.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "pubsub/options_requests.hpp"
#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

/// Subscribes `jid` to `n` so many times, and gives the SubIDs in order.
Strings subscribe_times(Scene& scene, std::string_view jid, int times) {
  Strings subids;
  for (int i = 0; i < times; ++i) subids.push_back(subscribe_with(scene, jid, "n"));
  return subids;
}

std::string unsubscribe(std::string_view jid, std::string_view subid) {
  return pubsub(fmt::format("<unsubscribe node='n' jid='{}' subid='{}'/>", jid, subid));
}

/// The name of the last child of the message.
std::string last_child(const Heard& message) {
  const auto document = parse_xml(message.xml);
  std::string last;
  for (const auto& child : document->root().children()) last = child.name;
  return last;
}

}  // namespace

TEST_CASE("§6.1.6 A086 each request gets a subscription of its own, with a SubID of its own") {
  Scene scene;
  scene.create(alice, "n");
  const auto subids = subscribe_times(scene, bob, 5);
  CHECK(std::set<std::string>(subids.begin(), subids.end()).size() == 5);
  // A SubID that the subscriber makes up is not taken.
  const auto own = scene.set(bob, pubsub("<subscribe node='n' jid='bob@b.example' subid='mine'/>"));
  CHECK(own.payload == canonical(pubsub("<subscription node='n' jid='bob@b.example' subid='6' "
                                        "subscription='subscribed'/>")));
}

TEST_CASE("§6.1.6 A086 feature multi-subscribe exactly when it is so") {
  auto policy = Scene::policy();
  for (const bool multi : {true, false}) {
    policy.multi_subscribe = multi;
    Scene scene(policy);
    const auto info = scene.get(bob, "<query xmlns='http://jabber.org/protocol/disco#info'/>").xml;
    CHECK((info.find("pubsub#multi-subscribe'") != std::string::npos) == multi);
  }
}

TEST_CASE("§6.1.6 A088 §7.1.2.4 A159 one notification, whose last child names all SubIDs") {
  Scene scene;
  scene.create(alice, "n", {"itemreply=owner"});
  const auto subids = subscribe_times(scene, bob, 4);
  for (int restart = 0; restart < 2; ++restart) {
    scene.publish(alice, "n", "1");
    const auto heard = scene.heard(bob);
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].event == event("<items node='n'><item id='1'><e xmlns='u:e'/></item></items>"));
    CHECK(subids_in(heard[0]) == subids);
    CHECK(attributes_of(heard[0].xml, "header", "name") ==
          Strings{"SubID", "SubID", "SubID", "SubID"});
    CHECK(last_child(heard[0]) == "headers");
    scene.restart();
  }
}

TEST_CASE("§12.16 A320 no headers for who has one subscription, also after the others went") {
  Scene scene;
  scene.create(alice, "n");
  const auto subids = subscribe_times(scene, bob, 3);
  scene.subscribe("bob@b.example/x", "n");
  scene.set(bob, unsubscribe(bob, subids[0]));
  scene.set(bob, unsubscribe(bob, subids[2]));
  scene.publish(alice, "n", "1");
  for (const auto* jid : {bob, "bob@b.example/x"}) {
    const auto heard = scene.heard(jid);
    REQUIRE(heard.size() == 1);
    CHECK(last_child(heard[0]) == "event");
  }
}

TEST_CASE("§7.2.2.2 A187 headers with retractions too") {
  Scene scene;
  scene.create(alice, "n");
  const auto subids = subscribe_times(scene, bob, 2);
  scene.publish(alice, "n", "1");
  scene.heard(bob);
  scene.retract(alice, "n", "1");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].event == event("<items node='n'><retract id='1'/></items>"));
  CHECK(subids_in(heard[0]) == subids);
  CHECK(last_child(heard[0]) == "headers");
}

TEST_CASE(
    "§12.16 A320 no headers where all SubIDs are told the same: configuration, purge, delete") {
  Scene scene;
  scene.create(alice, "n", {"notify_config=1"});
  subscribe_times(scene, bob, 2);
  scene.configure(alice, "n", {"title=news"});
  scene.purge(alice, "n");
  scene.remove(alice, "n");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 3);
  for (const auto& message : heard) CHECK(last_child(message) == "event");
}

TEST_CASE("§6.1.7 A320 the last item for a further subscription names that one alone") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub"});
  scene.publish(alice, "n", "1");
  subscribe_with(scene, bob, "n");
  const auto first = scene.heard(bob);
  REQUIRE(first.size() == 1);
  CHECK(last_child(first[0]) == "delay");
  const auto second = subscribe_with(scene, bob, "n");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(subids_in(heard[0]) == Strings{second});
  CHECK(last_child(heard[0]) == "headers");
}

TEST_CASE("§6.1.6 A089 the bare JID and each resource are told for themselves") {
  Scene scene;
  scene.create(alice, "n");
  const auto bare = subscribe_times(scene, bob, 2);
  const auto phone = subscribe_times(scene, "bob@b.example/phone", 2);
  scene.publish(alice, "n", "1");
  const auto to_bare = scene.heard(bob);
  const auto to_phone = scene.heard("bob@b.example/phone");
  REQUIRE(to_bare.size() == 1);
  REQUIRE(to_phone.size() == 1);
  CHECK(subids_in(to_bare[0]) == bare);
  CHECK(subids_in(to_phone[0]) == phone);
}

TEST_CASE("§6.1.3.9 A077 too many subscriptions of one JID") {
  auto policy = Scene::policy();
  policy.max_subscriptions_per_jid = 2;
  Scene scene(policy);
  scene.create(alice, "n");
  const auto subids = subscribe_times(scene, bob, 2);
  CHECK(scene.refused_set(bob, subscribe_request("n", bob, {})) ==
        "wait/policy-violation too-many-subscriptions");
  CHECK(scene.subscribe("bob@b.example/x", "n").type == "result");
  scene.set(bob, unsubscribe(bob, subids[0]));
  CHECK(scene.subscribe(bob, "n").type == "result");
}

TEST_CASE("§6.1.3.9 A077 too many subscriptions of one account, whatever its resources") {
  auto policy = Scene::policy();
  policy.max_subscriptions_per_account_at_node = 3;
  Scene scene(policy);
  scene.create(alice, "n");
  for (const auto* jid : {"bob@b.example", "bob@b.example/1", "bob@b.example/2"})
    CHECK(scene.subscribe(jid, "n").type == "result");
  CHECK(scene.refused_set(bob, subscribe_request("n", "bob@b.example/3", {})) ==
        "wait/policy-violation too-many-subscriptions");
  CHECK(scene.subscribe("carol@b.example", "n").type == "result");
}

TEST_CASE("§6.2.3.1 A094 several SubIDs and none given: modify/bad-request subid-required") {
  Scene scene;
  scene.create(alice, "n");
  const auto subids = subscribe_times(scene, bob, 2);
  CHECK(scene.refused_set(bob, pubsub("<unsubscribe node='n' jid='bob@b.example'/>")) ==
        "modify/bad-request subid-required");
  const auto answer = scene.set(bob, unsubscribe(bob, subids[1]));
  CHECK(answer.payload ==
        canonical(pubsub(fmt::format(
            "<subscription node='n' jid='bob@b.example' subid='{}' subscription='none'/>",
            subids[1]))));
  // One is left: it need not be named.
  CHECK(scene.unsubscribe(bob, "n").type == "result");
}

TEST_CASE("§6.2.3.5 A099 the SubID of another resource of the same account: invalid-subid") {
  Scene scene;
  scene.create(alice, "n");
  const auto phone = subscribe_with(scene, "bob@b.example/phone", "n");
  subscribe_times(scene, bob, 2);
  CHECK(scene.refused_set(bob, unsubscribe(bob, phone)) == "modify/not-acceptable invalid-subid");
}

TEST_CASE("§6.5.9.1 A134 several SubIDs and none given: no items; with one, all") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 2);
  const auto subids = subscribe_times(scene, bob, 2);
  for (const auto* from : {bob, "bob@b.example/any"})
    CHECK(scene.refused_get(from, pubsub("<items node='n'/>")) ==
          "modify/bad-request subid-required");
  for (const auto& subid : subids) {
    const auto answer = scene.get(bob, pubsub(fmt::format("<items node='n' subid='{}'/>", subid)));
    CHECK(ids_in(answer.xml) == Strings{"1", "2"});
  }
  CHECK(scene.refused_get(bob, pubsub("<items node='n' subid='ffff'/>")) ==
        "modify/not-acceptable invalid-subid");
}

TEST_CASE("§5.6 A055 the own lists have an entry for each SubID, in the same order") {
  Scene scene;
  scene.create(alice, "n");
  const auto subids = subscribe_times(scene, bob, 3);
  for (const auto* request : {"<subscriptions/>", "<subscriptions node='n'/>"}) {
    const auto answer = scene.get("bob@b.example/x", pubsub(request));
    CHECK(attributes_of(answer.xml, "subscription", "subid") == subids);
    CHECK(attributes_of(answer.xml, "subscription", "jid") == Strings{bob, bob, bob});
  }
}

TEST_CASE("§5.6 the own list of one node comes in pages, whatever comes between them") {
  Scene scene;
  scene.create(alice, "n");
  const auto subids = subscribe_times(scene, bob, 4);
  const auto first = scene.get(bob, pubsub("<subscriptions node='n'/>" + page("<max>2</max>")));
  CHECK(attributes_of(first.xml, "subscription", "subid") == Strings{subids[0], subids[1]});
  for (int i = 0; i < 30; ++i) scene.subscribe(fmt::format("u{}@b.example", i), "n");
  const auto second =
      scene.get(bob, pubsub("<subscriptions node='n'/>" +
                            page(fmt::format("<max>2</max><after>{}</after>", subids[1]))));
  CHECK(attributes_of(second.xml, "subscription", "subid") == Strings{subids[2], subids[3]});
}

TEST_CASE("§8.8.1.2 A254 §8.8.2 the owner sees each SubID, and ends one or all of a JID") {
  Scene scene;
  scene.create(alice, "n");
  const auto subids = subscribe_times(scene, bob, 3);
  const auto owners = [&] {
    return attributes_of(scene.get(alice, pubsub_owner("<subscriptions node='n'/>")).xml,
                         "subscription", "subid");
  };
  CHECK(owners() == subids);
  scene.set(alice, pubsub_owner(fmt::format("<subscriptions node='n'><subscription jid='{}' "
                                            "subid='{}' subscription='none'/></subscriptions>",
                                            bob, subids[0])));
  CHECK(owners() == Strings{subids[1], subids[2]});
  CHECK(attributes_of(scene.heard(bob).at(0).xml, "subscription", "subid") == Strings{subids[0]});
  scene.set_subscription(alice, "n", bob, "none");
  CHECK(owners().empty());
  CHECK(scene.heard(bob).size() == 2);
}

TEST_CASE("§8.8.2.4 an entry with the SubID of another resource is echoed with its own state") {
  Scene scene;
  scene.create(alice, "n");
  const auto phone = subscribe_with(scene, "bob@b.example/phone", "n");
  const auto answer = scene.set(
      alice, pubsub_owner(fmt::format("<subscriptions node='n'><subscription jid='{}' subid='{}' "
                                      "subscription='none'/></subscriptions>",
                                      bob, phone)));
  CHECK(answer.error == "modify/not-acceptable");
  CHECK(attributes_of(answer.xml, "subscription", "subscription") == Strings{"none"});
  scene.publish(alice, "n", "1");
  CHECK(scene.events("bob@b.example/phone").size() == 1);
}

TEST_CASE(
    "§4.1 A016 who is banned loses all SubIDs of all resources at once, and is told of each") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  scene.affiliate(alice, "n", bob, "member");
  subscribe_times(scene, bob, 3);
  subscribe_times(scene, "bob@b.example/phone", 2);
  scene.subscribe("bob@b.example/pad", "n");
  scene.affiliate(alice, "n", bob, "outcast");
  // One message more tells the account of its affiliation.
  CHECK(scene.heard(bob).size() == 1 + 1 + 3);
  CHECK(scene.heard("bob@b.example/phone").size() == 2);
  CHECK(scene.heard("bob@b.example/pad").size() == 1);
  scene.publish(alice, "n", "1");
  for (const auto* jid : {bob, "bob@b.example/phone", "bob@b.example/pad"})
    CHECK(scene.heard(jid).empty());
  CHECK(
      attributes_of(scene.get(bob, pubsub("<subscriptions/>")).xml, "subscription", "jid").empty());
}

TEST_CASE("§14.3 A331 a change of the access model ends all SubIDs of who is not let in any more") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_times(scene, bob, 3);
  scene.subscribe("carol@c.example", "n");
  subscribe_times(scene, "dan@d.example", 2);
  scene.affiliate(alice, "n", "carol@c.example", "member");
  scene.heard("carol@c.example");
  scene.configure(alice, "n", {"access_model=whitelist"});
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).size() == 3);
  CHECK(scene.heard("dan@d.example").size() == 2);
  CHECK(scene.heard("carol@c.example").size() == 1);
}

TEST_CASE("§6.1.6 §4.2 A021 of several SubIDs only those that are subscribed count") {
  Scene scene;
  scene.create(alice, "n");
  const auto subids = subscribe_times(scene, bob, 3);
  scene.set(alice, pubsub_owner(fmt::format("<subscriptions node='n'><subscription jid='{}' "
                                            "subid='{}' subscription='pending'/></subscriptions>",
                                            bob, subids[0])));
  scene.heard(bob);
  scene.publish(alice, "n", "1");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(subids_in(heard[0]) == Strings{subids[1], subids[2]});
}

TEST_CASE("§6.1.6 in one batch: an event reaches the subscriptions that there were, once") {
  Scene scene;
  scene.create(alice, "n");
  const auto subids = subscribe_times(scene, bob, 2);
  const auto publish = [](std::string_view id) {
    return iq("set", alice,
              pubsub(fmt::format(
                  "<publish node='n'><item id='{}'><e xmlns='u:e'/></item></publish>", id)));
  };
  scene.send_batch({publish("1"), iq("set", bob, subscribe_request("n", bob, {})),
                    iq("set", bob, unsubscribe(bob, subids[0])), publish("2")});
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 2);
  CHECK(subids_in(heard[0]) == Strings{subids[1]});
  CHECK(subids_in(heard[1]).size() == 2);
}

TEST_CASE("§4.2 A021 in one batch: who is approved hears nothing twice, and nothing from before") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub"});
  scene.set_subscription(alice, "n", bob, "pending");
  scene.heard(bob);
  scene.send_batch(
      {iq("set", alice, pubsub("<publish node='n'><item id='1'><e xmlns='u:e'/></item></publish>")),
       iq("set", alice,
          pubsub_owner("<subscriptions node='n'><subscription jid='bob@b.example' "
                       "subscription='subscribed'/></subscriptions>"))});
  CHECK(heard_items(scene, bob) == Strings{"1"});
}

TEST_CASE("a subscription that the disk did not take is not there, and not notified") {
  Scene scene;
  scene.create(alice, "n");
  const auto subids = subscribe_times(scene, bob, 2);
  scene.store().fail_commit = true;
  CHECK(scene.set(bob, subscribe_request("n", bob, {"digest=1"})).error ==
        "wait/resource-constraint");
  scene.store().fail_commit = true;
  CHECK(scene.set(bob, unsubscribe(bob, subids[0])).error == "wait/resource-constraint");
  scene.publish(alice, "n", "1");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(subids_in(heard[0]) == subids);
  scene.complaints.clear();
}

}  // namespace crier::test
