#pragma once
/// The rooms: one file a protocol beyond XEP-0060, each with one function that registers it.

#include <crier/service.hpp>

namespace crier {

/// Announcements, shutting down, the level of the log (XEP-0133). administration.cpp
void install_administration(Service& service);
/// Nodes, in the hands of administrators. administration_nodes.cpp
void install_node_administration(Service& service);
/// Bans of accounts and domains. administration_bans.cpp
void install_bans(Service& service);
/// The audit log. audit.cpp
void install_audit(Service& service);
/// Ad-hoc commands (XEP-0050); after all that register some. commands.cpp
void install_commands(Service& service);
/// Entity capabilities of the service itself (XEP-0115, XEP-0390); after all that adds to its
/// disco#info. entity_capabilities.cpp
void install_entity_capabilities(Service& service);
/// The ad-hoc command by which everybody learns who may do what, and why. explain.cpp
void install_explain(Service& service);
/// Stanza headers (XEP-0131). headers.cpp
void install_headers(Service& service);
/// Ping (XEP-0199), software version (XEP-0092), uptime (XEP-0012), time (XEP-0202). vitals.cpp
void install_vitals(Service& service);
/// Whom to turn to (XEP-0157). contacts.cpp
void install_contacts(Service& service);
/// The ad-hoc command by which everybody sees its subscriptions. my_subscriptions.cpp
void install_my_subscriptions(Service& service);
/// What the service counts, and stanzas shown to an admin: ad-hoc commands. statistics.cpp,
/// trace.cpp
void install_statistics(Service& service);
void install_trace(Service& service);
/// What servers grant the service, and roster pushes (XEP-0356). privileges.cpp
void install_privileges(Service& service);
/// Reading the configuration again, a command for admins. reload.cpp
void install_reload(Service& service);
/// The service's vCard (XEP-0054). vcard.cpp
void install_vcard(Service& service);

}  // namespace crier
