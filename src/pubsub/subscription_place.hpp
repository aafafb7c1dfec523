#pragma once
/// Where a subscription is that only its id is known of: what timers, bounces and receipts are
/// about.

#include <crier/turn.hpp>

#include <optional>

namespace crier {

struct FoundSubscription {
  const Node* node;
  Subscriptions::Position at;

  const Subscriptions::Slot& slot() const { return node->subscriptions.at(at); }
  const SubscriptionOptions& options() const { return node->subscriptions.options(at); }
  std::string_view jid() const { return node->subscriptions.jid(slot()); }
};

/// The subscription, or nothing when it has ended.
std::optional<FoundSubscription> find_subscription(Turn& turn, SubscriptionId id);

/// The same for one that the store has just told of.
std::optional<FoundSubscription> find_subscription(Turn& turn, const WatchedSubscription& watched);

}  // namespace crier
