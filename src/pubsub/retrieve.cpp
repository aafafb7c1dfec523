/// Retrieving items. XEP-0060 §6.5.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/rights.hpp"
#include "pubsub/item_page.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/subscription_entry.hpp"
#include "pubsub/use_cases.hpp"

#include <charconv>

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
Result<std::vector<std::string_view>> ids_of(const Element& items) {
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

/// A SubID must be one of the asker's. §6.5.9.2
Result<void> check_asker_subid(const Node& node, const Request& request) {
  if (!request.action.attribute("subid")) return {};
  const auto& subscriptions = *node.subscriptions;
  const auto bare = request.from.bare();
  for (auto at = subscriptions.find_bare(bare); at != Subscriptions::none;
       at = subscriptions.next_of(at, bare))
    if (check_subid(request.action, subscriptions.at(at))) return {};
  return errors::invalid_subid;
}

/// The items of those ids as text. §6.5.6, §6.5.8. Unknown ids are passed over (§6.5.9.12).
Result<std::string> named_items(Turn& turn, const Node& node,
                                const std::vector<std::string_view>& ids) {
  std::string items;
  std::size_t written = 0;
  for (const auto id : ids) {
    XmlWriter writer(items);
    written += turn.store().item(node, id, [&](const StoredItem& item) {
      write_item(writer, {item.id, item.payload});
    });
    if (items.size() > turn.policy().page_bytes && written > 1)
      return errors::resource_constraint.because("These items are too large for one reply.");
  }
  return items;
}

}  // namespace

Result<Reply> retrieve(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node(request));
  TRY(may_retrieve(node, request.from, turn.policy()));
  TRY(check_asker_subid(node, request));
  if (!node.config.persist_items) return errors::persistent_items_unsupported;
  const auto ids = TRY(ids_of(request.action));
  const auto max_items = TRY(max_items_of(request.action));
  auto page = TRY(ItemPage::parse(request.payload, max_items, node, turn.policy()));

  std::string list;
  if (!ids.empty())
    list = TRY(named_items(turn, node, ids));
  else
    page.write_items(list, turn, node, [](XmlWriter& out, const StoredItem& item) {
      write_item(out, {item.id, item.payload});
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
