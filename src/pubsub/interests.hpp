#pragma once
/// Filtered notifications: those who are interested in nodes without being subscribed. XEP-0060
/// §9.2, §12.2.
///
/// What a resource is interested in is learned from its capabilities when it is online, of all that
/// tell the same ones once, and forgotten when it is gone. While it lasts it is as good as a
/// subscription of that full JID, at the nodes that it could subscribe to by itself and has no
/// subscription to.

#include <crier/service.hpp>

#include <vector>

namespace crier {

/// What a resource tells, and what it told before, at that place.
struct ToldCapabilities {
  CapsId now{};
  CapsId before{};
  CapsRoll::Place place_before = 0;
};

/// Takes note of the capabilities in an available presence, before the resource is known to be
/// there with them; without any nothing has changed.
ToldCapabilities take_capabilities(Turn& turn, const PresenceStanza& presence);

/// Does what follows from them, when it is known what became of the resource.
void note_interest(Turn& turn, const ToldCapabilities& told, std::string_view jid,
                   Presence::Change change);

/// A resource is gone that told these capabilities, at that place.
void let_go_of_capabilities(Turn& turn, CapsId caps, CapsRoll::Place place, std::string_view jid);

/// The capabilities of those who are interested in the node and hear of what happens there now.
/// While rosters decide that have to be read before it is nobody: they get the last item then.
std::vector<CapsId> interested_in(Turn& turn, const Node& node);

/// Sends the last item, a slice at a time, to those whom the node's configuration lets in now and
/// did not before. §12.2
void welcome_admitted(Turn& turn, const Node& node, const NodeConfig& before);

/// The same for a contact of an owner of whom the roster says something else than before.
void welcome_acquainted(Turn& turn, const Node& node, const std::string& contact,
                        const ContactBefore& before);

/// Looks again at what waited for rosters.
void retry_waiting(Interests& interests);

void install_interests(Service& service);

}  // namespace crier
