#pragma once
/// The table of the node configuration's fields. XEP-0060 §16.4.4.

#include "model/fields.hpp"

namespace crier {

/// All fields that a node of this service has, in the order of the form.
std::span<const Field<NodeConfig>> node_fields();
/// Those that the form of such a node shows. XEP-0248 §7.2.1.
std::span<const Field<NodeConfig>> node_fields(NodeType type);

}  // namespace crier
