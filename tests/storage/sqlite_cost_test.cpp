/// What questions cost the SQLite engine: every statement finds its rows by an index and in their
/// order, and none costs more where more is stored.

#include "storage/sqlite_store.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <set>
#include <string>
#include <vector>

#include "scratch.hpp"

namespace crier::test {

namespace {

constexpr std::string_view host = "pubsub.a.example";
constexpr std::string_view alice = "alice@a.example";

/// The connection that SQLite has opened last, for lack of another way to it.
sqlite3* last_opened = nullptr;

int note_opened(sqlite3* connection, char**, const sqlite3_api_routines*) {
  last_opened = connection;
  return SQLITE_OK;
}

/// A store, with a view of what its connection does.
class Watched {
 public:
  Watched() {
    const auto entry = reinterpret_cast<void (*)()>(note_opened);
    sqlite3_auto_extension(entry);
    store_ = SqliteStore::open(scratch_.file());
    sqlite3_cancel_auto_extension(entry);
    connection_ = last_opened;
  }

  SqliteStore& store() { return *store_; }

  /// The statements that run from now on are noted, and their steps counted.
  void watch() {
    sqlite3_trace_v2(connection_, SQLITE_TRACE_STMT, note_statement, this);
    sqlite3_progress_handler(connection_, 1, count_step, this);
  }
  void look_away() {
    sqlite3_trace_v2(connection_, 0, nullptr, nullptr);
    sqlite3_progress_handler(connection_, 0, nullptr, nullptr);
  }
  const std::set<std::string>& statements() const { return statements_; }
  /// Instructions of SQLite's machine.
  std::size_t steps() const { return steps_; }

  std::vector<std::string> plan_of(const std::string& sql) {
    std::vector<std::string> plan;
    const auto take = [](void* lines, int, char** values, char**) {
      static_cast<std::vector<std::string>*>(lines)->emplace_back(values[3]);
      return 0;
    };
    const auto explain = "EXPLAIN QUERY PLAN " + sql;
    CHECK(sqlite3_exec(connection_, explain.c_str(), take, &plan, nullptr) == SQLITE_OK);
    return plan;
  }

 private:
  static int note_statement(unsigned, void* watched, void* statement, void*) {
    static_cast<Watched*>(watched)->statements_.insert(
        sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
    return 0;
  }
  static int count_step(void* watched) {
    ++static_cast<Watched*>(watched)->steps_;
    return 0;
  }

  Scratch scratch_;
  std::unique_ptr<SqliteStore> store_;
  sqlite3* connection_ = nullptr;
  std::set<std::string> statements_;
  std::size_t steps_ = 0;
};

/// What the questions are about: the node `n` with much of everything, and `few` with little.
struct World {
  SqliteStore& store;
  Node n;
  Node few;
  /// In no collection, in one, and in two; `in` and `top` are each others' ends.
  Node alone;
  Node in;
  Node top;
  std::vector<Seq> seqs;
  std::vector<SubscriptionId> subscriptions;

