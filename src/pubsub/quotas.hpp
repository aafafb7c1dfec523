#pragma once
/// How much of the service accounts, domains and all together may take, as the operator says.
/// Admins have no quota, though what they store counts. Each check costs a few bounded questions to
/// the store, and none where there is no quota.

#include <crier/turn.hpp>

#include <cstdint>
#include <span>
#include <string_view>

#include "model/verdict.hpp"
#include "pubsub/displaced_items.hpp"

namespace crier {

/// Refuses with max_nodes_exceeded when the bare JID, its domain or all have created as many nodes
/// as they may have.
Verdict check_node_quota(Turn& turn, std::string_view bare);

/// So many subscriptions that a request makes: for one account, all accounts of its domain, and all
/// together.
struct MoreSubscriptions {
  std::uint64_t account = 1;
  std::uint64_t domain = 1;
  std::uint64_t service = 1;
};

/// Refuses with too_many_subscriptions when the bare JID, its domain or all may not have so many
/// beside those that they have, with all resources. §6.1.3.9
Verdict check_subscription_quota(Turn& turn, std::string_view bare,
                                 const MoreSubscriptions& more = {});

/// Whether the bare JID may have the items stored at `node`; null: at one that is to be created.
/// Only what they add counts, beside what they displace, which is looked at when the whole does not
/// fit. What adds nothing is always granted.
/// Refuses with quota_exceeded what is beyond the quota of the account or its domain, with
/// resource_constraint what is beyond that of the service.
Verdict check_item_quotas(Turn& turn, std::string_view bare, const Node* node,
                          std::span<const IncomingItem> items);

}  // namespace crier
