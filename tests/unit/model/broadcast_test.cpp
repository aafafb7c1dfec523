#include <crier/broadcast.hpp>

#include <crier/element.hpp>

#include "model/audience.hpp"
#include "strings.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

namespace crier::test {

namespace {

Broadcast make(std::shared_ptr<const Node> audience, std::uint64_t number = 5) {
  Event event;
  event.number = EventNumber{number};
  event.type = "headline";
  event.xml = "<event xmlns='u:e'/>";
  return {std::move(audience), std::move(event)};
}

/// The next messages, in pieces of at least `full` bytes; all there are unless `pieces` says less.
Strings messages(Broadcast& broadcast, std::size_t full = 1, int pieces = 1'000'000) {
  Strings all;
  for (bool done = false; !done && pieces > 0; --pieces) {
    std::string out;
    std::vector<std::size_t> starts;
    done = broadcast.render(out, full, [&](std::size_t at) { starts.push_back(at); });
    starts.push_back(out.size());
    for (std::size_t i = 0; i + 1 < starts.size(); ++i)
      all.push_back(out.substr(starts[i], starts[i + 1] - starts[i]));
  }
  return all;
}

Strings attribute_of(const Strings& stanzas, std::string_view attribute) {
  Strings values;
  for (const auto& xml : stanzas) {
    const auto document = parse_xml(xml);
    REQUIRE_MESSAGE(document, xml);
    values.emplace_back(document->root().attribute_or(attribute, ""));
  }
  return values;
}

}  // namespace

TEST_CASE("§7.1.2 Broadcast: one message to each subscriber, with all that it needs") {
  auto broadcast = make(audience_of({"a@b", "c@d/e"}));
  CHECK(broadcast.node() == NodeId{3});
  const auto all = messages(broadcast);
  CHECK(attribute_of(all, "to") == Strings{"a@b", "c@d/e"});
  CHECK(attribute_of(all, "from") == Strings{"pubsub.example.org", "pubsub.example.org"});
  CHECK(attribute_of(all, "type") == Strings{"headline", "headline"});
  for (const auto& xml : all) {
    const auto document = parse_xml(xml);
    CHECK(document->root().name == "message");
    CHECK(document->root().first_child()->is("event", "u:e"));
  }
}

TEST_CASE("Broadcast: the same messages whatever the size of the pieces, at least one a piece") {
  Strings jids;
  for (int i = 0; i < 50; ++i) jids.push_back(fmt::format("u{}@b", i));
  const auto audience = audience_of(jids);
  auto whole = make(audience);
  const auto all = messages(whole, 1'000'000);
  CHECK(all.size() == 50);
  for (const std::size_t full : {1, 100, 333, 4096}) {
    auto broadcast = make(audience);
    CHECK(messages(broadcast, full) == all);
  }
}

TEST_CASE("Broadcast: says that it is done with its last message, not later") {
  auto broadcast = make(audience_of({"a@b", "c@d"}));
  std::string out;
  const auto ignore = [](std::size_t) {};
  CHECK_FALSE(broadcast.render(out, 1, ignore));
  CHECK(broadcast.render(out, 1, ignore));
  const auto size = out.size();
  CHECK(broadcast.render(out, 1, ignore));
  CHECK(out.size() == size);
}

TEST_CASE("Broadcast: nobody to tell is done at once") {
  auto broadcast = make(audience_of({}));
  std::string out;
  CHECK(broadcast.render(out, 1, [](std::size_t) { FAIL("there is no message"); }));
  CHECK(out.empty());
}

TEST_CASE("§4.2 A021 Broadcast: pending subscribers hear nothing") {
  const auto audience = audience_of({"a@b"});
  audience->subscriptions.add(SubscriptionId{2}, "c@d", SubscriptionState::pending, EventNumber{});
  auto broadcast = make(audience);
  CHECK(attribute_of(messages(broadcast), "to") == Strings{"a@b"});
}

TEST_CASE("§4.1 A016 Broadcast: who leaves before the cursor comes hears nothing any more") {
  const auto audience = audience_of({"a@b", "c@d", "e@f"});
  auto broadcast = make(audience);
  CHECK(attribute_of(messages(broadcast, 1, 1), "to") == Strings{"a@b"});
  audience->subscriptions.remove(audience->subscriptions.find("e@f"));
  audience->subscriptions.remove(audience->subscriptions.find("a@b"));
  CHECK(attribute_of(messages(broadcast), "to") == Strings{"c@d"});
}

TEST_CASE("Broadcast: who comes after the event, even into a slot that was left, hears nothing") {
  const auto audience = audience_of({"a@b", "c@d", "e@f"});
  auto broadcast = make(audience, 5);
  messages(broadcast, 1, 1);
  audience->subscriptions.remove(audience->subscriptions.find("c@d"));
  for (const auto* late : {"g@h", "i@j"})
    audience->subscriptions.add(SubscriptionId{9}, late, SubscriptionState::subscribed,
                                EventNumber{6});
  CHECK(attribute_of(messages(broadcast), "to") == Strings{"e@f"});

  auto next = make(audience, 6);
  CHECK(messages(next).size() == 4);
}

TEST_CASE("§12.4 A300 Broadcast: no two messages have the same id") {
  Strings jids;
  for (int i = 0; i < 100; ++i) jids.push_back(fmt::format("u{}@b", i));
  const auto audience = audience_of(jids);
  std::set<std::string> ids;
  for (std::uint64_t number = 1'000'000; number < 1'000'100; ++number) {
    auto broadcast = make(audience, number);
    for (auto& id : attribute_of(messages(broadcast), "id")) {
      CHECK_FALSE(id.empty());
      ids.insert(std::move(id));
    }
  }
  CHECK(ids.size() == 10'000);
}

TEST_CASE("§12.3 A299 Broadcast: JIDs arrive as they are, whatever XML makes of their characters") {
  const Strings jids{"o'hara&co@b/<x>", "a@b/\"'\"", "a@b/&amp;", "\xc3\xa9@b/\xf0\x9f\x98\x80"};
  auto broadcast = make(audience_of(jids));
  CHECK(attribute_of(messages(broadcast), "to") == jids);
}

TEST_CASE("Broadcast: holds the event once, however many subscribers there are") {
  Strings jids;
  for (int i = 0; i < 10'000; ++i) jids.push_back(fmt::format("u{}@b", i));
  Event event;
  event.xml = std::string(1000, 'x');
  const Broadcast broadcast(audience_of(jids), std::move(event));
  CHECK(broadcast.bytes() < 2000);
}

}  // namespace crier::test
