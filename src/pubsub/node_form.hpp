#pragma once
/// The configuration form of a node, from and to stanzas. XEP-0060 §8.1.3, §8.2, §7.1.5.

#include <crier/element.hpp>
#include <crier/error.hpp>
#include <crier/form.hpp>
#include <crier/node_config.hpp>
#include <crier/policy.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace crier {

/// The form inside of `parent` (`<configure/>`, `<publish-options/>` …), or nothing when there is
/// none. Refuses with bad-request a form of another FORM_TYPE than `form_type`, or that is neither
/// a submission nor its withdrawal.
Result<std::optional<DataForm>> submitted_form(const Element& parent, std::string_view form_type);

/// The configuration that a node of that name has when nothing else is said. §8.1.2, §8.3.
NodeConfig default_config(std::string_view name, const Policy& policy);

/// `config` with what the operator has set for a node of that name, whatever anybody says.
NodeConfig forced_config(NodeConfig config, std::string_view name, const Policy& policy);
/// The fields of which that is so; the views are the policy's.
std::vector<std::string_view> forced_fields(std::string_view name, const Policy& policy);

/// `config` of the node of that name, changed as `form` says.
/// Refuses with not-acceptable what no node can be configured to (§8.2.5.2) or the operator has set
/// otherwise, and with unsupported-access-model (§8.1.2).
Result<NodeConfig> configured(NodeConfig config, const DataForm& form, std::string_view name,
                              const Policy& policy);

/// `config` as it is stored. Refuses with not-acceptable what the service's limits do not allow.
Result<NodeConfig> within_limits(NodeConfig config, const Policy& policy);

/// `config` as forms show it: with the service's limit where the node has none of its own, in a
/// field that has no word for that.
NodeConfig shown(NodeConfig config, const Policy& policy);

/// Holds `config` against the form's fields, each a precondition compared by value. §7.1.5.
/// Refuses with precondition-not-met.
Result<void> check_preconditions(const NodeConfig& config, const DataForm& form,
                                 const Policy& policy);

/// The options of a publication. §7.1.5.
/// Refuses with bad-request what is no form of publish-options, with precondition-not-met a field
/// that no node has.
Result<DataForm> publish_options(const Element& options);

/// How many bytes a payload may have.
std::uint64_t max_payload_of(const NodeConfig& config, const Policy& policy);

/// How many items a node of this configuration keeps.
std::uint64_t capacity_of(const NodeConfig& config, const Policy& policy);

}  // namespace crier
