#pragma once
/// Bringing a node into being, by request or by publishing to it. XEP-0060 §8.1, §7.1.4.

#include <crier/form.hpp>
#include <crier/turn.hpp>

#include "pubsub/graph.hpp"

#include <string>

namespace crier {

/// A node that can be created: all has been checked.
struct NewNode {
  std::string name;
  NodeConfig config;
  GraphChange graph;
};

/// The node that `who` asks for, and that `owner` will own; `form` configures it, or is null.
/// Refuses with forbidden who may not create it, with conflict a name that is a node's or the
/// service's (§8.1.1), and as `configured` and plan_graph do.
Result<NewNode> plan_node(Turn& turn, std::string name, const DataForm* form, const Jid& who,
                          const Jid& owner);
/// The same for a node that `who` will own.
Result<NewNode> plan_node(Turn& turn, std::string name, const DataForm* form, const Jid& who);

/// Creates the node, owned by the bare JID of `owner`, and tells the subscribers of its
/// collections.
const Node& create_node(Turn& turn, NewNode plan, const Jid& owner);

}  // namespace crier
