/// Subscriptions made a second, all to one node, each by another user.

#include "conversation.hpp"
#include "preparation.hpp"
#include "requests.hpp"
#include "scenario.hpp"

#include <fmt/format.h>

namespace crier::bench {

namespace {

constexpr std::size_t in_flight = 512;

}  // namespace

Outcome subscribe(Stage& stage) {
  const Users users("subscriber", stage.users);
  const auto owner = Users("publisher", stage.users).full(0);
  const auto node = fmt::format("{}/subscribe", stage.nodes);
  create_node(stage, node, owner, {.max_items = "1"});

  const auto ask = [&](std::string& out, std::string_view id, const Asked& asked) {
    const auto from = users.full(asked.number);
    append_subscribe(out, {.from = from, .to = stage.service, .id = id}, node);
  };
  const auto accept = [&](const Stanza& result, const Asked& asked) {
    const auto tag = find_tag(result.content, "subscription");
    return tag && tag->attribute("subscription") == "subscribed" &&
           users.number_of(tag->attribute("jid")) == asked.number &&
           result.to == users.full(asked.number);
  };
  Stint stint(stage.span, stage.pid);
  auto answers =
      converse(stage.link, stint, {.in_flight = in_flight, .ask = ask, .accept = accept});
  remove_node(stage, node, owner);

  const auto& measurement = stint.finish();
  return {.figures = {{"subscribes_per_s", "subscribes/s", measurement.rate()},
                      {"answer_p50_ms", "ms p50", answers.times.at(50)},
                      {"answer_p99_ms", "ms p99", answers.times.at(99)}},
          .measurement = measurement,
          .faults = std::move(answers.faults)};
}

}  // namespace crier::bench
