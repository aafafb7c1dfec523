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

// A new id costs one statement, an id that is there another.
constexpr const char* insert_item =
    "INSERT INTO item (seq, node, id, publisher, created, published, payload) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (node, id) DO NOTHING";
constexpr const char* replace_item =
    "UPDATE item SET seq = ?1, publisher = ?4, published = ?5, payload = ?6 "
    "WHERE node = ?2 AND id = ?3 AND seq >= ?7";
constexpr const char* delete_dead_item =
    "DELETE FROM item WHERE node = ?1 AND id = ?2 AND seq < ?3";

Store::Put SqliteStore::put(const Node& node, const NewItem& item) {
  const auto seq = sequence_.next();
  const auto publisher = jids_.intern(item.publisher);
  const auto insert = [&] {
    return database_.run(insert_item, seq, node.id, item.id, publisher, item.now, item.now,
                         item.payload) > 0;
  };
  if (insert()) return {seq, false};
  if (database_.run(replace_item, seq, node.id, item.id, publisher, item.now, item.payload,
                    node.first_seq) > 0)
    return {seq, true};
  database_.run(delete_dead_item, node.id, item.id, node.first_seq);
  insert();
  return {seq, false};
}

bool SqliteStore::insert(const Node& node, const StoredItem& item) {
  const auto publisher = jids_.intern(item.publisher);
  const auto seq = sequence_.next();
  const auto insert = [&] {
    return database_.run(insert_item, seq, node.id, item.id, publisher, item.created,
                         item.published, item.payload) > 0;
  };
  return insert() ||
         (database_.run(delete_dead_item, node.id, item.id, node.first_seq) > 0 && insert());
}

constexpr const char* update_item =
    "UPDATE item SET seq = ?1, publisher = ?4, created = ?5, published = ?6, payload = ?7 "
    "WHERE node = ?2 AND id = ?3";

void SqliteStore::replace(const Node& node, const StoredItem& item) {
  database_.run(update_item, sequence_.next(), node.id, item.id, jids_.intern(item.publisher),
                item.created, item.published, item.payload);
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

constexpr const char* retract_item = "DELETE FROM item WHERE node = ?1 AND id = ?2 AND seq >= ?3";

bool SqliteStore::retract(const Node& node, std::string_view id) {
  return database_.run(retract_item, node.id, id, node.first_seq) == 1;
}

constexpr const char* delete_item = "DELETE FROM item WHERE seq = ?1";
constexpr const char* oldest_ids =
    "SELECT seq, id FROM item WHERE node = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3";

std::vector<std::string> SqliteStore::evict_oldest(const Node& node, std::uint64_t count) {
  std::vector<Seq> seqs;
  std::vector<std::string> ids;
  Query oldest = database_.query(oldest_ids, node.id, node.first_seq, count);
  while (oldest.next()) {
    const auto [seq, id] = oldest.row<Seq, std::string_view>();
    seqs.push_back(seq);
    ids.emplace_back(id);
  }
  for (const auto seq : seqs) database_.run(delete_item, seq);
  return ids;
}

constexpr const char* newest_seqs =
    "SELECT seq FROM item WHERE node = ?1 AND seq >= ?2 ORDER BY seq DESC";

void SqliteStore::seqs(const Node& node, const std::function<bool(Seq)>& visit) {
  Query found = database_.query(newest_seqs, node.id, node.first_seq);
  while (found.next())
    if (!visit(std::get<0>(found.row<Seq>()))) return;
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
