/// How far the notifications of stored items have come.

#include "storage/sqlite_store.hpp"

namespace crier {

constexpr const char* find_told = "SELECT told FROM sequence WHERE id = 1";
constexpr const char* find_fanouts =
    "SELECT node, last, first, next FROM fanout ORDER BY node, last";

FanoutProgress SqliteStore::fanout_progress() {
  FanoutProgress progress;
  Query told = database_.query(find_told);
  if (told.next()) std::tie(progress.told) = told.row<Seq>();
  Query found = database_.query(find_fanouts);
  while (found.next()) {
    const auto [node, last, first, next] = found.row<NodeId, Seq, Seq, SubscriptionId>();
    progress.unfinished.push_back({node, last, first, next});
  }
  return progress;
}

constexpr const char* update_told = "UPDATE sequence SET told = ?1 WHERE id = 1";

void SqliteStore::set_told(Seq told) {
  database_.run(update_told, told);
}

constexpr const char* put_fanout =
    "INSERT INTO fanout (node, last, first, next) VALUES (?1, ?2, ?3, ?4) "
    "ON CONFLICT (node, last) DO UPDATE SET next = excluded.next";

void SqliteStore::set_fanout(const Fanout& fanout) {
  database_.run(put_fanout, fanout.node, fanout.last, fanout.first, fanout.next);
}

constexpr const char* delete_fanout = "DELETE FROM fanout WHERE node = ?1 AND last = ?2";

void SqliteStore::clear_fanout(const Fanout& fanout) {
  database_.run(delete_fanout, fanout.node, fanout.last);
}

constexpr const char* find_items_by_seq =
    "SELECT seq, item.id, jid.jid, payload, created, published, node "
    "FROM item JOIN jid ON jid.id = publisher WHERE seq >= ?1 AND seq <= ?2 ORDER BY seq";

void SqliteStore::items_of_all(Seq first, Seq last,
                               const std::function<void(NodeId, const StoredItem&)>& visit) {
  Query found = database_.query(find_items_by_seq, first, last);
  while (found.next()) {
    const auto [seq, id, publisher, payload, created, published, node] =
        found.row<Seq, std::string_view, std::string_view, std::string_view, Time, Time, NodeId>();
    visit(node, {seq, id, publisher, payload, created, published});
  }
}

}  // namespace crier
