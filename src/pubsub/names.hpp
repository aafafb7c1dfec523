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

}  // namespace crier
