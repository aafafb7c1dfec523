#pragma once
/// Those who are interested in nodes without being subscribed: they say so by `NodeID+notify` in
/// their capabilities, and that they are online. XEP-0060 §9.2, §12.2.

#include <crier/known_capabilities.hpp>
#include <crier/node_config.hpp>
#include <crier/presence.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace crier {

/// Last items that are due to some of those who tell the same capabilities: to whoever has one of
/// the places from `place` to `end` since an event from `first` to `last`.
struct LastItemsDue {
  CapsId caps{};
  CapsRoll::Place place = 0;
  CapsRoll::Place end = 0;
  EventNumber first{};
  EventNumber last{};
  /// Of which nodes, by their names; null: of all that they are interested in.
  std::shared_ptr<const std::vector<std::string>> names = {};
  /// Not to those whom that configuration let in already; null: to all.
  std::shared_ptr<const NodeConfig> before = {};
  /// The next node for whoever has the place.
  std::size_t next = 0;
};

/// What a resource was interested in before it told capabilities that are not known yet.
struct EarlierInterest {
  EventNumber since{};
  /// Sorted.
  std::shared_ptr<const std::vector<std::string>> names;
};

/// What the session knows of interests. Nothing of it is stored.
struct Interests {
  /// Of last items more are not due at once: whoever would cause more does the work itself.
  static constexpr std::size_t most_due = 100'000;

  KnownCapabilities capabilities;
  /// Questions that are to be asked.
  std::deque<std::pair<CapsId, CapsQuestion>> questions;
  std::deque<LastItemsDue> due;
  /// By what it tells now, and its place there.
  std::map<std::pair<CapsId, CapsRoll::Place>, EarlierInterest> earlier;
  /// Those that wait for rosters.
  std::vector<LastItemsDue> waiting;
  /// Of the nodes that those with some capabilities are interested in, the ones that are there;
  /// forgotten when such a node comes or goes.
  std::unordered_map<CapsId, std::shared_ptr<const std::vector<std::string>>> nodes;
};

}  // namespace crier
