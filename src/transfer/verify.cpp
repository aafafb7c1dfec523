#include "transfer/verify.hpp"

#include <crier/element.hpp>
#include <crier/timer.hpp>

#include "model/node_fields.hpp"
#include "model/subscription_fields.hpp"
#include "storage/migrations.hpp"
#include "transfer/snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace crier::transfer {

namespace {

constexpr std::string_view restore_or_import =
    "restore a backup, or export and import into a new database";
constexpr std::string_view restore_backup = "restore a backup (crier restore)";
constexpr std::string_view report = "export and import into a new database, and report it";

/// A count that should be 0. The texts say of what there are so many.
struct Check {
  const char* sql;
  std::string_view what;
  std::string_view mend;
};

// Rows of nodes without a name wait for the sweep. What refers to rows that are not there is found
// by SQLite.
constexpr std::array checks{
    Check{"SELECT count(*) FROM node WHERE name IS NOT NULL AND item_count <> "
          "(SELECT count(*) FROM item WHERE item.node = node.id AND seq >= first_seq)",
          "nodes count their items wrongly", report},
    Check{"SELECT count(*) FROM node WHERE name IS NOT NULL AND id NOT IN (SELECT node FROM sweep) "
          "AND EXISTS (SELECT 1 FROM item WHERE item.node = node.id AND seq < first_seq)",
          "nodes have items that were purged and are never swept", report},
    Check{"SELECT count(*) FROM node WHERE name IS NULL AND id NOT IN (SELECT node FROM sweep)",
          "removed nodes are never swept", report},
    Check{"SELECT count(*) FROM affiliation WHERE affiliation NOT BETWEEN 1 AND 5",
          "affiliations are none that there is", report},
    Check{"SELECT count(*) FROM subscription WHERE state NOT BETWEEN 0 AND 2",
          "subscriptions are in no state that there is", report},
    Check{"SELECT count(*) FROM jid WHERE jid = '' OR substr(jid, 1, 1) IN ('/', '@')",
          "JIDs are none", report},
    // The root, which has no name, is the service's.
    Check{"SELECT count(*) FROM node WHERE name > '' AND NOT EXISTS (SELECT 1 FROM "
          "affiliation WHERE affiliation.node = node.id AND affiliation = 5)",
          "nodes have no owner", "give them one as an admin: crier affiliation set NODE JID owner"},
    Check{
        "SELECT count(*) FROM sequence WHERE reserved <= (SELECT coalesce(max(seq), 0) FROM item)",
        "the sequence is behind the items, whose numbers would be given twice", restore_or_import},
    Check{"SELECT count(*) FROM sequence "
          "WHERE reserved <= (SELECT coalesce(max(id), 0) FROM subscription)",
          "the sequence is behind the subscriptions, whose SubIDs would be given twice",
          restore_or_import},
    Check{"SELECT count(*) FROM sequence "
          "WHERE reserved <= (SELECT coalesce(max(seq), 0) FROM event)",
          "the sequence is behind the events, whose numbers would be given twice",
          restore_or_import},
    Check{"SELECT count(*) = 0 FROM sequence", "the sequence is missing", restore_or_import},
    Check{"SELECT count(*) FROM node WHERE level > head",
          "nodes have told of what has not happened", report},
    Check{"SELECT count(*) FROM association WHERE collection NOT IN "
          "(SELECT id FROM node WHERE name IS NOT NULL) "
          "OR child NOT IN (SELECT id FROM node WHERE name IS NOT NULL)",
          "places in collections are those of nodes that are gone", report},
    Check{"SELECT count(*) FROM node WHERE name IS NOT NULL AND first_level = "
          "(id IN (SELECT child FROM association))",
          "nodes are listed on another level than they are on", report},
    // Only collections that are in collections can be in a circle.
    Check{"WITH RECURSIVE inner_edge(above, below) AS (SELECT collection, child FROM association "
          "WHERE child IN (SELECT collection FROM association)), "
          "path(top, at) AS (SELECT above, below FROM inner_edge UNION "
          "SELECT top, below FROM path JOIN inner_edge ON above = at) "
          "SELECT count(*) FROM path WHERE top = at",
          "collections are below themselves",
          "take them out of one another: crier node configure NODE --set collection="},
    Check{"SELECT count(*) FROM redirect JOIN node USING (host, name)",
          "nodes that are there have moved as well", report},
    Check{"SELECT count(*) FROM subscription JOIN node ON node.id = node AND name IS NOT NULL "
          "WHERE instr(char(10) || options, char(10) || 'pubsub#expire' || char(9)) > 0 "
          "AND instr(options, 'pubsub#expire' || char(9) || 'presence') = 0 "
          "AND subscription.id NOT IN (SELECT subject FROM timer WHERE kind = 2)",
          "leases have no timer, and would never end", report},
    Check{"SELECT count(*) FROM node WHERE name IS NOT NULL AND item_count > 0 "
          "AND instr(char(10) || config, char(10) || 'pubsub#item_expire' || char(9)) > 0 "
          "AND id NOT IN (SELECT subject FROM timer WHERE kind = 0)",
          "nodes whose items expire have no timer, and keep them", report},
    // As schema/0008.sql has filled it.
    Check{"WITH account (jid, nodes, subscriptions, items, bytes) AS ("
          "SELECT creator, count(*), 0, 0, 0 FROM node WHERE name <> '' GROUP BY creator "
          "UNION ALL SELECT jid, 0, count(*), 0, 0 FROM subscription GROUP BY jid "
          "UNION ALL SELECT publisher, 0, 0, count(*), "
          "sum(length(CAST(id AS BLOB)) + length(CAST(payload AS BLOB))) "
          "FROM item GROUP BY publisher), "
          "bare (id, text) AS (SELECT id, substr(jid, 1, instr(jid || '/', '/') - 1) FROM jid), "
          "due (whom, nodes, subscriptions, items, bytes) AS ("
          "SELECT jid, 0, 0, items, bytes FROM account WHERE items > 0 "
          "UNION ALL SELECT -domain.id, sum(nodes), sum(subscriptions), sum(items), sum(bytes) "
          "FROM account JOIN bare ON bare.id = account.jid LEFT JOIN jid AS domain "
          "ON domain.jid = substr(bare.text, instr(bare.text, '@') + 1) GROUP BY domain.id "
          "UNION ALL SELECT 0, sum(nodes), sum(subscriptions), sum(items), 0 FROM account "
          "GROUP BY 1) "
          "SELECT count(DISTINCT whom) FROM ("
          "SELECT * FROM (SELECT * FROM usage EXCEPT SELECT * FROM due) "
          "UNION ALL SELECT * FROM (SELECT * FROM due EXCEPT SELECT * FROM usage))",
          "accounts, domains or the service have quotas that count wrongly", report},
};
static_assert(TimerKind{0} == TimerKind::item_expiry && TimerKind{2} == TimerKind::lease_end);

/// Whether each line of a stored text is one that its table has, with values that it can have.
template <class Config>
bool is_sound(std::span<const Field<Config>> table, std::string_view text) {
  Config config;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto tab = line.find('\t');
    if (tab == line.npos) return false;
    const auto* field = find_field(table, line.substr(0, tab));
    if (field && !field->set(config, split_stored(line.substr(tab + 1)))) return false;
  }
  return true;
}

