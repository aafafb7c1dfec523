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
#include <set>
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
  /// Not to those whom that configuration let in already, nor if it says never; null: to all, as
  /// the node says.
  std::shared_ptr<const NodeConfig> before = {};
  /// The next node for whoever has the place.
  std::size_t next = 0;
};

/// What a resource was interested in until it told other capabilities, and heard of until then.
struct EarlierInterest {
  /// Sorted.
  std::shared_ptr<const std::vector<std::string>> names;
  Time until{};
};

/// What the session knows of interests. Nothing of it is stored.
struct Interests {
  /// Of last items more are not due at once.
  static constexpr std::size_t most_due = 100'000;

  KnownCapabilities capabilities;
  /// Questions that are to be asked.
  std::deque<std::pair<CapsId, CapsQuestion>> questions;
  std::deque<LastItemsDue> due;
  /// By what it tells now, and its place there; until its last items are sent.
  std::map<std::pair<CapsId, CapsRoll::Place>, EarlierInterest> earlier;
  /// The names there by capabilities, as long as somebody has them.
  std::unordered_map<CapsId, std::weak_ptr<const std::vector<std::string>>> names;
  /// Those that wait for rosters, and the nodes of which last items are due to all when they come.
  std::vector<LastItemsDue> waiting;
  std::set<std::string> awaited;
  /// Of the nodes that those with some capabilities are interested in, the ones that are there;
  /// forgotten when such a node comes or goes.
  std::unordered_map<CapsId, std::shared_ptr<const std::vector<std::string>>> nodes;
};

}  // namespace crier
