/// Requests a second for the latest 10 of 1,000 items.

#include "conversation.hpp"
#include "preparation.hpp"
#include "requests.hpp"
#include "scenario.hpp"

#include <fmt/format.h>

#include <optional>

namespace crier::bench {

namespace {

constexpr std::uint64_t stored = 1000;
constexpr unsigned asked_for = 10;
constexpr std::size_t in_flight = 32;

void publish_all(Stage& stage, const std::string& node, const std::string& owner) {
  const auto ask = [&](std::string& out, std::string_view id, const Asked& asked) {
    append_publish(out, {.from = owner, .to = stage.service, .id = id}, node, asked.number);
  };
  const auto accept = [](const Stanza&, const Asked&) { return true; };
  ask_all(stage.link, stored, {.in_flight = 64, .ask = ask, .accept = accept});
}

}  // namespace

Outcome retrieve(Stage& stage) {
  const Users users("reader", stage.users);
  const auto owner = Users("publisher", stage.users).full(0);
  const auto node = fmt::format("{}/retrieve", stage.nodes);
  create_node(stage, node, owner, {.max_items = fmt::to_string(stored)});
  publish_all(stage, node, owner);

  const auto ask = [&](std::string& out, std::string_view id, const Asked& asked) {
    const auto from = users.full(asked.lane);
    append_retrieve(out, {.from = from, .to = stage.service, .id = id}, node, asked_for);
  };
  // All answers have one content, which is looked at once.
  std::optional<bool> last_is_right;
  const auto accept = [&](const Stanza& result, const Asked& asked) {
    if (!result.repeats || !last_is_right)
      last_is_right = holds_newest(result.content, asked_for, {stored, stored});
    return *last_is_right && result.to == users.full(asked.lane);
  };
  Stint stint(stage.span, stage.pid);
  auto answers =
      converse(stage.link, stint, {.in_flight = in_flight, .ask = ask, .accept = accept});
  remove_node(stage, node, owner);

  const auto& measurement = stint.finish();
  return {.figures = {{"requests_per_s", "requests/s", measurement.rate()},
                      {"answer_p50_ms", "ms p50", answers.times.at(50)},
                      {"answer_p99_ms", "ms p99", answers.times.at(99)}},
          .measurement = measurement,
          .faults = std::move(answers.faults)};
}

}  // namespace crier::bench
