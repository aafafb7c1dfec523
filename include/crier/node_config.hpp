#pragma once
/// The configuration of a node: XEP-0060 §8.2 and the registry's pubsub#node_config (§16.4.4).

#include <cstdint>
#include <limits>
#include <string>

namespace crier {

/// Who subscribes and retrieves, §4.5.
enum class AccessModel : std::uint8_t { open, whitelist };
/// Who publishes, besides owners and publishers.
enum class PublishModel : std::uint8_t { publishers, subscribers, open };
/// When an entity gets the last published item unasked.
enum class SendLastPublishedItem : std::uint8_t { never, on_sub };

/// What a publish to a node with all its items does. §7.1.2.5.
enum class PublishNodeFull : std::uint8_t { retract_oldest, discard_oldest, reject };
/// What a node holds.
enum class NodeType : std::uint8_t { leaf };

/// A number, or `max`: as much as the service allows. XEP-0060 §16.3.
struct Count {
  static constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = max;
  bool is_max() const { return value == max; }
  bool operator==(const Count&) const = default;
};

/// The member's initial value is the field's default.
struct NodeConfig {
  NodeType node_type = NodeType::leaf;
  std::string title;
  std::string description;
  AccessModel access_model = AccessModel::open;
  PublishModel publish_model = PublishModel::publishers;
  /// How many items are kept.
  Count max_items;
  PublishNodeFull publish_node_full = PublishNodeFull::retract_oldest;
  bool persist_items = true;
  bool deliver_payloads = true;
  bool notify_retract = true;
  bool notify_delete = true;
  SendLastPublishedItem send_last_published_item = SendLastPublishedItem::never;

  bool operator==(const NodeConfig&) const = default;
};

}  // namespace crier
