#include "pubsub/explanation.hpp"

#include <crier/errors.hpp>
#include <crier/service.hpp>

#include <fmt/format.h>

#include <algorithm>

#include "model/node_fields.hpp"
#include "model/rights.hpp"
#include "pubsub/acquaintance.hpp"
#include "pubsub/item_expiry.hpp"
#include "pubsub/names.hpp"
#include "pubsub/new_node.hpp"
#include "pubsub/permission.hpp"
#include "pubsub/quotas.hpp"
#include "pubsub/remedies.hpp"

namespace crier {

namespace {

/// A new node, as it is made when nothing else is said.
Verdict decide_creation(Turn& turn, const Inquiry& inquiry) {
  auto right = may_create(turn, inquiry.who, inquiry.node);
  if (!right) return right;
  auto plan = plan_node(turn, inquiry.node, nullptr, inquiry.who);
  if (!plan) return Verdict::refuse(std::move(plan.error()), Rule::defaults);
  return right;
}

/// One new item, the smallest there is, must be within the quotas; `node` is null when it is to be
/// created.
Verdict decide_storing(Turn& turn, const Inquiry& inquiry, const NodeConfig& config,
                       const Node* node) {
  if (!config.persist_items) return Verdict::allow(Rule::item_quota);
  const IncomingItem item{{}, 1};
  return check_item_quotas(turn, inquiry.who.bare(), node, {&item, 1});
}

/// §7.1.4
Verdict decide_publication_to_nothing(Turn& turn, const Inquiry& inquiry) {
  auto right = may_create_by_publishing(inquiry.who, inquiry.node, turn.policy());
  if (!right) return right;
  auto creation = decide_creation(turn, inquiry);
  if (!creation) return creation;
  const auto config = plan_node(turn, inquiry.node, nullptr, inquiry.who).take().config;
  if (auto taking = takes_items(config); !taking) return taking;
  auto storing = decide_storing(turn, inquiry, config, nullptr);
  return storing ? right : storing;
}

Verdict decide_publication(Turn& turn, const Inquiry& inquiry, const Node& node) {
  auto right = may_publish(node, inquiry.who, turn.policy());
  if (!right) return right;
  if (auto taking = takes_items(node.config); !taking) return taking;
  expire_items(turn, node);
  if (auto room = has_room(node, 1, turn.policy()); !room) return room;
  auto storing = decide_storing(turn, inquiry, node.config, &node);
  return storing ? right : storing;
}

Verdict decide_subscription(Turn& turn, const Inquiry& inquiry, const Node& node) {
  auto right = may_subscribe(turn, node, inquiry.who);
  if (!right) return right;
  const auto jid = inquiry.who.text();
  const bool is_there = node.subscriptions.find(jid) != Subscriptions::none;
  if (is_there && !turn.policy().multi_subscribe) return right;
  auto options = may_have(node, jid, default_options(node.config));
  return options ? right : options;
}

Verdict decide_end(const Inquiry& inquiry, const Node& node) {
  auto found = meant_subscription(node, inquiry.who, {}, errors::not_subscribed);
  if (found) return Verdict::allow(Rule::subscription);
  const bool several = *found.error().kind == errors::subid_required;
  return Verdict::refuse(std::move(found.error()),
                         several ? Rule::several_subscriptions : Rule::no_subscription);
}

Verdict decide_retraction(Turn& turn, const Inquiry& inquiry, const Node& node) {
  auto right = may_retract(turn, node, inquiry.who);
  if (!right || inquiry.item.empty()) return right;
  expire_items(turn, node);
  return may_retract(turn, node, inquiry.who, inquiry.item);
}

/// A name that is no node's, but something of the service's own.
Verdict decide_sight_of_the_services(Turn& turn, const Inquiry& inquiry) {
  if (const Command* command = turn.service().command(inquiry.node))
    if (auto right = may_execute(*command, inquiry.who, turn.policy()); !right) return right;
  return Verdict::allow(Rule::service_name);
}

/// About a node that the entity may know of.
Verdict decide_at(Turn& turn, const Inquiry& inquiry, const Node& node) {
  switch (inquiry.action) {
    case Action::see: return may_see(turn, node, inquiry.who);
    case Action::subscribe: return decide_subscription(turn, inquiry, node);
    case Action::unsubscribe: return decide_end(inquiry, node);
    case Action::retrieve: return may_retrieve(turn, node, inquiry.who, {});
    case Action::publish: return decide_publication(turn, inquiry, node);
    case Action::retract: return decide_retraction(turn, inquiry, node);
    case Action::purge: return may_purge(turn, node, inquiry.who);
    default: return may_own(node, inquiry.who, turn.policy());
  }
}

/// What a rule says of an entity, in a sentence; the words in braces are those of `sentence_of`.
struct Wording {
  Rule rule;
  const char* allowed;
  const char* refused;
};

constexpr Wording wordings[] = {
    {Rule::admin, "{jid} is an administrator of the service.",
     "{node} is for administrators of the service."},
    {Rule::affiliation, "The affiliation of {jid} with {node} ({affiliation}) allows this.",
     "The affiliation of {jid} with {node} ({affiliation}) does not allow this."},
    {Rule::access_model, "The access model of {node} ({access_model}) lets {jid} in.",
     "The access model of {node} ({access_model}) does not let {jid} in."},
    {Rule::presence,
     "The access model of {node} ({access_model}) lets {jid} in, who sees the presence of an "
     "owner.",
     "The access model of {node} ({access_model}) lets in those who see the presence of an owner; "
     "{jid} does not."},
    {Rule::roster_group,
     "The access model of {node} ({access_model}) lets {jid} in, who is in a roster group of an "
     "owner.",
     "The access model of {node} ({access_model}) lets in those who are in certain roster groups "
     "of an owner; {jid} is in none of them."},
    {Rule::publish_model, "The publish model of {node} ({publish_model}) lets {jid} publish.",
     "The publish model of {node} ({publish_model}) does not let {jid} publish."},
    {Rule::no_subscriptions, "", "{node} takes no subscriptions (its field subscribe is off)."},
    {Rule::subscription, "{jid} is subscribed to {node}.",
     "The access model of {node} ({access_model}) lets subscribers retrieve its items; {jid} is "
     "none."},
    {Rule::own_item, "{jid} may retract what it has published itself.",
     "{jid} may retract what it has published itself; this item is another's."},
    {Rule::no_node, "", "There is no node {node}."},
    {Rule::concealed, "",
     "{node} is concealed from {jid}, whom neither its affiliation ({affiliation}) nor the access "
     "model ({access_model}) lets in."},
    {Rule::moved, "", "{node} has moved to {address}."},
    {Rule::no_item, "", "There is no item {item} in {node}."},
    {Rule::name_taken, "", "A node {node} exists already."},
    {Rule::service_name, "{node} is something of the service's own, which everybody sees.",
     "The name {node} belongs to the service."},
    {Rule::collection, "", "{node} is a collection, which holds nodes, not items."},
    {Rule::no_items, "", "{node} keeps no items (its field persist_items is off)."},
    {Rule::node_full, "", "{node} is full, and takes no more items."},
    {Rule::pending, "", "An owner of {node} has yet to approve the subscription of {jid}."},
    {Rule::no_subscription, "", "{jid} is not subscribed to {node}."},
    {Rule::several_subscriptions, "",
     "{jid} has several subscriptions to {node}, and must say which one by its subid."},
    {Rule::subscription_type, "", "{jid} has a subscription of this type to {node} already."},
    {Rule::banned, "", "{jid} is banned from the service."},
    {Rule::creators, "The service lets {jid} create nodes of such names.",
     "The service does not let {jid} create nodes of such names."},
    {Rule::reserved, "", "Nodes of such names are the administrators'."},
    {Rule::anonymous, "", "The users of {domain} are anonymous, and may not subscribe."},
    {Rule::node_quota, "", "{text}"},
    {Rule::subscription_quota, "", "{text}"},
    {Rule::item_quota, "", "{text}"},
    {Rule::bytes_quota, "", "{text}"},
    {Rule::subscription_limit, "",
     "{jid} has as many subscriptions to {node} as it may have, or all have together."},
    {Rule::defaults, "", "The service can not make such a node for {jid}: {text}"},
};

std::string value_of(const Node* node, std::string_view var) {
  if (!node) return {};
  const auto values = find_field(node_fields(), var)->get(node->config);
  return values.empty() ? std::string() : values.front();
}

/// The whole reason, for those who may know the node's configuration.
std::string sentence_of(const Inquiry& inquiry, const Node* node, const Verdict& verdict) {
  const auto found = std::ranges::find(wordings, verdict.rule(), &Wording::rule);
  const auto refusal = verdict ? std::optional<Error>() : verdict.error();
  const auto affiliation = node ? node->affiliation_of(inquiry.who.bare()) : Affiliation::none;
  return fmt::format(fmt::runtime(verdict ? found->allowed : found->refused),
                     fmt::arg("jid", inquiry.who.text()), fmt::arg("node", inquiry.node),
                     fmt::arg("item", inquiry.item), fmt::arg("domain", inquiry.who.domain()),
                     fmt::arg("affiliation", name_of(affiliation)),
                     fmt::arg("access_model", value_of(node, "pubsub#access_model")),
                     fmt::arg("publish_model", value_of(node, "pubsub#publish_model")),
                     fmt::arg("address", refusal ? refusal->address : std::string()),
                     fmt::arg("text", refusal ? refusal->text : std::string()));
}

/// What an action that is allowed does besides.
std::string_view note_on(Turn& turn, const Inquiry& inquiry, const Node* node) {
  if (inquiry.action == Action::publish && !node) return " Publishing creates the node.";
  const auto bare = inquiry.who.bare();
  const bool asks = inquiry.action == Action::subscribe && node &&
                    needs_approval(*node, bare, turn.policy()) && !is_subscribed(*node, bare);
  return asks ? " An owner has yet to approve the subscription." : "";
}

/// To somebody who may not know it, what is concealed looks like what is not there.
Rule rule_shown(const Verdict& verdict, bool in_full) {
  const bool absent = !verdict && *verdict.error().kind == errors::item_not_found &&
                      verdict.rule() != Rule::no_item;
  return absent && !in_full ? Rule::no_node : verdict.rule();
}

bool has_other_owner(const Node& node, std::string_view bare) {
  return std::ranges::any_of(node.owners, [&](const auto& owner) { return owner != bare; });
}

}  // namespace

Verdict decide(Turn& turn, const Inquiry& inquiry) {
  if (auto entry = may_come_in(turn, inquiry.who); !entry) return entry;
  if (inquiry.action == Action::create) return decide_creation(turn, inquiry);
  if (inquiry.action == Action::see && turn.service().disco_node(inquiry.node))
    return decide_sight_of_the_services(turn, inquiry);
  if (inquiry.action == Action::subscribe)
    if (auto here = is_still_here(turn, inquiry.node); !here) return here;
  const Node* node = turn.find(inquiry.node);
  if (inquiry.action == Action::publish && !node)
    return decide_publication_to_nothing(turn, inquiry);
  // Neither discovery nor publishing waits for rosters.
  const bool at_once = inquiry.action == Action::see || inquiry.action == Action::publish;
  auto found =
      may_find(turn, node, inquiry.who, at_once ? Patience::decides_at_once : Patience::waits);
  return found ? decide_at(turn, inquiry, *node) : found;
}

Result<Explanation> explain(Turn& turn, const Inquiry& inquiry, const Jid& asker) {
  const Node* node = turn.find(inquiry.node);
  const bool is_admin = turn.policy().is_admin(asker.bare());
  const bool in_full = is_admin || (node && may_own(*node, asker, turn.policy()));
  if (!in_full && inquiry.who.bare() != asker.bare())
    return errors::forbidden.because(
        "You may ask about yourself, and about others at a node that you own.");
  // Whoever is an owner learns of others' rosters what he is told himself, not whom they know.
  const bool is_about_another = inquiry.who.bare() != asker.bare();
  if (!is_admin && is_about_another && node && node->config.follows_rosters() &&
      has_other_owner(*node, asker.bare()))
    return errors::forbidden.because(
        "The rosters of the node's other owners decide this; ask an administrator.");
  auto verdict = decide(turn, inquiry);
  if (verdict.rule() == Rule::rosters) return verdict.error();

  const auto rule = rule_shown(verdict, in_full);
  if (verdict) {
    auto reason = sentence_of(inquiry, node, verdict);
    reason += note_on(turn, inquiry, node);
    return Explanation{std::move(verdict), rule, std::move(reason), {}};
  }
  // Who may see the node may see its models; others know what the refusal tells. Who may create a
  // node has nothing to do with one that is there.
  const bool in_detail =
      in_full || !node || inquiry.action == Action::create || bool(may_see(turn, *node, asker));
  const auto refusal = verdict.error();
  // What is concealed reads as what is not there, word for word.
  const bool in_words = in_full || (in_detail && rule != Rule::no_node);
  auto reason = in_words ? sentence_of(inquiry, node, verdict) : refusal.text;
  auto lines = remedies(turn, inquiry, in_detail ? node : nullptr, rule, refusal, in_full);
  return Explanation{std::move(verdict), rule, std::move(reason), std::move(lines)};
}

}  // namespace crier