/// Checks one database.
class Verification {
 public:
  Verification(Snapshot& snapshot, const VerifyOptions& options)
      : snapshot_(snapshot), options_(options) {}

  Verified run() {
    const auto current = static_cast<std::int64_t>(migrations().size());
    verified_.is_older = snapshot_.version() < current;
    begin();
    // What is damaged below can not be asked any more.
    if (!check_integrity()) return std::move(verified_);
    begin();
    check_references();
    if (!verified_.is_older) check_invariants();
    if (options_.progress) options_.progress(steps, steps);
    return std::move(verified_);
  }

 private:
  static constexpr std::uint64_t steps = checks.size() + 4;

  void begin() {
    if (options_.progress) options_.progress(done_++, steps);
  }

  void add(std::string what, std::string_view mend) {
    verified_.problems.push_back({std::move(what), std::string(mend)});
  }
  void add(std::string_view what, std::int64_t count, std::string_view mend) {
    if (count > 0) add(fmt::format("{} ({})", what, count), mend);
  }

  bool check_integrity() {
    Query found =
        snapshot_.query(options_.full ? "PRAGMA integrity_check(20)" : "PRAGMA quick_check(20)");
    while (found.next()) {
      const auto [text] = found.row<std::string_view>();
      if (text == "ok") return true;
      std::string line(text.substr(0, 500));
      std::ranges::replace(line, '\n', ' ');
      add("SQLite: " + line, restore_backup);
    }
    return false;
  }

  void check_references() {
    Query found = snapshot_.query(
        "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2");
    while (found.next()) {
      const auto [table, parent, count] =
          found.row<std::string_view, std::string_view, std::int64_t>();
      add(fmt::format("rows of {} belong to rows of {} that are not there", table, parent), count,
          restore_or_import);
    }
  }

  void check_invariants() {
    for (const auto& check : checks) {
      begin();
      add(check.what, snapshot_.number(check.sql), check.mend);
    }
    begin();
    check_texts();
    begin();
    if (options_.full) check_payloads();
  }

  /// How many of the texts that `sql` asks for are not sound.
  template <class Sound>
  std::int64_t unsound(const char* sql, Sound sound) {
    std::int64_t count = 0;
    Query found = snapshot_.query(sql);
    while (found.next()) count += !sound(std::get<0>(found.row<std::string_view>()));
    return count;
  }

  void check_texts() {
    add("nodes have configurations that can not be read",
        unsound("SELECT config FROM node WHERE name IS NOT NULL AND config <> ''",
                [](auto text) { return is_sound(node_fields(), text); }),
        "look at them and configure them anew: crier node show NODE");
    add("subscriptions have options that can not be read",
        unsound("SELECT options FROM subscription WHERE options <> ''",
                [](auto text) { return is_sound(subscription_fields(), text); }),
        report);
  }

  void check_payloads() {
    add("items have payloads that are not well-formed XML",
        unsound("SELECT payload FROM item WHERE payload <> ''",
                [](auto text) { return parse_xml(text).has_value(); }),
        restore_or_import);
  }

  Snapshot& snapshot_;
  const VerifyOptions& options_;
  Verified verified_;
  std::uint64_t done_ = 0;
};

}  // namespace

Verified verify(const std::filesystem::path& database, const VerifyOptions& options) {
  try {
    Snapshot snapshot(database, Snapshot::Version::known);
    return Verification(snapshot, options).run();
  } catch (const SqliteFailure& failure) {
    if ((failure.code() & 0xff) != SQLITE_CORRUPT) throw explained(database, failure);
    return {{{fmt::format("SQLite: {}", failure.what()), std::string(restore_backup)}}, false};
  }
}

}  // namespace crier::transfer
