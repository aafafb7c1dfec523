#pragma once
/// The form of a subscription's options, from and to stanzas. XEP-0060 §6.3, §6.4.

#include <crier/error.hpp>
#include <crier/form.hpp>
#include <crier/turn.hpp>
#include <crier/xml_writer.hpp>

namespace crier {

/// `options` changed as `form` says; a lease that is too long is cut (§12.19).
/// Refuses with invalid-options (§6.3.6.2). What was set before and is not changed stays valid,
/// whatever the node has become since.
Result<SubscriptionOptions> configured(SubscriptionOptions options, const DataForm& form,
                                       const NodeConfig& config, Turn& turn);

/// Writes the form of `options` of a subscription to a node of that configuration; `type` is "form"
/// or "result". Offers only what the node can do (§12.8).
void write_options(XmlWriter& out, std::string_view type, const SubscriptionOptions& options,
                   const NodeConfig& config);

}  // namespace crier
