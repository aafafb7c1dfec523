/// Items. They lie in the order of publication; a node's are found through two indexes, by id and
/// in order. Whatever lies before a node's first_seq is gone, though its row may still be there.

#include "storage/sqlite_store.hpp"

#include <algorithm>
#include <limits>

namespace crier {

namespace {

StoredItem stored_item(const Query& found) {
  const auto [seq, id, publisher, payload, created, published] =
      found.row<Seq, std::string_view, std::string_view, std::string_view, Time, Time>();
  return {seq, id, publisher, payload, created, published};
}

}  // namespace

// What is counted of a row is learnt before it goes: SQLite makes a table of its own for RETURNING.
constexpr const char* find_item_row =
    "SELECT seq, publisher, payload, created FROM item WHERE node = ?1 AND id = ?2";

std::optional<SqliteStore::ItemRow> SqliteStore::find_row(NodeId node, std::string_view id) {
  Query found = database_.query(find_item_row, node, id);
  if (!found.next()) return {};
  const auto [seq, publisher, payload, created] = found.row<Seq, JidId, std::string_view, Time>();
  return ItemRow{seq, publisher, id.size() + payload.size(), created};
}

constexpr const char* delete_item = "DELETE FROM item WHERE seq = ?1";

void SqliteStore::delete_row(const ItemRow& row) {
  database_.run(delete_item, row.seq);
  usage_.remove_item(row.publisher, row.bytes);
}

// A new id costs one statement, an id that is there two others.
constexpr const char* insert_item =
    "INSERT INTO item (seq, node, id, publisher, created, published, payload) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (node, id) DO NOTHING";

bool SqliteStore::insert_row(NodeId node, const StoredItem& item) {
  const auto publisher = jids_.intern(item.publisher);
  if (database_.run(insert_item, item.seq, node, item.id, publisher, item.created, item.published,
                    item.payload) == 0)
    return false;
  usage_.add_item(publisher, item.publisher, item.id.size() + item.payload.size());
  return true;
}

constexpr const char* replace_item =
    "UPDATE item SET seq = ?2, publisher = ?3, created = ?4, published = ?5, payload = ?6 "
    "WHERE seq = ?1";

void SqliteStore::replace_row(const ItemRow& row, const StoredItem& item) {
  const auto publisher = jids_.intern(item.publisher);
  database_.run(replace_item, row.seq, item.seq, publisher, item.created, item.published,
                item.payload);
  usage_.remove_item(row.publisher, row.bytes);
  usage_.add_item(publisher, item.publisher, item.id.size() + item.payload.size());
}

Store::Put SqliteStore::put(const Node& node, const NewItem& item) {
  StoredItem stored{sequence_.next(), item.id, item.publisher, item.payload, item.now, item.now};
  if (insert_row(node.id, stored)) return {stored.seq, false};
  const auto there = find_row(node.id, item.id).value();
  const bool is_alive = there.seq >= node.first_seq;
  if (is_alive) stored.created = there.created;
  replace_row(there, stored);
  return {stored.seq, is_alive};
}

bool SqliteStore::insert(const Node& node, const StoredItem& item) {
  StoredItem stored = item;
  stored.seq = sequence_.next();
  if (insert_row(node.id, stored)) return true;
  const auto there = find_row(node.id, item.id).value();
  if (there.seq >= node.first_seq) return false;
  replace_row(there, stored);
  return true;
}

void SqliteStore::replace(const Node& node, const StoredItem& item) {
  StoredItem stored = item;
  stored.seq = sequence_.next();
  if (const auto there = find_row(node.id, item.id)) replace_row(*there, stored);
}

constexpr const char* find_item =
    "SELECT seq, item.id, jid.jid, payload, created, published "
    "FROM item JOIN jid ON jid.id = publisher WHERE node = ?1 AND item.id = ?2 AND seq >= ?3";

bool SqliteStore::item(const Node& node, std::string_view id,
                       const std::function<void(const StoredItem&)>& visit) {
  Query found = database_.query(find_item, node.id, id, node.first_seq);
  if (!found.next()) return false;
  visit(stored_item(found));
  return true;
}

constexpr const char* oldest_items =
    "SELECT seq, item.id, jid.jid, payload, created, published "
    "FROM item JOIN jid ON jid.id = publisher "
    "WHERE node = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq LIMIT ?4 OFFSET ?5";
constexpr const char* newest_items =
    "SELECT seq, item.id, jid.jid, payload, created, published "
    "FROM item JOIN jid ON jid.id = publisher "
    "WHERE node = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?4 OFFSET ?5";

void SqliteStore::items(const Node& node, const ItemRange& range,
                        const std::function<bool(const StoredItem&)>& visit) {
  // One bound: of two, SQLite goes to the first and passes over all up to the second.
  const Seq gone{static_cast<std::int64_t>(node.first_seq) - 1};
  const Seq after = std::max(gone, range.after.value_or(gone));
  constexpr Seq end{std::numeric_limits<std::int64_t>::max()};
  Query found = database_.query(range.newest ? newest_items : oldest_items, node.id, after,
                                range.before.value_or(end), range.limit, range.offset);
  while (found.next())
    if (!visit(stored_item(found))) return;
}

bool SqliteStore::retract(const Node& node, std::string_view id) {
  const auto row = find_row(node.id, id);
  if (!row || row->seq < node.first_seq) return false;
  delete_row(*row);
  return true;
}

constexpr const char* oldest_rows =
    "SELECT seq, publisher, id, payload FROM item WHERE node = ?1 AND seq >= ?2 "
    "ORDER BY seq LIMIT ?3";

std::vector<std::string> SqliteStore::evict_oldest(const Node& node, std::uint64_t count) {
  std::vector<ItemRow> rows;
  std::vector<std::string> ids;
  Query oldest = database_.query(oldest_rows, node.id, node.first_seq, count);
  while (oldest.next()) {
    const auto [seq, publisher, id, payload] =
        oldest.row<Seq, JidId, std::string_view, std::string_view>();
    rows.push_back({seq, publisher, id.size() + payload.size()});
    ids.emplace_back(id);
  }
  for (const auto& row : rows) delete_row(row);
  return ids;
}

constexpr const char* newest_seqs =
    "SELECT seq FROM item WHERE node = ?1 AND seq >= ?2 ORDER BY seq DESC";

void SqliteStore::seqs(const Node& node, const std::function<bool(Seq)>& visit) {
  Query found = database_.query(newest_seqs, node.id, node.first_seq);
  while (found.next())
    if (!visit(std::get<0>(found.row<Seq>()))) return;
}

constexpr const char* dead_rows =
    "SELECT seq, publisher, id, payload FROM item WHERE node = ?1 AND seq < ?2 "
    "ORDER BY seq LIMIT ?3";

std::size_t SqliteStore::sweep_items(NodeId node, Seq first_seq, std::size_t limit) {
  std::vector<ItemRow> rows;
  Query dead = database_.query(dead_rows, node, first_seq, limit);
  while (dead.next()) {
    const auto [seq, publisher, id, payload] =
        dead.row<Seq, JidId, std::string_view, std::string_view>();
    rows.push_back({seq, publisher, id.size() + payload.size()});
  }
  for (const auto& row : rows) delete_row(row);
  return rows.size();
}

constexpr const char* newest_but =
    "SELECT seq FROM item WHERE node = ?1 AND seq >= ?2 ORDER BY seq DESC LIMIT 1 OFFSET ?3";

std::optional<Seq> SqliteStore::displaced(const Node& node, std::uint64_t count) {
  Query found = database_.query(newest_but, node.id, node.first_seq, count);
  if (!found.next()) return {};
  const auto [seq] = found.row<Seq>();
  return seq;
}

}  // namespace crier
