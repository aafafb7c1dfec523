#include "pubsub/notify.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/event_content.hpp"
#include "model/interested_walk.hpp"
#include "model/node_fields.hpp"
#include "pubsub/delivery.hpp"
#include "pubsub/event_log.hpp"
#include "pubsub/graph.hpp"
#include "pubsub/interests.hpp"
#include "pubsub/item_expiry.hpp"
#include "pubsub/names.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/subscription_timers.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace crier {

namespace {

/// Whether events wait in an offline store for somebody who is away. §12.7.
std::string_view message_type(const Node& node) {
  return node.config.notification_type == NotificationType::headline ? "headline" : "normal";
}

/// Whom to answer, when the node is configured to name its owner. §12.17, XEP-0033 §5.4.
std::string reply_address(const Node& node) {
  if (node.config.itemreply != ItemReply::owner || node.owners.empty()) return {};
  const bool creator = node.owners.contains(node.creator);
  return written([&](XmlWriter& out) {
    auto addresses = out.open("addresses", ns::addresses);
    out.open("address")
        .attr("type", "replyto")
        .attr("jid", creator ? node.creator : *node.owners.begin());
  });
}

/// Lets a broadcast out, to the rest if there is only a rest to be told.
void let_out(Turn& turn, NodeId node, const Rest* rest, Broadcast broadcast) {
  if (rest && !rest->all) {
    const auto from = rest->from.find(node);
    if (from == rest->from.end()) return;
    broadcast.begin_at(from->second);
  }
  turn.broadcast(std::move(broadcast));
}

/// What is known of it now, and stays so when the stream ends.
std::shared_ptr<const Presence> presence_now(Turn& turn) {
  auto session = turn.shared_session();
  const auto* presence = &session->presence;
  return {std::move(session), presence};
}

/// Completes the event and tells the subscribers of the collections above; false when the node
/// tells nobody.
bool tell_above(Turn& turn, const Node& node, Event& event) {
  if (!node.config.deliver_notifications) return false;
  event.type = message_type(node);
  event.presence = presence_now(turn);
  event.bans = &turn.bans();
  raise(turn, node, node, event, 1);
  return true;
}

void broadcast(Turn& turn, const Node& node, Event event,
               Broadcast::Audience audience = Broadcast::Audience::subscribed) {
  if (!tell_above(turn, node, event)) return;
  // Nobody is online when there is a rest to be told, and durable subscriptions have cursors.
  auto interested = event.rest ? std::vector<CapsId>() : interested_in(turn, node);
  if (node.subscriptions.size() == 0 && interested.empty()) return;
  const bool waits = audience == Broadcast::Audience::subscribed && !event.rest;
  if (waits && node.subscriptions.durable() > 0) {
    keep_event(turn, node, event, nullptr);
    begin_delivery(turn, node);
    if (node.subscriptions.durable() == node.subscriptions.size() && interested.empty()) return;
  }
  event.number = turn.next_event();
  const Rest* rest = event.rest;
  Broadcast broadcast(node.shared_from_this(), std::move(event), audience);
  if (!interested.empty())
    broadcast.add_interested({turn.shared_session(), turn.policy(), std::move(interested)});
  let_out(turn, node.id, rest, std::move(broadcast));
}

/// `<event>` with one element that names the node, for `fill` to complete.
template <class Fill>
std::string event_of(std::string_view element, const Node& node, Fill fill) {
  return written([&](XmlWriter& out) {
    auto event = out.open("event", ns::pubsub_event);
    auto about = out.open(element);
    about.attr("node", node.key.name);
    fill(out);
  });
}

std::string event_of(const Node& node, const std::vector<ItemView>& items, bool payloads) {
  return event_of("items", node, [&](XmlWriter& out) {
    for (auto item : items) {
      if (!payloads) item.payload = {};
      write_item(out, item);
    }
  });
}

/// The event with those items, as all hear of them who want no less.
Event items_event(const Node& node, const std::vector<ItemView>& items) {
  Event event;
  event.xml = event_of(node, items, node.config.deliver_payloads);
  event.behind = reply_address(node);
  event.names_subscriptions = true;
  event.digestible = node.config.persist_items;
  return event;
}

/// The same event with the payloads that it leaves out.
std::string left_out(const Node& node, const std::vector<ItemView>& items) {
  return node.config.deliver_payloads ? std::string() : event_of(node, items, true);
}

/// Whether anybody may have a filter, or want a body: here, or at the collections above.
bool is_looked_into(Turn& turn, const Node& node) {
  return node.subscriptions.with_options() > 0 || !node.config.collection.names.empty() ||
         turn.root().subscriptions.with_options() > 0;
}

/// The event of items that were published.
Event publication_event(Turn& turn, const Node& node, const Publication& publication) {
  Event event = items_event(node, publication.items);
  event.first = publication.first;
  event.last = publication.last;
  if (is_looked_into(turn, node)) event.payloads = left_out(node, publication.items);
  return event;
}

/// Writes a message to one entity, with what `fill` puts in.
template <class Fill>
void send_message(Turn& turn, const Node& node, std::string_view to, std::string_view type,
                  Fill fill) {
  if (turn.bans().covering(bare_of(to))) return;
  turn.send(written([&](XmlWriter& out) {
    auto message = out.open("message");
    message.attr("from", node.key.host).attr("to", to).attr("id", turn.fresh_id());
    if (!type.empty()) message.attr("type", type);
    fill(out);
  }));
}

void write_subscription_event(XmlWriter& out, const Node& node, const SubscriptionNews& news) {
  auto event = out.open("event", ns::pubsub_event);
  auto subscription = out.open("subscription");
  subscription.attr("node", node.key.name).attr("jid", news.jid);
  subscription.attr("subscription", news.state).attr("subid", subid_of(news.id));
  if (news.expiry) subscription.attr("expiry", format_datetime(*news.expiry));
}

}  // namespace

