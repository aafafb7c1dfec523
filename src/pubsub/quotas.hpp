#pragma once
/// How much of the service accounts may take, as the operator says. Admins have no quota.
/// Each costs one bounded question to the store, and none when there is no quota.

#include <crier/turn.hpp>

#include <string_view>

#include "model/verdict.hpp"

namespace crier {

/// Refuses with max_nodes_exceeded when the bare JID has created as many nodes as it may have.
Verdict check_node_quota(Turn& turn, std::string_view bare);

/// Refuses with too_many_subscriptions when the bare JID may not have `more` subscriptions beside
/// those that it and its resources have. §6.1.3.9
Verdict check_subscription_quota(Turn& turn, std::string_view bare, std::size_t more = 1);

/// Refuses with resource_constraint when the service stores as many bytes as it may: `bare`
/// publishes what shall be stored.
Verdict check_bytes_quota(Turn& turn, std::string_view bare);

}  // namespace crier
