#include "pubsub/item_expiry.hpp"

#include <crier/service.hpp>

#include "pubsub/notify.hpp"

#include <optional>
#include <string>
#include <vector>

namespace crier {

namespace {

/// What is left is removed by the next timer, at once.
constexpr std::size_t most_at_once = 500;

std::chrono::seconds lifetime(const NodeConfig& config) {
  return std::chrono::seconds(config.item_expire.value);
}

}  // namespace

bool is_too_old(const NodeConfig& config, const StoredItem& item, Time now) {
  return !config.item_expire.is_max() && item.published + lifetime(config) <= now;
}

void schedule_expiry(Turn& turn, const Node& node) {
  const auto subject = static_cast<std::int64_t>(node.id);
  if (node.config.item_expire.is_max()) {
    turn.store().clear_timer(TimerKind::item_expiry, subject);
    return;
  }
  std::optional<Time> oldest;
  turn.store().items(node, {.limit = 1, .newest = false}, [&](const StoredItem& item) {
    oldest = item.published;
    return false;
  });
  if (oldest) turn.set_timer({TimerKind::item_expiry, subject, *oldest + lifetime(node.config)});
}

void expire_items(Turn& turn, const Node& node) {
  if (node.config.item_expire.is_max() || node.item_count == 0) return;
  std::size_t dead = 0;
  turn.store().items(node, {.limit = most_at_once, .newest = false}, [&](const StoredItem& item) {
    if (!is_too_old(node.config, item, turn.now())) return false;
    ++dead;
    return true;
  });
  if (dead == 0) return;
  const auto ids = turn.store().evict_oldest(node, dead);
  turn.change(node).item_count -= ids.size();
  if (node.config.notify_retract) notify_retracted(turn, node, ids);
  schedule_expiry(turn, node);
}

void install_item_expiry(Service& service) {
  service.add_timer(TimerKind::item_expiry, [](std::int64_t subject, Turn& turn) {
    const Node* node = turn.find(NodeId{subject});
    if (!node) return;
    expire_items(turn, *node);
    schedule_expiry(turn, *node);
  });
}

}  // namespace crier
