#include "pubsub/graph.hpp"

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/rights.hpp"
#include "pubsub/notify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace crier {

namespace {

/// Nobody needs a deeper or wider way up; it bounds what one request can cost.
constexpr std::size_t most_ancestors = 1000;

using Names = std::vector<std::string>;

Names difference(const Names& all, const Names& without) {
  Names rest;
  std::ranges::set_difference(all, without, std::back_inserter(rest));
  return rest;
}

/// Whether the collection's owner lets `who` put nodes into it. XEP-0248 §7.2.1.
bool may_associate(const Node& collection, const Jid& who, const Policy& policy) {
  if (may_own(collection, who, policy)) return true;
  if (acting_as(collection, who, policy) == Affiliation::outcast) return false;
  const auto& config = collection.config;
  const auto& listed = config.children_association_whitelist.jids;
  switch (config.children_association_policy) {
    case AssociationPolicy::all: return true;
    case AssociationPolicy::owners: return false;
    case AssociationPolicy::whitelist:
      return std::ranges::find(listed, who.bare()) != listed.end() ||
             std::ranges::find(listed, who.text()) != listed.end();
  }
  return false;
}

/// All that a collection may hold. XEP-0248 §7.2.3.3.
std::uint64_t room_of(const NodeConfig& config, const Policy& policy) {
  return std::min<std::uint64_t>(config.children_max.value, policy.max_children);
}

/// Whether `end` is `start`, or above it, in the graph with `planned` edges added. True as well
/// when there is more above than anybody needs.
bool reaches(Turn& turn, const std::string& start, const std::string& end,
             const std::vector<Association>& planned) {
  std::set<std::string> known{start};
  Names open{start};
  while (!open.empty()) {
    const auto name = std::move(open.back());
    open.pop_back();
    if (name == end || known.size() > most_ancestors) return true;
    Names above;
    if (const Node* node = turn.find(name)) above = node->config.collection.names;
    for (const auto& edge : planned)
      if (edge.child == name) above.push_back(edge.collection);
    for (auto& parent : above)
      if (known.insert(parent).second) open.push_back(std::move(parent));
  }
  return false;
}

Error no_such_node(const std::string& name) {
  return errors::item_not_found.because(fmt::format("There is no node {}.", name));
}

Error impossible(std::string text) {
  return errors::impossible_graph.because(std::move(text));
}

/// The other ends of the edges that a configuration adds.
Result<void> check_parents(Turn& turn, const Names& parents, const Jid& who) {
  for (const auto& name : parents) {
    const Node* parent = turn.find(name);
    if (!parent || turn.conceals(*parent, who)) return no_such_node(name);
    if (parent->config.node_type == NodeType::leaf)
      return impossible(fmt::format("The node {} is no collection.", name));
    if (!may_associate(*parent, who, turn.policy())) return errors::forbidden;
    if (parent->config.children.names.size() >= room_of(parent->config, turn.policy()))
      return errors::max_nodes_exceeded;
  }
  return {};
}

Result<void> check_children(Turn& turn, const Names& children, const Jid& who) {
  for (const auto& name : children) {
    const Node* child = turn.find(name);
    if (!child || turn.conceals(*child, who)) return no_such_node(name);
    TRY(may_own(*child, who, turn.policy()));
  }
  return {};
}

void edit(Names& names, const std::string& name, bool add) {
  const auto at = std::ranges::lower_bound(names, name);
  const bool there = at != names.end() && *at == name;
  if (add && !there) names.insert(at, name);
  if (!add && there) names.erase(at);
}

void set_edge(Turn& turn, const Association& edge, bool add) {
  const Node& collection = *turn.find(edge.collection);
  const Node& child = *turn.find(edge.child);
  if (add)
    turn.store().associate(collection.id, child.id);
  else
    turn.store().dissociate(collection.id, child.id);
  edit(turn.change(collection).config.children.names, edge.child, add);
  edit(turn.change(child).config.collection.names, edge.collection, add);
}

/// §5.3.2.
void tell(Turn& turn, const Association& edge, std::string_view what) {
  const Node& collection = *turn.find(edge.collection);
  Event event;
  event.about = Event::About::nodes;
  event.xml = written([&](XmlWriter& out) {
    auto root = out.open("event", ns::pubsub_event);
    auto element = out.open("collection");
    element.attr("node", edge.collection);
    out.open(what).attr("node", edge.child);
  });
  notify_associated(turn, collection, *turn.find(edge.child), std::move(event));
}

/// Those that the node is in; the root when it is in no other.
std::vector<const Node*> collections_of(Turn& turn, const Node& node) {
  std::vector<const Node*> collections;
  for (const auto& name : node.config.collection.names) collections.push_back(turn.find(name));
  if (collections.empty() && !node.key.name.empty()) collections.push_back(&turn.root());
  return collections;
}

}  // namespace

