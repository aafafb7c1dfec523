#pragma once
/// How much is stored of whom, counted as it is stored.

#include <crier/limits.hpp>
#include <crier/store.hpp>

#include "storage/jid_table.hpp"

#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace crier {

/// The table `usage`. What the open transaction changes is kept in memory and written once for each
/// account and each domain at its end: most of what a publication adds goes with the item that it
/// displaces. A transaction of many publishers writes what it has in between.
class UsageTable {
 public:
  UsageTable(Database& database, JidTable& jids) : database_(database), jids_(jids) {}

  /// An item of so many bytes is stored.
  void add_item(JidId publisher, std::string_view bare, std::uint64_t bytes);
  /// One that is stored goes.
  void remove_item(JidId publisher, std::uint64_t bytes);
  /// So many nodes, or subscriptions, come: of a JID, bare or full. Negative: they go.
  void add_nodes(std::string_view creator, std::int64_t count);
  void add_subscriptions(std::string_view subscriber, std::int64_t count);

  /// What is counted of a bare JID, a domain, or the service, with the changes of the open
  /// transaction.
  Usage of(Scope scope, std::string_view whom);

  /// Writes the changes into the open transaction, which takes them back if it is rolled back.
  void write();
  /// The changes of the open transaction do not count any more.
  void rolled_back();

 private:
  struct Change {
    std::int64_t nodes = 0;
    std::int64_t subscriptions = 0;
    std::int64_t items = 0;
    std::int64_t bytes = 0;
    bool operator==(const Change&) const = default;
  };

  void count_item(JidId publisher, JidId domain, std::int64_t items, std::int64_t bytes);
  /// Those of the domain of an address.
  Change& change_of_domain(std::string_view jid);
  void write(std::int64_t whom, const Change& change);
  /// Writes the changes when they are many.
  void bound();

  Database& database_;
  JidTable& jids_;
  /// By `whom`, as it stands in the table.
  std::unordered_map<std::int64_t, Change> changes_;
  Change service_;
};

}  // namespace crier
