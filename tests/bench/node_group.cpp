#include "node_group.hpp"

#include "conversation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace crier::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

}  // namespace

NodeGroup::NodeGroup(Stage& stage, std::string_view name, const Shape& shape)
    : stage_(stage),
      prefix_(fmt::format("{}/{}/", stage.nodes, name)),
      subscribers_(fmt::format("{}-subscriber", name), stage.users),
      shape_(shape),
      ledgers_(shape.nodes, Ledger(shape.subscribers_each)),
      published_(shape.nodes, shape.items),
      acknowledged_(shape.nodes, shape.items) {
  const Users owners(fmt::format("{}-publisher", name), stage.users);
  for (std::size_t i = 0; i < shape.nodes; ++i)
    nodes_.push_back({.name = fmt::format("{}{}", prefix_, i), .owner = owners.full(i)});
  create_nodes(stage_, nodes_, {.max_items = fmt::to_string(shape.max_items)});
  fill_nodes(stage_, nodes_, shape.items);
  subscribe();
}

void NodeGroup::subscribe() {
  const auto ask = [&](std::string& out, std::string_view id, const Asked& asked) {
    const auto from = subscribers_.full(asked.number);
    append_subscribe(out, {.from = from, .to = stage_.service, .id = id},
                     nodes_[asked.number / shape_.subscribers_each].name);
  };
  const auto accept = [](const Stanza&, const Asked&) { return true; };
  ask_all(stage_.link, nodes_.size() * shape_.subscribers_each,
          {.in_flight = 64, .ask = ask, .accept = accept});
}

std::uint64_t NodeGroup::publish(std::size_t node, std::string_view id) {
  const auto& [name, owner] = nodes_[node];
  const auto item = published_[node]++;
  append_publish(stage_.link.out(), {.from = owner, .to = stage_.service, .id = id}, name, item);
  return item;
}

bool NodeGroup::acknowledge(std::size_t node, std::uint64_t item, const Stanza& result) {
  return result.to == nodes_[node].owner && item == acknowledged_[node]++ &&
         acknowledges(result, item);
}

std::optional<NodeGroup::Notification> NodeGroup::notification_in(std::string_view content) const {
  const auto items = find_tag(content, "items");
  const auto item = find_tag(content, "item");
  if (!items || !item) return {};
  const auto node = number_in(items->attribute("node"), prefix_);
  const auto number = item_number(item->attribute("id"));
  if (!node || *node >= nodes_.size() || number < shape_.items || number >= published_[*node] ||
      !holds_entry(content, number))
    return {};
  return Notification{.node = *node, .item = number};
}

std::optional<NodeGroup::Notification> NodeGroup::read(const Stanza& message) {
  if (!message.repeats || !last_) last_ = notification_in(message.content);
  if (message.type == "error") return {};
  return last_;
}

void NodeGroup::take(const Stanza& message) {
  const auto subscriber = subscribers_.number_of(message.to);
  const auto notification = read(message);
  const auto each = shape_.subscribers_each;
  if (!notification || each == 0 || subscriber / each != notification->node) {
    faults_.error(fmt::format("a message that is no notification: to='{}' type='{}': {}",
                              message.to, message.type, message.content));
    return;
  }
  ledgers_[notification->node].arrived(subscriber % each, notification->item - shape_.items);
  ++notified_;
}

std::uint64_t NodeGroup::due() const {
  std::uint64_t items = 0;
  for (const auto count : published_) items += count - shape_.items;
  return items * shape_.subscribers_each;
}

Faults NodeGroup::close(const std::function<void(const Stanza& message)>& hear) {
  auto last = Clock::now();
  const Link::OnStanza on_stanza = [&](const Stanza& stanza) {
    if (stanza.name == "message") hear ? hear(stanza) : take(stanza);
    last = Clock::now();
  };
  while (notified_ < due() && Clock::now() - last < 10s) stage_.link.exchange(100ms, on_stanza);
  while (Clock::now() - last < 200ms) stage_.link.exchange(50ms, on_stanza);
  auto faults = faults_;
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    faults += ledgers_[i].close(published_[i] - shape_.items);
  remove_nodes(stage_, nodes_);
  return faults;
}

}  // namespace crier::bench
