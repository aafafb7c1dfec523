#include "model/rights.hpp"

#include <crier/errors.hpp>

#include "base/glob.hpp"

#include <algorithm>
#include <array>

namespace crier {

namespace {

//                                      subscribe retrieve publish retract_any retract_own own
constexpr std::array<Privileges, 6> privileges_table{{
    /* none         */ {true, true, false, false, false, false},
    /* outcast      */ {false, false, false, false, false, false},
    /* publish_only */ {false, false, true, false, true, false},
    /* member       */ {true, true, false, false, false, false},
    /* publisher    */ {true, true, true, true, true, false},
    /* owner        */ {true, true, true, true, true, true},
}};

Rule rule_of(const Jid& who, const Policy& policy, Rule otherwise) {
  return policy.is_admin(who.bare()) ? Rule::admin : otherwise;
}

/// What the access model says about subscribing to an entity that its affiliation does not shut
/// out. §4.5.
Verdict admit(const Node& node, Affiliation affiliation, Acquaintance acquaintance) {
  if (affiliation != Affiliation::none) return Verdict::allow(Rule::affiliation);
  switch (const auto model = node.config.access_model) {
    case AccessModel::presence:
      if (lets_in(model, acquaintance)) return Verdict::allow(Rule::presence);
      return Verdict::refuse(errors::presence_subscription_required, Rule::presence);
    case AccessModel::roster:
      if (lets_in(model, acquaintance)) return Verdict::allow(Rule::roster_group);
      return Verdict::refuse(errors::not_in_roster_group, Rule::roster_group);
    default:
      if (lets_in(model, acquaintance)) return Verdict::allow(Rule::access_model);
      return Verdict::refuse(errors::closed_node, Rule::access_model);
  }
}

}  // namespace

bool is_anonymous(std::string_view bare, const Policy& policy) {
  // Without an '@' all of it is the domain.
  return policy.anonymous_domains.contains(bare.substr(bare.find('@') + 1));
}

const Privileges& privileges_of(Affiliation affiliation) {
  return privileges_table[static_cast<std::size_t>(affiliation)];
}

Affiliation acting_as(const Node& node, const Jid& who, const Policy& policy) {
  return policy.is_admin(who.bare()) ? Affiliation::owner : node.affiliation_of(who.bare());
}

Verdict may_subscribe(const Node& node, const Jid& who, const Policy& policy,
                      Acquaintance acquaintance) {
  if (is_anonymous(who.bare(), policy))
    return Verdict::refuse(errors::anonymous_forbidden, Rule::anonymous);
  const auto affiliation = acting_as(node, who, policy);
  if (!privileges_of(affiliation).subscribe)
    return Verdict::refuse(errors::forbidden, Rule::affiliation);
  if (!node.config.subscribe)
    return Verdict::refuse(errors::subscribe_unsupported, Rule::no_subscriptions);
  if (policy.is_admin(who.bare())) return Verdict::allow(Rule::admin);
  return admit(node, affiliation, acquaintance);
}

bool needs_approval(const Node& node, std::string_view bare, const Policy& policy) {
  return node.config.access_model == AccessModel::authorize && !policy.is_admin(bare) &&
         node.affiliation_of(bare) == Affiliation::none;
}

bool is_subscribed(const Node& node, std::string_view bare) {
  const auto& subscriptions = node.subscriptions;
  for (auto at = subscriptions.find_bare(bare); at != Subscriptions::none;
       at = subscriptions.next_of(at, bare))
    if (subscriptions.at(at).state == SubscriptionState::subscribed) return true;
  return false;
}

bool may_stay_subscribed(const Node& node, std::string_view bare, const Policy& policy,
                         Acquaintance acquaintance) {
  const auto affiliation = policy.is_admin(bare) ? Affiliation::owner : node.affiliation_of(bare);
  if (!privileges_of(affiliation).subscribe || is_anonymous(bare, policy)) return false;
  const bool undecided = node.config.follows_rosters() && acquaintance == Acquaintance::unknown;
  return undecided || admit(node, affiliation, acquaintance);
}

bool may_hear(const Node& node, std::string_view bare, const Policy& policy) {
  if (!may_stay_subscribed(node, bare, policy, Acquaintance::unknown)) return false;
  const bool needs_subscription = needs_approval(node, bare, policy) ||
                                  (node.config.follows_rosters() && !policy.is_admin(bare) &&
                                   node.affiliation_of(bare) == Affiliation::none);
  return !needs_subscription || is_subscribed(node, bare);
}

bool is_eligible(const Node& node, const NodeConfig& config, std::string_view bare,
                 const Policy& policy, Acquaintance acquaintance) {
  if (!config.subscribe || is_anonymous(bare, policy)) return false;
  const auto affiliation = policy.is_admin(bare) ? Affiliation::owner : node.affiliation_of(bare);
  if (affiliation != Affiliation::none) return privileges_of(affiliation).subscribe;
  return config.access_model != AccessModel::authorize &&
         lets_in(config.access_model, acquaintance);
}

Verdict may_retrieve(const Node& node, const Jid& who, const Policy& policy,
                     Acquaintance acquaintance) {
  const auto affiliation = acting_as(node, who, policy);
  if (!privileges_of(affiliation).retrieve)
    return Verdict::refuse(errors::forbidden, Rule::affiliation);
  if (needs_approval(node, who.bare(), policy)) {
    if (is_subscribed(node, who.bare())) return Verdict::allow(Rule::subscription);
    return Verdict::refuse(errors::subscribers_only, Rule::subscription);
  }
  if (policy.is_admin(who.bare())) return Verdict::allow(Rule::admin);
  return admit(node, affiliation, acquaintance);
}

Verdict may_publish(const Node& node, const Jid& who, const Policy& policy) {
  const auto affiliation = acting_as(node, who, policy);
  if (privileges_of(affiliation).publish)
    return Verdict::allow(rule_of(who, policy, Rule::affiliation));
  if (affiliation == Affiliation::outcast)
    return Verdict::refuse(errors::forbidden, Rule::affiliation);
  switch (node.config.publish_model) {
    case PublishModel::open: return Verdict::allow(Rule::publish_model);
    case PublishModel::subscribers:
      if (is_subscribed(node, who.bare())) return Verdict::allow(Rule::publish_model);
      break;
    case PublishModel::publishers: break;
  }
  return Verdict::refuse(errors::forbidden, Rule::publish_model);
}

Verdict may_retract(const Node& node, const Jid& who, std::string_view publisher,
                    const Policy& policy) {
  const auto& privileges = privileges_of(acting_as(node, who, policy));
  if (privileges.retract_any) return Verdict::allow(rule_of(who, policy, Rule::affiliation));
  const bool entitled = privileges.retract_own || may_publish(node, who, policy);
  if (!entitled) return Verdict::refuse(errors::forbidden, Rule::affiliation);
  if (publisher == who.bare()) return Verdict::allow(Rule::own_item);
  return Verdict::refuse(errors::forbidden, Rule::own_item);
}

Verdict may_purge(const Node& node, const Jid& who, const Policy& policy) {
  if (privileges_of(acting_as(node, who, policy)).retract_any)
    return Verdict::allow(rule_of(who, policy, Rule::affiliation));
  return Verdict::refuse(errors::forbidden, Rule::affiliation);
}

Verdict may_own(const Node& node, const Jid& who, const Policy& policy) {
  if (privileges_of(acting_as(node, who, policy)).own)
    return Verdict::allow(rule_of(who, policy, Rule::affiliation));
  return Verdict::refuse(errors::forbidden, Rule::affiliation);
}

const Creators& creators_of(std::string_view name, const Policy& policy) {
  const Creators* creators = &policy.creators;
  for (const auto& rule : policy.creators_by_name)
    if (matches_glob(rule.pattern, name)) creators = &rule.creators;
  return *creators;
}

Verdict may_create(const Jid& who, std::string_view name, const Policy& policy) {
  if (policy.is_admin(who.bare())) return Verdict::allow(Rule::admin);
  const auto is_reserved = [&](const auto& pattern) { return matches_glob(pattern, name); };
  if (!name.empty() && std::ranges::any_of(policy.reserved, is_reserved))
    return Verdict::refuse(errors::forbidden, Rule::reserved);
  const auto& creators = creators_of(name, policy);
  const auto& domains = creators.domains;
  if (creators.all || std::ranges::find(domains, who.domain()) != domains.end())
    return Verdict::allow(Rule::creators);
  return Verdict::refuse(errors::forbidden, Rule::creators);
}

Verdict may_see(const NodeConfig& config, Affiliation affiliation, bool is_known) {
  if (affiliation == Affiliation::outcast)
    return Verdict::refuse(errors::item_not_found, Rule::concealed);
  if (affiliation != Affiliation::none) return Verdict::allow(Rule::affiliation);
  if (config.follows_rosters() && is_known)
    return Verdict::allow(config.access_model == AccessModel::presence ? Rule::presence
                                                                       : Rule::roster_group);
  if (!config.follows_rosters() && config.access_model != AccessModel::whitelist)
    return Verdict::allow(Rule::access_model);
  if (config.publish_model == PublishModel::open) return Verdict::allow(Rule::publish_model);
  return Verdict::refuse(errors::item_not_found, Rule::concealed);
}

bool lets_in(AccessModel model, Acquaintance acquaintance) {
  switch (model) {
    case AccessModel::authorize:
    case AccessModel::open: return true;
    case AccessModel::presence:
      return acquaintance == Acquaintance::presence || acquaintance == Acquaintance::group;
    case AccessModel::roster: return acquaintance == Acquaintance::group;
    case AccessModel::whitelist: return false;
  }
  return false;
}

}  // namespace crier
