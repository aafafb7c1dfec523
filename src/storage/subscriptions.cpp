/// Subscriptions.

#include "model/subscription_fields.hpp"
#include "storage/sqlite_store.hpp"

#include <algorithm>
#include <limits>

namespace crier {

// These numbers are in databases.
static_assert(SubscriptionState{0} == SubscriptionState::pending &&
              SubscriptionState{1} == SubscriptionState::unconfigured &&
              SubscriptionState{2} == SubscriptionState::subscribed);

constexpr const char* subscriptions_of_node =
    "SELECT subscription.id, jid.jid, state, options, taken "
    "FROM subscription JOIN jid ON jid.id = subscription.jid WHERE node = ?1";

void SqliteStore::load_subscriptions(Node& node) {
  Query found = database_.query(subscriptions_of_node, node.id);
  while (found.next()) {
    const auto [id, jid, state, options, taken] =
        found.row<SubscriptionId, std::string_view, SubscriptionState, std::string_view,
                  std::optional<Seq>>();
    const auto at = node.subscriptions.add(id, jid, state, EventNumber{});
    if (!options.empty())
      node.subscriptions.set_options(at, from_stored(subscription_fields(), options));
    if (taken) node.subscriptions.set_taken(at, taken);
  }
}

constexpr const char* insert_subscription_row =
    "INSERT INTO subscription (id, node, jid, state, created) VALUES (?1, ?2, ?3, ?4, ?5) "
    "ON CONFLICT (id) DO NOTHING";

SubscriptionId SqliteStore::add_subscription(NodeId node, std::string_view jid,
                                             SubscriptionState state, Time now) {
  const SubscriptionId id{static_cast<std::int64_t>(sequence_.next())};
  database_.run(insert_subscription_row, id, node, jids_.intern(jid), state, now);
  usage_.add_subscriptions(jid, 1);
  return id;
}

bool SqliteStore::insert_subscription(SubscriptionId id, NodeId node, std::string_view jid,
                                      SubscriptionState state, Time created) {
  sequence_.pass(static_cast<std::int64_t>(id));
  const bool is_new =
      database_.run(insert_subscription_row, id, node, jids_.intern(jid), state, created) > 0;
  if (is_new) usage_.add_subscriptions(jid, 1);
  return is_new;
}

constexpr const char* update_state = "UPDATE subscription SET state = ?2 WHERE id = ?1";

void SqliteStore::set_subscription_state(SubscriptionId subscription, SubscriptionState state) {
  database_.run(update_state, subscription, state);
}

constexpr const char* update_options =
    "UPDATE subscription SET options = ?2, follows_presence = ?3 WHERE id = ?1";

void SqliteStore::set_subscription_options(SubscriptionId subscription,
                                           const SubscriptionOptions& options) {
  database_.run(update_options, subscription, to_stored(subscription_fields(), options),
                options.follows_presence());
}

constexpr const char* find_subscription =
    "SELECT host, name, jid.jid FROM subscription JOIN node ON node.id = node "
    "JOIN jid ON jid.id = subscription.jid WHERE subscription.id = ?1 AND name IS NOT NULL";

std::optional<SubscriptionPlace> SqliteStore::subscription(SubscriptionId subscription) {
  Query found = database_.query(find_subscription, subscription);
  if (!found.next()) return {};
  const auto [host, name, jid] = found.row<std::string_view, std::string_view, std::string_view>();
  return SubscriptionPlace{{std::string(host), std::string(name)}, std::string(jid)};
}

constexpr const char* find_digested = "SELECT digested FROM subscription WHERE id = ?1";

Seq SqliteStore::digested(SubscriptionId subscription) {
  Query found = database_.query(find_digested, subscription);
  if (!found.next()) return {};
  const auto [last] = found.row<Seq>();
  return last;
}

constexpr const char* update_digested = "UPDATE subscription SET digested = ?2 WHERE id = ?1";

void SqliteStore::set_digested(SubscriptionId subscription, Seq last) {
  database_.run(update_digested, subscription, last);
}

constexpr const char* find_subscriber =
    "SELECT jid.jid FROM subscription JOIN jid ON jid.id = subscription.jid "
    "WHERE subscription.id = ?1";
constexpr const char* delete_subscription_row = "DELETE FROM subscription WHERE id = ?1";

void SqliteStore::remove_subscription(SubscriptionId subscription) {
  std::string jid;
  if (Query found = database_.query(find_subscriber, subscription); found.next())
    jid = std::get<0>(found.row<std::string_view>());
  if (!jid.empty()) delete_subscription(subscription, jid);
}

void SqliteStore::delete_subscription(SubscriptionId id, std::string_view jid) {
  database_.run(delete_subscription_row, id);
  usage_.add_subscriptions(jid, -1);
}

constexpr const char* next_subscriptions =
    "SELECT jid.jid, subscription.id, state "
    "FROM subscription JOIN jid ON jid.id = subscription.jid "
    "WHERE node = ?1 AND subscription.id > ?2 ORDER BY subscription.id LIMIT ?3";
constexpr const char* previous_subscriptions =
    "SELECT jid.jid, subscription.id, state "
    "FROM subscription JOIN jid ON jid.id = subscription.jid "
    "WHERE node = ?1 AND subscription.id < ?2 ORDER BY subscription.id DESC LIMIT ?3";

std::vector<SubscriptionSummary> SqliteStore::subscriptions_at(const Node& node,
                                                               const Range<SubscriptionId>& range) {
  constexpr SubscriptionId end{std::numeric_limits<std::int64_t>::max()};
  std::vector<SubscriptionSummary> list;
  Query found =
      database_.query(range.backwards ? previous_subscriptions : next_subscriptions, node.id,
                      range.from.value_or(range.backwards ? end : SubscriptionId{}), range.limit);
  while (found.next()) {
    const auto [jid, id, state] = found.row<std::string_view, SubscriptionId, SubscriptionState>();
    list.push_back({node.key.name, std::string(jid), id, state});
  }
  return list;
}

// The resources of a bare JID lie between 'bare/' and 'bare0', the character behind the slash.
// CROSS JOIN keeps the order: SQLite would rather go through all nodes of the host. Sorted here:
// the index that finds them is not in the order of ids.
constexpr const char* subscriptions_of_jid =
    "SELECT name, jid.jid, subscription.id, state FROM jid "
    "CROSS JOIN subscription ON subscription.jid = jid.id "
    "CROSS JOIN node ON node.id = subscription.node "
    "WHERE (jid.jid = ?2 OR jid.jid > ?2 || '/' AND jid.jid < ?2 || '0') "
    "AND host = ?1 AND name IS NOT NULL";

std::vector<SubscriptionSummary> SqliteStore::subscriptions_of(std::string_view host,
                                                               std::string_view bare) {
  std::vector<SubscriptionSummary> list;
  Query found = database_.query(subscriptions_of_jid, host, bare);
  while (found.next()) {
    const auto [node, jid, id, state] =
        found.row<std::string_view, std::string_view, SubscriptionId, SubscriptionState>();
    list.push_back({std::string(node), std::string(jid), id, state});
  }
  std::ranges::sort(list, {}, &SubscriptionSummary::id);
  return list;
}

constexpr const char* subscriptions_counted =
    "SELECT 1 FROM jid CROSS JOIN subscription ON subscription.jid = jid.id "
    "CROSS JOIN node ON node.id = subscription.node "
    "WHERE (jid.jid = ?2 OR jid.jid > ?2 || '/' AND jid.jid < ?2 || '0') "
    "AND host = ?1 AND name IS NOT NULL LIMIT ?3";

std::size_t SqliteStore::count_subscriptions(std::string_view host, std::string_view bare,
                                             std::size_t most) {
  std::size_t count = 0;
  Query found = database_.query(subscriptions_counted, host, bare, most);
  while (found.next()) ++count;
  return count;
}

}  // namespace crier
