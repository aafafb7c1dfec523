#pragma once
/// What happens to a subscription by the clock: its lease ends, its digest is due. XEP-0060 §12.19,
/// §16.4.2.
///
/// A digest costs a cursor, not a queue: it is made of the items that are in the store when it is
/// due and that were published since the last one. An item that is gone again is not in it, one
/// that was overwritten is in it once. A digest that had nothing to tell is not due again before
/// something is published: the subscription rests (model/subscription.hpp) and costs nothing.

#include <crier/turn.hpp>

namespace crier {

class Service;

/// Sets and clears timers as the options change.
void set_timers(Turn& turn, SubscriptionId id, const SubscriptionOptions& from,
                const SubscriptionOptions& to);

/// What was published until now will be in no digest.
void begin_digest(Turn& turn, SubscriptionId id);

/// Something was published: digests are due that were not. One question of the store for each.
void wake_digests(Turn& turn, const Node& node);

/// Sends what was published since the last digest, as much as a page takes.
void send_digest(Turn& turn, const Node& node, Subscriptions::Position at);

/// Registers what the timers do.
void install_subscription_timers(Service& service);

}  // namespace crier
