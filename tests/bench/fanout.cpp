/// Notifications a second with many subscribers on one node.

#include "listeners.hpp"
#include "scenario.hpp"

#include <chrono>

namespace crier::bench {

namespace {

/// How many items are published of which somebody has not heard yet: with 1,000 subscribers a few
/// milliseconds of work, so that a slow sync before each broadcast is not what is measured.
constexpr std::uint64_t events_in_flight = 16;

}  // namespace

Outcome fanout(Stage& stage) {
  using namespace std::chrono_literals;
  using Clock = std::chrono::steady_clock;

  const auto subscribers = stage.subscribers.value_or(1000);
  Listeners listeners(stage, "fanout", subscribers);
  Stint stint(stage.span, stage.pid);
  auto last = Clock::now();
  std::uint64_t notified = 0;
  const Link::OnStanza on_stanza = [&](const Stanza& stanza) {
    if (listeners.take(stanza)) stint.done();
  };
  // What is lost stops the loop: nothing comes any more.
  while (!stint.over() && Clock::now() - last < 10s) {
    while (listeners.published() - listeners.done() < events_in_flight &&
           listeners.published() * subscribers < stint.limit())
      listeners.publish();
    stage.link.exchange(100ms, on_stanza);
    if (listeners.notified() == notified) continue;
    notified = listeners.notified();
    last = Clock::now();
  }
  const auto& measurement = stint.finish();
  return {.figures = {{"notifications_per_s", "notifications/s", measurement.rate()}},
          .measurement = measurement,
          .faults = listeners.close()};
}

}  // namespace crier::bench
