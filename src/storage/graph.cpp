/// The graph of collections.

#include "model/node_fields.hpp"
#include "storage/sqlite_store.hpp"

#include <algorithm>

namespace crier {

namespace {

constexpr const char* parents_of =
    "SELECT name FROM association JOIN node ON node.id = collection WHERE child = ?1";
constexpr const char* children_of =
    "SELECT name FROM association JOIN node ON node.id = child WHERE collection = ?1";

/// Sorted here: the indexes are not in the order of names.
std::vector<std::string> names(Query&& found) {
  std::vector<std::string> list;
  while (found.next()) {
    const auto [name] = found.row<std::string_view>();
    list.emplace_back(name);
  }
  std::ranges::sort(list);
  return list;
}

}  // namespace

void SqliteStore::load_graph(Node& node) {
  node.config.collection.names = names(database_.query(parents_of, node.id));
  if (node.config.node_type == NodeType::collection)
    node.config.children.names = names(database_.query(children_of, node.id));
}

constexpr const char* find_place = "SELECT id, config FROM node WHERE host = ?1 AND name = ?2";

std::optional<SqliteStore::NodePlace> SqliteStore::place(const NodeKey& key) {
  NodePlace place;
  {
    Query found = database_.query(find_place, key.host, key.name);
    if (!found.next()) return {};
    const auto [id, config] = found.row<NodeId, std::string_view>();
    place.id = id;
    place.type = from_stored(node_fields(), config).node_type;
  }
  place.parents = names(database_.query(parents_of, place.id));
  return place;
}

constexpr const char* insert_association =
    "INSERT INTO association (collection, child) VALUES (?1, ?2) "
    "ON CONFLICT (collection, child) DO NOTHING";
constexpr const char* delete_association =
    "DELETE FROM association WHERE collection = ?1 AND child = ?2";
constexpr const char* update_level =
    "UPDATE node SET first_level = NOT EXISTS (SELECT 1 FROM association WHERE child = ?1) "
    "WHERE id = ?1";

constexpr const char* raise_children =
    "UPDATE node SET first_level = 1 WHERE id IN (SELECT child FROM association AS lost "
    "WHERE collection = ?1 AND NOT EXISTS (SELECT 1 FROM association AS kept "
    "WHERE kept.child = lost.child AND kept.collection <> ?1))";
constexpr const char* delete_children = "DELETE FROM association WHERE collection = ?1";
constexpr const char* delete_parents = "DELETE FROM association WHERE child = ?1";

void SqliteStore::remove_from_graph(NodeId node) {
  database_.run(raise_children, node);
  database_.run(delete_children, node);
  database_.run(delete_parents, node);
}

void SqliteStore::associate(NodeId collection, NodeId child) {
  database_.run(insert_association, collection, child);
  database_.run(update_level, child);
}

void SqliteStore::dissociate(NodeId collection, NodeId child) {
  database_.run(delete_association, collection, child);
  database_.run(update_level, child);
}

}  // namespace crier
