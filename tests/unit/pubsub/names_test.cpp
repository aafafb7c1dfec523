#include "pubsub/names.hpp"

#include <doctest/doctest.h>

namespace crier::test {

TEST_CASE("§4.1 affiliations are spelt as the specification spells them") {
  using enum Affiliation;
  CHECK(name_of(none) == "none");
  CHECK(name_of(outcast) == "outcast");
  CHECK(name_of(publish_only) == "publish-only");
  CHECK(name_of(member) == "member");
  CHECK(name_of(publisher) == "publisher");
  CHECK(name_of(owner) == "owner");
  for (const auto each : {none, outcast, publish_only, member, publisher, owner})
    CHECK(affiliation_named(name_of(each)) == each);
  for (const auto* name : {"", "Owner", "owner ", "publish_only", "admin"})
    CHECK_FALSE(affiliation_named(name));
}

TEST_CASE("§4.2 states are spelt as the specification spells them; none is the lack of one") {
  using enum SubscriptionState;
  CHECK(name_of(pending) == "pending");
  CHECK(name_of(unconfigured) == "unconfigured");
  CHECK(name_of(subscribed) == "subscribed");
  for (const auto each : {pending, unconfigured, subscribed})
    CHECK(subscription_state_named(name_of(each)) == each);
  for (const auto* name : {"", "none", "Subscribed"}) CHECK_FALSE(subscription_state_named(name));
}

TEST_CASE("§6.1.6 SubIDs come back, each of its own subscription") {
  for (const std::int64_t number : {1LL, 9LL, 10LL, 255LL, 4096LL, 0x7fffffffffffffffLL}) {
    const SubscriptionId id{number};
    CHECK(subscription_of(subid_of(id)) == id);
    CHECK(subid_of(id) != subid_of(SubscriptionId{number - 1}));
  }
  for (const auto* text : {"", "x", "1 ", " 1", "0x1", "1;", "ffffffffffffffffffff"})
    CHECK_FALSE(subscription_of(text));
}

}  // namespace crier::test
