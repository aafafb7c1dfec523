#include "transfer/foreign/carrier.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "transfer/foreign/kept.hpp"

namespace crier::transfer::test {

TEST_CASE("an access model that is not known is closed, never opened") {
  Kept kept;
  Carrier carrier(kept);
  carrier.service("pubsub.example.org");
  CHECK(carrier.node(
      {.name = "n", .config = {{"access_model", {"publish-only"}}, {"publish_model", {"all"}}}}));
  const auto node = kept.all<NodeRecord>().at(0);
  CHECK(node.config == Fields{{"pubsub#access_model", {"whitelist"}}});
  CHECK(node.creator == "pubsub.example.org");
  CHECK(kept.lost == std::map<std::string, int>{
                         {"pubsub#access_model=publish-only of a node, which is whitelist now", 1},
                         {"pubsub#publish_model=all of a node, which is publishers now", 1}});
}

TEST_CASE("what can not be carried is told, and the rest is carried") {
  Kept kept;
  Carrier carrier(kept);
  carrier.service("pubsub.example.org");
  CHECK_FALSE(carrier.node({.name = "a\tb"}));
  CHECK(carrier.node({.name = "N", .config = {{"titel", {"x"}}, {"title", {"\xff"}}}}));
  carrier.affiliation("Me@Example.ORG/desk", "owner");
  carrier.affiliation("@", "owner");
  carrier.affiliation("a@b", "boss");
  carrier.affiliation("a@b", "none");
  carrier.subscription({.jid = "a@b/C", .state = "pending"});
  carrier.subscription({.jid = "a@b", .state = "asleep"});
  carrier.item({.id = "1", .publisher = "a@b/x", .payload = "<a/>"});
  carrier.item({.id = "", .publisher = "a@b", .payload = "<a/>"});
  carrier.item({.id = "2", .publisher = "a@b", .payload = "<a>"});
  carrier.item({.id = "3", .publisher = "", .payload = ""});
  CHECK(kept.all<AffiliationRecord>() ==
        std::vector{AffiliationRecord{"N", "me@example.org", Affiliation::owner}});
  CHECK(kept.all<SubscriptionRecord>().at(0).jid == "a@b/C");
  CHECK(kept.all<SubscriptionRecord>().at(0).state == SubscriptionState::pending);
  const auto items = kept.all<ItemRecord>();
  REQUIRE(items.size() == 2);
  CHECK(items[0].publisher == "a@b");
  CHECK(items[1].publisher == "pubsub.example.org");
  CHECK(kept.lost == std::map<std::string, int>{
                         {"a node whose name no NodeID can have, with all that it has", 1},
                         {"the configuration pubsub#titel", 1},
                         {"the configuration pubsub#title", 1},
                         {"an affiliation of what is no JID", 1},
                         {"the affiliation boss", 1},
                         {"a subscription in a state that there is not", 1},
                         {"an item with an id that no item can have", 1},
                         {"an item whose payload is not well-formed XML", 1},
                         {"the publisher of an item, which is the node's creator now", 1}});
}

TEST_CASE(
    "a node takes what it may keep: the newest of too many items, and none where it keeps none") {
  Kept kept;
  Carrier carrier(kept);
  carrier.service("pubsub.example.org");
  const auto publish = [&] {
    for (const auto* id : {"1", "2", "3"}) carrier.item({.id = id, .publisher = "a@b"});
  };
  CHECK(carrier.node({.name = "few", .config = {{"max_items", {"2"}}}, .items = 3}));
  carrier.item({.id = "1", .publisher = "a@b", .payload = ""});
  carrier.item({.id = "2", .publisher = "a@b", .payload = ""});
  carrier.item({.id = "3", .publisher = "a@b", .payload = ""});
  REQUIRE(kept.all<ItemRecord>().size() == 2);
  CHECK(kept.all<ItemRecord>().at(0).id == "2");
  CHECK(carrier.node({.name = "none", .config = {{"max_items", {"0"}}, {"item_expire", {"0"}}}}));
  publish();
  CHECK(carrier.node({.name = "all", .type = NodeType::collection}));
  publish();
  CHECK(kept.all<ItemRecord>().size() == 2);
  CHECK(kept.all<NodeRecord>().at(1).config == Fields{{"pubsub#persist_items", {"0"}}});
  CHECK(kept.lost == std::map<std::string, int>{{"an item beyond those that its node keeps", 1},
                                                {"an item of a node that keeps none", 6},
                                                {"the configuration pubsub#item_expire=0", 1}});
}

TEST_CASE("times: seconds with a fraction, and none out of the years that a DateTime has") {
  CHECK(format_datetime(*time_of_seconds("1795295827")) == "2026-11-21T21:17:07Z");
  CHECK(format_datetime(*time_of_seconds("1795295827.25")) == "2026-11-21T21:17:07.250000Z");
  CHECK_FALSE(time_of_seconds("99999999999999999999"));
  CHECK_FALSE(time_of_seconds("-1"));
  CHECK_FALSE(time_of_seconds(""));
  CHECK_FALSE(time_of_seconds("soon"));
}

TEST_CASE("text is what XML has: no control characters, no surrogates, nothing overlong") {
  CHECK(is_xml_text("a\tb\n \xe2\x98\x83\xf0\x9f\x98\x80"));
  for (const auto* wrong :
       {"\x01", "\xff", "\xc0\x80", "\xe2\x98", "\xed\xa0\x80", "\xef\xbf\xbf", "\xf4\x90\x80\x80"})
    CHECK_FALSE(is_xml_text(wrong));
}

}  // namespace crier::transfer::test
