/// Events on their way to JIDs that have several subscriptions, while these come and go. XEP-0060
/// §6.1.6, §7.1.2.4.

#include <crier/broadcast.hpp>

#include <crier/element.hpp>

#include "strings.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace crier::test {

namespace {

std::shared_ptr<Node> make_node() {
  auto node = std::make_shared<Node>();
  node->id = NodeId{3};
  node->key = {"pubsub.example.org", "n"};
  return node;
}

Event event_of(std::uint64_t number) {
  Event event;
  event.number = EventNumber{number};
  event.type = "headline";
  event.xml =
      "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='n'>"
      "<item id='1'><e xmlns='u:e'>red</e></item><item id='2'><e xmlns='u:e'>blue</e></item>"
      "</items></event>";
  event.names_subscriptions = true;
  return event;
}

void add(Node& node, std::string_view jid, int id, std::uint64_t since = 0) {
  node.subscriptions.add(SubscriptionId{id}, jid, SubscriptionState::subscribed,
                         EventNumber{since});
}

void remove(Node& node, std::string_view jid, int id) {
  node.subscriptions.remove(node.subscriptions.find(jid, SubscriptionId{id}));
}

struct Told {
  std::string to;
  Strings subids;
  bool operator==(const Told&) const = default;
};

/// The next message; nothing at the end.
std::vector<Told> next(Broadcast& broadcast) {
  std::string out;
  std::size_t messages = 0;
  broadcast.render(out, 1, [&](std::size_t) { ++messages; });
  REQUIRE(messages <= 1);
  if (messages == 0) return {};
  const auto document = parse_xml(out);
  REQUIRE_MESSAGE(document, out);
  Told told{std::string(document->root().attribute_or("to", "")), {}};
  if (const auto* headers = document->root().child("headers", "http://jabber.org/protocol/shim"))
    for (const auto& header : headers->children()) told.subids.push_back(header.text());
  return {told};
}

std::vector<Told> rest(Broadcast& broadcast) {
  std::vector<Told> all;
  for (auto told = next(broadcast); !told.empty(); told = next(broadcast)) all.push_back(told[0]);
  return all;
}

}  // namespace

TEST_CASE("§6.1.6 A088 Broadcast: one message to a JID, which names its subscriptions") {
  const auto node = make_node();
  add(*node, "a@b", 1);
  add(*node, "c@d", 2);
  add(*node, "a@b", 3);
  add(*node, "a@b/r", 4);
  Broadcast broadcast(node, event_of(5));
  CHECK(rest(broadcast) == std::vector<Told>{{"a@b", {"1", "3"}}, {"c@d", {}}, {"a@b/r", {}}});
}

TEST_CASE("§6.1.6 Broadcast: the leader goes before its turn: the follower is told, once") {
  const auto node = make_node();
  for (const auto* first : {"x@y", "a@b"}) add(*node, first, first[0] == 'x' ? 1 : 2);
  add(*node, "c@d", 3);
  add(*node, "a@b", 4);
  add(*node, "a@b", 5);
  Broadcast broadcast(node, event_of(5));
  CHECK(next(broadcast) == std::vector<Told>{{"x@y", {}}});
  remove(*node, "a@b", 2);
  CHECK(rest(broadcast) == std::vector<Told>{{"a@b", {"4", "5"}}, {"c@d", {}}});
}

TEST_CASE("§6.1.6 Broadcast: the leader goes after its turn: nobody is told again") {
  const auto node = make_node();
  add(*node, "a@b", 1);
  add(*node, "c@d", 2);
  add(*node, "a@b", 3);
  Broadcast broadcast(node, event_of(5));
  CHECK(next(broadcast) == std::vector<Told>{{"a@b", {"1", "3"}}});
  remove(*node, "a@b", 1);
  CHECK(rest(broadcast) == std::vector<Told>{{"c@d", {}}});
}

TEST_CASE("§6.1.6 Broadcast: who joins a group after the event is not told of it") {
  const auto node = make_node();
  add(*node, "x@y", 1);
  add(*node, "a@b", 2);
  Broadcast broadcast(node, event_of(5));
  next(broadcast);
  add(*node, "a@b", 3, 6);
  CHECK(rest(broadcast) == std::vector<Told>{{"a@b", {"2"}}});
  Broadcast later(node, event_of(6));
  CHECK(rest(later) == std::vector<Told>{{"x@y", {}}, {"a@b", {"2", "3"}}});
}