ItemView shown(const NodeConfig& config, const StoredItem& item) {
  const bool publisher = config.itemreply == ItemReply::publisher;
  return {item.id, publisher ? item.publisher : std::string_view(), item.payload};
}

void write_item(XmlWriter& out, const ItemView& item) {
  auto element = out.open("item");
  element.attr("id", item.id);
  if (!item.publisher.empty()) element.attr("publisher", item.publisher);
  if (!item.payload.empty()) out.raw(item.payload);
}

void notify_collection(Turn& turn, const Node& collection, const Event& event,
                       const Ascent& ascent) {
  const auto& subscriptions = collection.subscriptions;
  const bool plain_ones_hear = covers(SubscriptionOptions(), event.about, ascent.distance);
  if ((plain_ones_hear ? subscriptions.size() : subscriptions.with_options()) == 0) return;
  if (subscriptions.durable() > 0 && !event.rest) {
    keep_event(turn, collection, event, &ascent);
    begin_delivery(turn, collection);
  }
  Event copy = event;
  copy.number = turn.next_event();
  let_out(turn, collection.id, event.rest,
          {collection.shared_from_this(), std::move(copy), ascent});
}

void notify_associated(Turn& turn, const Node& collection, const Node& child, Event event) {
  if (!collection.config.deliver_notifications) return;
  event.type = message_type(collection);
  event.presence = presence_now(turn);
  event.bans = &turn.bans();
  raise(turn, collection, child, event, 2);
  notify_collection(turn, collection, event, {child.shared_from_this(), 1, &turn.policy(), false});
}

void notify_created(Turn& turn, const Node& node) {
  Event event;
  event.about = Event::About::nodes;
  event.xml = event_of("create", node, [](XmlWriter&) {});
  tell_above(turn, node, event);
}

Event item_event(const Node& node, const ItemView& item) {
  Event event = items_event(node, {item});
  event.payloads = left_out(node, {item});
  return event;
}

void notify_items(Turn& turn, const Node& node, const Publication& publication) {
  broadcast(turn, node, publication_event(turn, node, publication));
  if (node.config.persist_items) wake_digests(turn, node);
}

void notify_rest(Turn& turn, const Node& node, const Publication& publication, Time published,
                 const Rest& rest) {
  Event event = publication_event(turn, node, publication);
  event.rest = &rest;
  XmlWriter(event.behind).open("delay", ns::delay).attr("stamp", format_datetime(published));
  broadcast(turn, node, std::move(event));
}

void notify_publication(Turn& turn, const Node& node) {
  Event event;
  event.xml = event_of("items", node, [](XmlWriter&) {});
  event.names_subscriptions = true;
  broadcast(turn, node, std::move(event));
}

void notify_retracted(Turn& turn, const Node& node, const std::vector<std::string>& ids) {
  Event event;
  event.xml = event_of("items", node, [&](XmlWriter& out) {
    for (const auto& id : ids) out.open("retract").attr("id", id);
  });
  event.names_subscriptions = true;
  broadcast(turn, node, std::move(event));
}

void notify_purged(Turn& turn, const Node& node) {
  broadcast(turn, node, {.xml = event_of("purge", node, [](XmlWriter&) {})});
}

