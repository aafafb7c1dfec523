#pragma once
/// Items that go by themselves: pubsub#item_expire. XEP-0060 §16.4.4.

#include <crier/turn.hpp>

namespace crier {

class Service;

/// Whether the item shall be gone by now.
bool is_too_old(const NodeConfig& config, const StoredItem& item, Time now);

/// Removes the items of the node that are too old, oldest first, a bounded number at once, and
/// tells the subscribers as of any other removal. Costs nothing for a node whose items stay.
void expire_items(Turn& turn, const Node& node);

/// Sets the timer for the node's oldest item; after the node's configuration, or its first item.
void schedule_expiry(Turn& turn, const Node& node);

/// Registers what the timer does.
void install_item_expiry(Service& service);

}  // namespace crier
