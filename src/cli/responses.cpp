#include "cli/responses.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

namespace crier::cli {

namespace {

/// The child `name` of the `<pubsub/>` in `iq`, whichever of the two namespaces it has.
const Element* pubsub_child(const Element& iq, std::string_view name) {
  for (const auto ns : {ns::pubsub, ns::pubsub_owner})
    if (const auto* pubsub = iq.child("pubsub", ns))
      if (const auto* child = pubsub->child(name, ns)) return child;
  return nullptr;
}

std::string attribute(const Element& element, std::string_view name) {
  return std::string(element.attribute_or(name, ""));
}

std::string attribute(const Element& element, std::string_view name, const Element& fallback) {
  return std::string(element.attribute_or(name, fallback.attribute_or(name, "")));
}

}  // namespace

DiscoPage read_disco_page(const Element& iq) {
  DiscoPage page;
  const auto* query = iq.child("query", ns::disco_items);
  if (!query) return page;
  for (const auto& child : query->children())
    if (child.is("item", ns::disco_items))
      page.items.push_back(
          {attribute(child, "jid"), attribute(child, "node"), attribute(child, "name")});
  if (const auto* set = query->child("set", ns::rsm))
    if (const auto* last = set->child("last", ns::rsm)) page.last = last->text();
  return page;
}

NodeInfo read_node_info(const Element& iq) {
  NodeInfo info;
  const auto* query = iq.child("query", ns::disco_info);
  if (!query) return info;
  for (const auto& child : query->children()) {
    if (!child.is("identity", ns::disco_info)) continue;
    if (child.attribute_or("category", "") != "pubsub") continue;
    info.type = attribute(child, "type");
    info.name = attribute(child, "name");
    break;
  }
  info.metadata = read_form(*query);
  return info;
}

Form read_configuration(const Element& iq) {
  for (const auto* name : {"configure", "default", "options"})
    if (const auto* holder = pubsub_child(iq, name)) return read_form(*holder);
  return {};
}

std::string read_created_node(const Element& iq) {
  const auto* create = pubsub_child(iq, "create");
  return create ? attribute(*create, "node") : std::string();
}

Item read_item(const Element& item) {
  Item read{attribute(item, "id"), attribute(item, "publisher"), std::nullopt};
  if (const auto* payload = item.first_child()) read.payload = to_xml(*payload);
  return read;
}

std::vector<Item> read_items(const Element& iq) {
  std::vector<Item> items;
  for (const auto* name : {"items", "publish"})
    if (const auto* list = pubsub_child(iq, name))
      for (const auto& child : list->children())
        if (child.name == "item" && child.ns == list->ns) items.push_back(read_item(child));
  return items;
}

PageEnds read_page_ends(const Element& iq) {
  const auto* pubsub = iq.child("pubsub", ns::pubsub);
  const auto* set = pubsub ? pubsub->child("set", ns::rsm) : nullptr;
  if (!set) return {};
  const auto text = [&](std::string_view name) {
    const auto* child = set->child(name, ns::rsm);
    return child ? child->text() : std::string();
  };
  return {text("first"), text("last")};
}

Subscription read_subscription(const Element& subscription) {
  return {attribute(subscription, "node"), attribute(subscription, "jid"),
          attribute(subscription, "subscription"), attribute(subscription, "subid")};
}

std::vector<Subscription> read_subscriptions(const Element& iq) {
  std::vector<Subscription> read;
  if (const auto* one = pubsub_child(iq, "subscription")) read.push_back(read_subscription(*one));
  const auto* list = pubsub_child(iq, "subscriptions");
  if (!list) return read;
  for (const auto& child : list->children()) {
    if (child.name != "subscription" || child.ns != list->ns) continue;
    read.push_back(read_subscription(child));
    read.back().node = attribute(child, "node", *list);
  }
  return read;
}

std::vector<Affiliation> read_affiliations(const Element& iq) {
  std::vector<Affiliation> read;
  const auto* list = pubsub_child(iq, "affiliations");
  if (!list) return read;
  for (const auto& child : list->children())
    if (child.name == "affiliation" && child.ns == list->ns)
      read.push_back({attribute(child, "node", *list), attribute(child, "jid"),
                      attribute(child, "affiliation")});
  return read;
}

std::string CommandAnswer::notes_of(std::string_view type) const {
  std::string text;
  for (const auto& note : notes) {
    if (note.type != type) continue;
    if (!text.empty()) text += ' ';
    text += note.text;
  }
  return text;
}

CommandAnswer read_command_answer(const Element& iq) {
  CommandAnswer answer;
  const auto* command = iq.child("command", ns::commands);
  if (!command) return answer;
  answer.status = command->attribute_or("status", "");
  answer.session = command->attribute_or("sessionid", "");
  answer.form = read_form(*command);
  answer.table = read_form_table(*command);
  for (const auto& child : command->children())
    if (child.is("note", ns::commands))
      answer.notes.push_back({std::string(child.attribute_or("type", "info")), child.text()});
  return answer;
}

}  // namespace crier::cli
