#pragma once
/// The presence subscriptions between the service and others. RFC 6121 §3.

#include <crier/service.hpp>

#include <string_view>

namespace crier {

/// Asks to see the presence of a bare JID, unless the service does, or has asked, already.
void ask_for_presence(Turn& turn, std::string_view bare);

/// Asks for the presence of a subscriber, if the node's configuration or the subscription's options
/// need it. XEP-0060 §12.6.
void ask_for_presence(Turn& turn, const Node& node, Subscriptions::Position at);

/// Tells all contacts, in slices, that the service is online, and asks for their presence.
void announce_again(Turn& turn);

/// Asks for the presence of a bare JID, which the service may see, anew. RFC 6121 §4.3
void probe(Turn& turn, std::string_view bare);

/// Registers what the service answers to presence subscriptions and probes; tells its contacts that
/// it is online, and asks for theirs, when the stream is there.
void install_presence_subscriptions(Service& service);

}  // namespace crier
