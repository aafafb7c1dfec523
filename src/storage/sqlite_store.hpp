#pragma once
/// The Store in one SQLite file. schema/ says what lies where.

#include <crier/store.hpp>

#include "storage/database.hpp"
#include "storage/jid_table.hpp"
#include "storage/sequence.hpp"
#include "storage/usage_table.hpp"

#include <cstddef>
#include <filesystem>

namespace crier {

/// A contact as the table `contact` has it.
Contact contact_in(std::int64_t state);

/// administration.cpp, nodes.cpp, graph.cpp, affiliations.cpp, subscriptions.cpp, items.cpp,
/// timers.cpp and sweep.cpp hold the calls by what they are about, with their SQL.
class SqliteStore : public Store {
 public:
  /// What pages of the database take in memory, at most, unless told.
  static constexpr std::size_t default_cache_bytes = std::size_t{64} << 20;

  /// Opens the database, or makes it. Nothing is loaded: costs the same whatever is stored.
  /// Throws Fault when the operator has to do something first, see Database.
  static std::unique_ptr<SqliteStore> open(const std::filesystem::path& file,
                                           std::size_t cache_bytes = default_cache_bytes);

  /// Copies the write-ahead log into the database and empties it; between batches. Closing does
  /// the same, if no other connection is open, but tells of no failure.
  void checkpoint() { database_.checkpoint(); }
  /// From now on a thread does that beside commits, while there is much to copy. Throws
  /// StoreFailure, or std::system_error when there can be no thread.
  void checkpoint_beside() { database_.checkpoint_beside(); }

  /// Whether the open transaction has something to commit.
  bool has_written() const { return database_.has_written(); }

  /// Appends an entry to the audit log of a database that is not opened as a store, of whatever
  /// version that has one. Throws SqliteFailure.
  static void append_audit_to(sqlite3* connection, const AuditEntry& entry);

  // What comes from another store keeps what it was there.

  /// Where a node stands among collections: what associating takes, without what is in it. The
  /// cost does not depend on its children, subscriptions and items.
  struct NodePlace {
    NodeId id{};
    NodeType type = NodeType::leaf;
    /// Names of the collections that it is in, sorted.
    std::vector<std::string> parents = {};
  };
  std::optional<NodePlace> place(const NodeKey& key);

  /// Stores an item as the newest, with the times that it has (its seq does not count); false, and
  /// nothing is stored, when there is one of that id.
  bool insert(const Node& node, const StoredItem& item);
  /// The same for an item of whose id there is one: that becomes it.
  void replace(const Node& node, const StoredItem& item);
  /// Visits the numbers of the node's items, the newest first, until `visit` gives false.
  void seqs(const Node& node, const std::function<bool(Seq)>& visit);
  /// Stores a subscription under that number; false, and nothing is stored, when there is one.
  bool insert_subscription(SubscriptionId id, NodeId node, std::string_view jid,
                           SubscriptionState state, Time created);

  void begin() override;
  void commit() override;
  void rollback() noexcept override;

  std::shared_ptr<Node> load(const NodeKey& key) override;
  std::optional<NodeConfig> config_of(const NodeKey& key) override;
  std::uint64_t bytes_in_use() override;
  Usage usage(Scope scope, std::string_view whom) override { return usage_.of(scope, whom); }
  std::optional<NodeKey> key_of(NodeId node) override;
  void create(Node& node) override;
  void save_config(const Node& node) override;
  void save_counts(const Node& node) override;
  void remove(const Node& node) override;
  void associate(NodeId collection, NodeId child) override;
  void dissociate(NodeId collection, NodeId child) override;
  std::optional<NodeSummary> summary(const NodeKey& key, std::string_view asker) override;
  std::vector<NodeSummary> nodes(std::string_view host, const Range<std::string>& range,
                                 std::string_view asker) override;

  std::vector<NodeEntry> all_nodes(std::string_view host, const Range<std::string>& range) override;

  void set_redirect(const NodeKey& key, std::string_view uri) override;
  std::optional<std::string> redirect(const NodeKey& key) override;

  void set_affiliation(NodeId node, std::string_view bare, Affiliation affiliation) override;
  std::vector<AffiliationSummary> affiliations_of(std::string_view host,
                                                  std::string_view bare) override;
  bool owns_any(std::string_view host, std::string_view bare) override;
  std::size_t count_created(std::string_view host, std::string_view bare,
                            std::size_t most) override;
  std::size_t count_subscriptions(std::string_view host, std::string_view bare,
                                  std::size_t most) override;
  SubscriptionId add_subscription(NodeId node, std::string_view jid, SubscriptionState state,
                                  Time now) override;
  void set_subscription_state(SubscriptionId subscription, SubscriptionState state) override;
  void set_subscription_options(SubscriptionId subscription,
                                const SubscriptionOptions& options) override;
  void remove_subscription(SubscriptionId subscription) override;
  std::optional<SubscriptionPlace> subscription(SubscriptionId subscription) override;
  Seq digested(SubscriptionId subscription) override;
  void set_digested(SubscriptionId subscription, Seq last) override;
  std::vector<SubscriptionSummary> subscriptions_at(const Node& node,
                                                    const Range<SubscriptionId>& range) override;
  std::vector<SubscriptionSummary> subscriptions_of(std::string_view host,
                                                    std::string_view bare) override;

