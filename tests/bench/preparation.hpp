#pragma once
/// What scenarios set up before they measure, and take down behind them. All of it throws
/// std::runtime_error when the service refuses.

#include "requests.hpp"
#include "scenario.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace crier::bench {

/// A node, and the full JID of the one who owns it and publishes to it.
struct OwnedNode {
  std::string name;
  std::string owner;
};

/// What a node is to be like.
struct NodeKind {
  std::string_view max_items;
  std::string_view publish_model = "publishers";
  bool persistent = true;
  /// Subscribers who are away get what they missed when they come online: crier alone has that.
  bool durable = false;
};

/// Creates nodes as create_node does, many at a time.
void create_nodes(Stage& stage, std::span<const OwnedNode> nodes, const NodeKind& kind);

/// Creates a node that anyone may subscribe to and that sends nothing but what is published from
/// then on, not even what is displaced by it; `owner` is a full JID.
void create_node(Stage& stage, const std::string& node, const std::string& owner,
                 const NodeKind& kind);

/// Subscribes the bare JIDs of the first `count` of `users`.
void subscribe_all(Stage& stage, const std::string& node, const Users& users, std::uint64_t count);

/// Publishes items to each node by its owner, several with each request, so that it then holds the
/// items from 0 to below `each`.
void fill_nodes(Stage& stage, std::span<const OwnedNode> nodes, std::uint64_t each);

/// Deletes the nodes, or the node, unless all is thrown away anyway.
void remove_nodes(Stage& stage, std::span<const OwnedNode> nodes);
void remove_node(Stage& stage, const std::string& node, const std::string& owner);

}  // namespace crier::bench
