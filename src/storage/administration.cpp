/// Bans, the audit log and announcements.

#include "storage/sqlite_store.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace crier {

constexpr const char* find_bans =
    "SELECT jid, reason, by, created, expires FROM ban WHERE jid > '' LIMIT ?1";

std::vector<Ban> SqliteStore::bans(std::size_t limit) {
  std::vector<Ban> list;
  Query found = database_.query(find_bans, limit);
  while (found.next()) {
    const auto [jid, reason, by, created, expires] =
        found
            .row<std::string_view, std::string_view, std::string_view, Time, std::optional<Time>>();
    list.push_back({std::string(jid), std::string(reason), std::string(by), created, expires});
  }
  return list;
}

constexpr const char* upsert_ban =
    "INSERT INTO ban (jid, reason, by, created, expires) VALUES (?1, ?2, ?3, ?4, ?5) "
    "ON CONFLICT (jid) DO UPDATE SET reason = ?2, by = ?3, created = ?4, expires = ?5";

void SqliteStore::set_ban(const Ban& ban) {
  database_.run(upsert_ban, ban.jid, ban.reason, ban.by, ban.created, ban.expires);
}

constexpr const char* delete_ban = "DELETE FROM ban WHERE jid = ?1";

void SqliteStore::remove_ban(std::string_view jid) {
  database_.run(delete_ban, jid);
}

constexpr const char* insert_audit =
    "INSERT INTO audit (time, actor, resource, action, node, subject, old_value, new_value, "
    "by_admin, serial) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
    "1 + coalesce((SELECT max(serial) FROM audit WHERE by_admin = ?9), 0))";

namespace {

std::string_view resource_of(std::string_view jid) {
  return jid.substr(std::min(bare_of(jid).size() + 1, jid.size()));
}

}  // namespace

void SqliteStore::append_audit(const AuditEntry& entry) {
  database_.run(insert_audit, entry.time, bare_of(entry.by), resource_of(entry.by), entry.action,
                entry.node, entry.subject, entry.old_value, entry.new_value, entry.by_admin);
}

void SqliteStore::append_audit_to(sqlite3* connection, const AuditEntry& entry) {
  const Statement statement(connection, insert_audit);
  Query(statement, entry.time, bare_of(entry.by), resource_of(entry.by), entry.action, entry.node,
        entry.subject, entry.old_value, entry.new_value, entry.by_admin)
      .next();
}

namespace {

/// One statement for each set of filters (1: node, 2: actor) and each direction (1: newest first),
/// so that each goes along an index that is in the order of the ids.
std::string audit_statement(std::size_t filters, bool newest_first) {
  std::string sql =
      "SELECT id, time, actor, resource, action, node, subject, old_value, new_value, by_admin "
      "FROM audit WHERE id > ?1 AND id < ?2";
  if (filters & 1) sql += " AND node = ?4";
  if (filters & 2) sql += " AND actor = ?5";
  return sql + (newest_first ? " ORDER BY id DESC LIMIT ?3" : " ORDER BY id LIMIT ?3");
}

const char* find_audit(std::size_t filters, bool newest_first) {
  static const std::array<std::array<std::string, 2>, 4> statements = [] {
    std::array<std::array<std::string, 2>, 4> all;
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = {audit_statement(i, false), audit_statement(i, true)};
    return all;
  }();
  return statements[filters][newest_first ? 1 : 0].c_str();
}

constexpr const char* first_audit_since =
    "SELECT id FROM audit WHERE time >= ?1 ORDER BY time, id LIMIT 1";

AuditEntry entry_in(const Query& found) {
  const auto [id, time, actor, resource, action, node, subject, old_value, new_value, by_admin] =
      found.row<std::int64_t, Time, std::string_view, std::string_view, std::string_view,
                std::string_view, std::string_view, std::string_view, std::string_view, bool>();
  AuditEntry entry{id, time, std::string(actor)};
  if (!resource.empty()) entry.by.append("/").append(resource);
  entry.action = action;
  entry.node = node;
  entry.subject = subject;
  entry.old_value = old_value;
  entry.new_value = new_value;
  entry.by_admin = by_admin;
  return entry;
}

}  // namespace

