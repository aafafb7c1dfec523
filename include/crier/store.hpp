#pragma once
/// What a storage engine offers. Its questions are those of the use cases; it never judges: no
/// rule, limit or right is decided here.
///
/// All calls come from one thread, between begin() and commit() or rollback(). What is written is
/// seen by later calls at once, and is on disk when commit() has returned. Every call may throw
/// StoreFailure when the disk or the database fails; the transaction must then be rolled back.
/// What visits items must not call the store.
/// No call costs more than the logarithm of what is stored, times what it returns or writes.

#include <crier/announcement.hpp>
#include <crier/audit.hpp>
#include <crier/bans.hpp>
#include <crier/fanout.hpp>
#include <crier/limits.hpp>
#include <crier/node.hpp>
#include <crier/range.hpp>
#include <crier/timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// The disk or the database did not do what it was told; nothing that the client did wrong.
class StoreFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An item as it is put. The views need to live for the call only.
struct NewItem {
  std::string_view id;
  /// Bare JID.
  std::string_view publisher;
  /// XML that means the same wherever it is put; empty for an item without payload.
  std::string_view payload;
  Time now;
};

/// An item as it is found. The views are valid until the visitor returns.
struct StoredItem {
  Seq seq;
  std::string_view id;
  std::string_view publisher;
  std::string_view payload;
  /// When an item of that id was first published, and when this version was.
  Time created;
  Time published;
};

/// Which items of a node, in the order of publication.
struct ItemRange {
  /// Only items after this one. Node::first_seq bounds every range by itself.
  std::optional<Seq> after = {};
  /// Only items before this one.
  std::optional<Seq> before = {};
  /// Not more than that many: the newest of the range when `newest`, the oldest otherwise. Either
  /// way they are visited newest first when `newest`, oldest first otherwise.
  std::size_t limit = 0;
  bool newest = true;
  /// That many are passed over first: costs as if they were visited.
  std::size_t offset = 0;
};

/// One node in a list of nodes.
struct NodeSummary {
  std::string name;
  NodeConfig config;
  /// That of the entity for whom the list was asked.
  Affiliation affiliation = Affiliation::none;
};

/// One node in a list of all nodes.
struct NodeEntry {
  std::string name;
  NodeConfig config;
  /// Bare JID.
  std::string creator;
  Time created{};
  std::uint64_t item_count = 0;
};

/// One subscription in an entity's list. XEP-0060 §5.6.
struct SubscriptionSummary {
  std::string node;
  std::string jid;
  SubscriptionId id;
  SubscriptionState state;
};

/// Where a subscription is found.
struct SubscriptionPlace {
  NodeKey node;
  std::string jid;
};

/// How much is stored of an account, a domain or the service. Items and subscriptions that are
/// still to be swept count.
struct Usage {
  /// Nodes that exist, by their creator; the root is nobody's.
  std::uint64_t nodes = 0;
  std::uint64_t subscriptions = 0;
  /// Items, by who has published what is stored; the bytes of their ids and payloads.
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
  bool operator==(const Usage&) const = default;
};

/// One affiliation in an entity's list. XEP-0060 §5.7.
struct AffiliationSummary {
  std::string node;
  Affiliation affiliation;
};

/// With whom the service shares presence. RFC 6121 §3.
struct Contact {
  /// It sees the service's presence.
  bool sees_us = false;
  /// The service sees its presence, or has asked to.
  bool seen = false;
  bool asked = false;
  bool operator==(const Contact&) const = default;
};

/// A subscription that has something to do with its subscriber's presence.
struct WatchedSubscription {
  SubscriptionId id;
  std::string node;
  std::string jid;
  /// It is durable and behind.
  bool behind;
};

/// An event that durable subscriptions may not have taken yet.
struct LoggedEvent {
  /// `stored_item`: the item with this number is stored as well.
  enum class About : std::uint8_t { stored_item, items, nodes };
  Seq seq{};
  Time happened{};
  About about = About::items;
  /// The node below a collection where it happened, and how far below; 0: the node itself.
  NodeId origin{};
  std::int64_t distance = 0;
  std::string xml;
  std::string payloads;
  std::string behind;
};

