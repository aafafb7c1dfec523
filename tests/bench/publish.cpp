/// Stored and acknowledged publishes a second, and the proof that they are stored.

#include "conversation.hpp"
#include "preparation.hpp"
#include "requests.hpp"
#include "scenario.hpp"

#include <fmt/format.h>

#include <deque>
#include <set>

namespace crier::bench {

namespace {

constexpr std::size_t publisher_count = 16;
constexpr std::size_t in_flight_each = 32;
constexpr unsigned max_items = 100;

/// A node and the newest items that were published to it, at most as many as it keeps.
struct Target {
  std::string name;
  std::string owner;
  std::deque<std::uint64_t> newest;

  void published(std::uint64_t item) {
    newest.push_back(item);
    if (newest.size() > max_items) newest.pop_front();
  }
};

std::vector<Target> create_nodes(Stage& stage, const Users& publishers, std::size_t count,
                                 bool persistent) {
  std::vector<Target> nodes;
  for (std::size_t i = 0; i < count; ++i) {
    nodes.push_back({.name = fmt::format("{}/publish/{}", stage.nodes, i),
                     .owner = publishers.full(i),
                     .newest = {}});
    create_node(stage, nodes[i].name, nodes[i].owner,
                {.max_items = fmt::to_string(max_items),
                 .publish_model = count == 1 ? "open" : "publishers",
                 .persistent = persistent});
  }
  return nodes;
}

/// Asks every node for all that it has: it must be exactly what was published last.
Faults check_stored(Stage& stage, const std::vector<Target>& nodes) {
  const auto ask = [&](std::string& out, std::string_view id, const Asked& asked) {
    const auto& node = nodes[asked.number];
    append_retrieve(out, {.from = node.owner, .to = stage.service, .id = id}, node.name, max_items);
  };
  const auto accept = [&](const Stanza& result, const Asked& asked) {
    const auto& due = nodes[asked.number].newest;
    std::set<std::uint64_t> stored;
    auto content = result.content;
    while (const auto item = take_tag(content, "item"))
      stored.insert(item_number(item->attribute("id")));
    return stored == std::set(due.begin(), due.end()) &&
           (due.empty() || holds_entry(result.content, due.back()));
  };
  auto stint = Stint::exactly(nodes.size());
  return converse(stage.link, stint, {.in_flight = 1, .ask = ask, .accept = accept}).faults;
}

Outcome publish_to(Stage& stage, std::size_t node_count, bool persistent) {
  const Users publishers("publisher", stage.users);
  std::vector<std::string> senders;
  for (std::size_t i = 0; i < publisher_count; ++i) senders.push_back(publishers.full(i));
  auto nodes = create_nodes(stage, publishers, node_count, persistent);

  const auto ask = [&](std::string& out, std::string_view id, const Asked& asked) {
    const auto publisher = asked.lane % publisher_count;
    auto& node = nodes[publisher % nodes.size()];
    node.published(asked.number);
    append_publish(out, {.from = senders[publisher], .to = stage.service, .id = id}, node.name,
                   asked.number);
  };
  const auto accept = [&](const Stanza& result, const Asked& asked) {
    return result.to == senders[asked.lane % publisher_count] && acknowledges(result, asked.number);
  };
  Stint stint(stage.span, stage.pid);
  auto answers =
      converse(stage.link, stint,
               {.in_flight = publisher_count * in_flight_each, .ask = ask, .accept = accept});
  if (persistent) answers.faults += check_stored(stage, nodes);
  for (const auto& node : nodes) remove_node(stage, node.name, node.owner);

  const auto& measurement = stint.finish();
  return {.figures = {{"publishes_per_s", "publishes/s", measurement.rate()},
                      {"answer_p50_ms", "ms p50", answers.times.at(50)},
                      {"answer_p99_ms", "ms p99", answers.times.at(99)}},
          .measurement = measurement,
          .faults = std::move(answers.faults)};
}

}  // namespace

Outcome publish(Stage& stage) {
  return publish_to(stage, publisher_count, true);
}

Outcome publish_shared(Stage& stage) {
  return publish_to(stage, 1, true);
}

Outcome publish_transient(Stage& stage) {
  return publish_to(stage, publisher_count, false);
}

}  // namespace crier::bench
