#pragma once
/// One subscription: read from requests, shown in replies, kept in memory and store alike.

#include <crier/element.hpp>
#include <crier/turn.hpp>
#include <crier/xml_writer.hpp>

#include <optional>
#include <string_view>

namespace crier {

/// The value of the attribute `jid`. Refuses with jid-required, or jid-malformed.
Result<Jid> named_jid(const Element& element);

/// Refuses with invalid-subid when `element` has a `subid` that is not the subscription's.
Result<void> check_subid(const Element& element, const Subscriptions::Slot& subscription);

/// Writes `<subscription node='' jid='' subid='' subscription=''/>`; without a state, "none". An
/// empty `node` is left out, as in the owner's list. §5.6, §6.1.2, §8.8.1.
void write_subscription(XmlWriter& out, std::string_view node, std::string_view jid,
                        SubscriptionId id, std::optional<SubscriptionState> state);

/// Adds a subscription that does not exist yet.
SubscriptionId add_subscription(Turn& turn, const Node& node, std::string_view jid,
                                SubscriptionState state);

void remove_subscription(Turn& turn, const Node& node, Subscriptions::Position at);

/// Removes a subscription that its owner did not ask to end, and tells the subscribed JID. §12.14
void end_subscription(Turn& turn, const Node& node, Subscriptions::Position at);

}  // namespace crier
