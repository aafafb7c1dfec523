#pragma once
/// What a pubsub service holds, as records that belong to no service: what is exported, imported
/// and read from other services' stores passes through them one at a time.
///
/// Records come in this order: a ServiceRecord; its redirects and its nodes; right behind each node
/// its affiliations, its subscriptions and its items, the items in the order of their publication.
/// Then the next service. Contacts come last. A collection may come behind its children.
///
/// As text, a record is one line of JSON (RFC 8259, UTF-8), which begins with the member `record`.
/// Members stand in the order below; those marked `?` are left out when they are empty. Fields are
/// those of the forms (XEP-0060 §16.4), sorted by name, each with the list of its values; what has
/// its default is left out, so that one configuration has one spelling. Times are DateTimes in UTC
/// (XEP-0082 §3.2).
///
///     {"record":"service","jid":"pubsub.example.org"}
///     {"record":"redirect","node":"old","uri":"xmpp:pubsub.example.net?;node=new"}
///     {"record":"node","node":"news","type":"leaf","creator":"me@example.org",
///      "created":"2026-05-01T10:20:30Z","config"?:{"pubsub#title":["News"]},"parents"?:["all"]}
///     {"record":"affiliation","node":"news","jid":"me@example.org","affiliation":"owner"}
///     {"record":"subscription","node":"news","jid":"friend@example.org/pda","state":"subscribed",
///      "subid"?:"1f","created":"2026-05-01T10:20:30.25Z","options"?:{"x-durable":["1"]},"behind"?:3}
///     {"record":"item","node":"news","id":"1","publisher":"me@example.org",
///      "created":"2026-05-01T10:20:30Z","published":"2026-05-02T00:00:00Z","payload"?:"<a
///      xmlns=…"}
///     {"record":"contact","jid":"friend@example.org","subscription":"both","ask"?:true}

#include <crier/node.hpp>
#include <crier/store.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace crier::transfer {

/// What the database can hold as one text, which is SQLite's own limit: no payload and no
/// configuration that a service has stored is larger, whatever its operator allows.
inline constexpr std::size_t max_stored_bytes = 1'000'000'000;
/// A text of that size with each of its characters escaped, and what stands around it.
inline constexpr std::size_t max_record_bytes = 2 * max_stored_bytes + 65'536;

/// Form fields by name, each with its values: "pubsub#title", "x-durable" ….
using Fields = std::map<std::string, std::vector<std::string>>;

/// The service that the nodes behind this record are at: its domain.
struct ServiceRecord {
  std::string jid = {};
  bool operator==(const ServiceRecord&) const = default;
};

/// Where a node that is gone has moved to.
struct RedirectRecord {
  std::string node = {};
  std::string uri = {};
  bool operator==(const RedirectRecord&) const = default;
};

struct NodeRecord {
  /// Empty for the root collection, of which only what others have with it is of interest.
  std::string node = {};
  NodeType type = NodeType::leaf;
  /// Bare JID.
  std::string creator = {};
  Time created{};
  /// Without pubsub#node_type, pubsub#collection and pubsub#children: `type` and `parents` say
  /// that.
  Fields config = {};
  /// The collections that it is in, sorted. XEP-0248 §7.2.1.
  std::vector<std::string> parents = {};
  bool operator==(const NodeRecord&) const = default;
};

struct AffiliationRecord {
  std::string node = {};
  /// Bare JID.
  std::string jid = {};
  /// Never `none`.
  Affiliation affiliation = Affiliation::member;
  bool operator==(const AffiliationRecord&) const = default;
};

struct SubscriptionRecord {
  std::string node = {};
  /// Bare or full, as it subscribed.
  std::string jid = {};
  SubscriptionState state = SubscriptionState::subscribed;
  /// Empty: the importing service gives it one. SubIDs of crier's are numbers in lower-case
  /// hexadecimal without leading zeros; no other can be kept.
  std::string subid = {};
  Time created{};
  Fields options = {};
  /// How many of the node's newest items a durable subscription has not taken, when it has a cursor
  /// of its own; nothing: it keeps up with the node.
  std::optional<std::uint64_t> behind = {};
  bool operator==(const SubscriptionRecord&) const = default;
};

struct ItemRecord {
  std::string node = {};
  std::string id = {};
  /// Bare JID.
  std::string publisher = {};
  /// When an item of that id was first published, and when this version was.
  Time created{};
  Time published{};
  /// XML as normal_payload gives it; empty for an item without payload.
  std::string payload = {};
  bool operator==(const ItemRecord&) const = default;
};

/// With whom the service shares presence. RFC 6121 §3.
struct ContactRecord {
  /// Bare JID.
  std::string jid = {};
  Contact contact = {};
  bool operator==(const ContactRecord&) const = default;
};

using Record = std::variant<ServiceRecord, RedirectRecord, NodeRecord, AffiliationRecord,
                            SubscriptionRecord, ItemRecord, ContactRecord>;

/// Tells that something could not be carried: what, in a few words that are the same each time
/// ("the option pubsub#foo of a subscription"), so that equal ones can be counted.
using Lost = std::function<void(std::string_view what)>;

/// What takes records: an importer, a writer of files. Throws Fault for what it refuses.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void take(const Record& record) = 0;
  /// The source has something that could not be carried; see Lost.
  virtual void lose(std::string_view what) = 0;
};

/// Bring what other services have stored into the one spelling above: fields that this service does
/// not have, or whose values they can not take, are taken out and told to `lost`; those that have
/// their defaults are taken out; JIDs in values are normalised, fields that are known under another
/// name renamed. A node whose access model can not be had becomes one with a whitelist: it must not
/// come to be open.
void normalise(NodeRecord& node, const Lost& lost);
void normalise(SubscriptionRecord& subscription, const Lost& lost);

/// The first field that this service has, but not with such values; nothing when there is none.
std::optional<std::string> invalid_field(const NodeRecord& node);
std::optional<std::string> invalid_field(const SubscriptionRecord& subscription);

/// What differs from the defaults, in that spelling.
Fields fields_of(const NodeConfig& config);
Fields fields_of(const SubscriptionOptions& options);
/// What normalised fields say.
NodeConfig config_of(const NodeRecord& node);
SubscriptionOptions options_of(const SubscriptionRecord& subscription);

/// `xml` as this service stores and sends it: one element, with all namespaces that it uses
/// declared, without comments and processing instructions. Nothing when it is not one well-formed
/// element within the limits of parse_xml; an empty text is a payload that is not there.
std::optional<std::string> normal_payload(std::string_view xml);

}  // namespace crier::transfer
