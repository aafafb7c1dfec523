#include <crier/grants.hpp>
#include <crier/rosters.hpp>
#include <crier/waiting_requests.hpp>

#include <doctest/doctest.h>

#include <string>

namespace crier::test {

namespace {

constexpr Time start{};
using Groups = std::vector<std::string>;

}  // namespace

TEST_CASE("§4.5 a contact stands to an owner by its subscription and its groups") {
  const Roster roster{{{"bob@b.example", {"Friends", "Work"}}, {"eve@b.example", {}}}};
  const Groups allowed{"Work"};
  CHECK(roster.acquaintance("bob@b.example", allowed) == Acquaintance::group);
  CHECK(roster.acquaintance("bob@b.example", {}) == Acquaintance::presence);
  CHECK(roster.acquaintance("eve@b.example", allowed) == Acquaintance::presence);
  CHECK(roster.acquaintance("carol@b.example", allowed) == Acquaintance::none);
}

TEST_CASE("a roster that is read again tells of whom it says something else, and what it said") {
  Rosters rosters;
  CHECK_FALSE(rosters.set("a@x", {{"b@x", {}}, {"c@x", {"G"}}, {"d@x", {}}}, start));
  CHECK(rosters.set("a@x", {{"b@x", {}}, {"c@x", {"G"}}, {"d@x", {}}}, start)->empty());
  const auto difference = rosters.set("a@x", {{"b@x", {"G"}}, {"d@x", {}}, {"e@x", {}}}, start);
  REQUIRE(difference);
  REQUIRE(difference->size() == 3);
  CHECK(difference->at("b@x").groups == Groups{});
  CHECK(difference->at("c@x").groups == Groups{"G"});
  CHECK_FALSE(difference->at("e@x").groups);
  CHECK(difference->at("e@x").known);
  rosters.set_missing("a@x", start);
  CHECK(rosters.find("a@x")->missing);
  CHECK_FALSE(rosters.set("a@x", {}, start));
  CHECK(rosters.find("b@x") == nullptr);
}

TEST_CASE("RFC 6121 §2.1.6 a push changes a roster that is known, and makes none known") {
  Rosters rosters;
  CHECK_FALSE(rosters.change("a@x", "b@x", Groups{"G"}).known);
  CHECK(rosters.find("a@x") == nullptr);
  rosters.set("a@x", {}, start);
  const auto before = rosters.change("a@x", "b@x", Groups{"G"});
  CHECK(before.known);
  CHECK_FALSE(before.groups);
  CHECK(rosters.find("a@x")->acquaintance("b@x", Groups{"G"}) == Acquaintance::group);
  CHECK(rosters.change("a@x", "b@x", {}).groups == Groups{"G"});
  CHECK(rosters.find("a@x")->contacts.empty());
}

TEST_CASE("the roster that was not used for the longest time goes when there is no room") {
  Rosters rosters(3000);
  const RosterContacts contacts{{"b@x", {std::string(500, 'g')}}};
  for (const auto* owner : {"1@x", "2@x", "3@x"}) rosters.set(owner, contacts, start);
  CHECK(rosters.find("1@x"));
  rosters.set("4@x", contacts, start);
  CHECK(rosters.find("1@x"));
  CHECK(rosters.find("2@x") == nullptr);
  CHECK(rosters.bytes() <= 3000);
  rosters.forget_domain("x");
  CHECK(rosters.size() == 0);
  CHECK(rosters.bytes() == 0);
}

TEST_CASE("XEP-0356 §4 grants are of a domain, for its accounts alone, and are bounded") {
  Grants grants;
  grants.set("x", {.roster_get = true});
  CHECK(grants.of("a@x").roster_get);
  CHECK_FALSE(grants.of("x").roster_get);
  CHECK_FALSE(grants.of("a@y").roster_get);
  grants.note_push("x");
  grants.set("x", {.roster_get = true, .roster_set = true});
  CHECK(grants.of("a@x").has_pushed);
  grants.set("x", {});
  CHECK(grants.of("a@x").empty());
  for (std::size_t i = 0; i <= Grants::most; ++i)
    grants.set(std::to_string(i), {.roster_get = true});
  CHECK(grants.of("a@0").roster_get);
  CHECK_FALSE(grants.of("a@" + std::to_string(Grants::most)).roster_get);
}

TEST_CASE("many changes of one owner are one of all; changes of contacts are counted once") {
  RosterChanges changes;
  changes.add("a@x", "b@x", {true, Groups{"G"}});
  changes.add("a@x", "b@x", {true, {}});
  const auto change = changes.take();
  REQUIRE(change.contacts.size() == 1);
  CHECK(change.contacts.at("b@x").groups == Groups{"G"});
  CHECK(changes.empty());
  for (std::size_t i = 0; i <= RosterChanges::most_contacts; ++i)
    changes.add("a@x", std::to_string(i), {});
  changes.add("a@x", "b@x", {});
  CHECK(changes.take().contacts.empty());
  changes.add("a@x", "b@x", {});
  changes.add_all("a@x");
  CHECK(changes.take().contacts.empty());
}

TEST_CASE("a request is ready when the last of its rosters is, and there are bounds") {
  WaitingRequests waiting;
  waiting.add({"<one/>", {"a@x", "b@x"}});
  waiting.add({"<two/>", {"b@x"}});
  waiting.settle("b@x");
  CHECK(waiting.take_ready() == "<two/>");
  CHECK_FALSE(waiting.has_ready());
  waiting.settle("a@x");
  CHECK(waiting.take_ready() == "<one/>");
  CHECK(waiting.size() == 0);
  CHECK(waiting.has_room(WaitingRequests::most_bytes, 0, 0));
  CHECK_FALSE(waiting.has_room(WaitingRequests::most_bytes, 1, 1));
  CHECK_FALSE(waiting.has_room(1, WaitingRequests::most, 0));
}

}  // namespace crier::test
