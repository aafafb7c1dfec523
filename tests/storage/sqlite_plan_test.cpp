/// Every statement of the SQLite engine finds its rows by an index, and in their order.

#include "storage/sqlite_store.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <set>
#include <string>

#include "scratch.hpp"

namespace crier::test {

namespace {

/// The connection that SQLite has opened last, for lack of another way to it.
sqlite3* last_opened = nullptr;

int note_opened(sqlite3* connection, char**, const sqlite3_api_routines*) {
  last_opened = connection;
  return SQLITE_OK;
}

/// What runs on a connection, as text.
class Listener {
 public:
  explicit Listener(sqlite3* connection) : connection_(connection) {
    sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, take, this);
  }
  ~Listener() { sqlite3_trace_v2(connection_, 0, nullptr, nullptr); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  const std::set<std::string>& statements() const { return statements_; }

 private:
  static int take(unsigned, void* listener, void* statement, void*) {
    static_cast<Listener*>(listener)->statements_.insert(
        sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
    return 0;
  }

  sqlite3* connection_;
  std::set<std::string> statements_;
};

/// Everything that a store can be asked, with every branch that has a statement of its own.
void ask_everything(SqliteStore& store) {
  const auto ignore = [](const StoredItem&) { return true; };
  constexpr auto state = SubscriptionState::subscribed;
  store.begin();
  Node node;
  node.key = {"pubsub.a.example", "n"};
  node.creator = "owner@a.example";
  store.create(node);
  store.save_config(node);
  store.set_affiliation(node.id, "a@a.example", Affiliation::owner);
  store.set_affiliation(node.id, "a@a.example", Affiliation::none);
  store.set_subscription_state(store.add_subscription(node.id, "a@a.example/r", state, Time()),
                               state);
  store.remove_subscription(store.add_subscription(node.id, "a@a.example", state, Time()));
  store.affiliations_of(node.key.host, "a@a.example");
  store.subscriptions_of(node.key.host, "a@a.example");
  store.subscriptions_at(node, SubscriptionId{}, 10);
  store.nodes(node.key.host, "", 10, "a@a.example");
  const auto put = [&](std::string_view id) { store.put(node, {id, "a@a.example", "", Time()}); };
  for (const auto* id : {"1", "1", "2", "3"}) put(id);
  store.item(node, "1", [](const StoredItem&) {});
  store.items(node, {.limit = 10, .newest = true}, ignore);
  store.items(node, {.limit = 10, .newest = false}, ignore);
  store.retract(node, "2");
  store.displaced(node, 1);
  store.evict_oldest(node, 1);
  node.first_seq = store.next_seq();
  store.save_counts(node);
  put("1");
  store.load(node.key);
  store.remove(node);
  store.sweep(100);
  store.commit();
  store.begin();
  store.rollback();
}

std::vector<std::string> plan_of(sqlite3* connection, const std::string& sql) {
  std::vector<std::string> plan;
  const auto take = [](void* lines, int, char** values, char**) {
    static_cast<std::vector<std::string>*>(lines)->emplace_back(values[3]);
    return 0;
  };
  const auto explain = "EXPLAIN QUERY PLAN " + sql;
  CHECK(sqlite3_exec(connection, explain.c_str(), take, &plan, nullptr) == SQLITE_OK);
  return plan;
}

}  // namespace

TEST_CASE("sqlite: no statement scans a table or sorts") {
  const Scratch scratch;
  const auto entry = reinterpret_cast<void (*)()>(note_opened);
  sqlite3_auto_extension(entry);
  const auto store = SqliteStore::open(scratch.file());
  sqlite3_cancel_auto_extension(entry);

  std::set<std::string> statements;
  {
    const Listener listener(last_opened);
    ask_everything(*store);
    statements = listener.statements();
  }
  // The transaction's three, and one or more a question.
  CHECK(statements.size() > 30);
  for (const auto& sql : statements) {
    CAPTURE(sql);
    for (const auto& step : plan_of(last_opened, sql)) {
      CAPTURE(step);
      CHECK_FALSE(step.starts_with("SCAN"));
      CHECK(step.find("TEMP B-TREE") == std::string::npos);
      CHECK(step.find("AUTOMATIC") == std::string::npos);
    }
  }
}

}  // namespace crier::test