TEST_CASE("§6.1.6 Broadcast: all of the group go, and come anew: nothing") {
  const auto node = make_node();
  add(*node, "x@y", 1);
  add(*node, "a@b", 2);
  add(*node, "a@b", 3);
  Broadcast broadcast(node, event_of(5));
  next(broadcast);
  remove(*node, "a@b", 2);
  remove(*node, "a@b", 3);
  add(*node, "a@b", 4, 6);
  add(*node, "a@b", 5, 7);
  CHECK(rest(broadcast).empty());
}

TEST_CASE("§12.16 A320 Broadcast: an event that is the same for all names no subscriptions") {
  const auto node = make_node();
  add(*node, "a@b", 1);
  add(*node, "a@b", 2);
  auto event = event_of(5);
  event.names_subscriptions = false;
  Broadcast broadcast(node, std::move(event));
  CHECK(rest(broadcast) == std::vector<Told>{{"a@b", {}}});
}

TEST_CASE("§4.2 A021 Broadcast: who is approved after the event is not told of it") {
  const auto node = make_node();
  add(*node, "x@y", 1);
  const auto at =
      node->subscriptions.add(SubscriptionId{2}, "a@b", SubscriptionState::pending, EventNumber{1});
  Broadcast broadcast(node, event_of(5));
  next(broadcast);
  node->subscriptions.set_state(at, SubscriptionState::subscribed, EventNumber{6});
  CHECK(rest(broadcast).empty());
  Broadcast later(node, event_of(6));
  CHECK(rest(later).size() == 2);
}

TEST_CASE("§6.3.6.1 A112 Broadcast: options that were set after the event are not for it") {
  const auto node = make_node();
  add(*node, "x@y", 1);
  add(*node, "a@b", 2);
  add(*node, "c@d", 3);
  SubscriptionOptions silent;
  silent.deliver = false;
  auto& subscriptions = node->subscriptions;
  subscriptions.set_options(subscriptions.find("c@d"), silent);
  Broadcast broadcast(node, event_of(5));
  next(broadcast);
  subscriptions.set_options(subscriptions.find("a@b"), silent, EventNumber{6});
  subscriptions.set_options(subscriptions.find("c@d"), SubscriptionOptions(), EventNumber{7});
  CHECK(rest(broadcast) == std::vector<Told>{{"a@b", {}}});
  Broadcast later(node, event_of(7));
  CHECK(rest(later) == std::vector<Told>{{"x@y", {}}, {"c@d", {}}});
}

TEST_CASE(
    "§6.1.6 Broadcast: whoever stays is told exactly once, whoever comes and goes meanwhile") {
  std::mt19937 dice(3);
  const auto random_jid = [&] {
    return fmt::format("u{}@b{}", dice() % 30,
                       dice() % 3 == 0 ? "" : fmt::format("/{}", dice() % 3));
  };
  for (int round = 0; round < 200; ++round) {
    const auto node = make_node();
    // The ids that each JID has; those of before the event are below `born_later`.
    std::map<std::string, std::set<int>> there;
    constexpr int born_later = 1000;
    for (int id = 1; id <= 100; ++id) {
      const auto jid = random_jid();
      add(*node, jid, id);
      there[jid].insert(id);
    }
    const auto before = there;
    auto stayed = there;
    std::map<std::string, Strings> told;
    Broadcast broadcast(node, event_of(5));
    for (int step = 0;; ++step) {
      const auto one = next(broadcast);
      if (one.empty()) break;
      const auto& [jid, subids] = one[0];
      REQUIRE_FALSE(told.contains(jid));
      // It names those that are there now and were there then.
      Strings expected;
      for (const int id : there[jid])
        if (id < born_later) expected.push_back(fmt::format("{:x}", id));
      REQUIRE_FALSE(expected.empty());
      auto sorted = subids;
      std::ranges::sort(sorted);
      std::ranges::sort(expected);
      REQUIRE(sorted == (there[jid].size() > 1 ? expected : Strings{}));
      told[jid] = subids;
      for (int change = 0; change < 3; ++change) {
        const auto who = random_jid();
        auto& ids = there[who];
        if (dice() % 2 == 0 && ids.size() < 5) {
          const int id = born_later + 10 * step + change;
          add(*node, who, id, 6);
          ids.insert(id);
        } else if (!ids.empty()) {
          const int id = *std::next(ids.begin(), static_cast<int>(dice() % ids.size()));
          remove(*node, who, id);
          ids.erase(id);
          stayed[who].erase(id);
        }
      }
    }
    for (const auto& [jid, ids] : stayed)
      if (!ids.empty()) REQUIRE(told.contains(jid));
    for (const auto& [jid, subids] : told) REQUIRE(before.contains(jid));
  }
}

}  // namespace crier::test
