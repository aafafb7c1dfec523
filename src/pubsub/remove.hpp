#pragma once
/// Deleting nodes and purging them, for whoever may. XEP-0060 §8.4, §8.5.

#include <crier/node.hpp>
#include <crier/turn.hpp>

#include <string_view>

namespace crier {

/// Deletes the node, which is not the root, and tells its subscribers, as its configuration says.
/// `redirect` is where it has moved to; may be empty. The node stays valid during the turn.
void remove_node(Turn& turn, const Node& node, std::string_view redirect, const Jid& who);

/// Removes all items of a node that may be purged, and tells its subscribers.
void purge_items(Turn& turn, const Node& node, const Jid& who);

}  // namespace crier