class Store {
 public:
  virtual ~Store() = default;

  // The batch.

  virtual void begin() = 0;
  /// One sync when something was written, none otherwise.
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;

  // Nodes.

  /// The node with its affiliations, subscriptions, parents and children, or null.
  virtual std::shared_ptr<Node> load(const NodeKey& key) = 0;
  /// The node's configuration without its place in the graph; nothing when there is no such node.
  virtual std::optional<NodeConfig> config_of(const NodeKey& key) = 0;
  /// What the database holds, in bytes: rows and indexes, also those that are still to be swept.
  /// O(1).
  virtual std::uint64_t bytes_in_use() = 0;
  /// How much is stored of a bare JID, of a domain with all its accounts, or of the service (`whom`
  /// is empty). Nodes and subscriptions of a bare JID are 0 here: they are counted below; so are
  /// the bytes of the service: those are above. O(1).
  virtual Usage usage(Scope scope, std::string_view whom) = 0;
  /// The key of a node that exists.
  virtual std::optional<NodeKey> key_of(NodeId node) = 0;
  /// Stores key, config, creator and created of a node that does not exist yet; the affiliations,
  /// subscriptions, parents and children it has are not stored. Sets its id, first_seq and
  /// item_count.
  virtual void create(Node& node) = 0;
  virtual void save_config(const Node& node) = 0;
  /// Stores first_seq and item_count, and where the node's events are.
  virtual void save_counts(const Node& node) = 0;
  /// Removes the node and all it has, at once for every reader; the rows are swept later. It is in
  /// no collection any more, nor is anything in it: children that are in no other come to the first
  /// level.
  virtual void remove(const Node& node) = 0;
  /// Associates a node with a collection, or dissociates it. XEP-0248 §7.5, §7.6.
  virtual void associate(NodeId collection, NodeId child) = 0;
  virtual void dissociate(NodeId collection, NodeId child) = 0;
  /// One node as `nodes` gives it; nothing when there is none.
  virtual std::optional<NodeSummary> summary(const NodeKey& key, std::string_view asker) = 0;
  /// First-level nodes of `host`, which are in no collection, by name. `asker` is the bare JID
  /// whose affiliations are told.
  virtual std::vector<NodeSummary> nodes(std::string_view host, const Range<std::string>& range,
                                         std::string_view asker) = 0;

  /// All nodes of `host` but the root, wherever they are in the graph, by name.
  virtual std::vector<NodeEntry> all_nodes(std::string_view host,
                                           const Range<std::string>& range) = 0;

  /// Remembers where a node that was removed has moved to, until one of that key is created.
  virtual void set_redirect(const NodeKey& key, std::string_view uri) = 0;
  virtual std::optional<std::string> redirect(const NodeKey& key) = 0;

  // Affiliations and subscriptions. JIDs are normalised texts.

  /// `none` removes.
  virtual void set_affiliation(NodeId node, std::string_view bare, Affiliation affiliation) = 0;
  /// All of a bare JID at the nodes of `host`, by node name.
  virtual std::vector<AffiliationSummary> affiliations_of(std::string_view host,
                                                          std::string_view bare) = 0;
  /// Whether the bare JID owns a node of `host`.
  virtual bool owns_any(std::string_view host, std::string_view bare) = 0;
  /// How many nodes of `host` there are that the bare JID created, how many subscriptions it and
  /// its resources have there; counted up to `most`.
  virtual std::size_t count_created(std::string_view host, std::string_view bare,
                                    std::size_t most) = 0;
  virtual std::size_t count_subscriptions(std::string_view host, std::string_view bare,
                                          std::size_t most) = 0;
  virtual SubscriptionId add_subscription(NodeId node, std::string_view jid,
                                          SubscriptionState state, Time now) = 0;
  virtual void set_subscription_state(SubscriptionId subscription, SubscriptionState state) = 0;
  virtual void set_subscription_options(SubscriptionId subscription,
                                        const SubscriptionOptions& options) = 0;
  virtual void remove_subscription(SubscriptionId subscription) = 0;
  /// The subscription of that id, at a node that exists.
  virtual std::optional<SubscriptionPlace> subscription(SubscriptionId subscription) = 0;
  /// What a digest has told of last; sets it.
  virtual Seq digested(SubscriptionId subscription) = 0;
  virtual void set_digested(SubscriptionId subscription, Seq last) = 0;
  /// Those of one node, pending ones too, by id.
  virtual std::vector<SubscriptionSummary> subscriptions_at(const Node& node,
                                                            const Range<SubscriptionId>& range) = 0;
  /// All of a bare JID and its resources at the nodes of `host`, by id.
  virtual std::vector<SubscriptionSummary> subscriptions_of(std::string_view host,
                                                            std::string_view bare) = 0;

