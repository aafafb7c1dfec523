#pragma once
/// The configuration of a node: XEP-0060 §8.2 and the registry's pubsub#node_config (§16.4.4).

#include <crier/presence.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace crier {

/// Who subscribes and retrieves, §4.5.
enum class AccessModel : std::uint8_t { authorize, open, presence, roster, whitelist };
/// Who publishes, besides owners and publishers.
enum class PublishModel : std::uint8_t { publishers, subscribers, open };
/// When an entity gets the last published item unasked.
enum class SendLastPublishedItem : std::uint8_t { never, on_sub, on_sub_and_presence };

/// What a publish to a node with all its items does. §7.1.2.5.
enum class PublishNodeFull : std::uint8_t { retract_oldest, discard_oldest, reject };
/// The type of the messages that carry events. §12.7.
enum class NotificationType : std::uint8_t { normal, headline };
/// Whom replies to an item go to. §12.17.
enum class ItemReply : std::uint8_t { none, owner, publisher };
/// What a node holds: items, or other nodes.
enum class NodeType : std::uint8_t { leaf, collection };
/// Who may associate nodes with a collection. XEP-0248 §7.2.1.
enum class AssociationPolicy : std::uint8_t { all, owners, whitelist };

/// A number, or `max`: as much as the service allows. XEP-0060 §16.3.
struct Count {
  static constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = max;
  bool is_max() const { return value == max; }
  bool operator==(const Count&) const = default;
};

/// Bare or full JIDs, normalised.
struct JidList {
  std::vector<std::string> jids;
  bool operator==(const JidList&) const = default;
};

/// A language tag as BCP 47 spells it; empty for none.
struct Language {
  std::string tag;
  bool operator==(const Language&) const = default;
};

/// Names of roster groups, sorted, each once.
struct GroupList {
  std::vector<std::string> names;
  bool operator==(const GroupList&) const = default;
};

/// NodeIDs, sorted, each once: the parents of a node. None: it is on the first level, a child of
/// the root. XEP-0248 §7.2.1, §8.1.
struct Parents {
  std::vector<std::string> names;
  bool operator==(const Parents&) const = default;
};

/// NodeIDs, sorted, each once: the children of a collection.
struct Children {
  std::vector<std::string> names;
  bool operator==(const Children&) const = default;
};

/// The member's initial value is the field's default.
struct NodeConfig {
  NodeType node_type = NodeType::leaf;
  std::string title;
  std::string description;
  /// The namespace of the payloads, which is then enforced; empty for any. §7.1.3.6
  std::string type;
  Language language;
  /// Whom to ask about the node.
  JidList contact;
  AccessModel access_model = AccessModel::open;
  /// Whom `AccessModel::roster` lets in.
  GroupList roster_groups_allowed;
  /// Whether anybody may subscribe. §6.1.3.10
  bool subscribe = true;
  PublishModel publish_model = PublishModel::publishers;
  /// How many items are kept.
  Count max_items;
  PublishNodeFull publish_node_full = PublishNodeFull::retract_oldest;
  /// Seconds after which an item goes by itself.
  Count item_expire;
  bool persist_items = true;
  /// Bytes of one payload.
  Count max_payload_size;
  /// Whether there are events at all.
  bool deliver_notifications = true;
  bool deliver_payloads = true;
  NotificationType notification_type = NotificationType::headline;
  bool notify_config = false;
  bool notify_delete = true;
  bool notify_retract = true;
  /// Whether owners are told of new and lost subscribers.
  bool notify_sub = false;
  ItemReply itemreply = ItemReply::none;
  SendLastPublishedItem send_last_published_item = SendLastPublishedItem::never;
  /// Only those who are online are notified. §12.6
  bool presence_based_delivery = false;
  /// All subscriptions end when their subscriber goes offline. §12.5
  bool tempsub = false;
  /// What somebody has published goes when it goes offline.
  bool purge_offline = false;
  /// New subscriptions are durable, unless their options say otherwise.
  bool durable = false;
  /// URLs of stylesheets for clients to use; the service fetches none. §12.8, §12.23
  std::string body_xslt;
  std::string dataform_xslt;

  /// The graph as this node sees it. XEP-0248 §8.3.
  Parents collection;
  Children children;
  AssociationPolicy children_association_policy = AssociationPolicy::owners;
  JidList children_association_whitelist;
  Count children_max;

  bool operator==(const NodeConfig&) const = default;

  /// Whether rosters decide who gets in.
  bool follows_rosters() const {
    return access_model == AccessModel::presence || access_model == AccessModel::roster;
  }
  FollowsPresence follows_presence() const {
    if (tempsub) return FollowsPresence::to_the_end;
    const bool last_item = send_last_published_item == SendLastPublishedItem::on_sub_and_presence;
    return presence_based_delivery || last_item ? FollowsPresence::yes : FollowsPresence::no;
  }
};

}  // namespace crier
