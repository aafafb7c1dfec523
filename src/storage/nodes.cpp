/// Nodes.

#include "model/node_fields.hpp"
#include "storage/sqlite_store.hpp"

namespace crier {

constexpr const char* find_node =
    "SELECT node.id, config, jid.jid, created, first_seq, item_count, head, level, log_start, "
    "versions_start, log_bytes FROM node JOIN jid ON jid.id = creator WHERE host = ?1 AND name = "
    "?2";

std::shared_ptr<Node> SqliteStore::load(const NodeKey& key) {
  Query found = database_.query(find_node, key.host, key.name);
  if (!found.next()) return {};
  const auto [id, config, creator, created, first_seq, item_count, head, level, log_start,
              versions_start, log_bytes] =
      found.row<NodeId, std::string_view, std::string_view, Time, Seq, std::uint64_t, Seq, Seq, Seq,
                Seq, std::uint64_t>();
  auto node = std::make_shared<Node>();
  node->id = id;
  node->key = key;
  node->config = from_stored(node_fields(), config);
  node->creator = creator;
  node->created = created;
  static_cast<NodeCounts&>(*node) = {.first_seq = first_seq,
                                     .item_count = item_count,
                                     .head = head,
                                     .level = level,
                                     .log_start = log_start,
                                     .versions_start = versions_start,
                                     .log_bytes = log_bytes};
  load_graph(*node);
  load_affiliations(*node);
  load_subscriptions(*node);
  return node;
}

constexpr const char* find_config = "SELECT config FROM node WHERE host = ?1 AND name = ?2";

std::optional<NodeConfig> SqliteStore::config_of(const NodeKey& key) {
  Query found = database_.query(find_config, key.host, key.name);
  if (!found.next()) return {};
  const auto [config] = found.row<std::string_view>();
  return from_stored(node_fields(), config);
}

constexpr const char* count_pages = "PRAGMA page_count";
constexpr const char* count_free_pages = "PRAGMA freelist_count";
constexpr const char* find_page_size = "PRAGMA page_size";

std::uint64_t SqliteStore::bytes_in_use() {
  const auto number = [this](const char* pragma) {
    Query found = database_.query(pragma);
    found.next();
    return std::get<0>(found.row<std::int64_t>());
  };
  const auto pages = number(count_pages) - number(count_free_pages);
  return static_cast<std::uint64_t>(pages * number(find_page_size));
}

constexpr const char* find_key = "SELECT host, name FROM node WHERE id = ?1 AND name IS NOT NULL";

std::optional<NodeKey> SqliteStore::key_of(NodeId node) {
  Query found = database_.query(find_key, node);
  if (!found.next()) return {};
  const auto [host, name] = found.row<std::string_view, std::string_view>();
  return NodeKey{std::string(host), std::string(name)};
}

constexpr const char* insert_node =
    "INSERT INTO node (host, name, config, creator, created, follows_presence) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

constexpr const char* forget_redirect = "DELETE FROM redirect WHERE host = ?1 AND name = ?2";

void SqliteStore::create(Node& node) {
  database_.run(insert_node, node.key.host, node.key.name, to_stored(node_fields(), node.config),
                jids_.intern(node.creator), node.created, node.config.follows_presence());
  node.id = NodeId{database_.last_id()};
  database_.run(forget_redirect, node.key.host, node.key.name);
  if (!node.key.name.empty()) usage_.add_nodes(node.creator, 1);
  static_cast<NodeCounts&>(node) = {};
}

constexpr const char* insert_redirect =
    "INSERT INTO redirect (host, name, uri) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (host, name) DO UPDATE SET uri = ?3";

void SqliteStore::set_redirect(const NodeKey& key, std::string_view uri) {
  database_.run(insert_redirect, key.host, key.name, uri);
}

constexpr const char* find_redirect = "SELECT uri FROM redirect WHERE host = ?1 AND name = ?2";

std::optional<std::string> SqliteStore::redirect(const NodeKey& key) {
  Query found = database_.query(find_redirect, key.host, key.name);
  if (!found.next()) return {};
  const auto [uri] = found.row<std::string_view>();
  return std::string(uri);
}

constexpr const char* update_config =
    "UPDATE node SET config = ?2, follows_presence = ?3 WHERE id = ?1";

void SqliteStore::save_config(const Node& node) {
  database_.run(update_config, node.id, to_stored(node_fields(), node.config),
                node.config.follows_presence());
}

// Items that come to lie before first_seq are left for the sweep.
constexpr const char* sweep_purged =
    "INSERT INTO sweep (node) SELECT id FROM node WHERE id = ?1 AND first_seq < ?2 "
    "ON CONFLICT (node) DO NOTHING";
constexpr const char* update_counts =
    "UPDATE node SET first_seq = ?2, item_count = ?3 WHERE id = ?1";
constexpr const char* update_event_counts =
    "UPDATE node SET head = ?2, level = ?3, log_start = ?4, versions_start = ?5, log_bytes = ?6 "
    "WHERE id = ?1";

void SqliteStore::save_counts(const Node& node) {
  if (node.first_seq != node.stored.first_seq) database_.run(sweep_purged, node.id, node.first_seq);
  database_.run(update_counts, node.id, node.first_seq, node.item_count);
  // Few nodes have durable subscriptions.
  if (node.head == node.stored.head && node.level == node.stored.level &&
      node.log_start == node.stored.log_start &&
      node.versions_start == node.stored.versions_start && node.log_bytes == node.stored.log_bytes)
    return;
  database_.run(update_event_counts, node.id, node.head, node.level, node.log_start,
                node.versions_start, node.log_bytes);
}

constexpr const char* sweep_node =
    "INSERT INTO sweep (node) VALUES (?1) ON CONFLICT (node) DO NOTHING";
constexpr const char* remove_node =
    "UPDATE node SET name = NULL WHERE id = ?1 AND name IS NOT NULL";

void SqliteStore::remove(const Node& node) {
  remove_from_graph(node.id);
  const bool was_there = database_.run(remove_node, node.id) > 0;
  if (was_there && !node.key.name.empty()) usage_.add_nodes(node.creator, -1);
  database_.run(sweep_node, node.id);
}

namespace {

NodeSummary summary_in(const Query& found) {
  const auto [name, config, affiliation] =
      found.row<std::string_view, std::string_view, Affiliation>();
  return {std::string(name), from_stored(node_fields(), config), affiliation};
}

}  // namespace

// No name comes after this one: no byte of UTF-8 is greater.
constexpr std::string_view after_all_names = "\xff";

constexpr const char* next_nodes =
    "SELECT name, config, "
    "coalesce((SELECT affiliation FROM affiliation WHERE node = node.id AND jid = ?4), 0) "
    "FROM node WHERE host = ?1 AND name > ?2 AND first_level = 1 ORDER BY name LIMIT ?3";
constexpr const char* previous_nodes =
    "SELECT name, config, "
    "coalesce((SELECT affiliation FROM affiliation WHERE node = node.id AND jid = ?4), 0) "
    "FROM node WHERE host = ?1 AND name < ?2 AND name > '' AND first_level = 1 "
    "ORDER BY name DESC LIMIT ?3";

std::vector<NodeSummary> SqliteStore::nodes(std::string_view host, const Range<std::string>& range,
                                            std::string_view asker) {
  std::vector<NodeSummary> list;
  const JidId asker_id = jids_.find(asker).value_or(JidId{});
  const std::string_view start = range.backwards ? after_all_names : std::string_view();
  const std::string_view from = range.from ? std::string_view(*range.from) : start;
  Query found = database_.query(range.backwards ? previous_nodes : next_nodes, host, from,
                                range.limit, asker_id);
  while (found.next()) list.push_back(summary_in(found));
  return list;
}

constexpr const char* next_of_all_nodes =
    "SELECT name, config, jid.jid, created, item_count FROM node JOIN jid ON jid.id = creator "
    "WHERE host = ?1 AND name > ?2 ORDER BY name LIMIT ?3";
constexpr const char* previous_of_all_nodes =
    "SELECT name, config, jid.jid, created, item_count FROM node JOIN jid ON jid.id = creator "
    "WHERE host = ?1 AND name < ?2 AND name > '' ORDER BY name DESC LIMIT ?3";

std::vector<NodeEntry> SqliteStore::all_nodes(std::string_view host,
                                              const Range<std::string>& range) {
  std::vector<NodeEntry> list;
  const std::string_view start = range.backwards ? after_all_names : std::string_view();
  const std::string_view from = range.from ? std::string_view(*range.from) : start;
  Query found = database_.query(range.backwards ? previous_of_all_nodes : next_of_all_nodes, host,
                                from, range.limit);
  while (found.next()) {
    const auto [name, config, creator, created, item_count] =
        found.row<std::string_view, std::string_view, std::string_view, Time, std::uint64_t>();
    list.push_back({std::string(name), from_stored(node_fields(), config), std::string(creator),
                    created, item_count});
  }
  return list;
}

constexpr const char* find_summary =
    "SELECT name, config, "
    "coalesce((SELECT affiliation FROM affiliation WHERE node = node.id AND jid = ?3), 0) "
    "FROM node WHERE host = ?1 AND name = ?2";

std::optional<NodeSummary> SqliteStore::summary(const NodeKey& key, std::string_view asker) {
  const JidId asker_id = jids_.find(asker).value_or(JidId{});
  Query found = database_.query(find_summary, key.host, key.name, asker_id);
  if (!found.next()) return {};
  return summary_in(found);
}

// The index holds those that were not removed.
constexpr const char* created_nodes =
    "SELECT 1 FROM node WHERE creator = (SELECT id FROM jid WHERE jid = ?2) AND host = ?1 "
    "AND name IS NOT NULL LIMIT ?3";

std::size_t SqliteStore::count_created(std::string_view host, std::string_view bare,
                                       std::size_t most) {
  std::size_t count = 0;
  Query found = database_.query(created_nodes, host, bare, most);
  while (found.next()) ++count;
  return count;
}

}  // namespace crier
