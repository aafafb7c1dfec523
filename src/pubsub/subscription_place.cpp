#include "pubsub/subscription_place.hpp"

namespace crier {

std::optional<FoundSubscription> find_subscription(Turn& turn, SubscriptionId id) {
  const auto place = turn.store().subscription(id);
  const Node* node = place ? turn.find(place->node.name) : nullptr;
  if (!node) return {};
  const auto at = node->subscriptions.find(place->jid, id);
  if (at == Subscriptions::none) return {};
  return FoundSubscription{node, at};
}

}  // namespace crier
