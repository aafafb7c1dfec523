/// Importing items.

#include <crier/fault.hpp>

#include "transfer/importer.hpp"

#include <fmt/format.h>
#include <sysexits.h>

namespace crier::transfer {

namespace {

/// As XEP-0060 leaves it to services; ours takes no longer one.
constexpr std::size_t max_id_bytes = 1023;

std::string checked_payload(const ItemRecord& item) {
  const auto refuse = [&](std::string_view why) {
    throw Fault(EX_DATAERR,
                fmt::format("the payload of the item {} of {} {}", item.id, item.node, why));
  };
  if (item.payload.size() > max_stored_bytes) refuse("is larger than a database can hold");
  auto payload = normal_payload(item.payload);
  if (!payload) refuse("is not one well-formed XML element");
  return *std::move(payload);
}

void check_id(const ItemRecord& item) {
  if (item.id.empty() || item.id.size() > max_id_bytes)
    throw Fault(EX_DATAERR, fmt::format("an item of {} has an id that is empty or longer than {} "
                                        "bytes",
                                        item.node, max_id_bytes));
  check_text(item.id, "the id of an item of " + item.node);
}

/// When the oldest item of the node was published.
std::optional<Time> oldest_item(SqliteStore& store, const Node& node) {
  std::optional<Time> oldest;
  store.items(node, {.limit = 1, .newest = false}, [&](const StoredItem& item) {
    oldest = item.published;
    return false;
  });
  return oldest;
}

}  // namespace

Importer::Outcome Importer::import(const ItemRecord& item) {
  if (!enter(item.node)) return Outcome::kept;
  check_id(item);
  const auto& publisher = prepared_bare(publisher_, item.publisher);
  const auto payload = checked_payload(item);
  if (node_->config.node_type == NodeType::collection || !node_->config.persist_items) {
    lose("an item of a node that keeps none");
    return Outcome::kept;
  }
  const StoredItem stored{Seq{}, item.id, publisher, payload, item.created, item.published};
  if (node_->item_count < node_->config.max_items.value && store_.insert(*node_, stored)) {
    ++node_->item_count;
    items_added_ = true;
    return Outcome::added;
  }
  bool is_same = false;
  const bool is_there = store_.item(*node_, item.id, [&](const StoredItem& there) {
    is_same = there.payload == payload && there.publisher == publisher &&
              there.created == item.created && there.published == item.published;
  });
  if (is_same) return Outcome::unchanged;
  if (is_there)
    return conflict(fmt::format("the item {} of {}", item.id, item.node), [&] {
      store_.replace(*node_, stored);
      items_added_ = true;
    });
  if (!make_room(item)) {
    lose("an item beyond those that its node keeps");
    return Outcome::kept;
  }
  store_.insert(*node_, stored);
  ++node_->item_count;
  items_added_ = true;
  return Outcome::added;
}

/// Removes the oldest item of a node that is full, unless `item` is older.
bool Importer::make_room(const ItemRecord& item) {
  const auto oldest = oldest_item(store_, *node_);
  if (!oldest || item.published < *oldest) return false;
  const auto room = node_->config.max_items.value - 1;
  if (node_->item_count > room)
    node_->item_count -= store_.evict_oldest(*node_, node_->item_count - room).size();
  return true;
}

void Importer::schedule_expiry() {
  const auto& config = node_->config;
  const auto subject = static_cast<std::int64_t>(node_->id);
  if (config.item_expire.is_max()) {
    store_.clear_timer(TimerKind::item_expiry, subject);
    return;
  }
  if (const auto oldest = oldest_item(store_, *node_))
    store_.set_timer({TimerKind::item_expiry, subject,
                      *oldest + std::chrono::seconds(config.item_expire.value)});
}

}  // namespace crier::transfer
