#include "pubsub/quotas.hpp"

#include <crier/errors.hpp>

namespace crier {

Verdict check_node_quota(Turn& turn, std::string_view bare) {
  const Policy& policy = turn.policy();
  const auto quota = policy.max_nodes_per_account;
  const bool is_free = quota == 0 || policy.is_admin(bare);
  if (is_free || turn.store().count_created(policy.domain, bare, quota) < quota)
    return Verdict::allow(Rule::node_quota);
  return Verdict::refuse(errors::max_nodes_exceeded, Rule::node_quota);
}

Verdict check_subscription_quota(Turn& turn, std::string_view bare, std::size_t more) {
  const Policy& policy = turn.policy();
  const auto quota = policy.max_subscriptions_per_account;
  const bool is_free = quota == 0 || policy.is_admin(bare);
  if (is_free || turn.store().count_subscriptions(policy.domain, bare, quota) + more <= quota)
    return Verdict::allow(Rule::subscription_quota);
  return Verdict::refuse(errors::too_many_subscriptions, Rule::subscription_quota);
}

}  // namespace crier
