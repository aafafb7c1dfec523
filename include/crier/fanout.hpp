#pragma once
/// How far the notifications of stored items have come: what has to be known to send the rest after
/// a crash. Durable subscriptions have cursors of their own and do not count.

#include <crier/ids.hpp>

#include <compare>
#include <vector>

namespace crier {

/// An event that not all subscribers of a node have been told of.
struct Fanout {
  /// Whose subscribers: the node where the items are, or a collection above it.
  NodeId node{};
  /// The items of the event, which were published at once.
  Seq last{};
  Seq first{};
  /// Those from this subscription on are still to be told.
  SubscriptionId next{};
  auto operator<=>(const Fanout&) const = default;
};

/// Of all items up to `told` everybody has been told, but for what `unfinished` says.
struct FanoutProgress {
  Seq told{};
  /// Sorted.
  std::vector<Fanout> unfinished = {};
  bool operator==(const FanoutProgress&) const = default;
};

}  // namespace crier
