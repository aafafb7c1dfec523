#include "pubsub/notify.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "pubsub/names.hpp"

namespace crier {

namespace {

/// Events never wait in an offline store for somebody who is away. §12.7.
constexpr std::string_view message_type = "headline";

void broadcast(Turn& turn, const Node& node, std::string event,
               Broadcast::Audience audience = Broadcast::Audience::subscribed) {
  if (node.subscriptions->size() == 0) return;
  turn.broadcast({node.id, turn.next_event(), node.key.host, message_type, std::move(event),
                  node.subscriptions, audience});
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

/// Addresses a message to one entity.
void address(XmlWriter::Tag& message, Turn& turn, const Node& node, std::string_view to) {
  message.attr("from", node.key.host).attr("to", to).attr("id", turn.fresh_id());
}

}  // namespace

void write_item(XmlWriter& out, const ItemView& item) {
  auto element = out.open("item");
  element.attr("id", item.id);
  if (!item.payload.empty()) out.raw(item.payload);
}

void notify_items(Turn& turn, const Node& node, const std::vector<ItemView>& items) {
  broadcast(turn, node, event_of("items", node, [&](XmlWriter& out) {
              for (const auto& item : items)
                write_item(out, {item.id, node.config.deliver_payloads ? item.payload : ""});
            }));
}

void notify_publication(Turn& turn, const Node& node) {
  broadcast(turn, node, event_of("items", node, [](XmlWriter&) {}));
}

void notify_retracted(Turn& turn, const Node& node, const std::vector<std::string>& ids) {
  broadcast(turn, node, event_of("items", node, [&](XmlWriter& out) {
              for (const auto& id : ids) out.open("retract").attr("id", id);
            }));
}

void notify_purged(Turn& turn, const Node& node) {
  broadcast(turn, node, event_of("purge", node, [](XmlWriter&) {}));
}

void notify_deleted(Turn& turn, const Node& node) {
  broadcast(turn, node, event_of("delete", node, [](XmlWriter&) {}), Broadcast::Audience::all);
}

void send_last_item(Turn& turn, const Node& node, std::string_view jid) {
  if (node.config.send_last_published_item == SendLastPublishedItem::never) return;
  turn.store().items(node, {.limit = 1}, [&](const StoredItem& item) {
    turn.send(written([&](XmlWriter& out) {
      auto message = out.open("message");
      address(message, turn, node, jid);
      message.attr("type", message_type);
      out.raw(event_of("items", node, [&](XmlWriter& event) {
        write_item(event, {item.id, node.config.deliver_payloads ? item.payload : ""});
      }));
      out.open("delay", ns::delay).attr("stamp", format_datetime(item.published));
    }));
    return false;
  });
}

void send_subscription_state(Turn& turn, const Node& node, std::string_view jid,
                             std::string_view subid, std::string_view state) {
  turn.send(written([&](XmlWriter& out) {
    auto message = out.open("message");
    address(message, turn, node, jid);
    auto event = out.open("event", ns::pubsub_event);
    auto subscription = out.open("subscription");
    subscription.attr("node", node.key.name).attr("jid", jid).attr("subscription", state);
    if (!subid.empty()) subscription.attr("subid", subid);
  }));
}

void send_affiliation(Turn& turn, const Node& node, std::string_view jid, Affiliation affiliation) {
  turn.send(written([&](XmlWriter& out) {
    auto message = out.open("message");
    address(message, turn, node, jid);
    auto pubsub = out.open("pubsub", ns::pubsub);
    auto affiliations = out.open("affiliations");
    affiliations.attr("node", node.key.name);
    out.open("affiliation").attr("jid", jid).attr("affiliation", name_of(affiliation));
  }));
}

}  // namespace crier