void notify_deleted(Turn& turn, const Node& node, std::string_view redirect) {
  Event event;
  event.about = Event::About::nodes;
  event.xml = event_of("delete", node, [&](XmlWriter& out) {
    if (!redirect.empty()) out.open("redirect").attr("uri", redirect);
  });
  broadcast(turn, node, std::move(event), Broadcast::Audience::all);
}

void notify_configured(Turn& turn, const Node& node) {
  Event event;
  event.about = Event::About::nodes;
  event.xml = event_of("configuration", node, [&](XmlWriter& out) {
    if (!node.config.deliver_payloads) return;
    // Its neighbours in the graph may be private: who may see them discovers them. §14.3
    const auto fields = node_fields(node.config.node_type);
    std::vector<Field<NodeConfig>> told(fields.begin(), fields.end());
    std::erase_if(told, [](const auto& field) { return field.derived; });
    write_form(out, "result", ns::node_config, std::span<const Field<NodeConfig>>(told),
               shown(node.config, turn.policy()));
  });
  broadcast(turn, node, std::move(event));
}

void send_last_item(Turn& turn, const Node& node, Subscriptions::Position at, std::string_view to) {
  const auto& config = node.config;
  if (config.send_last_published_item == SendLastPublishedItem::never) return;
  turn.store().items(node, {.limit = 1}, [&](const StoredItem& item) {
    if (is_too_old(config, item, turn.now())) return false;
    send_items(turn, node, at, {shown(config, item)}, item.published, to);
    return false;
  });
}

void send_last_item(Turn& turn, const Node& node, std::string_view to, Time after) {
  const auto& config = node.config;
  if (!config.deliver_notifications) return;
  turn.store().items(node, {.limit = 1}, [&](const StoredItem& item) {
    if (item.published <= after || is_too_old(config, item, turn.now())) return false;
    const Event event = items_event(node, {shown(config, item)});
    send_message(turn, node, to, message_type(node), [&](XmlWriter& out) {
      out.raw(event.xml);
      out.raw(event.behind);
      out.open("delay", ns::delay).attr("stamp", format_datetime(item.published));
    });
    return false;
  });
}

void send_items(Turn& turn, const Node& node, Subscriptions::Position at,
                const std::vector<ItemView>& items, std::optional<Time> published,
                std::string_view to) {
  const auto& slot = node.subscriptions.at(at);
  const auto& options = node.subscriptions.options(at);
  if (!node.config.deliver_notifications || !options.deliver) return;
  Event event = items_event(node, items);
  EventContent content(event.xml, left_out(node, items));
  std::vector<bool> wanted;
  if (!options.filter.empty()) {
    wanted = content.passing(options.filter);
    if (std::ranges::find(wanted, true) == wanted.end()) return;
    event.xml = content.event_with(wanted);
  }
  if (to.empty()) to = node.subscriptions.jid(slot);
  const auto& presence = turn.session().presence;
  if (options.show_values.bits != ShowValues::any
          ? !presence.shows(to, options.show_values.bits)
          : node.config.presence_based_delivery && !presence.is_available(to))
    return;
  send_message(turn, node, to, message_type(node), [&](XmlWriter& out) {
    const auto body = options.include_body ? content.body(wanted) : std::string_view();
    if (!body.empty()) out.leaf("body", body);
    out.raw(event.xml);
    out.raw(event.behind);
    if (published) out.open("delay", ns::delay).attr("stamp", format_datetime(*published));
    if (!slot.grouped) return;
    auto headers = out.open("headers", ns::shim);
    out.open("header").attr("name", "SubID").text(subid_of(slot.id));
  });
}

void send_subscription_state(Turn& turn, const Node& node, const SubscriptionNews& news) {
  send_message(turn, node, news.jid, {},
               [&](XmlWriter& out) { write_subscription_event(out, node, news); });
}

void notify_owners(Turn& turn, const Node& node, const SubscriptionNews& news) {
  if (!node.config.notify_sub) return;
  for (const auto& owner : node.owners)
    send_message(turn, node, owner, message_type(node),
                 [&](XmlWriter& out) { write_subscription_event(out, node, news); });
}

void send_affiliation(Turn& turn, const Node& node, std::string_view jid, Affiliation affiliation) {
  send_message(turn, node, jid, {}, [&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    auto affiliations = out.open("affiliations");
    affiliations.attr("node", node.key.name);
    out.open("affiliation").attr("jid", jid).attr("affiliation", name_of(affiliation));
  });
}

}  // namespace crier
