#include "pubsub/subscription_place.hpp"

namespace crier {

namespace {

std::optional<FoundSubscription> find_at(Turn& turn, std::string_view node_name,
                                         std::string_view jid, SubscriptionId id) {
  const Node* node = turn.find(node_name);
  if (!node) return {};
  const auto at = node->subscriptions.find(jid, id);
  if (at == Subscriptions::none) return {};
  return FoundSubscription{node, at};
}

}  // namespace

std::optional<FoundSubscription> find_subscription(Turn& turn, SubscriptionId id) {
  const auto place = turn.store().subscription(id);
  if (!place) return {};
  return find_at(turn, place->node.name, place->jid, id);
}

std::optional<FoundSubscription> find_subscription(Turn& turn, const WatchedSubscription& watched) {
  return find_at(turn, watched.node, watched.jid, watched.id);
}

}  // namespace crier
