#include "pubsub/permission.hpp"

#include <crier/errors.hpp>
#include <crier/service.hpp>

#include "model/rights.hpp"
#include "pubsub/acquaintance.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/quotas.hpp"

#include <algorithm>

namespace crier {

namespace {

/// How many subscriptions an account has to the node, with all its resources.
std::size_t subscriptions_of(const Node& node, std::string_view bare) {
  std::size_t count = 0;
  for (auto at = node.subscriptions.find_bare(bare); at != Subscriptions::none;
       at = node.subscriptions.next_of(at, bare))
    ++count;
  return count;
}

bool is_pending(const Node& node, Subscriptions::Position at) {
  return node.subscriptions.at(at).state == SubscriptionState::pending;
}

/// Whether the JID may have one more subscription beside those in `group`. §6.1.3.7, §6.1.3.9.
Verdict has_room_beside(Turn& turn, const Node& node, const Jid& jid,
                        const std::vector<Subscriptions::Position>& group) {
  const Policy& policy = turn.policy();
  for (const auto at : group)
    if (is_pending(node, at)) return Verdict::refuse(errors::pending_subscription, Rule::pending);
  if (group.size() >= policy.max_subscriptions_per_jid ||
      subscriptions_of(node, jid.bare()) >= policy.max_subscriptions_per_account_at_node ||
      node.subscriptions.size() >= policy.max_subscriptions_per_node)
    return Verdict::refuse(errors::too_many_subscriptions, Rule::subscription_limit);
  return check_subscription_quota(turn, jid.bare());
}

/// Who has several subscriptions says for which of them it asks. §6.5.9.1, §6.5.9.2
Verdict has_subid(const Node& node, const Jid& who, std::optional<std::string_view> subid,
                  Rule otherwise) {
  const auto& subscriptions = node.subscriptions;
  if (!subid) {
    auto group = subscriptions.group(who.text());
    if (group.empty()) group = subscriptions.group(who.bare());
    if (group.size() <= 1) return Verdict::allow(otherwise);
    return Verdict::refuse(errors::subid_required, Rule::several_subscriptions);
  }
  for (auto at = subscriptions.find_bare(who.bare()); at != Subscriptions::none;
       at = subscriptions.next_of(at, who.bare()))
    if (subid_of(subscriptions.at(at).id) == *subid) return Verdict::allow(otherwise);
  return Verdict::refuse(errors::invalid_subid.because("You have no subscription of that subid."),
                         Rule::several_subscriptions);
}

/// Whether the node keeps items, which is the matter of `collections` where it is a collection.
Verdict keeps_items(const Node& node, const ErrorKind& collections, Rule otherwise) {
  if (node.config.node_type == NodeType::collection)
    return Verdict::refuse(collections, Rule::collection);
  if (!node.config.persist_items)
    return Verdict::refuse(errors::persistent_items_unsupported, Rule::no_items);
  return Verdict::allow(otherwise);
}

}  // namespace

Verdict refuse(const Ban& ban) {
  std::string text = "You are banned from this service";
  if (ban.expires) text += " until " + format_datetime(*ban.expires);
  text += ban.reason.empty() ? "." : ": " + ban.reason;
  return Verdict::refuse(errors::forbidden.because(std::move(text)), Rule::banned);
}

Verdict may_come_in(Turn& turn, const Jid& who) {
  const Ban* ban = turn.ban_of(who);
  return ban ? refuse(*ban) : Verdict::allow(Rule::banned);
}

Verdict may_execute(const Command& command, const Jid& who, const Policy& policy) {
  if (command.level != CommandLevel::admins || policy.is_admin(who.bare()))
    return Verdict::allow(Rule::admin);
  return Verdict::refuse(
      errors::forbidden.because("This command is for the service's administrators."), Rule::admin);
}

Verdict may_find(Turn& turn, const Node* node, const Jid& who, Patience patience) {
  if (!node) return Verdict::refuse(errors::item_not_found, Rule::no_node);
  if (!turn.policy().conceal_private_nodes) return Verdict::allow(Rule::access_model);
  if (patience == Patience::waits) {
    const auto known = acquaintance(turn, *node, who.bare());
    if (!known) return Verdict::refuse(known.error(), Rule::rosters);
  }
  return may_see(turn, *node, who);
}

Verdict is_still_here(Turn& turn, std::string_view name) {
  if (name.empty() || turn.find(name)) return Verdict::allow(Rule::access_model);
  auto uri = turn.store().redirect({turn.policy().domain, std::string(name)});
  if (!uri) return Verdict::allow(Rule::access_model);
  Error gone = errors::gone;
  gone.address = std::move(*uri);
  return Verdict::refuse(std::move(gone), Rule::moved);
}

Verdict may_subscribe(Turn& turn, const Node& node, const Jid& jid) {
  const auto known = acquaintance(turn, node, jid.bare());
  if (!known) return Verdict::refuse(known.error(), Rule::rosters);
  auto right = may_subscribe(node, jid, turn.policy(), known.value());
  if (!right) return right;
  const auto group = node.subscriptions.group(jid.text());
  if (group.empty() || turn.policy().multi_subscribe) {
    auto room = has_room_beside(turn, node, jid, group);
    return room ? right : room;
  }
  // Whoever asks again is told what is. §6.1.6
  if (is_pending(node, group.front()))
    return Verdict::refuse(errors::pending_subscription, Rule::pending);
  return right;
}

Verdict may_have(const Node& node, std::string_view jid, const SubscriptionOptions& options,
                 Subscriptions::Position changed) {
  const auto allowed = Verdict::allow(Rule::subscription_type);
  if (node.config.node_type == NodeType::leaf) return allowed;
  for (const auto at : node.subscriptions.group(jid)) {
    const auto& other = node.subscriptions.options(at);
    if (at != changed && other.subscription_type == options.subscription_type &&
        other.subscription_depth != options.subscription_depth)
      return Verdict::refuse(errors::conflict, Rule::subscription_type);
  }
  return allowed;
}

SubscriptionOptions default_options(const NodeConfig& config) {
  SubscriptionOptions options;
  options.durable = config.durable;
  return options;
}

Result<Subscriptions::Position> meant_subscription(const Node& node, const Jid& jid,
                                                   std::optional<std::string_view> subid,
                                                   const ErrorKind& missing) {
  const auto group = node.subscriptions.group(jid.text());
  if (group.empty()) return missing.because("There is no such subscription.");
  if (!subid) {
    if (group.size() > 1)
      return errors::subid_required.because(
          "There are several subscriptions; say which one by its subid.");
    return group.front();
  }
  const auto is_meant = [&](auto at) { return subid_of(node.subscriptions.at(at).id) == *subid; };
  const auto found = std::ranges::find_if(group, is_meant);
  if (found == group.end())
    return errors::invalid_subid.because("There is no subscription of that subid.");
  return *found;
}

Verdict may_retrieve(Turn& turn, const Node& node, const Jid& who,
                     std::optional<std::string_view> subid) {
  const auto known = acquaintance(turn, node, who.bare());
  if (!known) return Verdict::refuse(known.error(), Rule::rosters);
  auto right = may_retrieve(node, who, turn.policy(), known.value());
  if (!right) return right;
  auto named = has_subid(node, who, subid, right.rule());
  if (!named || node.config.node_type == NodeType::collection) return named;
  return keeps_items(node, errors::persistent_items_unsupported, right.rule());
}

Verdict takes_items(const NodeConfig& config) {
  if (config.node_type == NodeType::collection)
    return Verdict::refuse(errors::publish_unsupported, Rule::collection);
  return Verdict::allow(Rule::publish_model);
}

Verdict has_room(const Node& node, std::uint64_t more, const Policy& policy) {
  const bool rejects = node.config.publish_node_full == PublishNodeFull::reject;
  if (!rejects || node.item_count + more <= capacity_of(node.config, policy))
    return Verdict::allow(Rule::publish_model);
  return Verdict::refuse(errors::node_full, Rule::node_full);
}

Verdict may_retract(Turn& turn, const Node& node, const Jid& who) {
  auto right = may_retract(node, who, who.bare(), turn.policy());
  if (!right) return right;
  return keeps_items(node, errors::delete_items_unsupported, right.rule());
}

Verdict may_retract(Turn& turn, const Node& node, const Jid& who, std::string_view id) {
  std::string publisher;
  const bool found =
      turn.store().item(node, id, [&](const StoredItem& item) { publisher = item.publisher; });
  if (!found) return Verdict::refuse(errors::item_not_found, Rule::no_item);
  return may_retract(node, who, publisher, turn.policy());
}

Verdict may_purge(Turn& turn, const Node& node, const Jid& who) {
  auto right = may_purge(node, who, turn.policy());
  if (!right) return right;
  return keeps_items(node, errors::purge_nodes_unsupported, right.rule());
}

Verdict may_create(Turn& turn, const Jid& who, const std::string& name) {
  // Who may not create does not learn what there is.
  auto right = may_create(who, name, turn.policy());
  if (!right) return right;
  if (turn.find(name)) return Verdict::refuse(errors::conflict, Rule::name_taken);
  if (turn.service().disco_node(name)) return Verdict::refuse(errors::conflict, Rule::service_name);
  auto quota = check_node_quota(turn, who.bare());
  return quota ? right : quota;
}

Verdict may_create_by_publishing(const Jid& who, std::string_view name, const Policy& policy) {
  auto right = may_create(who, name, policy);
  if (right) return right;
  return Verdict::refuse(errors::item_not_found.because("There is no such node."), right.rule());
}

}  // namespace crier
