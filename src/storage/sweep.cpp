/// Sweeping: the rows of removed nodes and of purged items go a few at a time.

#include "storage/sqlite_store.hpp"

#include <limits>

namespace crier {

namespace {

constexpr const char* next_to_sweep =
    "SELECT id, name IS NULL, first_seq FROM node WHERE id = (SELECT min(node) FROM sweep)";
// Of the subscriptions that go next: TimerKind says which kinds have one for a subject.
static_assert(TimerKind{1} == TimerKind::lease_notice && TimerKind{2} == TimerKind::lease_end &&
              TimerKind{3} == TimerKind::digest && TimerKind{4} == TimerKind::redelivery);
constexpr const char* sweep_timers =
    "DELETE FROM timer WHERE kind IN (1, 2, 3, 4) "
    "AND subject IN (SELECT id FROM subscription WHERE node = ?1 ORDER BY id LIMIT ?2)";
// The join keeps the order of the timers, whose subscriptions go.
constexpr const char* next_subscriptions =
    "SELECT subscription.id, jid.jid FROM subscription "
    "CROSS JOIN jid ON jid.id = subscription.jid "
    "WHERE node = ?1 ORDER BY subscription.id LIMIT ?2";
constexpr const char* sweep_events =
    "DELETE FROM event WHERE seq IN (SELECT seq FROM event WHERE node = ?1 LIMIT ?2)";
constexpr const char* sweep_affiliations =
    "DELETE FROM affiliation WHERE node = ?1 "
    "AND jid IN (SELECT jid FROM affiliation WHERE node = ?1 LIMIT ?2)";
constexpr const char* sweep_done = "DELETE FROM sweep WHERE node = ?1";
constexpr const char* sweep_node = "DELETE FROM node WHERE id = ?1";

}  // namespace

bool SqliteStore::sweep(std::size_t rows) {
  while (rows > 0) {
    Query next = database_.query(next_to_sweep);
    if (!next.next()) return false;
    const auto [node, removed, first_seq] = next.row<NodeId, bool, Seq>();
    rows -= sweep(node, removed, first_seq, rows);
  }
  return true;
}

std::size_t SqliteStore::sweep(NodeId node, bool removed, Seq first_seq, std::size_t rows) {
  constexpr Seq every{std::numeric_limits<std::int64_t>::max()};
  std::size_t left = rows;
  left -= sweep_items(node, removed ? every : first_seq, left);
  if (removed) database_.run(sweep_timers, node, left);
  if (removed) left -= database_.run(sweep_events, node, left);
  if (removed) left -= sweep_subscriptions(node, left);
  if (removed) left -= database_.run(sweep_affiliations, node, left);
  if (left == 0) return rows;
  database_.run(sweep_done, node);
  if (!removed) return rows - left + 1;
  database_.run(sweep_node, node);
  clear_timer(TimerKind::item_expiry, static_cast<std::int64_t>(node));
  clear_timer(TimerKind::event_expiry, static_cast<std::int64_t>(node));
  return rows - left + 1;
}

std::size_t SqliteStore::sweep_subscriptions(NodeId node, std::size_t rows) {
  std::vector<std::pair<SubscriptionId, std::string>> subscriptions;
  Query next = database_.query(next_subscriptions, node, rows);
  while (next.next()) {
    const auto [id, jid] = next.row<SubscriptionId, std::string_view>();
    subscriptions.emplace_back(id, jid);
  }
  for (const auto& [id, jid] : subscriptions) delete_subscription(id, jid);
  return subscriptions.size();
}

}  // namespace crier
