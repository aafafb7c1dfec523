#include <crier/subscription.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace crier::test {

namespace {

constexpr auto subscribed = SubscriptionState::subscribed;

Subscriptions::Position add(Subscriptions& subscriptions, std::string_view jid, int id = 1,
                            std::uint64_t since = 0) {
  return subscriptions.add(SubscriptionId{id}, jid, subscribed, EventNumber{since});
}

/// The JIDs with that bare part, sorted.
std::vector<std::string> jids_of(const Subscriptions& subscriptions, std::string_view bare) {
  std::vector<std::string> jids;
  for (auto at = subscriptions.find_bare(bare); at != Subscriptions::none;
       at = subscriptions.next_of(at, bare))
    jids.emplace_back(subscriptions.jid(subscriptions.at(at)));
  std::ranges::sort(jids);
  return jids;
}

}  // namespace

TEST_CASE("Subscriptions: nothing is found where there is nothing") {
  const Subscriptions subscriptions;
  CHECK(subscriptions.size() == 0);
  CHECK(subscriptions.end() == 0);
  CHECK(subscriptions.find("a@b") == Subscriptions::none);
  CHECK(subscriptions.find_bare("a@b") == Subscriptions::none);
}

TEST_CASE("Subscriptions: what was added is found by exactly its JID") {
  Subscriptions subscriptions;
  const auto at =
      subscriptions.add(SubscriptionId{7}, "a@b/c", SubscriptionState::pending, EventNumber{42});
  CHECK(subscriptions.find("a@b/c") == at);
  CHECK(subscriptions.find("a@b") == Subscriptions::none);
  CHECK(subscriptions.find("a@b/C") == Subscriptions::none);
  CHECK(subscriptions.find("a@b/c/d") == Subscriptions::none);
  const auto& slot = subscriptions.at(at);
  CHECK(slot.id == SubscriptionId{7});
  CHECK(slot.since == EventNumber{42});
  CHECK(slot.state == SubscriptionState::pending);
  CHECK(slot.live);
  CHECK(subscriptions.jid(slot) == "a@b/c");
  CHECK(subscriptions.size() == 1);
}

TEST_CASE("§6.1.6 A089 Subscriptions: many resources of one bare JID, each for itself") {
  Subscriptions subscriptions;
  add(subscriptions, "a@b");
  std::vector<std::string> all{"a@b"};
  for (int i = 0; i < 100; ++i) add(subscriptions, all.emplace_back(fmt::format("a@b/{}", i)));
  // Neighbours in spelling are others.
  for (const auto* other : {"a@bb", "aa@b", "a@b.c/1", "b/a@b", "a"}) add(subscriptions, other);
  std::ranges::sort(all);
  CHECK(jids_of(subscriptions, "a@b") == all);
  for (const auto& jid : all)
    CHECK(subscriptions.jid(subscriptions.at(subscriptions.find(jid))) == jid);

  subscriptions.remove(subscriptions.find("a@b/50"));
  subscriptions.remove(subscriptions.find("a@b"));
  std::erase(all, "a@b/50");
  std::erase(all, "a@b");
  CHECK(jids_of(subscriptions, "a@b") == all);
  CHECK(subscriptions.find("a@b") == Subscriptions::none);
  CHECK(jids_of(subscriptions, "b") == std::vector<std::string>{"b/a@b"});
}

TEST_CASE("Subscriptions: a removed one leaves its slot to the next, who begins anew") {
  Subscriptions subscriptions;
  add(subscriptions, "a@b", 1, 10);
  const auto freed = add(subscriptions, "c@d", 2, 11);
  add(subscriptions, "e@f", 3, 12);
  subscriptions.remove(freed);
  CHECK(subscriptions.size() == 2);
  CHECK_FALSE(subscriptions.at(freed).live);
  CHECK(subscriptions.find("c@d") == Subscriptions::none);

  CHECK(add(subscriptions, "g@h", 4, 99) == freed);
  CHECK(subscriptions.at(freed).since == EventNumber{99});
  CHECK(subscriptions.at(freed).id == SubscriptionId{4});
  CHECK(subscriptions.end() == 3);
  CHECK(subscriptions.find("a@b") == 0);
  CHECK(subscriptions.find("e@f") == 2);
}

