/// Events for durable subscriptions, how far they have been taken, and what came back.

#include "storage/sqlite_store.hpp"

#include <algorithm>

namespace crier {

namespace {

LoggedEvent event_in(const Query& found) {
  const auto [seq, happened, about, origin, distance, xml, payloads, behind] =
      found.row<Seq, Time, LoggedEvent::About, NodeId, std::int64_t, std::string_view,
                std::string_view, std::string_view>();
  return {seq,
          happened,
          about,
          origin,
          distance,
          std::string(xml),
          std::string(payloads),
          std::string(behind)};
}

}  // namespace

constexpr const char* insert_event =
    "INSERT INTO event (seq, node, happened, about, origin, distance, xml, payloads, behind) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

void SqliteStore::log_event(const Node& node, const LoggedEvent& event) {
  database_.run(insert_event, event.seq, node.id, event.happened, event.about, event.origin,
                event.distance, event.xml, event.payloads, event.behind);
}

static_assert(LoggedEvent::About{0} == LoggedEvent::About::stored_item);
constexpr const char* find_events =
    "SELECT seq, happened, about, origin, distance, xml, payloads, behind FROM event "
    "WHERE node = ?1 AND seq > ?2 AND seq <= ?3 AND about >= ?4 ORDER BY seq LIMIT ?5";

void SqliteStore::logged_events(const Node& node, Seq after, Seq up_to, bool versions,
                                std::size_t limit,
                                const std::function<bool(const LoggedEvent&)>& visit) {
  const std::int64_t least = versions ? 0 : 1;
  Query found = database_.query(find_events, node.id, after, up_to, least, limit);
  while (found.next())
    if (!visit(event_in(found))) return;
}

constexpr const char* delete_events =
    "DELETE FROM event WHERE seq IN "
    "(SELECT seq FROM event WHERE node = ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3) "
    "RETURNING seq, length(CAST(xml || payloads || behind AS BLOB))";

Store::Trimmed SqliteStore::trim_events(const Node& node, Seq up_to, std::size_t limit) {
  Trimmed trimmed;
  Query deleted = database_.query(delete_events, node.id, up_to, limit);
  while (deleted.next()) {
    const auto [seq, bytes] = deleted.row<Seq, std::uint64_t>();
    trimmed.bytes += bytes;
    trimmed.last = std::max(trimmed.last, seq);
  }
  return trimmed;
}

constexpr const char* find_oldest_event =
    "SELECT seq, happened, about, origin, distance, xml, payloads, behind FROM event "
    "WHERE node = ?1 ORDER BY seq LIMIT 1";

std::optional<LoggedEvent> SqliteStore::oldest_event(const Node& node) {
  Query found = database_.query(find_oldest_event, node.id);
  if (!found.next()) return {};
  return event_in(found);
}

constexpr const char* update_taken = "UPDATE subscription SET taken = ?2 WHERE id = ?1";

void SqliteStore::set_taken(SubscriptionId subscription, std::optional<Seq> taken) {
  database_.run(update_taken, subscription, taken);
}

constexpr const char* find_unfinished =
    "SELECT id FROM node INDEXED BY node_unfinished WHERE level < head AND id > ?1 "
    "ORDER BY id LIMIT ?2";

std::vector<NodeId> SqliteStore::unfinished_nodes(NodeId after, std::size_t limit) {
  std::vector<NodeId> nodes;
  Query found = database_.query(find_unfinished, after, limit);
  while (found.next()) nodes.push_back(std::get<0>(found.row<NodeId>()));
  return nodes;
}

constexpr const char* find_bounces = "SELECT count, first FROM bounce WHERE subscription = ?1";

Store::Bounces SqliteStore::bounces(SubscriptionId subscription) {
  Query found = database_.query(find_bounces, subscription);
  if (!found.next()) return {};
  const auto [count, first] = found.row<std::uint64_t, Time>();
  return {count, first};
}

constexpr const char* upsert_bounces =
    "INSERT INTO bounce (subscription, count, first) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (subscription) DO UPDATE SET count = ?2, first = ?3";
constexpr const char* delete_bounces = "DELETE FROM bounce WHERE subscription = ?1";

void SqliteStore::set_bounces(SubscriptionId subscription, const Bounces& bounces) {
  if (bounces.count == 0)
    database_.run(delete_bounces, subscription);
  else
    database_.run(upsert_bounces, subscription, bounces.count, bounces.first);
}

constexpr const char* find_items_by =
    "SELECT item.id FROM item WHERE node = ?1 AND seq >= ?2 "
    "AND publisher = (SELECT id FROM jid WHERE jid = ?3) ORDER BY seq LIMIT ?4";

std::vector<std::string> SqliteStore::items_by(const Node& node, std::string_view publisher,
                                               std::size_t limit) {
  std::vector<std::string> ids;
  Query found = database_.query(find_items_by, node.id, node.first_seq, publisher, limit);
  while (found.next()) ids.emplace_back(std::get<0>(found.row<std::string_view>()));
  return ids;
}

}  // namespace crier
