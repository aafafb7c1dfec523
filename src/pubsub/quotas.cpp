#include "pubsub/quotas.hpp"

#include <crier/errors.hpp>

namespace crier {

Result<void> check_node_quota(Turn& turn, std::string_view bare) {
  const Policy& policy = turn.policy();
  const auto quota = policy.max_nodes_per_account;
  if (quota == 0 || policy.is_admin(bare)) return {};
  if (turn.store().count_created(policy.domain, bare, quota) < quota) return {};
  return errors::max_nodes_exceeded.because("You have created as many nodes as you may have.");
}

Result<void> check_subscription_quota(Turn& turn, std::string_view bare, std::size_t more) {
  const Policy& policy = turn.policy();
  const auto quota = policy.max_subscriptions_per_account;
  if (quota == 0 || policy.is_admin(bare)) return {};
  if (turn.store().count_subscriptions(policy.domain, bare, quota) + more <= quota) return {};
  return errors::too_many_subscriptions.because("The account has as many as it may have.");
}

}  // namespace crier
