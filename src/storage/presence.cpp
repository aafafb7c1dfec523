/// With whom the service shares presence, and for what presence matters.

#include "storage/sqlite_store.hpp"

namespace crier {

namespace {

constexpr std::int64_t sees_us = 1, seen = 2, asked = 4;

}  // namespace

Contact contact_in(std::int64_t state) {
  return {(state & sees_us) != 0, (state & seen) != 0, (state & asked) != 0};
}

constexpr const char* find_contact =
    "SELECT state FROM contact WHERE jid = (SELECT id FROM jid WHERE jid = ?1)";

Contact SqliteStore::contact(std::string_view bare) {
  Query found = database_.query(find_contact, bare);
  if (!found.next()) return {};
  const auto [state] = found.row<std::int64_t>();
  return contact_in(state);
}

constexpr const char* upsert_contact =
    "INSERT INTO contact (jid, state) VALUES (?1, ?2) ON CONFLICT (jid) DO UPDATE SET state = ?2";
constexpr const char* delete_contact =
    "DELETE FROM contact WHERE jid = (SELECT id FROM jid WHERE jid = ?1)";

void SqliteStore::set_contact(std::string_view bare, const Contact& contact) {
  if (contact == Contact()) {
    database_.run(delete_contact, bare);
    return;
  }
  const std::int64_t state =
      (contact.sees_us ? sees_us : 0) | (contact.seen ? seen : 0) | (contact.asked ? asked : 0);
  database_.run(upsert_contact, jids_.intern(bare), state);
}

constexpr const char* next_contacts =
    "SELECT contact.jid, jid.jid, state FROM contact CROSS JOIN jid ON jid.id = contact.jid "
    "WHERE contact.jid > ?1 ORDER BY contact.jid LIMIT ?2";

std::int64_t SqliteStore::contacts(
    std::int64_t after, std::size_t limit,
    const std::function<void(std::string_view bare, const Contact&)>& visit) {
  Query found = database_.query(next_contacts, after, limit);
  std::size_t count = 0;
  for (; found.next(); ++count) {
    const auto [place, jid, state] = found.row<std::int64_t, std::string_view, std::int64_t>();
    visit(jid, contact_in(state));
    after = place;
  }
  return count < limit ? 0 : after;
}

// As subscriptions_of_jid in subscriptions.cpp, of which some are passed over.
constexpr const char* find_watched =
    "SELECT subscription.id, name, jid.jid, taken FROM jid "
    "CROSS JOIN subscription ON subscription.jid = jid.id "
    "CROSS JOIN node ON node.id = subscription.node "
    "WHERE (jid.jid = ?2 OR jid.jid > ?2 || '/' AND jid.jid < ?2 || '0') "
    "AND host = ?1 AND name IS NOT NULL "
    "AND (subscription.follows_presence > 0 OR node.follows_presence > 0)";

std::vector<WatchedSubscription> SqliteStore::watched_subscriptions(std::string_view host,
                                                                    std::string_view bare) {
  std::vector<WatchedSubscription> list;
  Query found = database_.query(find_watched, host, bare);
  while (found.next()) {
    const auto [id, node, jid, taken] =
        found.row<SubscriptionId, std::string_view, std::string_view, std::optional<Seq>>();
    list.push_back({id, std::string(node), std::string(jid), taken.has_value()});
  }
  return list;
}

constexpr const char* find_temporary =
    "SELECT id FROM subscription INDEXED BY subscription_temporary "
    "WHERE follows_presence = 2 AND id > ?1 "
    "UNION SELECT subscription.id FROM node INDEXED BY node_temporary "
    "CROSS JOIN subscription ON subscription.node = node.id "
    "WHERE node.follows_presence = 2 AND subscription.id > ?1 ORDER BY 1 LIMIT ?2";

std::vector<SubscriptionId> SqliteStore::temporary_subscriptions(SubscriptionId after,
                                                                 std::size_t limit) {
  std::vector<SubscriptionId> list;
  Query found = database_.query(find_temporary, after, limit);
  while (found.next()) list.push_back(std::get<0>(found.row<SubscriptionId>()));
  return list;
}

constexpr const char* insert_offline_purge =
    "INSERT INTO offline_purge (publisher, node) VALUES (?1, ?2) ON CONFLICT DO NOTHING";

void SqliteStore::add_offline_purge(std::string_view publisher, NodeId node) {
  database_.run(insert_offline_purge, jids_.intern(publisher), node);
}

constexpr const char* find_offline_purges =
    "SELECT node FROM offline_purge WHERE publisher = (SELECT id FROM jid WHERE jid = ?1) LIMIT ?2";
constexpr const char* delete_offline_purge =
    "DELETE FROM offline_purge WHERE publisher = (SELECT id FROM jid WHERE jid = ?1) AND node = ?2";

std::vector<NodeId> SqliteStore::take_offline_purges(std::string_view publisher,
                                                     std::size_t limit) {
  std::vector<NodeId> nodes;
  {
    Query found = database_.query(find_offline_purges, publisher, limit);
    while (found.next()) nodes.push_back(std::get<0>(found.row<NodeId>()));
  }
  for (const auto node : nodes) database_.run(delete_offline_purge, publisher, node);
  return nodes;
}

}  // namespace crier
