#pragma once
/// What the operator says of nodes by their names.

#include <crier/policy.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// Reads rules, each "PATTERN FIELD=VALUE FIELD=VALUE…"; the names of fields may leave "pubsub#"
/// out. `option` is named by the Fault (EX_CONFIG) that a wrong one throws.
std::vector<NodeRule> read_node_rules(std::string_view option,
                                      const std::vector<std::string>& texts, bool forced);

}  // namespace crier