  // Items. Node::item_count and first_seq are the caller's to keep.

  struct Put {
    Seq seq;
    /// An item of that id was there and is replaced.
    bool replaced;
  };
  /// Stores an item as the newest; one of the same id is replaced, keeping its creation time.
  virtual Put put(const Node& node, const NewItem& item) = 0;
  /// The next number, for an event whose item is not stored.
  virtual Seq next_seq() = 0;
  /// The last number that this process has taken; 0 when it has taken none.
  virtual Seq last_seq() const = 0;
  /// The first one that it has taken; the greatest there is when it has taken none.
  virtual Seq first_new_seq() const = 0;
  /// Visits the items of all nodes from `first` to `last`, in order; also those that are gone
  /// because they lie before their node's first_seq.
  virtual void items_of_all(Seq first, Seq last,
                            const std::function<void(NodeId, const StoredItem&)>& visit) = 0;
  /// The ids of the items that a bare JID has published, the oldest first, at most `limit`; costs
  /// as much as the node has items.
  virtual std::vector<std::string> items_by(const Node& node, std::string_view publisher,
                                            std::size_t limit) = 0;
  /// Visits the item of that id; false when there is none.
  virtual bool item(const Node& node, std::string_view id,
                    const std::function<void(const StoredItem&)>& visit) = 0;
  /// Visits the items of the range until `visit` returns false.
  virtual void items(const Node& node, const ItemRange& range,
                     const std::function<bool(const StoredItem&)>& visit) = 0;
  /// Removes one item; false when there is none of that id.
  virtual bool retract(const Node& node, std::string_view id) = 0;
  /// Removes the `count` oldest items and gives their ids, oldest first.
  virtual std::vector<std::string> evict_oldest(const Node& node, std::uint64_t count) = 0;
  /// The sequence number of the newest item but `count`: the first that is not among the `count`
  /// newest; nothing when there are no more than `count`. O(count).
  virtual std::optional<Seq> displaced(const Node& node, std::uint64_t count) = 0;

  // How far notifications have come.

  virtual FanoutProgress fanout_progress() = 0;
  virtual void set_told(Seq told) = 0;
  /// Notes an event on its way, or how far it has come.
  virtual void set_fanout(const Fanout& fanout) = 0;
  virtual void clear_fanout(const Fanout& fanout) = 0;

  // Presence.

  /// What there is between a bare JID and the service.
  virtual Contact contact(std::string_view bare) = 0;
  /// The default forgets it.
  virtual void set_contact(std::string_view bare, const Contact& contact) = 0;
  /// Visits contacts behind a place in their list, 0 for its start, at most `limit`; the place of
  /// the last of them, or 0 when there are no more.
  virtual std::int64_t contacts(
      std::int64_t after, std::size_t limit,
      const std::function<void(std::string_view bare, const Contact&)>& visit) = 0;
  /// The subscriptions of a bare JID and its resources for which it matters that one of them comes
  /// online or goes offline: by their options, or by their node's configuration.
  virtual std::vector<WatchedSubscription> watched_subscriptions(std::string_view host,
                                                                 std::string_view bare) = 0;
  /// Subscriptions that end with their subscriber's presence, by id, behind `after`.
  virtual std::vector<SubscriptionId> temporary_subscriptions(SubscriptionId after,
                                                              std::size_t limit) = 0;
  /// Remembers that what somebody has published at a node goes when it goes offline.
  virtual void add_offline_purge(std::string_view publisher, NodeId node) = 0;
  /// The nodes of which that is so; they are forgotten. At most `limit`.
  virtual std::vector<NodeId> take_offline_purges(std::string_view publisher,
                                                  std::size_t limit) = 0;

