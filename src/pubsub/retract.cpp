/// Deleting items. XEP-0060 §7.2, §12.11.

#include <crier/errors.hpp>

#include "pubsub/item_expiry.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/permission.hpp"
#include "pubsub/use_cases.hpp"

#include <unordered_set>

namespace crier {

namespace {

/// Which items shall go. Refuses with item-required (§7.2.3.4).
Result<std::vector<std::string>> retracted_ids(const Element& retract) {
  std::vector<std::string> ids;
  std::unordered_set<std::string_view> known;
  for (const auto& child : retract.children()) {
    const auto id = child.attribute_or("id", "");
    if (child.name != "item" || child.ns != retract.ns || id.empty())
      return errors::item_required.because("An item is retracted by its id.");
    if (known.insert(id).second) ids.emplace_back(id);
  }
  if (ids.empty()) return errors::item_required.because("The request names no item.");
  return ids;
}

/// The request's wish to have subscribers told; without one the node's configuration decides.
Result<bool> wants_notification(const Element& retract, const Node& node) {
  const auto text = retract.attribute("notify");
  if (!text) return node.config.notify_retract;
  if (*text == "1" || *text == "true") return true;
  if (*text == "0" || *text == "false") return node.config.notify_retract;
  return errors::bad_request.because("The value of notify is true or false.");
}

}  // namespace

Result<Reply> retract(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node(request));
  const auto ids = TRY(retracted_ids(request.action));
  const bool notify = TRY(wants_notification(request.action, node));
  // Nothing about the items is told to somebody who may not retract any.
  TRY(may_retract(turn, node, request.from));
  expire_items(turn, node);
  for (const auto& id : ids) TRY(may_retract(turn, node, request.from, id));

  Node& changed = turn.change(node);
  for (const auto& id : ids) {
    turn.store().retract(node, id);
    --changed.item_count;
  }
  if (notify) notify_retracted(turn, node, ids);
  return Reply{};
}

}  // namespace crier