  Put put(const Node& node, const NewItem& item) override;
  Seq next_seq() override { return sequence_.next(); }
  Seq last_seq() const override { return sequence_.last(); }
  Seq first_new_seq() const override { return sequence_.first(); }
  void items_of_all(Seq first, Seq last,
                    const std::function<void(NodeId, const StoredItem&)>& visit) override;
  FanoutProgress fanout_progress() override;
  void set_told(Seq told) override;
  void set_fanout(const Fanout& fanout) override;
  void clear_fanout(const Fanout& fanout) override;
  bool item(const Node& node, std::string_view id,
            const std::function<void(const StoredItem&)>& visit) override;
  void items(const Node& node, const ItemRange& range,
             const std::function<bool(const StoredItem&)>& visit) override;
  bool retract(const Node& node, std::string_view id) override;
  std::vector<std::string> evict_oldest(const Node& node, std::uint64_t count) override;
  std::optional<Seq> displaced(const Node& node, std::uint64_t count) override;

  Contact contact(std::string_view bare) override;
  void set_contact(std::string_view bare, const Contact& contact) override;
  std::int64_t contacts(
      std::int64_t after, std::size_t limit,
      const std::function<void(std::string_view bare, const Contact&)>& visit) override;
  std::vector<WatchedSubscription> watched_subscriptions(std::string_view host,
                                                         std::string_view bare) override;
  std::vector<SubscriptionId> temporary_subscriptions(SubscriptionId after,
                                                      std::size_t limit) override;
  void add_offline_purge(std::string_view publisher, NodeId node) override;
  std::vector<NodeId> take_offline_purges(std::string_view publisher, std::size_t limit) override;

  void log_event(const Node& node, const LoggedEvent& event) override;
  void logged_events(const Node& node, Seq after, Seq up_to, bool versions, std::size_t limit,
                     const std::function<bool(const LoggedEvent&)>& visit) override;
  Trimmed trim_events(const Node& node, Seq up_to, std::size_t limit) override;
  std::optional<LoggedEvent> oldest_event(const Node& node) override;
  void set_taken(SubscriptionId subscription, std::optional<Seq> taken) override;
  std::vector<NodeId> unfinished_nodes(NodeId after, std::size_t limit) override;
  Bounces bounces(SubscriptionId subscription) override;
  void set_bounces(SubscriptionId subscription, const Bounces& bounces) override;
  std::vector<std::string> items_by(const Node& node, std::string_view publisher,
                                    std::size_t limit) override;

  void set_timer(const Timer& timer) override;
  void add_timer(const Timer& timer) override;
  void clear_timer(TimerKind kind, std::int64_t subject) override;
  std::vector<Timer> due_timers(Time now, std::size_t limit) override;
  std::optional<Time> next_timer() override;

  std::vector<Ban> bans(std::size_t limit) override;
  void set_ban(const Ban& ban) override;
  void remove_ban(std::string_view jid) override;
  void append_audit(const AuditEntry& entry) override;
  std::vector<AuditEntry> audit(const AuditQuery& query) override;
  bool trim_audit(std::uint64_t keep, Time since, std::size_t rows) override;
  std::int64_t add_announcement(const Announcement& announcement) override;
  std::optional<Announcement> announcement() override;
  void save_announcement(const Announcement& announcement) override;
  void remove_announcement(std::int64_t id) override;
  std::string subscribers(std::string_view host, std::string_view after, std::size_t limit,
                          const std::function<void(std::string_view)>& visit) override;

  bool sweep(std::size_t rows) override;

 private:
  SqliteStore(const std::filesystem::path& file, std::size_t cache_bytes);

  /// A row of `item`, as far as it is counted.
  struct ItemRow {
    Seq seq;
    JidId publisher;
    std::uint64_t bytes;
    /// As find_row tells.
    Time created = {};
  };

  std::optional<ItemRow> find_row(NodeId node, std::string_view id);
  void delete_row(const ItemRow& row);
  /// Stores an item with all that it has; false, and nothing is stored, when there is a row of its
  /// id.
  bool insert_row(NodeId node, const StoredItem& item);
  void replace_row(const ItemRow& row, const StoredItem& item);
  void delete_subscription(SubscriptionId id, std::string_view jid);

  void load_graph(Node& node);
  void remove_from_graph(NodeId node);
  void load_affiliations(Node& node);
  void load_subscriptions(Node& node);
  /// Sweeps one node; how many rows that took, at most `rows`.
  std::size_t sweep(NodeId node, bool removed, Seq first_seq, std::size_t rows);
  std::size_t sweep_items(NodeId node, Seq first_seq, std::size_t rows);
  std::size_t sweep_subscriptions(NodeId node, std::size_t rows);

  Database database_;
  JidTable jids_;
  Sequence sequence_;
  UsageTable usage_;
};

}  // namespace crier
