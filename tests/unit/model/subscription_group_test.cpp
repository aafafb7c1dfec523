/// Several subscriptions of one JID in memory. XEP-0060 §6.1.6.

#include <crier/subscription.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace crier::test {

namespace {

using Position = Subscriptions::Position;
using Ids = std::vector<int>;

Position add(Subscriptions& subscriptions, std::string_view jid, int id) {
  return subscriptions.add(SubscriptionId{id}, jid, SubscriptionState::subscribed, EventNumber{});
}

/// The ids of the group, in order.
Ids group(const Subscriptions& subscriptions, std::string_view jid) {
  Ids ids;
  for (const auto at : subscriptions.group(jid))
    ids.push_back(static_cast<int>(subscriptions.at(at).id));
  return ids;
}

/// The groups that a walk over the slots meets, by JID.
std::map<std::string, Ids> walk(const Subscriptions& subscriptions) {
  std::map<std::string, Ids> met;
  for (Position at = 0; at < subscriptions.end(); ++at) {
    const auto& slot = subscriptions.at(at);
    if (!slot.live || slot.follows) continue;
    const std::string jid(subscriptions.jid(slot));
    REQUIRE_FALSE(met.contains(jid));
    for (auto each = at; each != Subscriptions::none; each = subscriptions.next_in_group(each)) {
      REQUIRE(subscriptions.jid(subscriptions.at(each)) == jid);
      met[jid].push_back(static_cast<int>(subscriptions.at(each).id));
    }
    REQUIRE(slot.grouped == (met[jid].size() > 1));
  }
  return met;
}

SubscriptionOptions digest_every(int milliseconds) {
  SubscriptionOptions options;
  options.digest = true;
  options.digest_frequency.value = std::chrono::milliseconds(milliseconds);
  return options;
}

}  // namespace

TEST_CASE("§6.1.6 A086 Subscriptions: a group is in the order in which it came") {
  Subscriptions subscriptions;
  for (int id = 1; id <= 4; ++id) {
    add(subscriptions, "a@b", id);
    add(subscriptions, "a@b/r", 10 + id);
    add(subscriptions, fmt::format("other-{}@b", id), 20 + id);
  }
  CHECK(group(subscriptions, "a@b") == Ids{1, 2, 3, 4});
  CHECK(group(subscriptions, "a@b/r") == Ids{11, 12, 13, 14});
  CHECK(group(subscriptions, "a@b/x").empty());
  // Many more make the index grow.
  for (int i = 0; i < 1000; ++i) add(subscriptions, fmt::format("more-{}@b", i), 100 + i);
  CHECK(group(subscriptions, "a@b") == Ids{1, 2, 3, 4});
  CHECK(group(subscriptions, "a@b/r") == Ids{11, 12, 13, 14});
}

TEST_CASE("§6.1.6 Subscriptions: one of a group is found by its id and its JID, not by another's") {
  Subscriptions subscriptions;
  add(subscriptions, "a@b", 1);
  add(subscriptions, "a@b", 2);
  add(subscriptions, "a@b/r", 3);
  CHECK(subscriptions.at(subscriptions.find("a@b", SubscriptionId{2})).id == SubscriptionId{2});
  CHECK(subscriptions.find("a@b", SubscriptionId{3}) == Subscriptions::none);
  CHECK(subscriptions.find("a@b", SubscriptionId{4}) == Subscriptions::none);
  CHECK(subscriptions.find("a@b") == subscriptions.find("a@b", SubscriptionId{1}));
}

TEST_CASE("§6.1.6 Subscriptions: the follower that is promoted keeps its state, age and options") {
  Subscriptions subscriptions;
  add(subscriptions, "a@b", 1);
  const auto second =
      subscriptions.add(SubscriptionId{2}, "a@b", SubscriptionState::pending, EventNumber{7});
  subscriptions.set_options(second, digest_every(500), EventNumber{9});
  add(subscriptions, "a@b", 3);
  const auto leader = subscriptions.find("a@b");
  subscriptions.remove(leader);
  CHECK(group(subscriptions, "a@b") == Ids{2, 3});
  CHECK(subscriptions.find("a@b") == leader);
  const auto& slot = subscriptions.at(leader);
  CHECK(slot.state == SubscriptionState::pending);
  CHECK(slot.since == EventNumber{7});
  CHECK(subscriptions.options(leader) == digest_every(500));
  CHECK(subscriptions.options(leader, EventNumber{8}) == SubscriptionOptions());
  CHECK(subscriptions.with_options() == 1);
  CHECK(subscriptions.wake().contains(leader));
  CHECK(subscriptions.subscribed() == 1);
}

