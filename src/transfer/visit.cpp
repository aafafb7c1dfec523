/// Reading a whole store. Every query walks over an index, or sorts the affiliations of one node,
/// which SQLite does in a file when they are many.

#include "base/glob.hpp"
#include "model/node_fields.hpp"
#include "model/subscription_fields.hpp"
#include "storage/sqlite_store.hpp"
#include "transfer/snapshot.hpp"

#include <map>
#include <utility>

namespace crier::transfer {

namespace {

/// A node of the list, without what belongs to it.
struct Listed {
  NodeId id{};
  Seq first_seq{};
};

/// Reads the store to its end once.
class Visit {
 public:
  Visit(Snapshot& snapshot, const Selection& selection,
        const std::function<void(const Record&)>& take)
      : snapshot_(snapshot), selection_(selection), take_(take) {}

  void all();

 private:
  bool is_whole() const { return selection_.nodes == "*"; }
  void service(const std::string& host);
  void redirects(const std::string& host);
  void nodes(const std::string& host, bool collections);
  void node(const Listed& listed, NodeRecord record);
  std::vector<std::string> parents(NodeId node);
  void affiliations(const Listed& node, const std::string& name);
  void subscriptions(const Listed& node, const std::string& name);
  std::map<Seq, std::uint64_t> items_behind(const Listed& node);
  void items(const Listed& node, const std::string& name);
  void contacts();

