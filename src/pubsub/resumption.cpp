#include "pubsub/resumption.hpp"

#include "pubsub/item_expiry.hpp"
#include "pubsub/notify.hpp"

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace crier {

namespace {

/// An item that was read, on its own.
struct KeptItem {
  NodeId node{};
  Seq seq{};
  std::string id;
  std::string publisher;
  std::string payload;
  Time published{};
};

/// What is in the store from `first` to `last`, of all nodes, in order.
std::vector<KeptItem> read_items(Turn& turn, Seq first, Seq last) {
  std::vector<KeptItem> items;
  turn.store().items_of_all(first, last, [&](NodeId node, const StoredItem& item) {
    items.push_back({node, item.seq, std::string(item.id), std::string(item.publisher),
                     std::string(item.payload), item.published});
  });
  return items;
}

/// Tells the rest of items that were published at once, as far as they are still there.
void tell_rest(Turn& turn, std::span<const KeptItem> items, const Rest& rest) {
  const Node* node = items.empty() ? nullptr : turn.find(items.front().node);
  if (!node) return;
  std::vector<ItemView> views;
  for (const auto& item : items) {
    const StoredItem stored{item.seq,     item.id,        item.publisher,
                            item.payload, item.published, item.published};
    const bool is_there = item.seq >= node->first_seq;
    if (is_there && !is_too_old(node->config, stored, turn.now()))
      views.push_back(shown(node->config, stored));
  }
  if (views.empty()) return;
  const auto& [first, last] = std::pair(items.front().seq, items.back().seq);
  notify_rest(turn, *node, {views, first, last}, items.back().published, rest);
}

}  // namespace

Seq resume_fanouts(Turn& turn, const FanoutProgress& progress) {
  // Events of one node keep their order: those that were begun are the older ones.
  std::map<std::pair<Seq, Seq>, Rest> begun;
  for (const auto& fanout : progress.unfinished)
    begun[{fanout.last, fanout.first}].from[fanout.node] = fanout.next;
  for (const auto& [range, rest] : begun)
    tell_rest(turn, read_items(turn, range.second, range.first), rest);
  const Seq first{static_cast<std::int64_t>(progress.told) + 1};
  const Seq end{static_cast<std::int64_t>(turn.store().first_new_seq()) - 1};
  Seq last = progress.told;
  for (const auto& item : read_items(turn, first, end)) {
    tell_rest(turn, {&item, 1}, {.all = true, .from = {}});
    last = item.seq;
  }
  return last;
}

}  // namespace crier
