#pragma once
/// What can be measured: one row a scenario.

#include "faults.hpp"
#include "link.hpp"
#include "stint.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crier::bench {

class RunningService;

/// What lies in a store before it is measured.
struct Prefill {
  std::uint64_t items = 1'000'000;
  std::uint64_t subscriptions = 100'000;
};

/// Where a scenario plays: behind the stream there is the service, in front of it are the users.
struct Stage {
  Link& link;
  /// The service's JID.
  std::string service;
  /// The domain at which the users live.
  std::string users;
  /// What the names of all nodes begin with.
  std::string nodes;
  Span span;
  /// Of a fan-out, when the command line says how many.
  std::optional<std::uint64_t> subscribers;
  /// Of a big store.
  Prefill store;
  Pids pid;
  /// Whether all that the service stores is thrown away afterwards.
  bool disposable;
  /// The service, when the benchmark started it: it can be started again, and so can others.
  RunningService* own;

  /// The same play on another service of the benchmark's own.
  Stage on(RunningService& service) const;
};

/// From the least to the most of several values.
struct Range {
  double least;
  double most;
};

/// One number that a scenario yields.
struct Figure {
  /// As a key in JSON, with its unit: "publishes_per_s".
  std::string_view key;
  /// As people read it, behind the number: "publishes/s". Empty when it stands in JSON only.
  std::string_view label;
  double value;
  /// Of several rounds, whose median the value is.
  std::optional<Range> range = {};
};

struct Outcome {
  std::vector<Figure> figures;
  Measurement measurement;
  Faults faults;
};

struct Scenario {
  std::string_view name;
  std::string_view summary;
  /// Whether it runs when no scenario is named.
  bool usual;
  /// Throws std::runtime_error when it can not be prepared or the stream breaks.
  Outcome (*run)(Stage&);
};

std::span<const Scenario> scenarios();

// One file each.
Outcome publish(Stage& stage);
Outcome publish_shared(Stage& stage);
Outcome publish_transient(Stage& stage);
Outcome fanout(Stage& stage);
Outcome latency(Stage& stage);
Outcome retrieve(Stage& stage);
Outcome subscribe(Stage& stage);
Outcome presence(Stage& stage);
Outcome many_nodes(Stage& stage);
Outcome fanout_publish(Stage& stage);
Outcome come_online(Stage& stage);
Outcome create_delete(Stage& stage);
Outcome mixed(Stage& stage);
Outcome big_store(Stage& stage);
Outcome memory(Stage& stage);

}  // namespace crier::bench