std::vector<AuditEntry> SqliteStore::audit(const AuditQuery& query) {
  std::vector<AuditEntry> list;
  auto after = query.after;
  if (query.since) {
    Query first = database_.query(first_audit_since, *query.since);
    if (!first.next()) return list;
    after = std::max(after, std::get<0>(first.row<std::int64_t>()) - 1);
  }
  const std::size_t filters = (query.node.empty() ? 0u : 1u) + (query.by.empty() ? 0u : 2u);
  const char* sql = find_audit(filters, !query.is_oldest_first);
  const auto collect = [&](Query found) {
    while (found.next()) list.push_back(entry_in(found));
  };
  if (filters == 0) collect(database_.query(sql, after, query.before, query.limit));
  if (filters == 1) collect(database_.query(sql, after, query.before, query.limit, query.node));
  if (filters >= 2)
    collect(database_.query(sql, after, query.before, query.limit, query.node, query.by));
  return list;
}

// Of each kind the serial numbers stand without gaps, but for those that are gone because of their
// age: between the last and that many before it there are never more.
constexpr const char* trim_audit_rows =
    "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE by_admin = ?3 AND serial <= "
    "(SELECT max(serial) FROM audit WHERE by_admin = ?3) - ?1 ORDER BY serial LIMIT ?2)";
constexpr const char* trim_audit_age =
    "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE time < ?1 ORDER BY time LIMIT ?2)";

bool SqliteStore::trim_audit(std::uint64_t keep, Time since, std::size_t rows) {
  auto left = rows;
  for (const bool by_admin : {false, true}) {
    left -= static_cast<std::size_t>(database_.run(trim_audit_rows, keep, left, by_admin));
    if (left == 0) return true;
  }
  return static_cast<std::size_t>(database_.run(trim_audit_age, since, left)) >= left;
}

constexpr const char* insert_announcement =
    "INSERT INTO announcement (type, subject, body, until, after, told) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

std::int64_t SqliteStore::add_announcement(const Announcement& announcement) {
  database_.run(insert_announcement, announcement.type, announcement.subject, announcement.body,
                announcement.until, announcement.after, announcement.told);
  return database_.last_id();
}

constexpr const char* first_announcement =
    "SELECT id, type, subject, body, until, after, told FROM announcement WHERE id > 0 ORDER BY id "
    "LIMIT 1";

std::optional<Announcement> SqliteStore::announcement() {
  Query found = database_.query(first_announcement);
  if (!found.next()) return {};
  const auto [id, type, subject, body, until, after, told] =
      found.row<std::int64_t, std::string_view, std::string_view, std::string_view,
                std::optional<Time>, std::string_view, std::string_view>();
  return Announcement{id,    std::string(type),  std::string(subject), std::string(body),
                      until, std::string(after), std::string(told)};
}

constexpr const char* update_announcement =
    "UPDATE announcement SET after = ?2, told = ?3 WHERE id = ?1";

void SqliteStore::save_announcement(const Announcement& announcement) {
  database_.run(update_announcement, announcement.id, announcement.after, announcement.told);
}

constexpr const char* delete_announcement = "DELETE FROM announcement WHERE id = ?1";

void SqliteStore::remove_announcement(std::int64_t id) {
  database_.run(delete_announcement, id);
}

// Of each JID whether it is subscribed, and whether its bare one is, if it has another.
constexpr const char* next_subscribers =
    "SELECT one.jid, "
    "EXISTS (SELECT 1 FROM subscription CROSS JOIN node ON node.id = subscription.node "
    "WHERE subscription.jid = one.id AND state = 2 AND host = ?1 AND name IS NOT NULL) "
    "AND NOT (instr(one.jid, '/') > 0 AND EXISTS (SELECT 1 FROM subscription "
    "CROSS JOIN node ON node.id = subscription.node WHERE subscription.jid = "
    "(SELECT id FROM jid WHERE jid = substr(one.jid, 1, instr(one.jid, '/') - 1)) "
    "AND state = 2 AND host = ?1 AND name IS NOT NULL)) "
    "FROM jid AS one WHERE one.jid > ?2 ORDER BY one.jid LIMIT ?3";
static_assert(SubscriptionState{2} == SubscriptionState::subscribed);

std::string SqliteStore::subscribers(std::string_view host, std::string_view after,
                                     std::size_t limit,
                                     const std::function<void(std::string_view)>& visit) {
  std::string last;
  std::size_t count = 0;
  Query found = database_.query(next_subscribers, host, after, limit);
  for (; found.next(); ++count) {
    const auto [jid, is_visited] = found.row<std::string_view, bool>();
    if (is_visited) visit(jid);
    last = jid;
  }
  return count < limit ? std::string() : last;
}

}  // namespace crier
