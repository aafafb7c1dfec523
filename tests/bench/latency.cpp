/// How long a notification takes when there is nothing else to do.

#include "floor.hpp"
#include "listeners.hpp"
#include "percentiles.hpp"
#include "running_service.hpp"
#include "scenario.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace crier::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// Between two publishes, so that each of them finds the service idle.
constexpr auto pause = 2ms;

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

}  // namespace

Outcome latency(Stage& stage) {
  Listeners listeners(stage, "latency", 1);
  Stint stint(stage.span, stage.pid);
  Percentiles notified;
  Percentiles answered;
  Clock::time_point begin;
  const Link::OnStanza on_stanza = [&](const Stanza& stanza) {
    const bool is_notification = listeners.take(stanza);
    if (is_notification) stint.done();
    if (stint.counts()) (is_notification ? notified : answered).add(milliseconds_since(begin));
  };
  while (!stint.over()) {
    begin = Clock::now();
    listeners.publish();
    while (!listeners.complete() && milliseconds_since(begin) < 10'000)
      stage.link.exchange(1000ms, on_stanza);
    if (!listeners.complete()) break;
    stage.link.exchange(pause, on_stanza);
  }
  const auto& measurement = stint.finish();
  std::vector<Figure> figures{{"p50_ms", "ms p50", notified.at(50)},
                              {"p99_ms", "ms p99", notified.at(99)},
                              {"max_ms", "ms max", notified.at(100)},
                              {"answer_p50_ms", "", answered.at(50)}};
  if (stage.own)
    figures.push_back({"least_ms", "ms at least", least_milliseconds(stage.own->directory())});
  return {.figures = std::move(figures), .measurement = measurement, .faults = listeners.close()};
}

}  // namespace crier::bench
