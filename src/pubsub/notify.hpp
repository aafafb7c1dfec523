#pragma once
/// Who hears of what: the event notifications of XEP-0060 §7.1.2, §7.2.2, §8.4.2, §8.5.2, and the
/// messages to one entity of §6.1.7, §8.8.4, §8.9.4.

#include <crier/node.hpp>
#include <crier/turn.hpp>
#include <crier/xml_writer.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// An item as events and replies show it.
struct ItemView {
  std::string_view id;
  /// Empty for an item without payload, or shown without it.
  std::string_view payload;
};

/// Writes `<item id=''>payload</item>`.
void write_item(XmlWriter& out, const ItemView& item);

/// Tells all subscribers of items that were published. §7.1.2.1, §7.1.2.2.
void notify_items(Turn& turn, const Node& node, const std::vector<ItemView>& items);

/// Tells all subscribers of a publication that has no item: the node neither keeps items nor
/// delivers payloads. §4.3.
void notify_publication(Turn& turn, const Node& node);

/// Tells all subscribers of items that are gone. §7.2.2.1.
void notify_retracted(Turn& turn, const Node& node, const std::vector<std::string>& ids);

/// Tells all subscribers that the node has no items any more. §8.5.2.
void notify_purged(Turn& turn, const Node& node);

/// Tells all subscribers that the node is gone. §8.4.2.
void notify_deleted(Turn& turn, const Node& node);

/// Sends the last published item to one subscriber, as the node's configuration says. §6.1.7.
void send_last_item(Turn& turn, const Node& node, std::string_view jid);

/// Tells the subscribed JID what has become of its subscription; `state` is a state of §4.2 or
/// "none". §8.8.4, §12.14.
void send_subscription_state(Turn& turn, const Node& node, std::string_view jid,
                             std::string_view subid, std::string_view state);

/// Tells a bare JID of its new affiliation. §8.9.4.
void send_affiliation(Turn& turn, const Node& node, std::string_view jid, Affiliation affiliation);

}  // namespace crier
