/// Deleting nodes, and purging them of all items. XEP-0060 §8.4, §8.5.

#include <crier/errors.hpp>

#include "model/rights.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/use_cases.hpp"

namespace crier {

Result<Reply> delete_node(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node(request));
  TRY(may_own(node, request.from, turn.policy()));
  if (node.config.notify_delete) notify_deleted(turn, node);
  turn.store().remove(node);
  turn.forget(node);
  return Reply{};
}

Result<Reply> purge(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node(request));
  TRY(may_purge(node, request.from, turn.policy()));
  if (!node.config.persist_items) return errors::persistent_items_unsupported;
  Node& changed = turn.change(node);
  changed.first_seq = turn.store().next_seq();
  changed.item_count = 0;
  turn.store().save_counts(changed);
  notify_purged(turn, node);
  return Reply{};
}

}  // namespace crier
