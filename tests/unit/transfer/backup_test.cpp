#include "transfer/backup.hpp"

#include <crier/fault.hpp>

#include "storage/sqlite_store.hpp"
#include "transfer/file_work.hpp"
#include "transfer/snapshot.hpp"
#include "transfer/verify.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "../../storage/scratch.hpp"

namespace crier::transfer {

namespace {

using test::Scratch;
using File = std::filesystem::path;

/// A database with a collection, a node in it with so many items, an owner and a subscription.
std::unique_ptr<SqliteStore> filled(const File& file, int items) {
  auto store = SqliteStore::open(file);
  store->begin();
  Node collection, node;
  collection.key = {"pubsub.a.example", "all"};
  collection.config.node_type = NodeType::collection;
  node.key = {"pubsub.a.example", "news"};
  node.config.item_expire = {1000};
  for (auto* created : {&collection, &node}) {
    created->creator = "me@a.example";
    store->create(*created);
    store->set_affiliation(created->id, "me@a.example", Affiliation::owner);
  }
  store->associate(collection.id, node.id);
  store->add_subscription(node.id, "friend@a.example", SubscriptionState::subscribed, Time{});
  for (int i = 0; i < items; ++i)
    store->put(node, {fmt::format("{}", i), "me@a.example", "<a xmlns='u:a'/>", Time{}});
  node.item_count = static_cast<std::uint64_t>(items);
  store->save_counts(node);
  store->set_timer({TimerKind::item_expiry, static_cast<std::int64_t>(node.id), Time{}});
  store->commit();
  return store;
}

std::size_t items_in(const File& file) {
  const auto store = SqliteStore::open(file);
  store->begin();
  const auto node = store->load({"pubsub.a.example", "news"});
  store->rollback();
  return node->item_count;
}

/// Runs SQL as another program would.
void execute(const File& file, const std::string& sql) {
  sqlite3* connection = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &connection) == SQLITE_OK);
  CHECK(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(connection);
}

std::vector<std::string> problems(const File& file, bool full = false) {
  std::vector<std::string> texts;
  for (const auto& problem : verify(file, {.full = full}).problems) texts.push_back(problem.what);
  return texts;
}

std::vector<std::string> names_in(const Scratch& scratch) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path()))
    names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

template <class Work>
std::string refusal(Work work) {
  try {
    work();
    return {};
  } catch (const Fault& fault) {
    return fault.what();
  }
}

}  // namespace

