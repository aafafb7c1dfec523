/// Publishing. XEP-0060 §7.1, and §4.3 for what a node takes.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/payload_type.hpp"
#include "model/rights.hpp"
#include "pubsub/item_expiry.hpp"
#include "pubsub/new_node.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/permission.hpp"
#include "pubsub/quotas.hpp"
#include "pubsub/roster_access.hpp"
#include "pubsub/use_cases.hpp"

#include <fmt/format.h>

namespace crier {

namespace {

/// An item as it was sent.
struct Submission {
  std::string id;
  /// Empty when there is none.
  std::string payload;
  /// The publisher gave no id.
  bool generated = false;
};

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// The one element inside of `item`, or null when it is empty. §7.1.3.6.
Result<const Element*> payload_of(const Element& item, const NodeConfig& config) {
  const Element* payload = nullptr;
  for (const auto* link = item.content; link; link = link->next) {
    if (!link->element && is_blank(link->text)) continue;
    if (!link->element || payload)
      return errors::invalid_payload.because("An item holds one element.");
    payload = link->element;
  }
  const auto expected = payload_namespace(config.type);
  if (payload && !expected.empty() && payload->ns != expected)
    return errors::invalid_payload.because(
        fmt::format("The payloads of this node are of the namespace {}.", expected));
  return payload;
}

Result<Submission> read_item(const Element& item, const NodeConfig& config, Turn& turn) {
  Submission submission{.id = std::string(item.attribute_or("id", "")), .payload = {}};
  if (submission.id.size() > 1023) return errors::bad_request.because("The ItemID is too long.");
  const Element* payload = TRY(payload_of(item, config));
  if (!payload && config.deliver_payloads)
    return errors::payload_required.because("An item of this node has a payload.");
  if (payload) append_xml(submission.payload, *payload);
  if (submission.payload.size() > max_payload_of(config, turn.policy()))
    return errors::payload_too_big.because(
        fmt::format("A payload has at most {} bytes.", max_payload_of(config, turn.policy())));
  submission.generated = submission.id.empty();
  if (submission.generated) submission.id = turn.fresh_id();
  return submission;
}

/// The items of the request, checked against what the node takes. §4.3, §7.1.3.6, §7.1.3.7.
Result<std::vector<Submission>> read_items(const Element& publish, const NodeConfig& config,
                                           Turn& turn) {
  std::vector<Submission> items;
  for (const auto& child : publish.children()) {
    if (child.ns != publish.ns) continue;
    if (child.name != "item") return errors::bad_request.because("Only items can be published.");
    items.push_back(TRY(read_item(child, config, turn)));
  }
  const bool takes_items = config.persist_items || config.deliver_payloads;
  if (items.empty() && takes_items)
    return errors::item_required.because("What is published to this node is an item.");
  if (!items.empty() && !takes_items)
    return errors::item_forbidden.because("The node neither keeps nor delivers items.");
  if (items.size() > capacity_of(config, turn.policy()))
    return errors::max_items_exceeded.because("These are more items than the node keeps.");
  return items;
}

/// §7.1.3.4.
Verdict has_room(const Node& node, const std::vector<Submission>& items, Turn& turn) {
  std::uint64_t more = 0;
  if (node.config.publish_node_full == PublishNodeFull::reject)
    for (const auto& item : items)
      more += !turn.store().item(node, item.id, [](const StoredItem&) {});
  return has_room(node, more, turn.policy());
}

/// Whether the quotas leave room for what shall be stored; `node` is null when it is to be created.
Verdict is_within_quotas(Turn& turn, const Request& request, const Node* node,
                         const std::vector<Submission>& items) {
  // Most services have none.
  if (turn.policy().quotas.empty()) return Verdict::allow(Rule::item_quota);
  std::vector<IncomingItem> incoming;
  for (const auto& item : items)
    incoming.push_back({item.id, item.id.size() + item.payload.size()});
  return check_item_quotas(turn, request.from.bare(), node, incoming);
}

/// What a publish would be done to: a node, or one that is to be created.
struct Target {
  const Node* node = nullptr;
  std::optional<NewNode> plan = {};

