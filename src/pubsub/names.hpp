#pragma once
/// How enumerations of the model are spelt in stanzas.

#include <crier/node.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace crier {

/// `owner`, `publish-only` …. XEP-0060 §4.1.
std::string_view name_of(Affiliation affiliation);
std::optional<Affiliation> affiliation_named(std::string_view name);

/// `subscribed`, `pending`, `unconfigured`. §4.2. The name `none` is no state.
std::string_view name_of(SubscriptionState state);
std::optional<SubscriptionState> subscription_state_named(std::string_view name);

/// The SubID of a subscription: unique in the service, never used again. §6.1.6.
std::string subid_of(SubscriptionId id);
/// The subscription that a SubID may be of; nothing for a text that is no SubID.
std::optional<SubscriptionId> subscription_of(std::string_view subid);

}  // namespace crier
