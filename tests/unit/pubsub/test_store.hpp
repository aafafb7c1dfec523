#pragma once
/// A store that fails when it is told to.

#include <crier/store.hpp>

#include <memory>
#include <utility>

namespace crier::test {

/// The real store, counting what it is asked. What fails throws StoreFailure, once.
class TestStore : public Store {
 public:
  explicit TestStore(std::unique_ptr<Store> real) : real_(std::move(real)) {}

  /// The next begin(), commit() or sweep() fails.
  bool fail_begin = false;
  bool fail_commit = false;
  bool fail_sweep = false;
  /// The put() that fails, counted from now: 1 is the next; 0: none does.
  std::size_t failing_put = 0;
  /// How often commit() returned, and how many questions about what is stored were asked.
  std::size_t commits = 0;
  std::size_t questions = 0;

  void begin() override {
    fail_if(fail_begin);
    real_->begin();
  }
  void commit() override {
    fail_if(fail_commit);
    real_->commit();
    ++commits;
  }
  void rollback() noexcept override { real_->rollback(); }

  std::shared_ptr<Node> load(const NodeKey& key) override { return ask().load(key); }
  std::optional<NodeConfig> config_of(const NodeKey& key) override { return ask().config_of(key); }
  std::uint64_t bytes_in_use() override { return ask().bytes_in_use(); }
  Usage usage(Scope scope, std::string_view whom) override { return ask().usage(scope, whom); }
  std::optional<NodeKey> key_of(NodeId node) override { return ask().key_of(node); }
  void create(Node& node) override { ask().create(node); }
  Seq last_seq() const override { return real_->last_seq(); }
  Seq first_new_seq() const override { return real_->first_new_seq(); }
  void items_of_all(Seq first, Seq last,
                    const std::function<void(NodeId, const StoredItem&)>& visit) override {
    ask().items_of_all(first, last, visit);
  }
  FanoutProgress fanout_progress() override { return ask().fanout_progress(); }
  void set_told(Seq told) override { ask().set_told(told); }
  void set_fanout(const Fanout& fanout) override { ask().set_fanout(fanout); }
  void clear_fanout(const Fanout& fanout) override { ask().clear_fanout(fanout); }
  void save_config(const Node& node) override { ask().save_config(node); }
  void save_counts(const Node& node) override { ask().save_counts(node); }
  void remove(const Node& node) override { ask().remove(node); }
  void associate(NodeId collection, NodeId child) override { ask().associate(collection, child); }
  void dissociate(NodeId collection, NodeId child) override { ask().dissociate(collection, child); }
  std::optional<NodeSummary> summary(const NodeKey& key, std::string_view asker) override {
    return ask().summary(key, asker);
  }
  std::vector<NodeEntry> all_nodes(std::string_view host,
                                   const Range<std::string>& range) override {
    return ask().all_nodes(host, range);
  }
  std::vector<Ban> bans(std::size_t limit) override { return real_->bans(limit); }
  void set_ban(const Ban& ban) override { ask().set_ban(ban); }
  void remove_ban(std::string_view jid) override { ask().remove_ban(jid); }
  void append_audit(const AuditEntry& entry) override { ask().append_audit(entry); }
  std::vector<AuditEntry> audit(const AuditQuery& query) override { return ask().audit(query); }
  bool trim_audit(std::uint64_t keep, Time since, std::size_t rows) override {
    return real_->trim_audit(keep, since, rows);
  }
  std::int64_t add_announcement(const Announcement& announcement) override {
    return ask().add_announcement(announcement);
  }
  std::optional<Announcement> announcement() override { return ask().announcement(); }
  void save_announcement(const Announcement& announcement) override {
    ask().save_announcement(announcement);
  }
  void remove_announcement(std::int64_t id) override { ask().remove_announcement(id); }
  std::string subscribers(std::string_view host, std::string_view after, std::size_t limit,
                          const std::function<void(std::string_view)>& visit) override {
    return ask().subscribers(host, after, limit, visit);
  }

  void set_redirect(const NodeKey& key, std::string_view uri) override {
    ask().set_redirect(key, uri);
  }
  std::optional<std::string> redirect(const NodeKey& key) override { return ask().redirect(key); }
  std::vector<NodeSummary> nodes(std::string_view host, const Range<std::string>& range,
                                 std::string_view asker) override {
    return ask().nodes(host, range, asker);
  }

