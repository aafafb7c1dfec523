#include "cli/events.hpp"

#include <crier/namespaces.hpp>

#include <fmt/format.h>

#include <algorithm>

#include "cli/printable.hpp"

namespace crier::cli {

namespace {

constexpr std::string_view shim = "http://jabber.org/protocol/shim";

std::string attribute(const Element& element, std::string_view name) {
  return std::string(element.attribute_or(name, ""));
}

/// §7.1.2, §7.2.2
void read_items_event(const Element& items, std::vector<Event>& events) {
  for (const auto& child : items.children()) {
    if (child.ns != items.ns) continue;
    if (child.name == "item")
      events.push_back({"published", attribute(items, "node"), read_item(child)});
    else if (child.name == "retract")
      events.push_back({"retracted", attribute(items, "node"), {attribute(child, "id"), {}, {}}});
  }
}

/// What joins or leaves the collection. XEP-0248 §5.3.2; the schema of XEP-0060 §17.3 spells
/// `disassociate`.
void read_collection_event(const Element& collection, std::vector<Event>& events) {
  for (const auto& child : collection.children()) {
    Event event{"associated", attribute(collection, "node")};
    if (child.name.starts_with("dis")) event.kind = "dissociated";
    event.target = attribute(child, "node");
    events.push_back(std::move(event));
  }
}

void read_node_event(const Element& element, std::vector<Event>& events) {
  struct Kind {
    std::string_view element;
    std::string_view kind;
  };
  constexpr Kind kinds[] = {{"purge", "purged"},
                            {"delete", "deleted"},
                            {"create", "created"},
                            {"configuration", "configured"},
                            {"subscription", "subscription"}};
  const auto* kind = std::ranges::find(kinds, element.name, &Kind::element);
  if (kind == std::end(kinds)) return;
  Event event{kind->kind, attribute(element, "node")};
  if (kind->kind == "subscription") event.subscription = read_subscription(element);
  if (const auto* redirect = element.child("redirect", element.ns))
    event.target = attribute(*redirect, "uri");
  events.push_back(std::move(event));
}

/// The header `Collection`. XEP-0248 §5.3.1.
std::string collection_of(const Element& message) {
  const auto* headers = message.child("headers", shim);
  if (!headers) return {};
  for (const auto& header : headers->children())
    if (header.attribute_or("name", "") == "Collection") return header.text();
  return {};
}

}  // namespace

std::vector<Event> read_events(const Element& message) {
  std::vector<Event> events;
  if (message.name != "message" || message.attribute_or("type", "") == "error") return events;
  const auto* holder = message.child("event", ns::pubsub_event);
  if (!holder) return events;
  for (const auto& child : holder->children()) {
    if (child.ns != ns::pubsub_event) continue;
    if (child.name == "items")
      read_items_event(child, events);
    else if (child.name == "collection")
      read_collection_event(child, events);
    else
      read_node_event(child, events);
  }
  const auto collection = collection_of(message);
  const auto* delay = message.child("delay", ns::delay);
  for (auto& event : events) {
    event.collection = collection;
    if (delay) event.stamp = attribute(*delay, "stamp");
  }
  return events;
}

std::string to_text(const Event& event) {
  auto line = fmt::format("{} {}", event.kind, printable(event.node));
  const auto add = [&](std::string_view before, const std::string& text) {
    if (!text.empty()) line += fmt::format("{}{}", before, printable(text));
  };
  add(" ", event.item.id);
  add(" by ", event.item.publisher);
  add(" ", event.subscription.jid);
  add(" ", event.subscription.state);
  add(" -> ", event.target);
  add(" at ", event.stamp);
  line += '\n';
  if (event.item.payload) line += printable_xml(*event.item.payload) + '\n';
  return line;
}

Json to_json(const Event& event) {
  Json json{{"event", event.kind}, {"node", event.node}};
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) json[name] = text;
  };
  add("item", event.item.id);
  add("publisher", event.item.publisher);
  if (event.item.payload) json["payload"] = *event.item.payload;
  add("jid", event.subscription.jid);
  add("subscription", event.subscription.state);
  add("subid", event.subscription.subid);
  add("target", event.target);
  add("collection", event.collection);
  add("stamp", event.stamp);
  return json;
}

}  // namespace crier::cli
