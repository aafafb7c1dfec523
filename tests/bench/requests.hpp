#pragma once
/// The requests that the benchmark's users make, as text, and who those users are.

#include "scanner.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crier::bench {

/// From whom to whom, and the id of the IQ.
struct Envelope {
  std::string_view from;
  std::string_view to;
  std::string_view id;
};

/// Fields of a node's configuration, as `{"pubsub#max_items", "100"}`.
using NodeConfig = std::vector<std::pair<std::string_view, std::string_view>>;

/// XEP-0060 §8.1.3.
void append_create(std::string& out, const Envelope& envelope, std::string_view node,
                   const NodeConfig& config);
/// XEP-0060 §8.4.
void append_delete(std::string& out, const Envelope& envelope, std::string_view node);
/// Publishes the Atom entry of 300 bytes that belongs to the item `number`. XEP-0060 §7.1.
void append_publish(std::string& out, const Envelope& envelope, std::string_view node,
                    std::uint64_t number);
/// The same for `count` items at once, the first of which is `first`. XEP-0060 §7.1.
void append_publish_batch(std::string& out, const Envelope& envelope, std::string_view node,
                          std::uint64_t first, std::uint64_t count);
/// Subscribes the bare JID of the sender. XEP-0060 §6.1.
void append_subscribe(std::string& out, const Envelope& envelope, std::string_view node);
/// Ends that subscription. XEP-0060 §6.2.
void append_unsubscribe(std::string& out, const Envelope& envelope, std::string_view node);
/// The newest `max_items` items. XEP-0060 §6.5.7.
void append_retrieve(std::string& out, const Envelope& envelope, std::string_view node,
                     unsigned max_items);
/// The form of the node's configuration. XEP-0060 §8.2.
void append_read_configuration(std::string& out, const Envelope& envelope, std::string_view node);
/// What the node is, or what it holds; of the service when `node` is empty. XEP-0060 §5.
void append_disco_info(std::string& out, const Envelope& envelope, std::string_view node);
void append_disco_items(std::string& out, const Envelope& envelope, std::string_view node);
/// The sender comes online, or tells a new status (the content of the stanza). RFC 6121 §4.
void append_available(std::string& out, std::string_view from, std::string_view to,
                      std::string_view status);

/// Whether `result` confirms the publish of `item`: it names the item, or none, as the publisher
/// gave the id. XEP-0060 §7.1.2.
bool acknowledges(const Stanza& result, std::uint64_t item);

/// The id of the item `number`.
std::string item_id(std::uint64_t number);
/// The number of the item whose id that is, or UINT64_MAX when it is none of ours.
std::uint64_t item_number(std::string_view id);
/// Whether `content` holds the entry of the item `number`.
bool holds_entry(std::string_view content, std::uint64_t number);
/// What is known of a node's items, numbered from 0 in the order of publication.
struct Published {
  /// So many are stored for certain.
  std::uint64_t acknowledged;
  /// So many may be.
  std::uint64_t asked;
};
/// Whether `content`, the answer to a request for the newest `count` items, is right: whole items,
/// one behind the other, up to the last acknowledged or a later one.
bool holds_newest(std::string_view content, std::uint64_t count, const Published& published);

/// The users of one kind, who all live at one domain: "publisher7@users.example".
class Users {
 public:
  Users(std::string_view kind, std::string_view domain);
  std::string bare(std::uint64_t number) const;
  /// With the one resource that each of them has.
  std::string full(std::uint64_t number) const;
  /// The number of the user whose bare JID that is, or UINT64_MAX.
  std::uint64_t number_of(std::string_view bare) const;

 private:
  std::string kind_;
  std::string at_domain_;
};

}  // namespace crier::bench