  Snapshot& snapshot_;
  const Selection& selection_;
  const std::function<void(const Record&)>& take_;
};

void Visit::all() {
  if (!selection_.service.empty()) return service(selection_.service);
  for (const auto& host : services(snapshot_)) service(host);
  if (is_whole()) contacts();
}

void Visit::service(const std::string& host) {
  take_(ServiceRecord{host});
  if (is_whole()) redirects(host);
  nodes(host, true);
  nodes(host, false);
}

constexpr const char* all_redirects =
    "SELECT name, uri FROM redirect WHERE host = ?1 ORDER BY name";

void Visit::redirects(const std::string& host) {
  Query found = snapshot_.query(all_redirects, host);
  while (found.next()) {
    const auto [name, uri] = found.row<std::string_view, std::string_view>();
    take_(RedirectRecord{std::string(name), std::string(uri)});
  }
}

// A line of the configuration says that a node is a collection. The root, which has no name,
// belongs to the service; what others have with it is carried.
constexpr const char* all_nodes =
    "SELECT node.id, name, config, jid.jid, created, first_seq "
    "FROM node JOIN jid ON jid.id = creator WHERE host = ?1 AND name >= '' "
    "AND (name > '' OR EXISTS (SELECT 1 FROM subscription WHERE node = node.id) "
    "OR EXISTS (SELECT 1 FROM affiliation WHERE node = node.id)) "
    "AND (instr(char(10) || config, char(10) || 'pubsub#node_type' || char(9)) > 0) = ?2 "
    "ORDER BY name";

void Visit::nodes(const std::string& host, bool collections) {
  Query found = snapshot_.query(all_nodes, host, std::int64_t{collections});
  while (found.next()) {
    const auto [id, name, config, creator, created, first_seq] =
        found.row<NodeId, std::string_view, std::string_view, std::string_view, Time, Seq>();
    if (!is_whole() && !matches_glob(selection_.nodes, name)) continue;
    NodeRecord record{.node = std::string(name),
                      .creator = std::string(creator),
                      .created = created,
                      .config = fields_of(from_stored(node_fields(), config)),
                      .parents = parents(id)};
    record.type = collections ? NodeType::collection : NodeType::leaf;
    node({id, first_seq}, std::move(record));
  }
}

void Visit::node(const Listed& listed, NodeRecord record) {
  const auto name = record.node;
  take_(std::move(record));
  if (selection_.parts != Selection::Parts::nodes_and_items) {
    affiliations(listed, name);
    subscriptions(listed, name);
  }
  if (selection_.parts != Selection::Parts::all_but_items) items(listed, name);
}

constexpr const char* parents_of =
    "SELECT name FROM association JOIN node ON node.id = collection WHERE child = ?1 ORDER BY name";

std::vector<std::string> Visit::parents(NodeId node) {
  std::vector<std::string> names;
  Query found = snapshot_.query(parents_of, node);
  while (found.next()) names.emplace_back(std::get<0>(found.row<std::string_view>()));
  return names;
}

constexpr const char* affiliations_of =
    "SELECT jid.jid, affiliation FROM affiliation JOIN jid ON jid.id = affiliation.jid "
    "WHERE node = ?1 ORDER BY jid.jid";

void Visit::affiliations(const Listed& node, const std::string& name) {
  Query found = snapshot_.query(affiliations_of, node.id);
  while (found.next()) {
    const auto [jid, affiliation] = found.row<std::string_view, Affiliation>();
    take_(AffiliationRecord{name, std::string(jid), affiliation});
  }
}

constexpr const char* subscriptions_of =
    "SELECT subscription.id, jid.jid, state, options, created, taken "
    "FROM subscription JOIN jid ON jid.id = subscription.jid WHERE node = ?1 "
    "ORDER BY subscription.id";
constexpr const char* cursors_of =
    "SELECT DISTINCT taken FROM subscription WHERE node = ?1 AND taken IS NOT NULL "
    "ORDER BY taken DESC";
constexpr const char* newest_seqs =
    "SELECT seq FROM item WHERE node = ?1 AND seq > max(?2, ?3 - 1) ORDER BY seq DESC";

/// To each cursor of the node's subscriptions, how many items lie behind it. They are walked over
/// once for all, as far as the last cursor.
std::map<Seq, std::uint64_t> Visit::items_behind(const Listed& node) {
  std::vector<Seq> cursors;
  Query found = snapshot_.query(cursors_of, node.id);
  while (found.next()) cursors.push_back(std::get<0>(found.row<Seq>()));
  std::map<Seq, std::uint64_t> behind;
  if (cursors.empty()) return behind;
  std::uint64_t count = 0;
  auto cursor = cursors.begin();
  Query items = snapshot_.query(newest_seqs, node.id, cursors.back(), node.first_seq);
  for (; items.next(); ++count) {
    const auto [seq] = items.row<Seq>();
    for (; *cursor >= seq; ++cursor) behind.emplace(*cursor, count);
  }
  for (; cursor != cursors.end(); ++cursor) behind.emplace(*cursor, count);
  return behind;
}

void Visit::subscriptions(const Listed& node, const std::string& name) {
  const auto behind = items_behind(node);
  Query found = snapshot_.query(subscriptions_of, node.id);
  while (found.next()) {
    const auto [id, jid, state, options, created, taken] =
        found.row<SubscriptionId, std::string_view, SubscriptionState, std::string_view, Time,
                  std::optional<Seq>>();
    SubscriptionRecord record{.node = name,
                              .jid = std::string(jid),
                              .state = state,
                              .subid = subid_of(id),
                              .created = created,
                              .options = fields_of(from_stored(subscription_fields(), options)),
                              .behind = {}};
    if (taken) record.behind = behind.at(*taken);
    take_(record);
  }
}

constexpr const char* items_of =
    "SELECT item.id, jid.jid, created, published, payload "
    "FROM item JOIN jid ON jid.id = publisher WHERE node = ?1 AND seq >= ?2 ORDER BY seq";

void Visit::items(const Listed& node, const std::string& name) {
  Query found = snapshot_.query(items_of, node.id, node.first_seq);
  Record record(std::in_place_type<ItemRecord>);
  auto& item = std::get<ItemRecord>(record);
  item.node = name;
  while (found.next()) {
    const auto [id, publisher, created, published, payload] =
        found.row<std::string_view, std::string_view, Time, Time, std::string_view>();
    item.id = id;
    item.publisher = publisher;
    item.created = created;
    item.published = published;
    item.payload = payload;
    take_(record);
  }
}

constexpr const char* all_contacts =
    "SELECT jid.jid, state FROM contact JOIN jid ON jid.id = contact.jid ORDER BY jid.jid";

void Visit::contacts() {
  Query found = snapshot_.query(all_contacts);
  while (found.next()) {
    const auto [jid, state] = found.row<std::string_view, std::int64_t>();
    take_(ContactRecord{std::string(jid), contact_in(state)});
  }
}

}  // namespace

constexpr const char* all_services =
    "SELECT host FROM node WHERE name IS NOT NULL UNION SELECT host FROM redirect ORDER BY 1";

std::vector<std::string> services(Snapshot& snapshot) {
  std::vector<std::string> hosts;
  Query found = snapshot.query(all_services);
  while (found.next()) hosts.emplace_back(std::get<0>(found.row<std::string_view>()));
  return hosts;
}

void visit(Snapshot& snapshot, const Selection& selection,
           const std::function<void(const Record&)>& take) {
  Visit(snapshot, selection, take).all();
}

constexpr const char* counted_items =
    "SELECT name, item_count FROM node WHERE name IS NOT NULL AND item_count > 0";

std::uint64_t count_items(Snapshot& snapshot, const Selection& selection) {
  std::uint64_t total = 0;
  Query found = snapshot.query(counted_items);
  while (found.next()) {
    const auto [name, count] = found.row<std::string_view, std::uint64_t>();
    if (selection.nodes == "*" || matches_glob(selection.nodes, name)) total += count;
  }
  return total;
}

}  // namespace crier::transfer
