#include "pubsub/availability.hpp"

#include <crier/namespaces.hpp>

#include "pubsub/delivery.hpp"
#include "pubsub/interests.hpp"
#include "pubsub/item_expiry.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/subscription_entry.hpp"
#include "pubsub/subscription_place.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace crier {

namespace {

/// Clocks differ by so much. XEP-0312 §2
constexpr std::chrono::minutes clock_skew{5};
/// Items that one returning resource gets of one node.
constexpr std::size_t most_missed = 500;
/// The bytes of payloads that one returning resource gets at most, of all nodes; and after how many
/// others have their turn.
constexpr std::size_t most_missed_bytes = 4 * 1024 * 1024;
constexpr std::size_t missed_bytes_at_once = 1024 * 1024;
/// Of somebody who went offline so many items go at once, of at most so many nodes.
constexpr std::size_t purged_at_once = 1000;
constexpr std::size_t purged_nodes_at_once = 100;
/// Who comes online when many do waits for its turn, so that nobody else has to wait for all.
constexpr std::size_t welcomed_at_once = 50;
/// So long after a start those who shared their presence have answered.
constexpr std::chrono::minutes silence{2};

/// RFC 6121 §4.7.2.1.
Show show_of(const Element& presence) {
  constexpr std::array<std::pair<std::string_view, Show>, 4> shows{
      {{"chat", Show::chat}, {"away", Show::away}, {"xa", Show::xa}, {"dnd", Show::dnd}}};
  const Element* show = presence.child("show", presence.ns);
  if (!show) return Show::online;
  const auto text = show->text();
  const auto found = std::ranges::find(shows, text, [](const auto& row) { return row.first; });
  return found == shows.end() ? Show::online : found->second;
}

/// RFC 6121 §4.7.2.3.
std::int8_t priority_of(const Element& presence) {
  const Element* priority = presence.child("priority", presence.ns);
  if (!priority) return 0;
  const auto text = priority->text();
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return static_cast<std::int8_t>(std::clamp(number, -128, 127));
}

/// Since when the resource was away, if it says so. XEP-0312 §2
std::optional<Time> away_since(const Element& presence, Time now) {
  const Element* ago = presence.child("ago", ns::ago);
  if (!ago) return {};
  const auto text = ago->attribute_or("secs", "");
  std::uint64_t seconds = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr std::uint64_t most = std::uint64_t{100} * 366 * 24 * 3600;
  if (parsed.ec != std::errc() || seconds > most) return {};
  return now - std::chrono::seconds(seconds) - clock_skew;
}

/// A bare JID's subscription is about all its resources.
bool is_about(std::string_view subscribed, const Jid& who) {
  return subscribed == who.text() || subscribed == who.bare();
}

/// Sends what was published since then, the oldest first, to the resource that has come back; the
/// newest, as far as there is `room` for so many bytes, which become less.
void send_missed(Turn& turn, const FoundSubscription& found, const Jid& who, Time since,
                 std::size_t& room) {
  std::vector<Seq> missed;
  const Node& node = *found.node;
  turn.store().items(node, {.limit = most_missed}, [&](const StoredItem& item) {
    if (item.published < since || is_too_old(node.config, item, turn.now())) return false;
    if (item.payload.size() > room) return false;
    room -= item.payload.size();
    missed.push_back(item.seq);
    return true;
  });
  if (missed.empty()) return;
  const ItemRange range{.after = Seq{static_cast<std::int64_t>(missed.back()) - 1},
                        .limit = missed.size(),
                        .newest = false};
  turn.store().items(node, range, [&](const StoredItem& item) {
    send_items(turn, node, found.at, {shown(node.config, item)}, item.published, who.text());
    return true;
  });
}

void welcome_back(Turn& turn, const FoundSubscription& found, const Arrival& arrival,
                  const Jid& who, std::size_t& room) {
  const Node& node = *found.node;
  if (found.slot().state != SubscriptionState::subscribed) return;
  if (found.slot().suspended) turn.change(node).subscriptions.set_suspended(found.at, false);
  if (found.slot().durable) {
    // What a resource has not confirmed that is gone, this one gets again.
    if (found.options().acknowledgement == Acknowledgement::receipt)
      end_durable(turn, found.slot().id);
    return catch_up(turn, node, found.at);
  }
  if (arrival.away_since) return send_missed(turn, found, who, *arrival.away_since, room);
  if (node.config.send_last_published_item == SendLastPublishedItem::on_sub_and_presence)
    send_last_item(turn, node, found.at, who.text());
}

/// Does what there is to do for somebody who came online, unless it is gone again; of what it has
/// missed it gets as much as there is `room` for.
void welcome(Turn& turn, const Arrival& arrival, std::size_t& room) {
  const auto who = Jid::parse(arrival.jid);
  if (!who) return;
  const bool sees_us = turn.store().contact(who->bare()).sees_us;
  if (!turn.session().presence.welcome(arrival.jid, sees_us)) return;
  for (const auto& entry : turn.store().watched_subscriptions(turn.policy().domain, who->bare())) {
    if (!is_about(entry.jid, *who)) continue;
    if (const auto found = find_subscription(turn, entry))
      welcome_back(turn, *found, arrival, *who, room);
  }
}

bool has_arrivals(const Session& session) {
  return !session.arrivals.empty();
}

void welcome_some(Turn& turn) {
  auto& arrivals = turn.session().arrivals;
  std::size_t sent = 0;
  for (std::size_t i = 0; i < welcomed_at_once && sent < missed_bytes_at_once && !arrivals.empty();
       ++i) {
    auto& taken = turn.session().taken.arrivals;
    taken.push_back(std::move(arrivals.front()));
    arrivals.pop_front();
    auto room = most_missed_bytes;
    welcome(turn, taken.back(), room);
    sent += most_missed_bytes - room;
  }
}

/// Whether the subscription ends with its subscriber's presence. §12.5
bool is_temporary(const FoundSubscription& found) {
  return found.node->config.tempsub || found.options().expire.with_presence;
}

/// The first items, at most `limit`, that somebody has published at a node that forgets them with
/// their publisher. Tells how many they were.
std::size_t purge_published_at(Turn& turn, const Node& node, std::string_view bare,
                               std::size_t limit) {
  const auto ids = turn.store().items_by(node, bare, limit);
  if (ids.empty()) return 0;
  for (const auto& item : ids) turn.store().retract(node, item);
  turn.change(node).item_count -= ids.size();
  if (node.config.notify_retract) notify_retracted(turn, node, ids);
  return ids.size();
}

/// The same at all nodes of which that is so. False when nothing is left.
bool purge_published(Turn& turn, std::string_view bare) {
  const auto nodes = turn.store().take_offline_purges(bare, purged_nodes_at_once);
  bool is_rest_left = nodes.size() == purged_nodes_at_once;
  auto room = purged_at_once;
  for (const auto id : nodes) {
    if (room > 0) {
      const Node* node = turn.find(id);
      if (node && node->config.purge_offline) room -= purge_published_at(turn, *node, bare, room);
      if (room > 0) continue;
    }
    turn.store().add_offline_purge(bare, id);
    is_rest_left = true;
  }
  return is_rest_left;
}

/// What is too much to go at once waits for its turn.
void begin_purge(Turn& turn, std::string_view bare) {
  auto& waiting = turn.session().purges;
  if (purge_published(turn, bare) && std::ranges::find(waiting, bare) == waiting.end())
    waiting.emplace_back(bare);
}

bool has_purges(const Session& session) {
  return !session.purges.empty();
}

/// What is left of somebody who is online again by now goes the next time.
void purge_some(Turn& turn) {
  auto& session = turn.session();
  const auto& bare = session.purges.front();
  if (!session.presence.is_available(bare) && purge_published(turn, bare)) return;
  session.taken.purges.push_back(std::move(session.purges.front()));
  session.purges.pop_front();
}

void leave(Turn& turn, const Jid& who) {
  const auto& presence = turn.session().presence;
  for (const auto& entry : turn.store().watched_subscriptions(turn.policy().domain, who.bare())) {
    if (!is_about(entry.jid, who) || presence.is_available(entry.jid)) continue;
    const auto found = find_subscription(turn, entry);
    if (found && is_temporary(*found)) remove_subscription(turn, *found->node, found->at);
  }
  if (!presence.is_available(who.bare())) begin_purge(turn, who.bare());
}

/// False when it was not available.
bool remove_resource(Turn& turn, std::string_view jid) {
  auto& presence = turn.session().presence;
  const Resource* resource = presence.find(jid);
  if (!resource) return false;
  const auto caps = resource->caps;
  const auto place = resource->place;
  presence.remove(jid);
  let_go_of_capabilities(turn, caps, place, jid);
  return true;
}

void leave_all(Turn& turn, std::string_view bare) {
  for (const auto& resource : turn.session().presence.resources(bare)) {
    const auto who = Jid::parse(full_jid(bare, resource));
    if (who && remove_resource(turn, who->text())) leave(turn, *who);
  }
}

/// Ends what ends with presence, of those who were gone when the stream came to be.
void end_of_the_absent(std::int64_t after, Turn& turn) {
  constexpr std::size_t at_once = 200;
  if (!turn.session().up) return;
  const auto ids = turn.store().temporary_subscriptions(SubscriptionId{after}, at_once);
  for (const auto id : ids) {
    const auto found = find_subscription(turn, id);
    // Nobody listens to whoever is banned.
    if (found && turn.bans().covering(bare_of(found->jid()))) continue;
    if (found && is_temporary(*found) && !turn.session().presence.is_available(found->jid()))
      remove_subscription(turn, *found->node, found->at);
  }
  if (ids.size() == at_once)
    turn.set_timer({TimerKind::absence, static_cast<std::int64_t>(ids.back()), turn.now()});
}

/// Begins to send what durable subscriptions of an account have missed, where that reaches it now.
void catch_up_account(Turn& turn, std::string_view bare) {
  for (const auto& entry : turn.store().watched_subscriptions(turn.policy().domain, bare)) {
    const auto found = find_subscription(turn, entry);
    if (found && found->slot().behind) catch_up(turn, *found->node, found->at);
  }
}

/// Takes note of a resource that is available; nothing that would take longer.
void take_available(const PresenceStanza& presence, Turn& turn) {
  const auto& jid = presence.from.text();
  auto& session = turn.session();
  const auto caps = take_capabilities(turn, presence);
  const auto change = session.presence.set(
      jid, {caps.now, priority_of(presence.stanza), show_of(presence.stanza)}, turn.next_event());
  note_interest(turn, caps, jid, change);
  if (change != Presence::Change::came) {
    // It may show now what a subscription waits for. §12.3
    if (session.deliveries.held.erase(std::string(presence.from.bare())) > 0)
      catch_up_account(turn, presence.from.bare());
    return;
  }
  Arrival arrival{std::string(jid), away_since(presence.stanza, turn.now())};
  if (session.arrivals.size() >= Session::most_arrivals) {
    std::size_t room = 0;
    return welcome(turn, arrival, room);
  }
  session.arrivals.push_back(std::move(arrival));
}

void take_presence(const PresenceStanza& presence, Turn& turn) {
  const auto& who = presence.from;
  if (who.bare() == turn.policy().domain) return;
  if (presence.type.empty()) return take_available(presence, turn);
  const bool gone = presence.type == "unavailable" || presence.type == "error";
  // From a bare JID it is said of the account; so is that its presence is shared no more.
  if (presence.type == "unsubscribed" || (gone && who.is_bare())) {
    leave_all(turn, who.bare());
    // Who does not share its presence is always written to.
    if (presence.type == "unsubscribed") catch_up_account(turn, who.bare());
    return;
  }
  if (!gone) return;
  remove_resource(turn, who.text());
  // Also when it was not known: a batch that came to nothing may have forgotten it.
  leave(turn, who);
}

}  // namespace

void install_availability(Service& service) {
  service.add_presence(take_presence);
  service.add_task({has_arrivals, welcome_some});
  service.add_task({has_purges, purge_some});
  service.add_feature("http://jabber.org/protocol/pubsub#since");
  service.add_timer(TimerKind::absence, end_of_the_absent);
  service.add_stream([](Turn& turn) {
    if (!turn.store().temporary_subscriptions(SubscriptionId{}, 1).empty())
      turn.set_timer({TimerKind::absence, 0, turn.now() + silence});
  });
}

}  // namespace crier