  /// The last before the middle, and the first behind it.
  Seq before_middle() const { return seqs[seqs.size() / 2 - 1]; }
  Seq behind_middle() const { return seqs[seqs.size() / 2]; }
};

Node create_node(Store& store, std::string name) {
  Node node;
  node.key = {std::string(host), std::move(name)};
  node.creator = "owner@a.example";
  store.create(node);
  return node;
}

Seq put(Store& store, const Node& node, std::string_view id) {
  return store.put(node, {id, alice, "", Time()}).seq;
}

Timer digest_of(SubscriptionId subscription, std::int64_t seconds) {
  return {TimerKind::digest, static_cast<std::int64_t>(subscription),
          Time(std::chrono::seconds(seconds))};
}

/// With all that an entity can have at a node.
SubscriptionId add_entity(Store& store, const Node& node, std::string_view jid) {
  store.set_affiliation(node.id, jid, Affiliation::member);
  const auto id = store.add_subscription(node.id, jid, SubscriptionState::subscribed, Time());
  store.set_timer(digest_of(id, 1'000'000 + static_cast<std::int64_t>(id)));
  return id;
}

/// Adds to `n` the items and entities of the numbers from `first` to before `end`.
void fill(World& world, std::size_t first, std::size_t end) {
  for (auto i = first; i < end; ++i) {
    world.seqs.push_back(put(world.store, world.n, fmt::format("{:06}", i)));
    const auto jid = fmt::format("{}@a.example", i);
    world.subscriptions.push_back(add_entity(world.store, world.n, jid));
  }
}

/// A node with `size` items, affiliations and subscriptions; those of as many other nodes, one
/// each, lie in the middle.
World filled(SqliteStore& store, std::size_t size) {
  World world{store,
              create_node(store, "n"),
              create_node(store, "few"),
              create_node(store, "alone"),
              create_node(store, "in"),
              create_node(store, "top"),
              {},
              {}};
  store.associate(world.top.id, world.in.id);
  for (const auto* node : {&world.n, &world.few}) add_entity(store, *node, alice);
  put(store, world.few, "1");
  fill(world, 0, size / 2);
  for (std::size_t i = 0; i < size; ++i) {
    const Node other = create_node(store, fmt::format("{:06}", i));
    put(store, other, "1");
    add_entity(store, other, fmt::format("{}@a.example", i));
    // Nodes of the first level and others lie side by side, and the graph is as large as the rest.
    const Node child = create_node(store, fmt::format("{:06} below", i));
    store.associate(i % 2 ? world.n.id : other.id, child.id);
    store.set_redirect({std::string(host), fmt::format("{:06} moved", i)}, "xmpp:a.example");
    store.set_ban({.jid = fmt::format("{:06}.example", i)});
    store.append_audit({.time = Time(std::chrono::seconds(i)),
                        .by = fmt::format("{}/x", i % 2 ? alice : "bob@a.example"),
                        .action = "configure",
                        .node = i % 3 ? "n" : "few"});
    store.set_timer({TimerKind::item_expiry, static_cast<std::int64_t>(child.id), Time()});
  }
  fill(world, size / 2, size);
  return world;
}

SubscriptionId middle(const World& world) {
  return world.subscriptions[world.subscriptions.size() / 2];
}

bool go_on(const StoredItem&) {
  return true;
}

struct Question {
  const char* name;
  void (*ask)(World&);
};

/// Everything that a store can be asked; with those that have a statement for each case, in each.
constexpr std::array<Question, 68> questions{{
    {"load", [](World& world) { world.store.load(world.few.key); }},
    {"create", [](World& world) { create_node(world.store, "new"); }},
    {"save_config", [](World& world) { world.store.save_config(world.n); }},
    {"save_counts", [](World& world) { world.store.save_counts(world.n); }},
    {"nodes", [](World& world) { world.store.nodes(host, {.from = "000010", .limit = 5}, alice); }},
    {"set_affiliation",
     [](World& world) { world.store.set_affiliation(world.n.id, alice, Affiliation::owner); }},
    {"set_affiliation, none",
     [](World& world) { world.store.set_affiliation(world.n.id, alice, Affiliation::none); }},
    {"affiliations_of", [](World& world) { world.store.affiliations_of(host, alice); }},
    {"owns_any", [](World& world) { world.store.owns_any(host, alice); }},
    {"add_subscription",
     [](World& world) {
       world.store.add_subscription(world.n.id, "bob@a.example", SubscriptionState::pending,
                                    Time());
     }},
    {"set_subscription_state",
     [](World& world) {
       world.store.set_subscription_state(world.subscriptions[0], SubscriptionState::pending);
     }},
    {"set_subscription_options",
     [](World& world) {
       SubscriptionOptions options;
       options.deliver = false;
       world.store.set_subscription_options(middle(world), options);
     }},
    {"subscription", [](World& world) { world.store.subscription(middle(world)); }},
    {"digested", [](World& world) { world.store.digested(middle(world)); }},
    {"set_digested", [](World& world) { world.store.set_digested(middle(world), Seq{1}); }},
    {"next_timer", [](World& world) { world.store.next_timer(); }},
    {"due_timers", [](World& world) { world.store.due_timers(Time::max(), 5); }},
    {"set_timer", [](World& world) { world.store.set_timer(digest_of(middle(world), 7)); }},
    {"set_timer, new", [](World& world) { world.store.set_timer(digest_of({}, 7)); }},
    {"add_timer", [](World& world) { world.store.add_timer(digest_of(middle(world), 8)); }},
    {"clear_timer",
     [](World& world) {
       world.store.clear_timer(TimerKind::digest, static_cast<std::int64_t>(middle(world)));
     }},
    {"add_timer, new", [](World& world) { world.store.add_timer(digest_of(middle(world), 8)); }},
    {"subscriptions_at",
     [](World& world) {
       const auto from = world.subscriptions[world.subscriptions.size() / 2 - 1];
       world.store.subscriptions_at(world.n, {.from = from, .limit = 5});
     }},
    {"subscriptions_at, backwards",
     [](World& world) {
       world.store.subscriptions_at(world.n,
                                    {.from = middle(world), .backwards = true, .limit = 5});
     }},
    {"nodes, backwards",
     [](World& world) {
       world.store.nodes(host, {.from = "000010", .backwards = true, .limit = 5}, alice);
     }},
    {"count_created", [](World& world) { world.store.count_created(host, world.n.creator, 5); }},
    {"count_subscriptions", [](World& world) { world.store.count_subscriptions(host, alice, 5); }},
    {"subscriptions_of", [](World& world) { world.store.subscriptions_of(host, alice); }},
    {"remove_subscription",
     [](World& world) { world.store.remove_subscription(world.subscriptions[0]); }},
    {"put, new", [](World& world) { put(world.store, world.n, "new"); }},
    {"put, again", [](World& world) { put(world.store, world.n, "000007"); }},
    {"item", [](World& world) { world.store.item(world.n, "000008", [](const StoredItem&) {}); }},
    {"items, newest", [](World& world) { world.store.items(world.n, {.limit = 5}, go_on); }},
    {"items, before the middle",
     [](World& world) {
       world.store.items(world.n, {.before = world.behind_middle(), .limit = 5}, go_on);
     }},
    {"items, after the middle",
     [](World& world) {
       world.store.items(world.n, {.after = world.before_middle(), .limit = 5, .newest = false},
                         go_on);
     }},
    {"retract", [](World& world) { world.store.retract(world.n, "000009"); }},
    {"displaced", [](World& world) { world.store.displaced(world.n, 5); }},
    {"evict_oldest", [](World& world) { world.store.evict_oldest(world.n, 2); }},
    {"items, purged",
     [](World& world) {
       world.n.first_seq = world.behind_middle();
       world.store.save_counts(world.n);
       world.store.items(world.n, {.limit = 5, .newest = false}, go_on);
     }},
    {"put, of a purged id", [](World& world) { put(world.store, world.n, "000003"); }},
    {"key_of", [](World& world) { world.store.key_of(world.few.id); }},
    {"load, in a graph", [](World& world) { world.store.load(world.in.key); }},
    {"summary", [](World& world) { world.store.summary(world.few.key, alice); }},
    {"associate", [](World& world) { world.store.associate(world.n.id, world.alone.id); }},
    {"dissociate", [](World& world) { world.store.dissociate(world.n.id, world.alone.id); }},
    {"set_redirect",
     [](World& world) { world.store.set_redirect(world.few.key, "xmpp:b.example"); }},
    {"redirect", [](World& world) { world.store.redirect(world.few.key); }},
    {"remove, in a graph", [](World& world) { world.store.remove(world.top); }},
    {"sweep", [](World& world) { world.store.sweep(5); }},
    {"remove and sweep",
     [](World& world) {
       world.store.remove(world.few);
       world.store.sweep(5);
     }},
    {"all_nodes",
     [](World& world) { world.store.all_nodes(host, {.from = "000010", .limit = 5}); }},
    {"all_nodes, backwards",
     [](World& world) {
       world.store.all_nodes(host, {.from = "000010", .backwards = true, .limit = 5});
     }},
    {"usage", [](World& world) { world.store.usage(Scope::account, alice); }},
    {"usage, of a domain", [](World& world) { world.store.usage(Scope::domain, "a.example"); }},
    {"usage, of the service", [](World& world) { world.store.usage(Scope::service, ""); }},
    {"bans", [](World& world) { world.store.bans(5); }},
    {"set_ban", [](World& world) { world.store.set_ban({.jid = "b.example"}); }},
    {"remove_ban", [](World& world) { world.store.remove_ban("000003.example"); }},
    {"append_audit",
     [](World& world) { world.store.append_audit({.by = "new@a.example/x", .action = "ban"}); }},
    {"audit", [](World& world) { world.store.audit({.after = 3, .limit = 5}); }},
    {"audit, since",
     [](World& world) {
       world.store.audit(
           {.since = Time(std::chrono::seconds(9)), .is_oldest_first = true, .limit = 5});
     }},
    {"audit, of a node", [](World& world) { world.store.audit({.node = "n", .limit = 5}); }},
    {"audit, by", [](World& world) { world.store.audit({.by = alice, .limit = 5}); }},
    {"audit, of a node and by",
     [](World& world) {
       world.store.audit({.node = "n", .by = alice, .is_oldest_first = true, .limit = 5});
     }},
    {"trim_audit",
     [](World& world) { world.store.trim_audit(10, Time(std::chrono::seconds(5)), 4); }},
    {"add_announcement", [](World& world) { world.store.add_announcement({.body = "b"}); }},
    {"announcement",
     [](World& world) { world.store.save_announcement(*world.store.announcement()); }},
    {"subscribers",
     [](World& world) { world.store.subscribers(host, "000010@", 5, [](std::string_view) {}); }},
}};

/// The steps that each question takes where so much is stored.
std::vector<std::size_t> costs(std::size_t size) {
  Watched watched;
  watched.store().begin();
  World world = filled(watched.store(), size);
  std::vector<std::size_t> costs;
  for (const auto& question : questions) {
    const auto before = watched.steps();
    watched.watch();
    question.ask(world);
    watched.look_away();
    costs.push_back(watched.steps() - before);
  }
  return costs;
}

}  // namespace

TEST_CASE("sqlite: no statement scans a table or sorts") {
  Watched watched;
  watched.watch();
  watched.store().begin();
  World world = filled(watched.store(), 20);
  for (const auto& question : questions) question.ask(world);
  while (watched.store().sweep(100)) continue;
  watched.store().commit();
  watched.look_away();
  CHECK(watched.statements().size() > questions.size());
  for (const auto& sql : watched.statements()) {
    CAPTURE(sql);
    for (const auto& step : watched.plan_of(sql)) {
      CAPTURE(step);
      // What is counted is limited, and found as all else is.
      if (step.starts_with("SCAN (subquery")) continue;
      CHECK_FALSE(step.starts_with("SCAN"));
      CHECK(step.find("TEMP B-TREE") == std::string::npos);
      CHECK(step.find("AUTOMATIC") == std::string::npos);
    }
  }
}

TEST_CASE("sqlite: no question costs more where more is stored") {
  const auto little = costs(20);
  const auto much = costs(1000);
  for (std::size_t i = 0; i < questions.size(); ++i) {
    CAPTURE(questions[i].name);
    CHECK(little[i] > 0);
    CHECK(much[i] < little[i] + little[i] / 4 + 10);
  }
}

}  // namespace crier::test
