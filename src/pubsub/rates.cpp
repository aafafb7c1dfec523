#include "pubsub/rates.hpp"

#include <crier/namespaces.hpp>
#include <crier/service.hpp>

#include "pubsub/stanza.hpp"

namespace crier {

namespace {

std::uint64_t& of(Demand& demand, Rate what) {
  return demand[static_cast<std::size_t>(what)];
}

void add_publish(Demand& demand, const Element& iq, std::size_t bytes) {
  const Element* pubsub = iq.child("pubsub", ns::pubsub);
  const Element* publish = pubsub ? pubsub->child("publish", ns::pubsub) : nullptr;
  if (!publish) return;
  for (const auto& child : publish->children())
    of(demand, Rate::publishes) += child.is("item", ns::pubsub);
  of(demand, Rate::bytes) = bytes;
}

Demand demand_of(const Element& stanza, std::size_t bytes) {
  Demand demand{};
  if (stanza.name == "presence")
    of(demand, Rate::presence) =
        stanza.attribute("type") == "subscribe" || stanza.attribute("type") == "probe";
  if (!may_be_refused(stanza)) return demand;
  of(demand, Rate::requests) = 1;
  if (stanza.name == "iq") add_publish(demand, stanza, bytes);
  return demand;
}

/// What a server grants comes from its domain, the changes of a roster from the bare JID.
bool is_from_server(const Element& stanza, const Jid& from, const Turn& turn) {
  if (!from.is_bare()) return false;
  const bool is_grant =
      stanza.child("privilege", ns::privilege_2) || stanza.child("privilege", ns::privilege_1);
  if (from.local().empty()) return stanza.name == "message" && is_grant;
  return stanza.name == "iq" && turn.session().grants.of(from.bare()).roster_get;
}

}  // namespace

bool admit(const Element& stanza, std::size_t bytes, RateLimiter& limiter, RateCounts& counts,
           Turn& turn) {
  const Policy& policy = turn.policy();
  const auto from = Jid::parse(stanza.attribute_or("from", ""));
  if (!from || from->domain() == policy.domain || policy.is_admin(from->bare())) return true;
  // Whoever is banned is refused everything, and takes nothing from others.
  if (is_from_server(stanza, *from, turn) || turn.ban_of(*from)) return true;
  const auto taken = limiter.take(policy.rates, *from, demand_of(stanza, bytes), turn.now());
  if (taken) return true;
  const bool is_request = stanza.name == "iq";
  ++(is_request ? counts.refused : counts.dropped);
  counts.last = from->bare();
  if (!is_request) return false;
  turn.count(turn.service().count_of(stanza, taken.error().kind->condition));
  turn.send(error_stanza(stanza, taken.error()));
  return false;
}

}  // namespace crier
