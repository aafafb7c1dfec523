#include "pubsub/quotas.hpp"

#include <crier/errors.hpp>

#include "base/glob.hpp"

namespace crier {

namespace {

/// Of the bare JID; 0: without limit. The last rule that matches counts.
std::uint64_t account_quota(const Policy& policy, Quantity what, std::string_view bare,
                            std::size_t otherwise) {
  std::uint64_t most = otherwise;
  for (const auto& rule : policy.quotas)
    if (rule.what == what && rule.scope == Scope::account && matches_glob(rule.pattern, bare))
      most = rule.most;
  return most;
}

/// Of the service.
std::uint64_t service_quota(const Policy& policy, Quantity what) {
  std::uint64_t most = 0;
  for (const auto& rule : policy.quotas)
    if (rule.what == what && rule.scope == Scope::service) most = rule.most;
  return most;
}

}  // namespace

Verdict check_node_quota(Turn& turn, std::string_view bare) {
  const Policy& policy = turn.policy();
  const auto quota = account_quota(policy, Quantity::nodes, bare, policy.max_nodes_per_account);
  const bool is_free = quota == 0 || policy.is_admin(bare);
  if (is_free || turn.store().count_created(policy.domain, bare, quota) < quota)
    return Verdict::allow(Rule::node_quota);
  return Verdict::refuse(errors::max_nodes_exceeded, Rule::node_quota);
}

Verdict check_subscription_quota(Turn& turn, std::string_view bare, std::size_t more) {
  const Policy& policy = turn.policy();
  const auto quota =
      account_quota(policy, Quantity::subscriptions, bare, policy.max_subscriptions_per_account);
  const bool is_free = quota == 0 || policy.is_admin(bare);
  if (is_free || turn.store().count_subscriptions(policy.domain, bare, quota) + more <= quota)
    return Verdict::allow(Rule::subscription_quota);
  return Verdict::refuse(errors::too_many_subscriptions, Rule::subscription_quota);
}

Verdict check_bytes_quota(Turn& turn, std::string_view bare) {
  const Policy& policy = turn.policy();
  const auto quota = service_quota(policy, Quantity::bytes);
  if (quota == 0 || policy.is_admin(bare) || turn.store().bytes_in_use() < quota)
    return Verdict::allow(Rule::bytes_quota);
  return Verdict::refuse(errors::resource_constraint, Rule::bytes_quota);
}

}  // namespace crier
