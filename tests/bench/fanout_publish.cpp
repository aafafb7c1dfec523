/// Fairness: how long others wait while the broadcast of one big node runs without a pause.

#include "bystander.hpp"
#include "listeners.hpp"
#include "node_group.hpp"
#include "scenario.hpp"

#include <fmt/format.h>

#include <chrono>
#include <vector>

namespace crier::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// Items of the big node of which somebody has not heard yet: while one is told, one waits.
constexpr std::uint64_t events_in_flight = 2;
constexpr unsigned asked_for = 10;
constexpr NodeGroup::Shape beside{.nodes = 1, .items = 100};

/// The one whose broadcast it is. Answers come in order.
class Broadcaster {
 public:
  Broadcaster(Listeners& listeners, Stint& stint) : listeners_(listeners), stint_(stint) {}

  /// Keeps the broadcast going.
  void go_on() {
    while (listeners_.published() - listeners_.done() < events_in_flight) {
      asked_.push_back(Clock::now());
      listeners_.publish();
    }
  }

  void take(const Stanza& stanza) {
    if (listeners_.take(stanza))
      stint_.done();
    else if (stint_.counts() && listeners_.acknowledged() <= asked_.size())
      times.add(milliseconds_since(asked_[listeners_.acknowledged() - 1]));
  }

  Percentiles times;

 private:
  Listeners& listeners_;
  Stint& stint_;
  std::vector<Clock::time_point> asked_;
};

/// `acknowledged` is where it notes what was stored when it asked.
Bystander reader_of(NodeGroup& nodes, Stage& stage, Stint& stint, std::uint64_t& acknowledged) {
  const auto from = Users("reader", stage.users).full(0);
  return {stint, "reader",
          [&, from](std::string_view id) {
            acknowledged = nodes.acknowledged(0);
            append_retrieve(stage.link.out(), {.from = from, .to = stage.service, .id = id},
                            nodes.node(0).name, asked_for);
          },
          [&](const Stanza& result) {
            return holds_newest(result.content, asked_for, nodes.published(0, acknowledged));
          }};
}

std::vector<Figure> figures_of(const Measurement& measurement, Percentiles& own, Percentiles& other,
                               Percentiles& reader) {
  return {{"notifications_per_s", "notifications/s", measurement.rate()},
          {"own_publish_p50_ms", "ms p50", own.at(50)},
          {"own_publish_p99_ms", "p99", own.at(99)},
          {"own_publish_max_ms", "max of publishes there", own.at(100)},
          {"other_publish_p50_ms", "ms p50", other.at(50)},
          {"other_publish_p99_ms", "p99", other.at(99)},
          {"other_publish_max_ms", "max of publishes elsewhere", other.at(100)},
          {"retrieve_p50_ms", "ms p50", reader.at(50)},
          {"retrieve_p99_ms", "p99", reader.at(99)},
          {"retrieve_max_ms", "max of retrieves", reader.at(100)}};
}

}  // namespace

Outcome fanout_publish(Stage& stage) {
  NodeGroup elsewhere(stage, "elsewhere", beside);
  Listeners listeners(stage, "fanout-publish", stage.subscribers.value_or(100'000));
  Stint stint(stage.span, stage.pid);
  Broadcaster broadcaster(listeners, stint);
  std::uint64_t acknowledged = 0;
  auto publisher = publisher_to(elsewhere, stint);
  auto reader = reader_of(elsewhere, stage, stint, acknowledged);
  auto last = Clock::now();
  const Link::OnStanza on_stanza = [&](const Stanza& stanza) {
    if (!publisher.take(stanza) && !reader.take(stanza)) broadcaster.take(stanza);
    last = Clock::now();
  };
  while (!stint.over() && Clock::now() - last < 10s) {
    broadcaster.go_on();
    publisher.go_on();
    reader.go_on();
    stage.link.exchange(100ms, on_stanza);
  }
  const auto& measurement = stint.finish();
  while ((publisher.waits() || reader.waits()) && Clock::now() - last < 10s)
    stage.link.exchange(100ms, on_stanza);
  auto faults = listeners.close();
  faults += publisher.faults;
  faults += reader.faults;
  faults.lost += publisher.waits() + reader.waits();
  faults += elsewhere.close();
  return {.figures = figures_of(measurement, broadcaster.times, publisher.times, reader.times),
          .measurement = measurement,
          .faults = std::move(faults)};
}

}  // namespace crier::bench
