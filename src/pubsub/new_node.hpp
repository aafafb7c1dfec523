#pragma once
/// Bringing a node into being, by request or by publishing to it. XEP-0060 §8.1, §7.1.4.

#include <crier/turn.hpp>

#include <string>

namespace crier {

/// Creates the node, which does not exist, owned by the bare JID of `owner`. All has been checked.
const Node& create_node(Turn& turn, std::string name, const NodeConfig& config, const Jid& owner);

}  // namespace crier
