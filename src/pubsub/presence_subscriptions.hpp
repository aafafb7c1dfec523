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

/// Asks a bare JID, or in slices all at a domain, anew for the presence that the service sees or
/// wants to see: what they have said was not heard. RFC 6121 §4.3
void ask_again(Turn& turn, std::string_view jid);

/// Registers what the service answers to presence subscriptions and probes; tells its contacts that
/// it is online, and asks for theirs, when the stream is there.
void install_presence_subscriptions(Service& service);

}  // namespace crier
