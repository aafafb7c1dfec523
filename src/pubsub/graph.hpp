#pragma once
/// The graph of collections: how it changes, and how events rise in it. XEP-0248.
///
/// A node may be in several collections; one that is in none is a child of the root, which has no
/// name. An edge is in the store once, and in memory in the configuration of both of its ends.

#include <crier/turn.hpp>

#include <string>
#include <vector>

namespace crier {

/// One edge.
struct Association {
  std::string collection;
  std::string child;
  bool operator==(const Association&) const = default;
};

/// What a new configuration does to the graph.
struct GraphChange {
  std::vector<Association> added;
  std::vector<Association> removed;
  bool empty() const { return added.empty() && removed.empty(); }
};

/// How the graph changes when the node of that name goes from one configuration to another. Asked
/// for by `who`.
/// Refuses with item-not-found, forbidden (§7.2.3.2), impossible_graph (§7.2.3.1, §7.2.3.4,
/// §7.2.3.5), max_nodes_exceeded (§7.2.3.3).
Result<GraphChange> plan_graph(Turn& turn, const std::string& name, const NodeConfig& from,
                               const NodeConfig& to, const Jid& who);

/// The same for one edge; nothing changes when it is there already. §7.5
Result<GraphChange> plan_association(Turn& turn, const Association& edge, const Jid& who);
/// Refuses with item-not-found, forbidden (§7.6.3.2), bad-request when there is no such edge
/// (§7.6.3.1).
Result<GraphChange> plan_dissociation(Turn& turn, const Association& edge, const Jid& who);

/// Changes the graph, and tells the collections' subscribers. All has been checked.
void apply(Turn& turn, const GraphChange& change);

/// Takes a node that the store has removed out of all collections in memory, and its children out
/// of it. §8.2.
void leave_graph(Turn& turn, const Node& node);

/// Whether anybody may hear of the node through a collection. O(1).
bool is_heard_above(Turn& turn, const Node& node);

/// Tells the subscribers of all collections above the node, each collection once, from the nearest,
/// which is at that distance from where it happened. §5.3.1.
void raise(Turn& turn, const Node& node, const Node& origin, const Event& event,
           std::uint32_t distance);

}  // namespace crier