  void set_affiliation(NodeId node, std::string_view bare, Affiliation affiliation) override {
    ask().set_affiliation(node, bare, affiliation);
  }
  std::vector<AffiliationSummary> affiliations_of(std::string_view host,
                                                  std::string_view bare) override {
    return ask().affiliations_of(host, bare);
  }
  bool owns_any(std::string_view host, std::string_view bare) override {
    return ask().owns_any(host, bare);
  }
  std::size_t count_created(std::string_view host, std::string_view bare,
                            std::size_t most) override {
    return ask().count_created(host, bare, most);
  }
  std::size_t count_subscriptions(std::string_view host, std::string_view bare,
                                  std::size_t most) override {
    return ask().count_subscriptions(host, bare, most);
  }
  SubscriptionId add_subscription(NodeId node, std::string_view jid, SubscriptionState state,
                                  Time now) override {
    return ask().add_subscription(node, jid, state, now);
  }
  void set_subscription_state(SubscriptionId subscription, SubscriptionState state) override {
    ask().set_subscription_state(subscription, state);
  }
  void set_subscription_options(SubscriptionId subscription,
                                const SubscriptionOptions& options) override {
    ask().set_subscription_options(subscription, options);
  }
  std::optional<SubscriptionPlace> subscription(SubscriptionId subscription) override {
    return ask().subscription(subscription);
  }
  Seq digested(SubscriptionId subscription) override { return ask().digested(subscription); }
  void set_digested(SubscriptionId subscription, Seq last) override {
    ask().set_digested(subscription, last);
  }
  void remove_subscription(SubscriptionId subscription) override {
    ask().remove_subscription(subscription);
  }
  std::vector<SubscriptionSummary> subscriptions_at(const Node& node,
                                                    const Range<SubscriptionId>& range) override {
    return ask().subscriptions_at(node, range);
  }
  std::vector<SubscriptionSummary> subscriptions_of(std::string_view host,
                                                    std::string_view bare) override {
    return ask().subscriptions_of(host, bare);
  }

  Put put(const Node& node, const NewItem& item) override {
    bool fails = failing_put == 1;
    if (failing_put > 0) --failing_put;
    fail_if(fails);
    return ask().put(node, item);
  }
  Seq next_seq() override { return ask().next_seq(); }
  bool item(const Node& node, std::string_view id,
            const std::function<void(const StoredItem&)>& visit) override {
    return ask().item(node, id, visit);
  }
  void items(const Node& node, const ItemRange& range,
             const std::function<bool(const StoredItem&)>& visit) override {
    ask().items(node, range, visit);
  }
  bool retract(const Node& node, std::string_view id) override { return ask().retract(node, id); }
  std::vector<std::string> evict_oldest(const Node& node, std::uint64_t count) override {
    return ask().evict_oldest(node, count);
  }
  std::optional<Seq> displaced(const Node& node, std::uint64_t count) override {
    return ask().displaced(node, count);
  }

  Contact contact(std::string_view bare) override { return ask().contact(bare); }
  void set_contact(std::string_view bare, const Contact& contact) override {
    ask().set_contact(bare, contact);
  }
  std::int64_t contacts(
      std::int64_t after, std::size_t limit,
      const std::function<void(std::string_view bare, const Contact&)>& visit) override {
    return ask().contacts(after, limit, visit);
  }
  std::vector<WatchedSubscription> watched_subscriptions(std::string_view host,
                                                         std::string_view bare) override {
    return ask().watched_subscriptions(host, bare);
  }
  std::vector<SubscriptionId> temporary_subscriptions(SubscriptionId after,
                                                      std::size_t limit) override {
    return ask().temporary_subscriptions(after, limit);
  }
  void add_offline_purge(std::string_view publisher, NodeId node) override {
    ask().add_offline_purge(publisher, node);
  }
  std::vector<NodeId> take_offline_purges(std::string_view publisher, std::size_t limit) override {
    return ask().take_offline_purges(publisher, limit);
  }
  void log_event(const Node& node, const LoggedEvent& event) override {
    ask().log_event(node, event);
  }
  void logged_events(const Node& node, Seq after, Seq up_to, bool versions, std::size_t limit,
                     const std::function<bool(const LoggedEvent&)>& visit) override {
    ask().logged_events(node, after, up_to, versions, limit, visit);
  }
  Trimmed trim_events(const Node& node, Seq up_to, std::size_t limit) override {
    return ask().trim_events(node, up_to, limit);
  }
  std::optional<LoggedEvent> oldest_event(const Node& node) override {
    return ask().oldest_event(node);
  }
  void set_taken(SubscriptionId subscription, std::optional<Seq> taken) override {
    ask().set_taken(subscription, taken);
  }
  std::vector<NodeId> unfinished_nodes(NodeId after, std::size_t limit) override {
    return ask().unfinished_nodes(after, limit);
  }
  Bounces bounces(SubscriptionId subscription) override { return ask().bounces(subscription); }
  void set_bounces(SubscriptionId subscription, const Bounces& bounces) override {
    ask().set_bounces(subscription, bounces);
  }
  std::vector<std::string> items_by(const Node& node, std::string_view publisher,
                                    std::size_t limit) override {
    return ask().items_by(node, publisher, limit);
  }

  void set_timer(const Timer& timer) override { ask().set_timer(timer); }
  void add_timer(const Timer& timer) override { ask().add_timer(timer); }
  void clear_timer(TimerKind kind, std::int64_t subject) override {
    ask().clear_timer(kind, subject);
  }
  std::vector<Timer> due_timers(Time now, std::size_t limit) override {
    return ask().due_timers(now, limit);
  }
  std::optional<Time> next_timer() override { return ask().next_timer(); }

  bool sweep(std::size_t rows) override {
    fail_if(fail_sweep);
    return real_->sweep(rows);
  }

 private:
  static void fail_if(bool& told) {
    if (std::exchange(told, false)) throw StoreFailure("the disk is full");
  }
  Store& ask() {
    ++questions;
    return *real_;
  }

  std::unique_ptr<Store> real_;
};

}  // namespace crier::test
