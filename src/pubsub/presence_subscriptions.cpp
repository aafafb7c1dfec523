#include "pubsub/presence_subscriptions.hpp"

#include <crier/xml_writer.hpp>

#include "pubsub/roster_access.hpp"

#include <array>

namespace crier {

namespace {

/// Contacts that are told at once that the service is online.
constexpr std::size_t announced_at_once = 200;
/// Contacts that are told when it stops; nobody shall wait for more.
constexpr std::size_t told_at_the_end = 20'000;

/// A presence stanza of that type, empty for an available one, which says what the service can.
void send_presence(Turn& turn, std::string_view to, std::string_view type) {
  turn.send(written([&](XmlWriter& out) {
    auto presence = out.open("presence");
    presence.attr("from", turn.policy().domain).attr("to", to);
    if (!type.empty()) presence.attr("type", type);
    if (type.empty()) out.raw(turn.service().capabilities());
  }));
}

/// The service lets everybody see its presence, and asks for theirs in return. RFC 6121 §3.1.3
void take_subscribe(Turn& turn, std::string_view bare, Contact contact) {
  contact.sees_us = true;
  turn.store().set_contact(bare, contact);
  turn.session().presence.set_sees_us(bare, true);
  send_presence(turn, bare, "subscribed");
  send_presence(turn, bare, {});
  ask_for_presence(turn, bare);
}

/// §3.2.3 there.
void take_unsubscribe(Turn& turn, std::string_view bare, Contact contact) {
  if (!contact.sees_us) return;
  contact.sees_us = false;
  turn.store().set_contact(bare, contact);
  turn.session().presence.set_sees_us(bare, false);
  send_presence(turn, bare, "unsubscribed");
  send_presence(turn, bare, "unavailable");
  look_again(turn, bare);
}

void take_subscribed(Turn& turn, std::string_view bare, Contact contact) {
  // Nobody can share what the service has not asked for.
  if (!contact.asked) return;
  contact.asked = false;
  contact.seen = true;
  turn.store().set_contact(bare, contact);
}

void take_unsubscribed(Turn& turn, std::string_view bare, Contact contact) {
  contact.asked = contact.seen = false;
  turn.store().set_contact(bare, contact);
}

/// §4.3.2 there.
void take_probe(Turn& turn, std::string_view bare, Contact contact) {
  send_presence(turn, bare, contact.sees_us ? std::string_view() : "unsubscribed");
}

struct Row {
  std::string_view type;
  void (*take)(Turn&, std::string_view bare, Contact);
};

constexpr std::array rows{
    Row{"subscribe", take_subscribe},   Row{"unsubscribe", take_unsubscribe},
    Row{"subscribed", take_subscribed}, Row{"unsubscribed", take_unsubscribed},
    Row{"probe", take_probe},
};

void take_presence(const PresenceStanza& presence, Turn& turn) {
  for (const auto& row : rows) {
    if (row.type != presence.type) continue;
    const std::string bare(presence.from.bare());
    if (bare == turn.policy().domain) return;
    return row.take(turn, bare, turn.store().contact(bare));
  }
}

bool has_contacts_to_tell(const Session& session) {
  return session.announcing.behind.has_value();
}

/// §4.3.1 there.
void ask_again(Turn& turn, std::string_view bare, const Contact& contact) {
  if (contact.seen) send_presence(turn, bare, "probe");
  // Whoever was offline, or banned, may have lost the request, or its answer.
  if (contact.asked) send_presence(turn, bare, "subscribe");
}

/// §4.2.2 there.
void tell_contact(Turn& turn, std::string_view bare, const Contact& contact) {
  const auto& [behind, are_asked, domains] = turn.session().announcing;
  const bool is_meant = domains.empty() || domains.contains(bare.substr(bare.find('@') + 1));
  if (!is_meant || turn.bans().covering(bare)) return;
  if (domains.empty() && contact.sees_us) send_presence(turn, bare, {});
  if (are_asked) ask_again(turn, bare, contact);
}

void tell_contacts(Turn& turn) {
  auto& announcing = turn.session().announcing;
  const auto last = turn.store().contacts(
      *announcing.behind, announced_at_once,
      [&](std::string_view bare, const Contact& contact) { tell_contact(turn, bare, contact); });
  if (last == 0)
    announcing = {};
  else
    announcing.behind = last;
}

void announce(Turn& turn) {
  turn.session().announcing = {.behind = 0, .are_asked = true};
}

/// §4.5.2 there.
void say_goodbye(Turn& turn) {
  turn.store().contacts(0, told_at_the_end, [&](std::string_view bare, const Contact& contact) {
    if (contact.sees_us) send_presence(turn, bare, "unavailable");
  });
}

}  // namespace

void ask_for_presence(Turn& turn, std::string_view bare) {
  // Users of this machine have no server to ask.
  if (turn.policy().is_local(bare)) return;
  auto contact = turn.store().contact(bare);
  if (contact.seen || contact.asked) return;
  contact.asked = true;
  turn.store().set_contact(bare, contact);
  send_presence(turn, bare, "subscribe");
}

void ask_for_presence(Turn& turn, const Node& node, Subscriptions::Position at) {
  const auto& slot = node.subscriptions.at(at);
  if (slot.state != SubscriptionState::subscribed) return;
  if (node.config.follows_presence() == FollowsPresence::no &&
      !node.subscriptions.options(at).needs_presence())
    return;
  const auto bare = node.subscriptions.jid(slot).substr(0, slot.bare_length);
  ask_for_presence(turn, bare);
}

void ask_again(Turn& turn, std::string_view jid) {
  if (jid.find('@') != jid.npos) return ask_again(turn, jid, turn.store().contact(jid));
  auto& announcing = turn.session().announcing;
  const bool are_all_told = announcing.behind && announcing.domains.empty();
  if (!are_all_told) announcing.domains.emplace(jid);
  announcing.behind = 0;
  announcing.are_asked = true;
}

void install_presence_subscriptions(Service& service) {
  service.add_presence(take_presence);
  service.add_stream(announce);
  service.add_task({has_contacts_to_tell, tell_contacts});
  service.add_farewell(say_goodbye);
}

}  // namespace crier