  const NodeConfig& config() const { return node ? node->config : plan->config; }
};

/// Finds the node, or says how it shall be created; checks the right and the options. §7.1.4,
/// §7.1.5.
Result<Target> find_target(const Request& request, Turn& turn) {
  if (request.node.empty()) return errors::nodeid_required.because("The request names no node.");
  std::optional<DataForm> options;
  if (request.companion) options = TRY(publish_options(*request.companion));
  if (const Node* node = turn.find(request.node)) {
    TRY(may_find(turn, node, request.from, Patience::decides_at_once));
    TRY(may_publish(*node, request.from, turn.policy()));
    if (options) TRY(check_preconditions(node->config, *options, turn.policy()));
    return Target{node, {}};
  }
  TRY(may_create_by_publishing(request.from, request.node, turn.policy()));
  return Target{nullptr,
                TRY(plan_node(turn, request.node, options ? &*options : nullptr, request.from))};
}

/// What has become of the items.
struct Stored {
  /// The numbers of the first and the last of them; 0 when they are not stored.
  Seq first{};
  Seq last{};
  /// The ids of those that they have pushed out. §7.1.2.5
  std::vector<std::string> displaced;
};

Stored store_items(Turn& turn, const Node& node, const Jid& publisher,
                   const std::vector<Submission>& items) {
  Node& changed = turn.change(node);
  const bool first = node.item_count == 0;
  Stored stored;
  for (const auto& item : items) {
    const auto put = turn.store().put(node, {item.id, publisher.bare(), item.payload, turn.now()});
    if (!put.replaced) ++changed.item_count;
    if (stored.first == Seq{}) stored.first = put.seq;
    stored.last = put.seq;
  }
  if (node.config.purge_offline) turn.store().add_offline_purge(publisher.bare(), node.id);
  if (first && !node.config.item_expire.is_max()) schedule_expiry(turn, node);
  const auto capacity = capacity_of(node.config, turn.policy());
  if (changed.item_count <= capacity) return stored;
  stored.displaced = turn.store().evict_oldest(node, changed.item_count - capacity);
  changed.item_count = capacity;
  return stored;
}

void notify(Turn& turn, const Node& node, const Jid& publisher,
            const std::vector<Submission>& items, const Stored& stored) {
  if (items.empty()) return notify_publication(turn, node);
  const bool shown = node.config.itemreply == ItemReply::publisher;
  std::vector<ItemView> views;
  for (const auto& item : items)
    views.push_back({item.id, shown ? publisher.bare() : std::string_view(), item.payload});
  notify_items(turn, node, {std::move(views), stored.first, stored.last});
  const bool tell = node.config.publish_node_full == PublishNodeFull::retract_oldest &&
                    node.config.notify_retract;
  if (tell && !stored.displaced.empty()) notify_retracted(turn, node, stored.displaced);
}

/// Of one item, names an id only when the publisher does not know it; of a batch, what was stored.
/// §7.1.2
Reply published(const Node& node, const std::vector<Submission>& items) {
  const bool is_known = items.size() == 1 && !items.front().generated;
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    auto publish = out.open("publish");
    publish.attr("node", node.key.name);
    if (is_known) return;
    for (const auto& item : items) out.open("item").attr("id", item.id);
  })};
}

}  // namespace

Result<Reply> publish(const Request& request, Turn& turn) {
  auto target = TRY(find_target(request, turn));
  TRY(takes_items(target.config()));
  const auto items = TRY(read_items(request.action, target.config(), turn));
  if (target.node) {
    expire_items(turn, *target.node);
    TRY(has_room(*target.node, items, turn));
  }
  if (target.config().persist_items) TRY(is_within_quotas(turn, request, target.node, items));

  const Node& node =
      target.node ? *target.node : create_node(turn, std::move(*target.plan), request.from);
  Stored stored;
  turn.count_items(items.size());
  turn.statistics().nodes.add(node.key.name, {.events = static_cast<double>(items.size())});
  if (node.config.persist_items) stored = store_items(turn, node, request.from, items);
  notify(turn, node, request.from, items, stored);
  if (node.subscriptions.size() > 0) refresh_rosters(turn, node);
  return published(node, items);
}

}  // namespace crier
