/// Retrieving items. XEP-0060 §6.5.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/rights.hpp"
#include "pubsub/acquaintance.hpp"
#include "pubsub/item_expiry.hpp"
#include "pubsub/item_page.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/permission.hpp"
#include "pubsub/subscription_entry.hpp"
#include "pubsub/use_cases.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

namespace crier {

namespace {

/// §6.5.7.
Result<std::optional<std::uint64_t>> max_items_of(const Element& items) {
  const auto text = items.attribute("max_items");
  if (!text) return std::optional<std::uint64_t>();
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text->data() + text->size() || number == 0)
    return errors::bad_request.because("max_items is not a positive number.");
  return std::optional(number);
}

/// The ids of the items that the request names. Refuses with item-required one without an id.
Result<std::vector<std::string_view>> named_ids(const Element& items) {
  std::vector<std::string_view> ids;
  for (const auto& child : items.children()) {
    if (child.ns != items.ns) continue;
    const auto id = child.attribute("id");
    if (child.name != "item" || !id)
      return errors::bad_request.because("An item is asked for by its id.");
    ids.push_back(*id);
  }
  return ids;
}

/// The items of those ids as text. §6.5.6, §6.5.8. Unknown ids are passed over (§6.5.9.12).
Result<std::string> named_items(Turn& turn, const Node& node,
                                const std::vector<std::string_view>& ids) {
  std::string items;
  std::size_t written = 0;
  for (const auto id : ids) {
    XmlWriter writer(items);
    written += turn.store().item(
        node, id, [&](const StoredItem& item) { write_item(writer, shown(node.config, item)); });
    if (items.size() > turn.policy().page_bytes && written > 1)
      return errors::resource_constraint.because("These items are too large for one reply.");
  }
  return items;
}

/// The newest items of one leaf as text, at most `limit` and hardly more than `max_bytes`, oldest
/// first. §12.1
std::vector<std::string> newest_items(Turn& turn, const Node& leaf, std::uint64_t limit,
                                      std::size_t max_bytes) {
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  turn.store().items(leaf, {.limit = limit}, [&](const StoredItem& item) {
    texts.push_back(
        written([&](XmlWriter& writer) { write_item(writer, shown(leaf.config, item)); }));
    bytes += texts.back().size();
    return bytes <= max_bytes;
  });
  std::ranges::reverse(texts);
  return texts;
}

/// How the bare JID stands to the owners of each child. All are looked at, so that the request
/// waits once.
Result<std::map<std::string, Acquaintance, std::less<>>> acquaintances_in(Turn& turn,
                                                                          const Node& collection,
                                                                          std::string_view bare) {
  std::map<std::string, Acquaintance, std::less<>> all;
  std::optional<Error> refusal;
  for (const auto& name : collection.config.children.names) {
    const auto found = acquaintance(turn, *turn.find(name), bare);
    if (found)
      all.emplace(name, found.value());
    else
      refusal = found.error();
  }
  if (refusal) return std::move(*refusal);
  return all;
}

/// The items of the leaves in a collection, as far as the asker may retrieve each of them. All or
/// none: there are no pages over several nodes. XEP-0248 §6.2, §10.1.
Result<Reply> collection_items(const Request& request, Turn& turn, const Node& collection) {
  const auto max_items = TRY(max_items_of(request.action));
  const Policy& policy = turn.policy();
  const auto too_many = errors::feature_not_implemented.because(
      "These are too many items for one reply; ask the nodes of the collection.");
  const auto ids = TRY(named_ids(request.action));
  if (!ids.empty())
    return errors::feature_not_implemented.because("Items have their ids in the leaves.");
  if (collection.config.children.names.size() > policy.page_items) return too_many;
  const auto acquaintances = TRY(acquaintances_in(turn, collection, request.from.bare()));
  std::string list;
  std::size_t count = 0;
  for (const auto& name : collection.config.children.names) {
    const Node& child = *turn.find(name);
    const bool leaf = child.config.node_type == NodeType::leaf && child.config.persist_items;
    if (!leaf || !may_retrieve(child, request.from, policy, acquaintances.at(name))) continue;
    expire_items(turn, child);
    const std::uint64_t room = policy.page_items - count + 1;
    const auto texts = newest_items(turn, child, std::min(max_items.value_or(room), room),
                                    policy.page_bytes - std::min(policy.page_bytes, list.size()));
    if (texts.empty()) continue;
    count += texts.size();
    XmlWriter out(list);
    auto items = out.open("items");
    items.attr("node", name);
    for (const auto& text : texts) out.raw(text);
    if (count > policy.page_items || (count > 1 && list.size() > policy.page_bytes))
      return too_many;
  }
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    out.raw(list);
  })};
}

}  // namespace

Result<Reply> retrieve(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node(request));
  TRY(may_retrieve(turn, node, request.from, request.action.attribute("subid")));
  if (node.config.node_type == NodeType::collection) return collection_items(request, turn, node);
  expire_items(turn, node);
  const auto ids = TRY(named_ids(request.action));
  const auto max_items = TRY(max_items_of(request.action));
  auto page = TRY(ItemPage::parse(request.payload, max_items, node, turn.policy()));

  std::string list;
  if (!ids.empty())
    list = TRY(named_items(turn, node, ids));
  else
    page.write_items(list, turn, node, [&](XmlWriter& out, const StoredItem& item) {
      write_item(out, shown(node.config, item));
    });
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    {
      auto items = out.open("items");
      items.attr("node", node.key.name);
      out.raw(list);
    }
    if (ids.empty()) page.write_set(out, node);
  })};
}

}  // namespace crier