Result<GraphChange> plan_graph(Turn& turn, const std::string& name, const NodeConfig& from,
                               const NodeConfig& to, const Jid& who) {
  if (from.node_type == NodeType::collection && to.node_type == NodeType::leaf)
    return impossible("A collection does not become a leaf.");
  if (to.node_type == NodeType::leaf && !to.children.names.empty())
    return impossible("A leaf has no children.");
  if (to.children.names.size() > room_of(to, turn.policy())) return errors::max_nodes_exceeded;
  const auto parents = difference(to.collection.names, from.collection.names);
  const auto children = difference(to.children.names, from.children.names);
  TRY(check_parents(turn, parents, who));
  TRY(check_children(turn, children, who));

  GraphChange change;
  for (const auto& parent : parents) change.added.push_back({parent, name});
  for (const auto& child : children) change.added.push_back({name, child});
  for (const auto& edge : change.added)
    if (reaches(turn, edge.collection, edge.child, change.added))
      return impossible("No node is below itself.");
  for (const auto& parent : difference(from.collection.names, to.collection.names))
    change.removed.push_back({parent, name});
  for (const auto& child : difference(from.children.names, to.children.names))
    change.removed.push_back({name, child});
  return change;
}

Result<void> check_association(Turn& turn, const Association& edge, const Jid& who) {
  TRY(check_parents(turn, {edge.collection}, who));
  TRY(check_children(turn, {edge.child}, who));
  if (reaches(turn, edge.collection, edge.child, {})) return impossible("No node is below itself.");
  return {};
}

Result<void> check_dissociation(Turn& turn, const Association& edge, const Jid& who) {
  const Node* collection = turn.find(edge.collection);
  const Node* child = turn.find(edge.child);
  if (!collection || !child || turn.conceals(*child, who)) return errors::item_not_found;
  if (!may_own(*collection, who, turn.policy())) TRY(may_own(*child, who, turn.policy()));
  const auto& children = collection->config.children.names;
  if (!std::ranges::binary_search(children, edge.child))
    return errors::bad_request.because("The node is not in the collection.");
  return {};
}

void apply(Turn& turn, const GraphChange& change) {
  for (const auto& edge : change.removed) {
    tell(turn, edge, "dissociate");
    set_edge(turn, edge, false);
  }
  for (const auto& edge : change.added) {
    set_edge(turn, edge, true);
    tell(turn, edge, "associate");
  }
}

void leave_graph(Turn& turn, const Node& node) {
  const auto parents = node.config.collection.names;
  const auto children = node.config.children.names;
  for (const auto& parent : parents) set_edge(turn, {parent, node.key.name}, false);
  for (const auto& child : children) set_edge(turn, {node.key.name, child}, false);
}

void raise(Turn& turn, const Node& node, const Node& origin, const Event& event,
           std::uint32_t distance) {
  // Most nodes are in no collection, and nobody listens at the root.
  if (node.config.collection.names.empty() && turn.root().subscriptions.size() == 0) return;
  std::set<NodeId> known{node.id};
  std::vector<const Node*> level{&node};
  for (; !level.empty() && known.size() < most_ancestors; ++distance) {
    std::vector<const Node*> above;
    for (const Node* below : level)
      for (const Node* collection : collections_of(turn, *below))
        if (known.insert(collection->id).second) above.push_back(collection);
    for (const Node* collection : above)
      notify_collection(turn, *collection, event,
                        {origin.shared_from_this(), distance, &turn.policy()});
    level = std::move(above);
  }
}

}  // namespace crier
