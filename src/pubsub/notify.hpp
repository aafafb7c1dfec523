#pragma once
/// Who hears of what: the event notifications of XEP-0060 §7.1.2, §7.2.2, §8.2.5.3, §8.4.2, §8.5.2,
/// and the messages to one entity of §6.1.7, §8.8.4, §8.9.4, §12.14, §12.19.

#include <crier/node.hpp>
#include <crier/turn.hpp>
#include <crier/xml_writer.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// An item as events and replies show it.
struct ItemView {
  std::string_view id;
  /// Bare JID; empty when it is not shown. §7.1.2.3
  std::string_view publisher;
  /// Empty for an item without payload, or shown without it.
  std::string_view payload;
};

/// The item as a reply shows it: the publisher only when the node is configured so.
ItemView shown(const NodeConfig& config, const StoredItem& item);

/// Writes `<item id='' publisher=''>payload</item>`.
void write_item(XmlWriter& out, const ItemView& item);

/// Tells the subscribers of a collection of what happened below it. XEP-0248 §5.3.1.
void notify_collection(Turn& turn, const Node& collection, const Event& event,
                       const Ascent& ascent);

/// Tells the subscribers of a collection, and of those above, of a node that came or went. XEP-0248
/// §5.3.2.
void notify_associated(Turn& turn, const Node& collection, const Node& child, Event event);

/// Tells the subscribers of the collections of a new node. XEP-0248 §5.3.1.2.
void notify_created(Turn& turn, const Node& node);

/// Items that were published at once, with the numbers of the first and the last of them; 0 when
/// they are not stored.
struct Publication {
  std::vector<ItemView> items;
  Seq first{};
  Seq last{};
};

/// Tells all subscribers of items that were published. §7.1.2.1, §7.1.2.2.
void notify_items(Turn& turn, const Node& node, const Publication& publication);

/// Tells those of them who have not been told before the process ended that published the items.
void notify_rest(Turn& turn, const Node& node, const Publication& publication, Time published,
                 const Rest& rest);

/// The event of a stored item, as it was when it was published, with all there is to look into.
Event item_event(const Node& node, const ItemView& item);

/// Tells all subscribers of a publication that has no item: the node neither keeps items nor
/// delivers payloads. §4.3.
void notify_publication(Turn& turn, const Node& node);

/// Tells all subscribers of items that are gone. §7.2.2.1.
void notify_retracted(Turn& turn, const Node& node, const std::vector<std::string>& ids);

/// Tells all subscribers that the node has no items any more. §8.5.2.
void notify_purged(Turn& turn, const Node& node);

/// Tells all subscribers that the node is gone, and where to; `redirect` may be empty. §8.4.2.
void notify_deleted(Turn& turn, const Node& node, std::string_view redirect);

/// Tells all subscribers of a new configuration. §8.2.5.3.
void notify_configured(Turn& turn, const Node& node);

/// Sends the last published item for one subscription, as the node's configuration and the
/// subscription's options say; to the resource `to` of the subscribed JID, or to that JID itself
/// when `to` is empty. §6.1.7.
void send_last_item(Turn& turn, const Node& node, Subscriptions::Position at,
                    std::string_view to = {});

/// Sends the last published item to a full JID that is not subscribed, if it was published after
/// that. §12.2
void send_last_item(Turn& turn, const Node& node, std::string_view to, Time after);

/// Sends those of the items that the subscription wants, in one message, which names the
/// subscription if its JID has several. `published` stands for when, in the last item of old.
void send_items(Turn& turn, const Node& node, Subscriptions::Position at,
                const std::vector<ItemView>& items, std::optional<Time> published,
                std::string_view to = {});

/// What has become of a subscription.
struct SubscriptionNews {
  std::string_view jid;
  SubscriptionId id;
  /// A state of §4.2, or "none".
  std::string_view state;
  /// When the lease ends, to be told before it does. §12.19
  std::optional<Time> expiry = {};
};

/// Tells the subscribed JID. §8.8.4, §12.14.
void send_subscription_state(Turn& turn, const Node& node, const SubscriptionNews& news);

/// Tells the owners, if the node's configuration says so.
void notify_owners(Turn& turn, const Node& node, const SubscriptionNews& news);

/// Tells a bare JID of its new affiliation. §8.9.4.
void send_affiliation(Turn& turn, const Node& node, std::string_view jid, Affiliation affiliation);

}  // namespace crier
