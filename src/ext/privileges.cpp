/// The service as a privileged entity: what servers grant it, and the changes of rosters that they
/// push to it. XEP-0356, RFC 6121 §2.1.6.
///
/// A server speaks for its own users alone: what the address of a domain grants holds for the
/// accounts of that domain. ejabberd 23.01 speaks version 1 of the protocol, Prosody's module
/// version 2; as far as the service takes part they are alike. Neither pushes changes of rosters,
/// though both say so by saying nothing: a server is known to push once it has.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>

#include "ext/rooms.hpp"
#include "pubsub/roster_access.hpp"

namespace crier {

namespace {

bool is_true(std::string_view text) {
  return text == "true" || text == "1";
}

/// §4.1, §5.1, §7.1.
void add_permission(Grant& grant, const Element& perm) {
  const auto access = perm.attribute_or("access", "");
  const auto type = perm.attribute_or("type", "none");
  if (access == "roster") {
    grant.roster_get = type == "get" || type == "both";
    grant.roster_set = type == "set" || type == "both";
    grant.roster_push = grant.roster_get && is_true(perm.attribute_or("push", "true"));
  } else if (access == "message") {
    grant.message_outgoing = type == "outgoing";
  } else if (access == "presence") {
    if (type == "managed_entity") grant.presence = Grant::Presence::managed_entity;
    if (type == "roster") grant.presence = Grant::Presence::roster;
  }
}

/// §4.2.
void take_privileges(const Message& message, Turn& turn) {
  const auto& server = message.from;
  if (!server.local().empty() || !server.is_bare()) return;
  Grant grant;
  for (const auto& perm : message.payload.children())
    if (perm.is("perm", message.payload.ns)) add_permission(grant, perm);
  turn.session().grants.set(server.domain(), grant);
  if (!grant.roster_get) turn.session().rosters.forget_domain(server.domain());
}

/// §4.4. Only the account's own server can send from its bare JID.
Result<Reply> take_push(const Request& request, Turn& turn) {
  auto& session = turn.session();
  const std::string owner(request.from.bare());
  if (!request.from.is_bare() || !session.grants.of(owner).roster_get)
    return errors::service_unavailable;
  session.grants.note_push(request.from.domain());
  for (const auto& item : request.payload.children()) {
    auto contact = read_roster_item(item);
    if (!contact) continue;
    auto before = session.rosters.change(owner, contact->jid, std::move(contact->groups));
    session.roster_changes.add(owner, contact->jid, std::move(before));
  }
  return Reply{};
}

/// The service has no roster of its own.
Result<Reply> refuse_roster(const Request&, Turn&) {
  return errors::service_unavailable;
}

}  // namespace

void install_privileges(Service& service) {
  for (const auto ns : {ns::privilege_1, ns::privilege_2})
    service.add_message(ns, "privilege", take_privileges);
  service.add_route({Request::Type::get, ns::roster, "query", refuse_roster});
  service.add_route({Request::Type::set, ns::roster, "query", take_push});
}

}  // namespace crier
