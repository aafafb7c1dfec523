#pragma once
/// What happens to a subscription by the clock: its lease ends, its digest is due. XEP-0060 §12.19,
/// §16.4.2.
///
/// A digest costs a cursor, not a queue: it is made of the items that are in the store when it is
/// due and that were published since the last one. An item that is gone again is not in it, one
/// that was overwritten is in it once.

#include <crier/turn.hpp>

namespace crier {

class Service;

/// Sets and clears timers as the options change.
void set_timers(Turn& turn, SubscriptionId id, const SubscriptionOptions& from,
                const SubscriptionOptions& to);

/// Registers what the timers do.
void install_subscription_timers(Service& service);

}  // namespace crier
