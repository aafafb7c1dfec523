/// Notifications a second when they are spread over many nodes with few subscribers each.

#include "node_group.hpp"
#include "scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace crier::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t node_count = 1000;
constexpr std::uint64_t subscribers_each = 20;
/// How many items are published of which somebody has not heard yet.
constexpr std::uint64_t events_in_flight = 256;

/// Publishes to the nodes in turn. The id of a publish is its number: it tells node and item.
class Rounds {
 public:
  explicit Rounds(NodeGroup& nodes) : nodes_(nodes) {}

  void publish() {
    nodes_.publish(published_ % node_count, fmt::format("p{}", published_));
    ++published_;
  }

  /// True when it is a notification.
  bool take(const Stanza& stanza) {
    if (stanza.name == "message")
      nodes_.take(stanza);
    else if (stanza.name == "iq")
      take_answer(stanza);
    return stanza.name == "message";
  }

  std::uint64_t published() const { return published_; }
  std::uint64_t in_flight() const {
    return published_ - std::min(answered_, nodes_.notified() / subscribers_each);
  }

  Faults close() {
    auto faults = nodes_.close();
    faults.lost += published_ - answered_;
    faults += faults_;
    return faults;
  }

 private:
  void take_answer(const Stanza& stanza) {
    const auto number = number_in(stanza.id, "p").value_or(UINT64_MAX);
    ++answered_;
    if (number >= published_)
      faults_.error(fmt::format("an answer to nothing that was asked: '{}'", stanza.id));
    else if (!nodes_.acknowledge(number % node_count, number / node_count, stanza) ||
             stanza.type != "result")
      faults_.error(stanza.type == "error" ? describe_error(stanza.content)
                                           : fmt::format("not due: '{}'", stanza.id));
  }

  NodeGroup& nodes_;
  std::uint64_t published_ = 0;
  std::uint64_t answered_ = 0;
  Faults faults_;
};

}  // namespace

Outcome many_nodes(Stage& stage) {
  NodeGroup nodes(stage, "many-nodes", {.nodes = node_count, .subscribers_each = subscribers_each});
  Rounds rounds(nodes);
  Stint stint(stage.span, stage.pid);
  auto last = Clock::now();
  const Link::OnStanza on_stanza = [&](const Stanza& stanza) {
    if (rounds.take(stanza)) stint.done();
    last = Clock::now();
  };
  // What is lost stops the loop: nothing comes any more.
  while (!stint.over() && Clock::now() - last < 10s) {
    while (rounds.in_flight() < events_in_flight &&
           rounds.published() * subscribers_each < stint.limit())
      rounds.publish();
    stage.link.exchange(100ms, on_stanza);
  }
  const auto& measurement = stint.finish();
  // The last answers come with the last notifications.
  for (; rounds.in_flight() > 0 && Clock::now() - last < 10s;)
    stage.link.exchange(100ms, on_stanza);
  return {.figures = {{"notifications_per_s", "notifications/s", measurement.rate()},
                      {"publishes_per_s", "publishes/s", measurement.rate() / subscribers_each}},
          .measurement = measurement,
          .faults = rounds.close()};
}

}  // namespace crier::bench