TEST_CASE("§6.1.6 Subscriptions: the options of a leader that goes do not stay") {
  Subscriptions subscriptions;
  const auto leader = add(subscriptions, "a@b", 1);
  subscriptions.set_options(leader, digest_every(500));
  add(subscriptions, "a@b", 2);
  subscriptions.remove(leader);
  CHECK(subscriptions.at(leader).plain());
  CHECK(subscriptions.options(leader) == SubscriptionOptions());
  CHECK(subscriptions.with_options() == 0);
  CHECK_FALSE(subscriptions.has_resting());
}

TEST_CASE("§6.3.6.1 A112 Subscriptions: options are for events from a number on") {
  Subscriptions subscriptions;
  const auto at = add(subscriptions, "a@b", 1);
  subscriptions.set_options(at, digest_every(500), EventNumber{10});
  CHECK(subscriptions.options(at, EventNumber{9}) == SubscriptionOptions());
  CHECK(subscriptions.options(at, EventNumber{10}) == digest_every(500));
  subscriptions.set_options(at, SubscriptionOptions(), EventNumber{20});
  CHECK(subscriptions.options(at, EventNumber{19}) == digest_every(500));
  CHECK(subscriptions.options(at, EventNumber{20}) == SubscriptionOptions());
  CHECK(subscriptions.options(at) == SubscriptionOptions());
}

TEST_CASE("Subscriptions: digests rest until they are woken, and again when they are told to") {
  Subscriptions subscriptions;
  const auto at = add(subscriptions, "a@b", 1);
  CHECK_FALSE(subscriptions.has_resting());
  subscriptions.set_options(at, digest_every(500));
  CHECK(subscriptions.wake().size() == 1);
  CHECK_FALSE(subscriptions.has_resting());
  subscriptions.rest(at);
  CHECK(subscriptions.has_resting());
  subscriptions.remove(at);
  CHECK_FALSE(subscriptions.has_resting());
}

TEST_CASE("§6.1.6 Subscriptions: groups like a map of lists under any sequence of changes") {
  std::mt19937 dice(7);
  Subscriptions subscriptions;
  std::map<std::string, Ids> expected;
  std::map<int, int> frequencies;
  const auto random_jid = [&] {
    return fmt::format("u{}@b{}", dice() % 12,
                       dice() % 2 == 0 ? "" : fmt::format("/{}", dice() % 4));
  };
  for (int step = 1; step <= 20'000; ++step) {
    const auto jid = random_jid();
    auto& ids = expected[jid];
    const auto which = ids.empty() ? 0 : dice() % ids.size();
    switch (dice() % 5) {
      case 0:
      case 1:
        if (ids.size() < 6) {
          add(subscriptions, jid, step);
          ids.push_back(step);
        }
        break;
      case 2:
      case 3:
        if (!ids.empty()) {
          subscriptions.remove(subscriptions.find(jid, SubscriptionId{ids[which]}));
          frequencies.erase(ids[which]);
          ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(which));
        }
        break;
      case 4:
        if (!ids.empty()) {
          subscriptions.set_options(subscriptions.find(jid, SubscriptionId{ids[which]}),
                                    digest_every(step));
          frequencies[ids[which]] = step;
        }
        break;
    }
    if (ids.empty()) expected.erase(jid);
    if (step % 50 == 0) REQUIRE(walk(subscriptions) == expected);
  }
  CHECK(subscriptions.with_options() == frequencies.size());
  for (const auto& [jid, ids] : expected)
    for (const int id : ids) {
      const auto& options = subscriptions.options(subscriptions.find(jid, SubscriptionId{id}));
      CHECK(options ==
            (frequencies.contains(id) ? digest_every(frequencies[id]) : SubscriptionOptions()));
    }
}

}  // namespace crier::test