  // Durable subscriptions.

  virtual void log_event(const Node& node, const LoggedEvent& event) = 0;
  /// Visits the events of a node with numbers in (after, up_to], in their order; at most `limit`.
  /// Those that are about stored items only when `versions`.
  virtual void logged_events(const Node& node, Seq after, Seq up_to, bool versions,
                             std::size_t limit,
                             const std::function<bool(const LoggedEvent&)>& visit) = 0;
  struct Trimmed {
    std::uint64_t bytes = 0;
    /// The last that was removed; 0 when none was.
    Seq last{};
  };
  /// Removes the oldest events of a node up to a number, at most `limit`.
  virtual Trimmed trim_events(const Node& node, Seq up_to, std::size_t limit) = 0;
  /// The oldest event that is kept of a node.
  virtual std::optional<LoggedEvent> oldest_event(const Node& node) = 0;
  /// What a durable subscription has taken; nothing: it keeps up with the node.
  virtual void set_taken(SubscriptionId subscription, std::optional<Seq> taken) = 0;
  /// Nodes with events that those who keep up have not taken, by id.
  virtual std::vector<NodeId> unfinished_nodes(NodeId after, std::size_t limit) = 0;

  // Bounces.

  struct Bounces {
    std::uint64_t count = 0;
    Time first{};
  };
  virtual Bounces bounces(SubscriptionId subscription) = 0;
  /// None forgets them.
  virtual void set_bounces(SubscriptionId subscription, const Bounces& bounces) = 0;

  // Timers.

  /// Sets the timer of that kind for the subject; one that was set is set anew.
  virtual void set_timer(const Timer& timer) = 0;
  /// Sets the timer unless there is one of that kind for the subject.
  virtual void add_timer(const Timer& timer) = 0;
  virtual void clear_timer(TimerKind kind, std::int64_t subject) = 0;
  /// The timers that are due, the earliest first; at most `limit`.
  virtual std::vector<Timer> due_timers(Time now, std::size_t limit) = 0;
  /// When the next timer is due; nothing when none is set.
  virtual std::optional<Time> next_timer() = 0;

  // Administration.

  /// All bans, at most `limit`.
  virtual std::vector<Ban> bans(std::size_t limit) = 0;
  /// There is one ban of a JID: it replaces another.
  virtual void set_ban(const Ban& ban) = 0;
  virtual void remove_ban(std::string_view jid) = 0;
  /// Appends the entry; the store gives it a number greater than all before.
  virtual void append_audit(const AuditEntry& entry) = 0;
  /// The entries that `query` asks for.
  virtual std::vector<AuditEntry> audit(const AuditQuery& query) = 0;
  /// Removes the oldest entries, at most `rows`: those older than `since`, and those but for the
  /// newest `keep` of administrators, and of all others. False when nothing is left to do.
  virtual bool trim_audit(std::uint64_t keep, Time since, std::size_t rows) = 0;
  /// Adds an announcement; gives its number.
  virtual std::int64_t add_announcement(const Announcement& announcement) = 0;
  /// The oldest one.
  virtual std::optional<Announcement> announcement() = 0;
  /// Notes how far it has come.
  virtual void save_announcement(const Announcement& announcement) = 0;
  virtual void remove_announcement(std::int64_t id) = 0;
  /// Visits JIDs, bare or full, that are subscribed to some node of `host`, in the order of bytes,
  /// in which the resources of a bare JID stand together; a full one only when its bare one is not
  /// subscribed itself. Looks at `limit` JIDs behind `after`, whatever they are to the service; the
  /// last of them, or empty when there are no more.
  virtual std::string subscribers(std::string_view host, std::string_view after, std::size_t limit,
                                  const std::function<void(std::string_view jid)>& visit) = 0;

  // Between batches.

  /// Removes rows of removed nodes and purged items, at most about `rows` of them, inside the open
  /// transaction; false when nothing is left to do. With a node go its timers and those of its
  /// subscriptions.
  virtual bool sweep(std::size_t rows) = 0;
};

}  // namespace crier
