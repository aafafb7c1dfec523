#pragma once
/// The namespaces that the service speaks.

#include <string_view>

namespace crier::ns {

inline constexpr std::string_view component = "jabber:component:accept";
inline constexpr std::string_view client = "jabber:client";
inline constexpr std::string_view streams = "http://etherx.jabber.org/streams";
inline constexpr std::string_view stream_errors = "urn:ietf:params:xml:ns:xmpp-streams";
inline constexpr std::string_view stanza_errors = "urn:ietf:params:xml:ns:xmpp-stanzas";
inline constexpr std::string_view xml = "http://www.w3.org/XML/1998/namespace";
inline constexpr std::string_view atom = "http://www.w3.org/2005/Atom";

inline constexpr std::string_view pubsub = "http://jabber.org/protocol/pubsub";
inline constexpr std::string_view pubsub_owner = "http://jabber.org/protocol/pubsub#owner";
inline constexpr std::string_view pubsub_event = "http://jabber.org/protocol/pubsub#event";
inline constexpr std::string_view pubsub_errors = "http://jabber.org/protocol/pubsub#errors";
inline constexpr std::string_view node_config = "http://jabber.org/protocol/pubsub#node_config";
inline constexpr std::string_view meta_data = "http://jabber.org/protocol/pubsub#meta-data";
inline constexpr std::string_view subscribe_options =
    "http://jabber.org/protocol/pubsub#subscribe_options";
inline constexpr std::string_view publish_options =
    "http://jabber.org/protocol/pubsub#publish-options";
inline constexpr std::string_view subscribe_authorization =
    "http://jabber.org/protocol/pubsub#subscribe_authorization";

inline constexpr std::string_view disco_info = "http://jabber.org/protocol/disco#info";
inline constexpr std::string_view disco_items = "http://jabber.org/protocol/disco#items";
inline constexpr std::string_view data_forms = "jabber:x:data";
inline constexpr std::string_view data_forms_validation =
    "http://jabber.org/protocol/xdata-validate";
inline constexpr std::string_view addresses = "http://jabber.org/protocol/address";
inline constexpr std::string_view shim = "http://jabber.org/protocol/shim";
inline constexpr std::string_view caps = "http://jabber.org/protocol/caps";
inline constexpr std::string_view caps2 = "urn:xmpp:caps";
inline constexpr std::string_view roster = "jabber:iq:roster";
/// Two versions that servers speak alike, as far as the service takes part. XEP-0356.
inline constexpr std::string_view privilege_1 = "urn:xmpp:privilege:1";
inline constexpr std::string_view privilege_2 = "urn:xmpp:privilege:2";
inline constexpr std::string_view hashes = "urn:xmpp:hashes:2";
inline constexpr std::string_view commands = "http://jabber.org/protocol/commands";
inline constexpr std::string_view rsm = "http://jabber.org/protocol/rsm";
inline constexpr std::string_view delay = "urn:xmpp:delay";
inline constexpr std::string_view stanza_id = "urn:xmpp:sid:0";
inline constexpr std::string_view receipts = "urn:xmpp:receipts";
/// Between crier and its module in a server, docs/copies.md.
inline constexpr std::string_view copies = "urn:crier:copies:0";
/// Our own: docs/delivery.md says what it means.
inline constexpr std::string_view delivery = "urn:crier:delivery:0";
/// Our own: docs/insight.md says what it means.
inline constexpr std::string_view trace = "urn:crier:trace:0";
inline constexpr std::string_view forward = "urn:xmpp:forward:0";
inline constexpr std::string_view ago = "urn:xmpp:ago:0";
inline constexpr std::string_view ping = "urn:xmpp:ping";
inline constexpr std::string_view version = "jabber:iq:version";
inline constexpr std::string_view last = "jabber:iq:last";
inline constexpr std::string_view time = "urn:xmpp:time";
inline constexpr std::string_view vcard_temp = "vcard-temp";
inline constexpr std::string_view serverinfo = "http://jabber.org/network/serverinfo";

/// Whether it is a namespace of pubsub's own requests.
constexpr bool is_of_pubsub(std::string_view ns) {
  return ns == pubsub || ns == pubsub_owner;
}

}  // namespace crier::ns
