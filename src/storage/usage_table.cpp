#include "storage/usage_table.hpp"

namespace crier {

namespace {

// `whom`, as schema/0008.sql has it.
constexpr std::int64_t the_service = 0;
/// What an import adds is one transaction: its publishers are more than memory should hold.
constexpr std::size_t max_changes = 10'000;

std::int64_t account(JidId jid) {
  return static_cast<std::int64_t>(jid);
}

std::int64_t domain(JidId jid) {
  return -static_cast<std::int64_t>(jid);
}

}  // namespace

void UsageTable::add_item(JidId publisher, std::string_view bare, std::uint64_t bytes) {
  count_item(publisher, jids_.domain_of(publisher, bare), 1, static_cast<std::int64_t>(bytes));
}

void UsageTable::remove_item(JidId publisher, std::uint64_t bytes) {
  count_item(publisher, jids_.domain_of(publisher), -1, -static_cast<std::int64_t>(bytes));
}

void UsageTable::count_item(JidId publisher, JidId its_domain, std::int64_t items,
                            std::int64_t bytes) {
  for (const auto whom : {account(publisher), domain(its_domain)}) {
    auto& change = changes_[whom];
    change.items += items;
    change.bytes += bytes;
  }
  service_.items += items;
  bound();
}

void UsageTable::add_nodes(std::string_view creator, std::int64_t count) {
  change_of_domain(creator).nodes += count;
  service_.nodes += count;
  bound();
}

void UsageTable::add_subscriptions(std::string_view subscriber, std::int64_t count) {
  change_of_domain(subscriber).subscriptions += count;
  service_.subscriptions += count;
  bound();
}

void UsageTable::bound() {
  if (changes_.size() > max_changes) write();
}

UsageTable::Change& UsageTable::change_of_domain(std::string_view jid) {
  return changes_[domain(jids_.intern(domain_of(jid)))];
}

constexpr const char* find_usage =
    "SELECT nodes, subscriptions, items, bytes FROM usage WHERE whom = ?1";

Usage UsageTable::of(Scope scope, std::string_view whom) {
  auto key = the_service;
  if (scope != Scope::service) {
    const auto jid = jids_.find(whom);
    if (!jid) return {};
    key = scope == Scope::account ? account(*jid) : domain(*jid);
  }
  Change sum = service_;
  if (key != the_service) {
    const auto open = changes_.find(key);
    sum = open == changes_.end() ? Change() : open->second;
  }
  Query found = database_.query(find_usage, key);
  if (found.next()) {
    const auto [nodes, subscriptions, items, bytes] =
        found.row<std::int64_t, std::int64_t, std::int64_t, std::int64_t>();
    sum = {sum.nodes + nodes, sum.subscriptions + subscriptions, sum.items + items,
           sum.bytes + bytes};
  }
  return {static_cast<std::uint64_t>(sum.nodes), static_cast<std::uint64_t>(sum.subscriptions),
          static_cast<std::uint64_t>(sum.items), static_cast<std::uint64_t>(sum.bytes)};
}

void UsageTable::write() {
  // Of what does nothing else, emptying a table that was large once would take the most.
  if (changes_.empty()) return;
  for (const auto& [whom, change] : changes_) write(whom, change);
  write(the_service, service_);
  rolled_back();
}

void UsageTable::rolled_back() {
  changes_.clear();
  service_ = {};
}

constexpr const char* change_usage =
    "UPDATE usage SET nodes = nodes + ?2, subscriptions = subscriptions + ?3, "
    "items = items + ?4, bytes = bytes + ?5 WHERE whom = ?1";
constexpr const char* insert_usage =
    "INSERT INTO usage (whom, nodes, subscriptions, items, bytes) VALUES (?1, ?2, ?3, ?4, ?5)";
// What has no items has no bytes.
constexpr const char* delete_nothing =
    "DELETE FROM usage WHERE whom = ?1 AND nodes = 0 AND subscriptions = 0 AND items = 0";

void UsageTable::write(std::int64_t whom, const Change& change) {
  if (change == Change()) return;
  const auto run = [&](const char* sql) {
    return database_.run(sql, whom, change.nodes, change.subscriptions, change.items, change.bytes);
  };
  if (run(change_usage) == 0) run(insert_usage);
  if (change.nodes < 0 || change.subscriptions < 0 || change.items < 0)
    database_.run(delete_nothing, whom);
}

}  // namespace crier