TEST_CASE("a backup holds what was committed when it began, though the service writes on") {
  const Scratch scratch;
  const auto store = filled(scratch.file(), 5'000);
  bool wrote = false;
  const auto write_on = [&](std::uint64_t, std::uint64_t) {
    if (std::exchange(wrote, true)) return;
    store->begin();
    const auto node = store->load({"pubsub.a.example", "news"});
    store->put(*node, {"late", "me@a.example", "<a xmlns='u:a'/>", Time{}});
    ++node->item_count;
    store->save_counts(*node);
    store->commit();
  };
  back_up(scratch.file(), scratch.file("copy"), {.bytes_per_second = 0, .progress = write_on});
  CHECK(wrote);
  struct stat status {};
  REQUIRE(::stat(scratch.file("copy").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(names_in(scratch) == std::vector<std::string>{"copy", "crier.db", "crier.db-lock",
                                                      "crier.db-shm", "crier.db-wal"});
  CHECK(problems(scratch.file("copy"), true).empty());
  CHECK(names_in(scratch).front() == "copy");
  CHECK(items_in(scratch.file("copy")) == 5'000);
}

TEST_CASE("a backup keeps to its rate") {
  const Scratch scratch;
  const auto store = filled(scratch.file(), 2'000);
  const auto start = std::chrono::steady_clock::now();
  const auto size = back_up(scratch.file(), scratch.file("copy"), {.bytes_per_second = 4 << 20});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  // The last step does not wait.
  CHECK(took.count() > (static_cast<double>(size) - 64 * 4096) / (4 << 20));
}

TEST_CASE("a backup takes no name that is taken, unless it is told to") {
  const Scratch scratch;
  const auto store = filled(scratch.file(), 1);
  std::ofstream(scratch.file("copy")) << "mine";
  CHECK(refusal([&] { back_up(scratch.file(), scratch.file("copy"), {}); }) ==
        scratch.file("copy").native() +
            " is there already; name another file, or say --force to replace it");
  CHECK(std::filesystem::file_size(scratch.file("copy")) == 4);
  back_up(scratch.file(), scratch.file("copy"), {.force = true});
  CHECK(problems(scratch.file("copy")).empty());
}

TEST_CASE("a backup never takes the place of the database, or of what belongs to it") {
  const Scratch scratch;
  const auto store = filled(scratch.file(), 3);
  std::filesystem::create_symlink(scratch.file(), scratch.file("symlink"));
  std::filesystem::create_hard_link(scratch.file(), scratch.file("hardlink"));
  const auto before = names_in(scratch);
  for (const char* name : {"crier.db", "crier.db-wal", "crier.db-shm", "crier.db-lock", "symlink",
                           "hardlink", "crier.db-journal"}) {
    CAPTURE(name);
    const auto why = refusal([&] { back_up(scratch.file(), scratch.file(name), {.force = true}); });
    CHECK(why.ends_with(" itself; name another file"));
  }
  CHECK(names_in(scratch) == before);
  store->begin();
  CHECK(store->load({"pubsub.a.example", "news"})->item_count == 3);
  store->rollback();
}

TEST_CASE("a backup takes the place of a regular file only, even when it is told to") {
  const Scratch scratch;
  const auto store = filled(scratch.file(), 1);
  std::filesystem::create_directory(scratch.file("directory"));
  std::filesystem::create_symlink("/dev/null", scratch.file("null"));
  for (const char* name : {"directory", "null"}) {
    CAPTURE(name);
    CHECK(refusal([&] {
            back_up(scratch.file(), scratch.file(name), {.force = true});
          }).ends_with(" is not a regular file and is not replaced; name another file"));
  }
}

TEST_CASE("one process at a time makes a file, and what a killed one left is no hindrance") {
  const Scratch scratch;
  std::ofstream(scratch.file("copy.partial")) << "left";
  PartialFile first(scratch.file("copy"), true);
  CHECK(refusal([&] {
          PartialFile(scratch.file("copy"), true);
        }).find("copy.partial is being written by another process") != std::string::npos);
  first.write("whole");
  first.finish();
  CHECK(names_in(scratch) == std::vector<std::string>{"copy"});
  CHECK(std::filesystem::file_size(scratch.file("copy")) == 5);
}

TEST_CASE("a database is restored under its real name, and not while somebody reads it") {
  const Scratch scratch;
  std::filesystem::create_symlink(scratch.file(), scratch.file("symlink"));
  {
    const auto store = filled(scratch.file("symlink"), 10);
    CHECK(std::filesystem::exists(scratch.file("crier.db-lock")));
    CHECK(!std::filesystem::exists(scratch.file("symlink-lock")));
    back_up(scratch.file("symlink"), scratch.file("copy"), {});
    CHECK(refusal([&] {
            restore(scratch.file("copy"), scratch.file(), {.now = "1"});
          }).find("is in use by another crier") != std::string::npos);
  }
  {
    Snapshot reader(scratch.file());
    CHECK(reader.number("SELECT count(*) FROM item") == 10);
    execute(scratch.file(), "CREATE TABLE later (a)");
    CHECK(refusal([&] {
            restore(scratch.file("copy"), scratch.file("symlink"), {.now = "2"});
          }).find("somebody reads the database ") == 0);
    CHECK(!std::filesystem::exists(scratch.file("crier.db.before-restore-2")));
  }
  CHECK(restore(scratch.file("copy"), scratch.file("symlink"), {.now = "3"}) ==
        scratch.file("crier.db.before-restore-3"));
  CHECK(std::filesystem::is_symlink(scratch.file("symlink")));
  CHECK(items_in(scratch.file()) == 10);
}

TEST_CASE("what is no database of crier's is not backed up, and leaves nothing") {
  const Scratch scratch;
  std::ofstream(scratch.file("text")) << std::string(5'000, 'x');
  execute(scratch.file("other"), "CREATE TABLE a (b)");
  CHECK(refusal([&] {
          back_up(scratch.file("text"), scratch.file("copy"), {});
        }).ends_with("text is not an SQLite database"));
  CHECK(refusal([&] {
          back_up(scratch.file("other"), scratch.file("copy"), {});
        }).ends_with("other is not a database of crier's"));
  CHECK(refusal([&] {
          back_up(scratch.file("none"), scratch.file("copy"), {});
        }).find("there is no database ") == 0);
  CHECK(names_in(scratch) == std::vector<std::string>{"other", "text"});
}

TEST_CASE("a restored database is the copy; the old one stays beside it") {
  const Scratch scratch;
  {
    const auto store = filled(scratch.file(), 10);
    back_up(scratch.file(), scratch.file("copy"), {});
    CHECK(refusal([&] {
            restore(scratch.file("copy"), scratch.file(), {.now = "1"});
          }).find("is in use by another crier") != std::string::npos);
    store->begin();
    const auto node = store->load({"pubsub.a.example", "news"});
    store->put(*node, {"late", "me@a.example", "<a xmlns='u:a'/>", Time{}});
    ++node->item_count;
    store->save_counts(*node);
    store->commit();
  }
  const auto kept = restore(scratch.file("copy"), scratch.file(), {.now = "1"});
  CHECK(kept == scratch.file("crier.db.before-restore-1"));
  CHECK(items_in(scratch.file()) == 10);
  CHECK(items_in(kept) == 11);
  CHECK(std::filesystem::exists(scratch.file("copy")));
}

TEST_CASE("a restore is in the audit log of what was restored, if it has one") {
  const Scratch scratch;
  back_up((filled(scratch.file(), 10), scratch.file()), scratch.file("copy"), {});
  const RestoreOptions options{.now = "1",
                               .work = {"me", "/backup", Time{std::chrono::seconds{7}}}};
  restore(scratch.file("copy"), scratch.file(), options);
  auto entries = SqliteStore::open(scratch.file())->audit({.limit = 10});
  REQUIRE(entries.size() == 1);
  CHECK(entries[0] == AuditEntry{.id = entries[0].id,
                                 .time = options.work.now,
                                 .by = "me@pubsub.a.example/command-line",
                                 .action = "restore",
                                 .subject = "/backup",
                                 .old_value = scratch.file("crier.db.before-restore-1"),
                                 .new_value = "nodes: 2, items: 10",
                                 .by_admin = true});
  CHECK(problems(scratch.file(), true).empty());
  CHECK(SqliteStore::open(scratch.file("copy"))->audit({.limit = 10}).empty());

  execute(scratch.file("copy"), "DROP TABLE audit; PRAGMA user_version = 6");
  restore(scratch.file("copy"), scratch.file("older"), options);
  CHECK(problems(scratch.file("older")).empty());
}

TEST_CASE("the log of a service that was killed goes with the old database") {
  const Scratch scratch;
  {
    const auto store = filled(scratch.file("running"), 10);
    back_up(scratch.file("running"), scratch.file("copy"), {});
    const auto newer = filled(scratch.file("other"), 20);
    // As a crash leaves them.
    std::filesystem::copy_file(scratch.file("other"), scratch.file());
    std::filesystem::copy_file(scratch.file("other-wal"), scratch.file("crier.db-wal"));
  }
  const auto kept = restore(scratch.file("copy"), scratch.file(), {.now = "2"});
  CHECK(items_in(scratch.file()) == 10);
  CHECK(items_in(kept) == 20);
}

TEST_CASE("a database that is sound has no problems, before and after it is swept") {
  const Scratch scratch;
  const auto store = filled(scratch.file(), 100);
  CHECK(problems(scratch.file(), true).empty());
  store->begin();
  const auto node = store->load({"pubsub.a.example", "news"});
  store->remove(*node);
  store->commit();
  CHECK(problems(scratch.file(), true).empty());
}

TEST_CASE("what is wrong is found, one line each") {
  const struct {
    const char* damage;
    std::string_view found;
    bool full = false;
  } wrong[] = {
      {"UPDATE node SET item_count = item_count + 1 WHERE name = 'news'",
       "nodes count their items wrongly (1)"},
      {"DELETE FROM item WHERE id IN ('3', '4')", "nodes count their items wrongly (1)"},
      {"UPDATE node SET first_seq = 5, item_count = (SELECT count(*) FROM item WHERE seq >= 5) "
       "WHERE name = 'news'",
       "nodes have items that were purged and are never swept (1)"},
      {"UPDATE node SET name = NULL WHERE name = 'all'", "removed nodes are never swept (1)"},
      {"UPDATE affiliation SET affiliation = 9", "affiliations are none that there is (2)"},
      {"DELETE FROM affiliation", "nodes have no owner (2)"},
      {"UPDATE subscription SET state = 7", "subscriptions are in no state that there is (1)"},
      {"INSERT INTO affiliation VALUES (99, 1, 5)",
       "rows of affiliation belong to rows of node that are not there (1)"},
      {"UPDATE item SET publisher = 99 WHERE id = '1'",
       "rows of item belong to rows of jid that are not there (1)"},
      {"UPDATE sequence SET reserved = 2",
       "the sequence is behind the items, whose numbers would "
       "be given twice (1)"},
      {"UPDATE node SET first_level = 1", "nodes are listed on another level than they are on (1)"},
      {"UPDATE node SET level = 5, head = 4", "nodes have told of what has not happened (2)"},
      {"INSERT INTO association SELECT child, collection FROM association",
       "collections are below themselves (2)"},
      {"INSERT INTO redirect VALUES ('pubsub.a.example', 'news', 'xmpp:b')",
       "nodes that are there have moved as well (1)"},
      {"DELETE FROM timer", "nodes whose items expire have no timer, and keep them (1)"},
      {"UPDATE subscription SET options = 'pubsub#expire\t2030-01-01T00:00:00Z' || char(10)",
       "leases have no timer, and would never end (1)"},
      {"UPDATE usage SET items = items + 1 WHERE whom = 0",
       "accounts, domains or the service have quotas that count wrongly (1)"},
      {"UPDATE usage SET bytes = bytes - 1 WHERE bytes > 0",
       "accounts, domains or the service have quotas that count wrongly (2)"},
      {"DELETE FROM usage", "accounts, domains or the service have quotas that count wrongly (3)"},
      {"INSERT INTO usage VALUES (99, 0, 0, 1, 1)",
       "accounts, domains or the service have quotas that count wrongly (1)"},
      {"UPDATE node SET config = config || 'pubsub#access_model\tnobody' || char(10)",
       "nodes have configurations that can not be read (2)"},
      {"UPDATE subscription SET options = 'x'",
       "subscriptions have options that can not be read (1)"},
      {"UPDATE item SET payload = '<a>' WHERE id = '1'",
       "items have payloads that are not well-formed XML (1)", true},
  };
  for (const auto& [damage, found, full] : wrong) {
    CAPTURE(damage);
    const Scratch scratch;
    filled(scratch.file(), 10);
    execute(scratch.file(), damage);
    const auto listed = problems(scratch.file(), full);
    CAPTURE(fmt::format("{}", listed.empty() ? "" : listed.front()));
    CHECK(std::ranges::count(listed, found) == 1);
  }
}

TEST_CASE("pages that are damaged are found") {
  const Scratch scratch;
  filled(scratch.file(), 2'000);
  const auto size = std::filesystem::file_size(scratch.file());
  {
    std::fstream file(scratch.file(), std::ios::in | std::ios::out | std::ios::binary);
    for (std::uintmax_t at = 50 * 4096; at + 4096 < size; at += 4096) {
      file.seekp(static_cast<std::streamoff>(at));
      file << std::string(64, '\xee');
    }
  }
  const auto listed = problems(scratch.file());
  REQUIRE(!listed.empty());
  CHECK(listed.front().find("SQLite: ") == 0);
}

}  // namespace crier::transfer