TEST_CASE("Subscriptions: a slot keeps its position while others come and go") {
  Subscriptions subscriptions;
  const auto at = add(subscriptions, "keep@b/x");
  for (int i = 0; i < 3000; ++i) add(subscriptions, fmt::format("u{}@b", i));
  for (int i = 0; i < 3000; ++i) subscriptions.remove(subscriptions.find(fmt::format("u{}@b", i)));
  CHECK(subscriptions.find("keep@b/x") == at);
  CHECK(subscriptions.jid(subscriptions.at(at)) == "keep@b/x");
}

TEST_CASE("Subscriptions: knows which JIDs XML must escape") {
  Subscriptions subscriptions;
  for (const auto* jid : {"a'b@c", "a@b/<", "a@b/&amp;", "a@b/\"", "a@b/>"})
    CHECK(subscriptions.at(add(subscriptions, jid)).escape);
  CHECK_FALSE(subscriptions.at(add(subscriptions, "a@b/c d \xc3\xa9")).escape);
}

TEST_CASE("Subscriptions: 100,000 take less than 100 bytes each") {
  Subscriptions subscriptions;
  for (int i = 0; i < 100'000; ++i)
    add(subscriptions, fmt::format("subscriber-{:06}@b.example", i), i);
  CHECK(subscriptions.size() == 100'000);
  CHECK(subscriptions.bytes() < 100 * 100'000);
  CHECK(subscriptions.find("subscriber-099999@b.example") == 99'999);
}

TEST_CASE("Subscriptions: the texts of removed ones do not pile up") {
  Subscriptions subscriptions;
  for (int i = 0; i < 1000; ++i) add(subscriptions, fmt::format("resident-{}@b.example", i));
  const auto before = subscriptions.bytes();
  for (int i = 0; i < 100'000; ++i) {
    const auto jid = fmt::format("visitor-{}@b.example", i);
    add(subscriptions, jid);
    subscriptions.remove(subscriptions.find(jid));
  }
  CHECK(subscriptions.bytes() < 4 * before);
  CHECK(subscriptions.size() == 1000);
  for (int i = 0; i < 1000; ++i) {
    const auto jid = fmt::format("resident-{}@b.example", i);
    const auto at = subscriptions.find(jid);
    REQUIRE(at != Subscriptions::none);
    CHECK(subscriptions.jid(subscriptions.at(at)) == jid);
  }
}

TEST_CASE("Subscriptions: like a map under any sequence of changes") {
  std::mt19937 dice(1);
  Subscriptions subscriptions;
  std::map<std::string, int> expected;
  const auto random_jid = [&] {
    return fmt::format("u{}@b{}", dice() % 40,
                       dice() % 3 == 0 ? "" : fmt::format("/{}", dice() % 9));
  };
  for (int step = 1; step <= 20'000; ++step) {
    const auto jid = random_jid();
    const auto at = subscriptions.find(jid);
    REQUIRE((at != Subscriptions::none) == expected.contains(jid));
    if (at == Subscriptions::none) {
      add(subscriptions, jid, step);
      expected[jid] = step;
    } else if (dice() % 2) {
      REQUIRE(subscriptions.at(at).id == SubscriptionId{expected[jid]});
      subscriptions.remove(at);
      expected.erase(jid);
    }
  }
  REQUIRE(subscriptions.size() == expected.size());
  std::size_t live = 0;
  for (Subscriptions::Position at = 0; at < subscriptions.end(); ++at)
    live += subscriptions.at(at).live;
  CHECK(live == expected.size());
  for (int user = 0; user < 40; ++user) {
    const auto bare = fmt::format("u{}@b", user);
    std::vector<std::string> jids;
    for (const auto& [jid, id] : expected)
      if (jid == bare || jid.starts_with(bare + "/")) jids.push_back(jid);
    CHECK(jids_of(subscriptions, bare) == jids);
  }
}

}  // namespace crier::test
