#pragma once
/// The tables of the subscription options' fields. XEP-0060 §16.4.2, §12.20, XEP-0248 §12.2.1.

#include <crier/subscription_options.hpp>

#include "model/fields.hpp"

namespace crier {

/// All options that a subscription of this service has, in the order of the form. Those to leaves
/// show fewer: a prefix of the table, without the options that are about collections.
std::span<const Field<SubscriptionOptions>> subscription_fields();
std::span<const Field<SubscriptionOptions>> leaf_subscription_fields();

}  // namespace crier
