#pragma once
/// One subscription: read from requests, shown in replies, and what becomes of it, in memory and
/// store alike.

#include <crier/element.hpp>
#include <crier/turn.hpp>
#include <crier/xml_writer.hpp>

#include <optional>
#include <string_view>

namespace crier {

/// The value of the attribute `jid`. Refuses with jid-required, or jid-malformed.
Result<Jid> named_jid(const Element& element);

/// Which of the subscriptions of `jid` the attribute `subid` of `element` means.
/// Refuses with `missing` when there is none, with subid-required when there are several and none
/// is named, with invalid-subid when there is none of that SubID. §6.2.3, §6.3.4.
Result<Subscriptions::Position> find_subscription(const Element& element, const Node& node,
                                                  const Jid& jid, const ErrorKind& missing);

/// Writes `<subscription node='' jid='' subid='' subscription=''/>`; without a state, "none". An
/// empty `node` is left out, as in the owner's list; with one, the subscriber is told when it has
/// to configure the subscription. §5.6, §6.1.2, §6.1.5, §8.8.1.
void write_subscription(XmlWriter& out, std::string_view node, std::string_view jid,
                        SubscriptionId id, std::optional<SubscriptionState> state);

/// Adds a subscription. Nobody is told.
SubscriptionId add_subscription(Turn& turn, const Node& node, std::string_view jid,
                                SubscriptionState state, const SubscriptionOptions& options = {});

/// Changes the options, and what goes by the clock with them: lease and digest. A subscription that
/// had to be configured first is one now. §6.1.5, §6.3.6.1
void set_options(Turn& turn, const Node& node, Subscriptions::Position at,
                 const SubscriptionOptions& options);

/// Changes the state. Nobody is told.
void set_state(Turn& turn, const Node& node, Subscriptions::Position at, SubscriptionState state);

/// If the subscription is one now, its JID gets the last item, and the owners hear of it, as the
/// node's configuration says. After whatever else its JID is told. §6.1.7
void welcome(Turn& turn, const Node& node, Subscriptions::Position at);

/// A pending subscription becomes one, and the subscribed JID is told. §8.6, §12.14.
void approve(Turn& turn, const Node& node, Subscriptions::Position at);

void remove_subscription(Turn& turn, const Node& node, Subscriptions::Position at);

/// Removes a subscription that its owner did not ask to end, and tells the subscribed JID. §12.14
void end_subscription(Turn& turn, const Node& node, Subscriptions::Position at);

/// After a change of who may subscribe: ends the subscription if its JID has no right to it any
/// more, approves it if nobody needs to be asked any more. §4.1, §8.7.4, §14.3. True when it is
/// gone: another may stand in its place.
bool reconsider(Turn& turn, const Node& node, Subscriptions::Position at);

/// The same of all subscriptions of a bare JID and its resources; or of all there are.
void reconsider_all(Turn& turn, const Node& node, std::string_view bare);
void reconsider_all(Turn& turn, const Node& node);

}  // namespace crier
