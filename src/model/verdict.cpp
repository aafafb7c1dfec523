#include "model/verdict.hpp"

#include <algorithm>
#include <iterator>

namespace crier {

namespace {

struct Row {
  Rule rule;
  std::string_view name;
  /// What a refusal says to the one who is refused. What is concealed reads as what is not there.
  std::string_view text;
};

constexpr Row rows[] = {
    {Rule::admin, "admin", "The service's administrators decide this."},
    {Rule::affiliation, "affiliation", "Your affiliation with the node does not allow this."},
    {Rule::access_model, "access_model", "The node's access model does not let you in."},
    {Rule::presence, "presence",
     "The node's access model lets in those who see the presence of an owner."},
    {Rule::roster_group, "roster_group",
     "The node's access model lets in those who are in certain roster groups of an owner."},
    {Rule::publish_model, "publish_model", "The node's publish model does not let you publish."},
    {Rule::no_subscriptions, "no_subscriptions", "The node takes no subscriptions."},
    {Rule::subscription, "subscription", "Only subscribers may retrieve the items of this node."},
    {Rule::own_item, "own_item", "You may only retract items that you published."},
    {Rule::no_node, "no_node", "There is no such node."},
    {Rule::concealed, "concealed", "There is no such node."},
    {Rule::moved, "moved", "The node has moved."},
    {Rule::no_item, "no_item", "There is no such item."},
    {Rule::name_taken, "name_taken", "A node of that name exists already."},
    {Rule::service_name, "service_name", "The name belongs to the service."},
    {Rule::collection, "collection", "The node is a collection, which holds nodes, not items."},
    {Rule::no_items, "no_items", "The node keeps no items."},
    {Rule::node_full, "node_full", "The node is full, and takes no more items."},
    {Rule::pending, "pending", "An owner of the node has yet to approve your subscription."},
    {Rule::no_subscription, "no_subscription", "There is no such subscription."},
    {Rule::several_subscriptions, "several_subscriptions",
     "There are several subscriptions; say which one by its subid."},
    {Rule::subscription_type, "subscription_type", "You have a subscription of this type already."},
    {Rule::banned, "banned", "You are banned from this service."},
    {Rule::creators, "creators", "You may not create such nodes on this service."},
    {Rule::reserved, "reserved", "Nodes of such names are the administrators'."},
    {Rule::anonymous, "anonymous", "Anonymous users may not subscribe."},
    // Whose quota it is, and how much, stands in the refusal: pubsub/quotas.cpp.
    {Rule::node_quota, "node_quota", "There are as many nodes as may be."},
    {Rule::subscription_quota, "subscription_quota", "There are as many subscriptions as may be."},
    {Rule::item_quota, "item_quota", "There are as many items as may be."},
    {Rule::bytes_quota, "bytes_quota", "There are as many bytes as may be."},
    {Rule::subscription_limit, "subscription_limit",
     "There are as many subscriptions to the node as may be."},
    {Rule::defaults, "defaults", "The service can not make such a node for you."},
    {Rule::rosters, "rosters", "Too many requests wait for rosters."},
};

const Row& row_of(Rule rule) {
  return *std::ranges::find(rows, rule, &Row::rule);
}

// The last rule has the last row, and there is one for each.
static_assert(std::size(rows) == static_cast<std::size_t>(Rule::rosters) + 1);

}  // namespace

std::string_view name_of(Rule rule) {
  return row_of(rule).name;
}

Error Verdict::error() const {
  auto error = *refusal_;
  if (error.text.empty()) error.text = row_of(rule_).text;
  return error;
}

}  // namespace crier
