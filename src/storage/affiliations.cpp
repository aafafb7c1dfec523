/// Affiliations.

#include "storage/sqlite_store.hpp"

#include <algorithm>

namespace crier {

// These numbers are in databases.
static_assert(Affiliation{1} == Affiliation::outcast &&
              Affiliation{2} == Affiliation::publish_only &&
              Affiliation{3} == Affiliation::member && Affiliation{4} == Affiliation::publisher &&
              Affiliation{5} == Affiliation::owner);

constexpr const char* affiliations_of_node =
    "SELECT jid.jid, affiliation FROM affiliation JOIN jid ON jid.id = affiliation.jid "
    "WHERE node = ?1";

void SqliteStore::load_affiliations(Node& node) {
  Query found = database_.query(affiliations_of_node, node.id);
  while (found.next()) {
    const auto [jid, affiliation] = found.row<std::string_view, Affiliation>();
    node.set_affiliation(jid, affiliation);
  }
}

constexpr const char* put_affiliation =
    "INSERT INTO affiliation (node, jid, affiliation) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (node, jid) DO UPDATE SET affiliation = excluded.affiliation";
constexpr const char* delete_affiliation = "DELETE FROM affiliation WHERE node = ?1 AND jid = ?2";

void SqliteStore::set_affiliation(NodeId node, std::string_view bare, Affiliation affiliation) {
  if (affiliation != Affiliation::none)
    database_.run(put_affiliation, node, jids_.intern(bare), affiliation);
  else if (const auto jid = jids_.find(bare))
    database_.run(delete_affiliation, node, *jid);
}

// CROSS JOIN keeps the order: SQLite would rather go through all nodes of the host. Sorted here:
// the index that finds them is not in the order of names.
constexpr const char* affiliations_of_jid =
    "SELECT name, affiliation FROM affiliation CROSS JOIN node ON node.id = affiliation.node "
    "WHERE affiliation.jid = (SELECT id FROM jid WHERE jid = ?2) "
    "AND host = ?1 AND name IS NOT NULL";

std::vector<AffiliationSummary> SqliteStore::affiliations_of(std::string_view host,
                                                             std::string_view bare) {
  std::vector<AffiliationSummary> list;
  Query found = database_.query(affiliations_of_jid, host, bare);
  while (found.next()) {
    const auto [node, affiliation] = found.row<std::string_view, Affiliation>();
    list.push_back({std::string(node), affiliation});
  }
  std::ranges::sort(list, {}, &AffiliationSummary::node);
  return list;
}

constexpr const char* any_owned =
    "SELECT 1 FROM affiliation CROSS JOIN node ON node.id = affiliation.node "
    "WHERE affiliation.jid = (SELECT id FROM jid WHERE jid = ?2) AND affiliation = 5 "
    "AND host = ?1 AND name IS NOT NULL LIMIT 1";
static_assert(Affiliation{5} == Affiliation::owner);

bool SqliteStore::owns_any(std::string_view host, std::string_view bare) {
  return database_.query(any_owned, host, bare).next();
}

}  // namespace crier
