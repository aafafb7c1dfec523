#pragma once
/// From what was found in another service's store to records of ours: what all readers have in
/// common. Whatever can not be carried is told to the sink, and never stops the rest.
///
/// Two rules: nothing becomes more open than it was (an access model that this service does not
/// have becomes a whitelist), and nothing is invented (what the store does not tell is left at
/// 1970-01-01, or at the service's own address).

#include "transfer/record.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crier::transfer {

/// A node as it was found; texts as they are there.
struct ForeignNode {
  std::string name;
  NodeType type = NodeType::leaf;
  /// Of any JID; empty when the store does not tell.
  std::string creator = {};
  std::optional<Time> created = {};
  /// Names of fields as XEP-0060 §16.4.4 has them, without "pubsub#" or with it.
  Fields config = {};
  std::vector<std::string> parents = {};
  /// How many items it has, where that can be told before: more than it may keep are passed over.
  std::uint64_t items = 0;
};

struct ForeignSubscription {
  std::string jid;
  /// `subscribed`, `pending` or `unconfigured`.
  std::string state;
  Fields options = {};
};

struct ForeignItem {
  std::string id;
  std::string publisher;
  std::optional<Time> created = {};
  /// When this version was published; as it was created when nothing is told.
  std::optional<Time> published = {};
  /// XML, or nothing when it could not be read.
  std::optional<std::string> payload = {};
};

/// Told how much is read, of how much in the same unit.
using ReadProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

class Carrier {
 public:
  explicit Carrier(Sink& sink) : sink_(sink) {}

  /// Tells of each item from now on, of so many that there are.
  void tell(ReadProgress progress, std::uint64_t items);

  /// The service that all nodes are of.
  void service(std::string_view host);
  /// Begins a node, whose affiliations, subscriptions and items follow; false when it can not be
  /// carried, and neither can they.
  bool node(ForeignNode found);
  /// `name` is owner, publisher, publish-only, member, outcast or none, which is no affiliation.
  void affiliation(std::string_view jid, std::string_view name);
  void subscription(ForeignSubscription found);
  void item(ForeignItem found);
  /// An item that the reader can not carry.
  void lose_item(std::string_view what);
  /// Tells that something could not be carried.
  void lose(std::string_view what, std::uint64_t times = 1);

 private:
  void carry(ForeignItem found);
  void count_item();
  /// What is not text is taken out, names get their prefix.
  Fields fields(Fields found, std::string_view what);
  void close(Fields& config);
  void check_counts(Fields& config);

  Sink& sink_;
  std::string host_;
  /// The node that was begun.
  std::string node_;
  std::string creator_;
  Time created_{};
  bool keeps_items_ = true;
  /// How many of its oldest items are too many.
  std::uint64_t surplus_ = 0;
  std::uint64_t subscriptions_ = 0;
  ReadProgress progress_;
  std::uint64_t items_ = 0;
  std::uint64_t items_expected_ = 0;
};

/// The time that so many microseconds after 1970 are; nothing outside of the years 1970 to 9999.
std::optional<Time> time_of(std::int64_t microseconds);
/// The time of a decimal number of microseconds, or of seconds with a fraction.
std::optional<Time> time_of_microseconds(std::string_view text);
std::optional<Time> time_of_seconds(std::string_view text);

/// Whether `text` is UTF-8 of characters that XML has. XML 1.0 §2.2.
bool is_xml_text(std::string_view text);
/// Whether `text` can be the name of an element or attribute, as far as it matters to what is made
/// of it: nothing in it ends the name.
bool is_xml_name(std::string_view text);

}  // namespace crier::transfer
