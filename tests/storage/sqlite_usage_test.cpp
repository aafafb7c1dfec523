/// What the SQLite engine counts as it stores, against what lies in its tables.

#include <crier/jid.hpp>

#include "storage/sqlite_store.hpp"
#include "storage/statement.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "faulty_disk.hpp"
#include "scratch.hpp"

namespace crier::test {

namespace {

using Whom = std::pair<Scope, std::string>;
using Counted = std::map<Whom, Usage>;

const std::vector<std::string> accounts{"a@a.example", "b@a.example", "c@b.example", "b.example"};
const std::vector<std::string> subscribers{"a@a.example", "a@a.example/x@y", "b.example/z",
                                           "d@c.example"};

/// Another connection, which sees what is committed.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) {
    REQUIRE(sqlite3_open_v2(file.c_str(), &connection_, SQLITE_OPEN_READONLY, nullptr) ==
            SQLITE_OK);
  }
  ~Reader() { sqlite3_close(connection_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// Row by row, with the domains found here.
  Counted recounted() const {
    Counted all;
    each(
        "SELECT jid.jid, length(CAST(item.id AS BLOB)) + length(CAST(payload AS BLOB)) FROM item "
        "JOIN jid ON jid.id = publisher",
        [&](std::string_view jid, std::uint64_t bytes) {
          for (const Whom& whom :
               {Whom{Scope::account, jid}, Whom{Scope::domain, domain_of(jid)}}) {
            ++all[whom].items;
            all[whom].bytes += bytes;
          }
          ++all[{Scope::service, ""}].items;
        });
    each("SELECT jid.jid, 0 FROM node JOIN jid ON jid.id = creator WHERE name <> ''",
         [&](std::string_view jid, std::uint64_t) {
           ++all[{Scope::domain, std::string(domain_of(jid))}].nodes;
           ++all[{Scope::service, ""}].nodes;
         });
    each("SELECT jid.jid, 0 FROM subscription JOIN jid ON jid.id = subscription.jid",
         [&](std::string_view jid, std::uint64_t) {
           ++all[{Scope::domain, std::string(domain_of(jid))}].subscriptions;
           ++all[{Scope::service, ""}].subscriptions;
         });
    return all;
  }

  Counted table() const {
    Counted all;
    const Statement statement(connection_,
                              "SELECT whom, coalesce(jid, ''), nodes, subscriptions, items, bytes "
                              "FROM usage LEFT JOIN jid ON jid.id = abs(whom)");
    Query rows(statement);
    while (rows.next()) {
      const auto [whom, jid, nodes, subscriptions, items, bytes] =
          rows.row<std::int64_t, std::string_view, std::uint64_t, std::uint64_t, std::uint64_t,
                   std::uint64_t>();
      const auto scope = whom == 0 ? Scope::service : whom > 0 ? Scope::account : Scope::domain;
      all[{scope, std::string(jid)}] = {nodes, subscriptions, items, bytes};
    }
    return all;
  }

 private:
  template <class Visit>
  void each(const char* sql, Visit visit) const {
    const Statement statement(connection_, sql);
    Query rows(statement);
    while (rows.next()) std::apply(visit, rows.row<std::string_view, std::uint64_t>());
  }

  sqlite3* connection_ = nullptr;
};

/// Does things at random to a store.
class World {
 public:
  World(SqliteStore& store, std::mt19937_64& dice) : store_(store), dice_(dice) {}

  /// One transaction; false when it was taken back.
  bool transact(FaultyDisk& disk) {
    const auto before = *this;
    store_.begin();
    try {
      if (dice(5) == 0) disk.fail_after(static_cast<std::size_t>(dice(6)));
      for (int i = dice(30); i >= 0; --i) change();
      seen_ = usage();
      if (dice(5) > 0) {
        store_.commit();
        disk.work();
        return true;
      }
    } catch (const StoreFailure&) {
      ++failures;
    }
    disk.work();
    store_.rollback();
    take_back(before);
    return false;
  }

  /// What the open transaction has seen last.
  const Counted& seen() const { return seen_; }
  int failures = 0;

 private:
  World(const World&) = default;

  int dice(int sides) { return static_cast<int>(dice_() % static_cast<unsigned>(sides)); }
  const std::string& pick(const std::vector<std::string>& list) {
    return list[static_cast<std::size_t>(dice(static_cast<int>(list.size())))];
  }

  void take_back(const World& before) {
    nodes_ = before.nodes_;
    subscriptions_ = before.subscriptions_;
  }

  Counted usage() {
    Counted all;
    const auto note = [&](Scope scope, const std::string& whom) {
      if (const auto found = store_.usage(scope, whom); found != Usage())
        all[{scope, whom}] = found;
    };
    for (const auto& account : accounts) note(Scope::account, account);
    for (const auto* domain : {"a.example", "b.example", "c.example"}) note(Scope::domain, domain);
    note(Scope::service, "");
    return all;
  }

  /// Some are long enough to lie on pages of their own.
  std::string payload() {
    return std::string(static_cast<std::size_t>(dice(8) ? dice(50) : 9000), 'x');
  }
  StoredItem item(const std::string& id, const std::string& payload) {
    return {{}, id, pick(accounts), payload, Time(), Time()};
  }

  void change() {
    if (nodes_.empty() || dice(12) == 0) return create();
    auto& node = nodes_[static_cast<std::size_t>(dice(static_cast<int>(nodes_.size())))];
    const auto id = fmt::format("ä{}", dice(12));
    switch (dice(14)) {
      case 0: return remove(node);
      case 1: return purge(node);
      case 2: store_.sweep(static_cast<std::size_t>(1 + dice(8))); return;
      case 3: store_.retract(node, id); return;
      case 4: store_.evict_oldest(node, static_cast<std::uint64_t>(dice(4))); return;
      case 5: store_.insert(node, item(id, payload())); return;
      case 6: store_.replace(node, item(id, payload())); return;
      case 7:
        subscriptions_.push_back(store_.add_subscription(node.id, pick(subscribers),
                                                         SubscriptionState::subscribed, Time()));
        return;
      case 8: return insert_subscription(node);
      case 9: return unsubscribe();
      default: store_.put(node, {id, pick(accounts), payload(), Time()});
    }
  }

  void create() {
    Node node;
    // The root is nobody's.
    const bool is_root = !store_.summary({"h", ""}, {}) && dice(3) == 0;
    node.key = {"h", is_root ? "" : fmt::format("{}", ++names_)};
    node.creator = pick(accounts);
    store_.create(node);
    nodes_.push_back(node);
  }

  void remove(const Node& node) {
    if (node.key.name.empty()) return;
    store_.remove(node);
    store_.remove(node);
    std::erase_if(nodes_, [id = node.id](const Node& other) { return other.id == id; });
  }

  void purge(Node& node) {
    node.first_seq = store_.next_seq();
    store_.save_counts(node);
  }

  void insert_subscription(const Node& node) {
    // Sometimes one that is there.
    const SubscriptionId id{1'000'000 + dice(20)};
    if (store_.insert_subscription(id, node.id, pick(subscribers), SubscriptionState::pending,
                                   Time()))
      subscriptions_.push_back(id);
  }

  /// Sometimes one that has gone with its node.
  void unsubscribe() {
    if (!subscriptions_.empty())
      store_.remove_subscription(
          subscriptions_[static_cast<std::size_t>(dice(static_cast<int>(subscriptions_.size())))]);
  }

  SqliteStore& store_;
  std::mt19937_64& dice_;
  std::vector<Node> nodes_;
  std::vector<SubscriptionId> subscriptions_;
  int names_ = 0;
  Counted seen_;
};

std::uint64_t first_seed() {
  const char* given = std::getenv("CRIER_SEED");
  return given ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

std::string text_of(const Counted& counted) {
  std::string text;
  for (const auto& [whom, usage] : counted)
    text += fmt::format("{} '{}': {} nodes, {} subscriptions, {} items, {} bytes\n",
                        static_cast<int>(whom.first), whom.second, usage.nodes, usage.subscriptions,
                        usage.items, usage.bytes);
  return text;
}

}  // namespace

TEST_CASE("sqlite: whatever happens, what is counted is what lies there") {
  const auto seed = first_seed();
  INFO("CRIER_SEED=", seed);
  MESSAGE("CRIER_SEED=", seed);
  std::mt19937_64 dice(seed);
  const Scratch scratch;
  FaultyDisk disk;
  auto store = SqliteStore::open(scratch.file(), 256 * 1024);
  const Reader reader(scratch.file());
  World world(*store, dice);
  for (int i = 0; i < 400; ++i) {
    const auto before = reader.table();
    const bool is_committed = world.transact(disk);
    const auto there = text_of(reader.table());
    REQUIRE(there == text_of(reader.recounted()));
    if (is_committed)
      REQUIRE(there == text_of(world.seen()));
    else
      REQUIRE(there == text_of(before));
  }
  CHECK(world.failures > 5);
}

TEST_CASE("sqlite: what has nothing any more has no row") {
  const Scratch scratch;
  const auto store = SqliteStore::open(scratch.file());
  const Reader reader(scratch.file());
  Node node;
  node.key = {"h", "n"};
  node.creator = "a@a.example";
  store->begin();
  store->create(node);
  store->put(node, {"1", "b@b.example", "<e/>", Time()});
  store->add_subscription(node.id, "c@c.example/x", SubscriptionState::subscribed, Time());
  store->commit();
  CHECK(reader.table().size() == 5);
  store->begin();
  store->remove(node);
  store->commit();
  store->begin();
  while (store->sweep(10)) continue;
  store->commit();
  CHECK(reader.table().empty());
}

}  // namespace crier::test
