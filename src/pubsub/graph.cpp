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

/// The most collections above one node: it bounds what a request can cost. A node that comes to
/// have more by what happens further up is heard of through the nearest of them.
constexpr std::size_t most_ancestors = 1000;

using Names = std::vector<std::string>;

bool contains(const Names& names, const std::string& name) {
  return std::ranges::binary_search(names, name);
}

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

Error no_such_node(const std::string& name) {
  return errors::item_not_found.because(fmt::format("There is no node {}.", name));
}

Error impossible(std::string text) {
  return errors::impossible_graph.because(std::move(text));
}

/// The collections above the node of that name, once it is in `parents` and `leaving` are its
/// children no more; itself, if it would be below itself. Stops when there are too many.
std::set<std::string> ancestors(Turn& turn, const std::string& name, Names parents,
                                const Names& leaving) {
  std::set<std::string> above;
  while (!parents.empty() && above.size() <= most_ancestors) {
    const auto next = std::move(parents.back());
    parents.pop_back();
    if (!above.insert(next).second || next == name) continue;
    const bool leaves = contains(leaving, next);
    for (const auto& parent : turn.find(next)->config.collection.names)
      if (!leaves || parent != name) parents.push_back(parent);
  }
  return above;
}

/// Refuses a node below itself (§7.2.3.5), and more collections above it than one node may have.
Result<void> check_shape(const std::set<std::string>& above, const std::string& name,
                         const Names& children) {
  const auto is_above = [&](const auto& child) { return child == name || above.contains(child); };
  if (above.contains(name) || std::ranges::any_of(children, is_above))
    return impossible("No node is below itself.");
  if (above.size() > most_ancestors)
    return errors::max_nodes_exceeded.because("Too many collections would be above the node.");
  return {};
}

/// A collection that `who` may put nodes into.
Result<const Node*> open_collection(Turn& turn, const std::string& name, const Jid& who) {
  const Node* collection = turn.find(name);
  if (!collection || turn.conceals(*collection, who)) return no_such_node(name);
  if (collection->config.node_type == NodeType::leaf)
    return impossible(fmt::format("The node {} is no collection.", name));
  if (!may_associate(*collection, who, turn.policy()))
    return errors::forbidden.because("You may put no nodes into the collection.");
  return collection;
}

Result<void> check_room(const Node& collection, const Policy& policy) {
  if (collection.config.children.names.size() < room_of(collection.config, policy)) return {};
  return errors::max_nodes_exceeded.because(
      fmt::format("There is no room in the collection {}.", collection.key.name));
}

/// A node that `who` may put into collections.
Result<const Node*> own_node(Turn& turn, const std::string& name, const Jid& who) {
  const Node* node = turn.find(name);
  if (!node || turn.conceals(*node, who)) return no_such_node(name);
  TRY(may_own(*node, who, turn.policy()));
  return node;
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
  const auto parents = difference(to.collection.names, from.collection.names);
  const auto children = difference(to.children.names, from.children.names);
  const auto leaving = difference(from.children.names, to.children.names);
  // What the operator allows no more stays, without getting more.
  const bool is_measured = !children.empty() || to.children_max != from.children_max;
  if (is_measured && to.children.names.size() > room_of(to, turn.policy()))
    return errors::max_nodes_exceeded;
  for (const auto& parent : parents) {
    const Node& collection = *TRY(open_collection(turn, parent, who));
    TRY(check_room(collection, turn.policy()));
  }
  for (const auto& child : children) TRY(own_node(turn, child, who));
  if (!parents.empty() || !children.empty())
    TRY(check_shape(ancestors(turn, name, to.collection.names, leaving), name, to.children.names));

  // Children go before the ways up do, and come after them, so that all above hear of each.
  GraphChange change;
  for (const auto& child : leaving) change.removed.push_back({name, child});
  for (const auto& parent : difference(from.collection.names, to.collection.names))
    change.removed.push_back({parent, name});
  for (const auto& parent : parents) change.added.push_back({parent, name});
  for (const auto& child : children) change.added.push_back({name, child});
  return change;
}

Result<GraphChange> plan_association(Turn& turn, const Association& edge, const Jid& who) {
  const Node& collection = *TRY(open_collection(turn, edge.collection, who));
  const Node& child = *TRY(own_node(turn, edge.child, who));
  auto parents = child.config.collection.names;
  if (contains(parents, edge.collection)) return GraphChange{};
  TRY(check_room(collection, turn.policy()));
  parents.push_back(edge.collection);
  TRY(check_shape(ancestors(turn, edge.child, std::move(parents), {}), edge.child, {}));
  return GraphChange{.added = {edge}, .removed = {}};
}

Result<GraphChange> plan_dissociation(Turn& turn, const Association& edge, const Jid& who) {
  const Node* collection = turn.find(edge.collection);
  if (!collection) return no_such_node(edge.collection);
  const bool is_there = contains(collection->config.children.names, edge.child);
  // Who owns the collection sees in its configuration what is in it, and may put it out.
  if (!may_own(*collection, who, turn.policy()) || !is_there) {
    const Node* child = turn.find(edge.child);
    if (!child || turn.conceals(*child, who)) return no_such_node(edge.child);
    if (!may_own(*collection, who, turn.policy())) TRY(may_own(*child, who, turn.policy()));
  }
  if (!is_there) return errors::bad_request.because("The node is not in the collection.");
  return GraphChange{.added = {}, .removed = {edge}};
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
  const auto& name = node.key.name;
  for (const auto& parent : node.config.collection.names)
    if (const Node* collection = turn.in_memory(parent))
      edit(turn.change(*collection).config.children.names, name, false);
  for (const auto& child : node.config.children.names)
    if (const Node* below = turn.in_memory(child))
      edit(turn.change(*below).config.collection.names, name, false);
}

bool is_heard_above(Turn& turn, const Node& node) {
  return !node.config.collection.names.empty() || turn.root().subscriptions.size() > 0;
}

void raise(Turn& turn, const Node& node, const Node& origin, const Event& event,
           std::uint32_t distance) {
  // Most nodes are in no collection, and nobody listens at the root.
  if (!is_heard_above(turn, node)) return;
  std::set<NodeId> known{node.id};
  std::vector<const Node*> level{&node};
  for (; !level.empty(); ++distance) {
    std::vector<const Node*> above;
    for (const Node* below : level)
      for (const Node* collection : collections_of(turn, *below))
        if (known.size() <= most_ancestors && known.insert(collection->id).second)
          above.push_back(collection);
    for (const Node* collection : above)
      notify_collection(turn, *collection, event,
                        {origin.shared_from_this(), distance, &turn.policy()});
    level = std::move(above);
  }
}

}  // namespace crier
