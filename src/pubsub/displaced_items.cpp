#include "pubsub/displaced_items.hpp"

#include <unordered_map>
#include <utility>

#include "pubsub/node_form.hpp"

namespace crier {

void visit_displaced(
    Turn& turn, const Node& node, std::string_view publisher, std::span<const IncomingItem> items,
    const std::function<void(std::string_view publisher, std::uint64_t bytes)>& visit) {
  const auto take = [&](const StoredItem& item) {
    visit(item.publisher, item.id.size() + item.payload.size());
  };
  std::unordered_map<std::string_view, std::uint64_t> incoming;
  std::uint64_t replaced = 0;
  for (const auto& item : items) {
    const auto [at, is_new] = incoming.try_emplace(item.id, item.bytes);
    if (is_new)
      replaced += turn.store().item(node, item.id, take);
    else
      visit(publisher, std::exchange(at->second, item.bytes));
  }
  const auto count = node.item_count + incoming.size() - replaced;
  const auto capacity = capacity_of(node.config, turn.policy());
  if (count <= capacity) return;
  // What is replaced becomes the newest, and lies among the oldest as yet.
  auto left = count - capacity;
  turn.store().items(node, {.limit = left + replaced, .newest = false}, [&](const auto& item) {
    if (incoming.contains(item.id)) return true;
    take(item);
    return --left > 0;
  });
}

}  // namespace crier
