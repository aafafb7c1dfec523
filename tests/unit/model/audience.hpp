#pragma once
/// A node that others are told of.

#include <crier/node.hpp>

#include "strings.hpp"

#include <memory>

namespace crier::test {

/// The node `n` of pubsub.example.org with these subscribers, whose subscriptions count from 1.
inline std::shared_ptr<Node> audience_of(const Strings& jids) {
  auto audience = std::make_shared<Node>();
  audience->id = NodeId{3};
  audience->key = {"pubsub.example.org", "n"};
  std::int64_t id = 0;
  for (const auto& jid : jids)
    audience->subscriptions.add(SubscriptionId{++id}, jid, SubscriptionState::subscribed,
                                EventNumber{});
  return audience;
}

}  // namespace crier::test
