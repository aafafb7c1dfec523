#pragma once
/// `crier node list` and `crier node tree`: which nodes there are. XEP-0060 §5.2, XEP-0248 §5.2.

#include <string>

#include "cli/client_command.hpp"

namespace crier::cli {

struct NodeListOptions {
  /// Only what this collection holds; empty for the whole service.
  std::string collection = {};
  bool detailed = false;
};

/// Prints the nodes of the service or of a collection; with their types and more when `detailed`,
/// which takes a request for each.
void list_nodes(const Call& call, const NodeListOptions& options);

struct NodeTreeOptions {
  /// Where the tree begins; empty for the whole service.
  std::string root = {};
  /// How many levels are drawn below the beginning.
  int depth = 16;
  /// How many nodes are drawn.
  int max = 10000;
};

/// Prints the collections with what they hold; a request or two for each node.
void draw_nodes(const Call& call, const NodeTreeOptions& options);

}  // namespace crier::cli
