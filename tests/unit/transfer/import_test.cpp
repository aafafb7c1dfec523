#include "transfer/importer.hpp"

#include <crier/fault.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "../../storage/scratch.hpp"
#include "transfer/random_store.hpp"
#include "transfer/store_files.hpp"

namespace crier::transfer::test {

namespace {

using crier::test::Scratch;

constexpr std::string_view created = "\"created\":\"2026-05-01T10:20:30Z\"";

/// A file with one node, `lines` behind it, and the trailer.
std::string small_file(std::string_view lines, Counts counts) {
  std::string text;
  append_header(text);
  text += "{\"record\":\"service\",\"jid\":\"pubsub.a.example\"}\n";
  text += fmt::format(
      "{{\"record\":\"node\",\"node\":\"n\",\"type\":\"leaf\",\"creator\":\"me@a.example\",{}}}\n",
      created);
  text += lines;
  append_trailer(text, counts);
  return text;
}

std::string item_line(std::string_view id, std::string_view payload) {
  return fmt::format(
      "{{\"record\":\"item\",\"node\":\"n\",\"id\":\"{}\",\"publisher\":"
      "\"me@a.example\",{},\"published\":\"2026-05-01T10:20:30Z\",\"payload\":\"{}\"}}\n",
      id, created, payload);
}

}  // namespace

TEST_CASE("what is exported is what was imported, whatever it is") {
  for (unsigned seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    const Scratch scratch;
    const auto records = RandomStore(seed).records();
    import_records(scratch.file("one"), records);
    const auto first = exported(scratch.file("one"));
    CHECK(sorted_lines(first) == sorted_lines(lines_of(records)));
    CHECK(exported(scratch.file("one")) == first);

    write(scratch.file("export"), first);
    const auto summary = imported(scratch.file("two"), scratch.file("export"));
    CHECK(summary.lost.empty());
    CHECK(exported(scratch.file("two")) == first);
    const auto again = total(imported(scratch.file("two"), scratch.file("export")));
    CHECK(again == Tally{.unchanged = records.size()});
    CHECK(exported(scratch.file("two")) == first);
  }
}

TEST_CASE("a dry run says what would happen, and changes nothing") {
  const Scratch scratch;
  import_records(scratch.file("one"), RandomStore(1).records());
  write(scratch.file("export"), lines_of(RandomStore(2).records()));
  const auto before = exported(scratch.file("one"));
  const auto dry = imported(scratch.file("one"), scratch.file("export"), {.dry_run = true});
  CHECK(exported(scratch.file("one")) == before);
  const auto real = imported(scratch.file("one"), scratch.file("export"));
  CHECK(dry.tallies == real.tallies);
  CHECK(total(real).added > 0);
}

TEST_CASE("what is there and differs is kept, replaced or refused, as told") {
  const Scratch scratch;
  write(scratch.file("one"), small_file(item_line("1", "<a xmlns='u:a'/>"), {1, 0, 1, 0, 0, 1, 0}));
  write(scratch.file("two"), small_file(item_line("1", "<b xmlns='u:a'/>"), {1, 0, 1, 0, 0, 1, 0}));
  imported(scratch.file(), scratch.file("one"));
  const auto before = exported(scratch.file());

  CHECK(total(imported(scratch.file(), scratch.file("two"))) == Tally{.unchanged = 2, .kept = 1});
  CHECK(exported(scratch.file()) == before);
  CHECK(refusal(scratch.file(), scratch.file("two"), {.on_conflict = OnConflict::fail}) ==
        scratch.file("two").native() +
            ", line 4: the item 1 of n is there already and differs; say --on-conflict keep or "
            "replace");
  CHECK(exported(scratch.file()) == before);
  CHECK(
      total(imported(scratch.file(), scratch.file("two"), {.on_conflict = OnConflict::replace})) ==
      Tally{.unchanged = 2, .replaced = 1});
  CHECK(exported(scratch.file()) == content_of(scratch.file("two")));
}

TEST_CASE("a file that was cut off is refused before anything is imported") {
  const Scratch scratch;
  const auto whole = lines_of(RandomStore(3).records());
  import_records(scratch.file(), {ServiceRecord{"pubsub.a.example"}});
  const auto before = exported(scratch.file());
  for (const auto size : {whole.size() / 2, whole.rfind('{'), whole.size() - 3}) {
    CAPTURE(size);
    write(scratch.file("cut"), std::string_view(whole).substr(0, size));
    CHECK(refusal(scratch.file(), scratch.file("cut")).find(" is cut off: ") != std::string::npos);
    CHECK(exported(scratch.file()) == before);
  }
}

TEST_CASE("a line that is wrong is named by its number, with what is wrong") {
  const struct {
    std::string lines;
    Counts counts;
    std::string_view problem;
  } wrong[] = {
      {"{\n", {1, 0, 1, 0, 0, 0, 0}, ", line 4: a string should begin here"},
      {item_line("1", "<a>"),
       {1, 0, 1, 0, 0, 1, 0},
       ", line 4: the payload of the item 1 of n is not one well-formed XML element"},
      {item_line("1", "<a/><b/>"), {1, 0, 1, 0, 0, 1, 0}, "not one well-formed XML element"},
      {item_line("", "<a/>"), {1, 0, 1, 0, 0, 1, 0}, "an id that is empty"},
      {item_line("\\u0001", "<a/>"), {1, 0, 1, 0, 0, 1, 0}, "control character"},
      {item_line("1", "") + item_line("2", ""),
       {1, 0, 1, 0, 0, 3, 0},
       ", line 6: the file has 2 items and should have 3"},
      {"{\"record\":\"affiliation\",\"node\":\"n\",\"jid\":\"a@b/c\",\"affiliation\":\"owner\"}\n",
       {1, 0, 1, 1, 0, 0, 0},
       ", line 4: \"a@b/c\" is not a bare JID"},
      {"{\"record\":\"affiliation\",\"node\":\"m\",\"jid\":\"a@b\",\"affiliation\":\"owner\"}\n",
       {1, 0, 1, 1, 0, 0, 0},
       ", line 4: there is no node m; its record must come first"},
      {fmt::format("{{\"record\":\"node\",\"node\":\"m\",\"type\":\"leaf\",\"creator\":\"a@b\",{},"
                   "\"config\":{{\"pubsub#access_model\":[\"opne\"]}}}}\n",
                   created),
       {1, 0, 2, 0, 0, 0, 0},
       ", line 4: the field pubsub#access_model of the node m can not have"},
      {fmt::format("{{\"record\":\"node\",\"node\":\"m\",\"type\":\"leaf\",\"creator\":\"a@b\",{},"
                   "\"config\":{{\"pubsub#max_items\":[\"0\"]}}}}\n",
                   created),
       {1, 0, 2, 0, 0, 0, 0},
       ", line 4: the node m: The field pubsub#max_items is at least 1"},
  };
  for (const auto& [lines, counts, problem] : wrong) {
    CAPTURE(lines);
    const Scratch scratch;
    write(scratch.file("file"), small_file(lines, counts));
    const auto why = refusal(scratch.file(), scratch.file("file"));
    CAPTURE(why);
    CHECK(why.find(problem) != std::string::npos);
  }
}

TEST_CASE("what was stored can be imported, however long it is, in both formats") {
  const Scratch scratch;
  const std::string description(70'000, 'd');
  const auto payload =
      fmt::format("<a xmlns='u:a'>{}</a>", std::string(std::size_t{33} << 20, 'p'));
  const std::vector<Record> records{ServiceRecord{"pubsub.a.example"},
                                    NodeRecord{.node = "n",
                                               .creator = "me@a.example",
                                               .config = {{"pubsub#description", {description}}}},
                                    ItemRecord{"n", "1", "me@a.example", Time{}, Time{}, payload}};
  const auto text = lines_of(records);
  write(scratch.file("lines"), text);
  imported(scratch.file("one"), scratch.file("lines"));
  write(scratch.file("xml"), exported_xep0227(scratch.file("one")));
  imported(scratch.file("two"), scratch.file("xml"), {.items_apart = true});
  // Not as CHECK would show it.
  const bool is_same = exported(scratch.file("one")) == text;
  CHECK(is_same);
  const bool is_same_from_xml = exported(scratch.file("two")) == text;
  CHECK(is_same_from_xml);
}

TEST_CASE("a node never comes to be below itself") {
  const Scratch scratch;
  const NodeRecord a{
      .node = "a", .type = NodeType::collection, .creator = "me@a.example", .parents = {"b"}};
  NodeRecord b = a;
  b.node = "b";
  b.parents = {"a"};
  CHECK_THROWS_WITH_AS(import_records(scratch.file(), {ServiceRecord{"pubsub.a.example"}, a, b}),
                       "the node a would be below itself", Fault);
}

TEST_CASE("a node that is there comes into a collection that comes later, as told, once") {
  const Scratch scratch;
  const NodeRecord alone{.node = "a", .creator = "me@a.example"};
  auto inside = alone;
  inside.parents = {"c", "d"};
  const NodeRecord c{.node = "c", .type = NodeType::collection, .creator = "me@a.example"};
  auto d = c;
  d.node = "d";
  const ServiceRecord service{"pubsub.a.example"};
  write(scratch.file("file"), lines_of({service, inside, c, d}));
  const auto whole = lines_of({service, c, d, inside});
  const auto import_as = [&](OnConflict how) {
    std::filesystem::remove(scratch.file());
    import_records(scratch.file(), {service, alone});
    return imported(scratch.file(), scratch.file("file"), {.on_conflict = how});
  };
  CHECK(total(import_as(OnConflict::keep)) == Tally{.added = 2, .unchanged = 1, .kept = 1});
  CHECK(exported(scratch.file()) == lines_of({service, c, d, alone}));
  CHECK_THROWS_WITH_AS(import_as(OnConflict::fail),
                       "the node a is there already and differs; say --on-conflict keep or replace",
                       Fault);
  CHECK(total(import_as(OnConflict::replace)) == Tally{.added = 2, .unchanged = 1, .replaced = 1});
  CHECK(exported(scratch.file()) == whole);
  CHECK(total(imported(scratch.file(), scratch.file("file"), {.on_conflict = OnConflict::fail})) ==
        Tally{.unchanged = 4});
}

TEST_CASE("a node of another configuration comes into a collection that comes later as well") {
  const Scratch scratch;
  const ServiceRecord service{"pubsub.a.example"};
  const NodeRecord there{.node = "a", .creator = "me@a.example"};
  auto given = there;
  given.config = {{"pubsub#title", {"A"}}};
  given.parents = {"c"};
  const NodeRecord c{.node = "c", .type = NodeType::collection, .creator = "me@a.example"};
  import_records(scratch.file(), {service, there});
  write(scratch.file("file"), lines_of({service, given, c}));
  const auto summary =
      imported(scratch.file(), scratch.file("file"), {.on_conflict = OnConflict::replace});
  CHECK(total(summary) == Tally{.added = 1, .unchanged = 1, .replaced = 1});
  CHECK(exported(scratch.file()) == lines_of({service, c, given}));
}

TEST_CASE("collections that are none, or never come, are no conflict: imported twice is once") {
  const Scratch scratch;
  const NodeRecord leaf{.node = "a", .creator = "me@a.example"};
  auto inside = leaf;
  inside.node = "b";
  inside.parents = {"a", "nowhere"};
  write(scratch.file("file"), lines_of({ServiceRecord{"pubsub.a.example"}, leaf, inside}));
  const auto first = imported(scratch.file(), scratch.file("file"));
  CHECK(first.lost.size() == 2);
  for (const auto how : {OnConflict::keep, OnConflict::replace, OnConflict::fail}) {
    const auto again = imported(scratch.file(), scratch.file("file"), {.on_conflict = how});
    CHECK(total(again) == Tally{.unchanged = 3});
    CHECK(again.lost == first.lost);
  }
}

TEST_CASE("a redirect is of the service whose record came before, and not without one") {
  const Scratch scratch;
  const RedirectRecord redirect{"old", "xmpp:pubsub.b.example?;node=new"};
  CHECK_THROWS_WITH_AS(
      import_records(scratch.file(), {redirect, ServiceRecord{"pubsub.a.example"}}),
      "the record of the service must come before those of its nodes and redirects", Fault);
  CHECK(exported(scratch.file()) == lines_of({}));
}

TEST_CASE("nodes of names that the service keeps for itself are told of, and the rest is carried") {
  const Scratch scratch;
  const NodeRecord list{.node = "u:commands", .type = NodeType::collection, .creator = "a@b"};
  const NodeRecord leaf{.node = "u:shim", .creator = "a@b", .parents = {"u:commands"}};
  NodeRecord other{.node = "n", .creator = "a@b", .parents = {"u:commands"}};
  const ServiceRecord service{"pubsub.a.example"};
  write(scratch.file("file"),
        lines_of({service, RedirectRecord{"u:shim", "xmpp:b"}, list,
                  SubscriptionRecord{.node = "u:commands", .jid = "a@b", .subid = "1"}, other, leaf,
                  AffiliationRecord{"u:shim", "a@b", Affiliation::owner},
                  ItemRecord{"u:shim", "1", "a@b", Time{}, Time{}, ""}}));
  const auto summary =
      imported(scratch.file(), scratch.file("file"),
               {.is_kept_name = [](std::string_view name) { return name.starts_with("u:"); }});
  CHECK(summary.lost ==
        decltype(summary.lost){{"a node of a name that the service keeps for itself, with all that "
                                "it has",
                                2},
                               {"a redirect of a name that the service keeps for itself", 1},
                               {"that a node is in a collection which is not there", 1}});
  other.parents.clear();
  CHECK(exported(scratch.file()) == lines_of({service, other}));
}

TEST_CASE(
    "XEP-0248 §8.1: subscriptions to the root are carried, the root itself is the service's") {
  const Scratch scratch;
  const std::vector<Record> records{
      ServiceRecord{"pubsub.a.example"},
      NodeRecord{.node = "", .type = NodeType::collection, .creator = "pubsub.a.example"},
      SubscriptionRecord{.node = "", .jid = "a@b.example", .subid = "1"}};
  import_records(scratch.file(), records);
  CHECK(exported(scratch.file()) == lines_of(records));
  import_records(scratch.file("other"), {records[0], records[1]});
  CHECK(exported(scratch.file("other")) == lines_of({records[0]}));
}

TEST_CASE("a SubID that can not be kept is told of") {
  const Scratch scratch;
  const auto store = SqliteStore::open(scratch.file());
  Importer importer(*store, {});
  importer.take(ServiceRecord{"pubsub.a.example"});
  importer.take(NodeRecord{.node = "n", .creator = "me@a.example"});
  importer.take(SubscriptionRecord{.node = "n", .jid = "a@b.example", .subid = "0F"});
  importer.finish();
  CHECK(importer.summary().lost.begin()->first == "the SubID of a subscription; it has a new one");
}

TEST_CASE("a new subscription never gets the SubID of one that was imported") {
  const Scratch scratch;
  const auto store = SqliteStore::open(scratch.file());
  Importer importer(*store, {});
  importer.take(ServiceRecord{"pubsub.a.example"});
  importer.take(NodeRecord{.node = "n", .creator = "me@a.example"});
  importer.take(SubscriptionRecord{.node = "n", .jid = "a@b.example", .subid = "7fffffff"});
  importer.finish();
  store->begin();
  CHECK(store->next_seq() > Seq{0x7fffffff});
  store->rollback();
}

TEST_CASE("each durable subscription is as many items behind as it was, in both formats") {
  const Scratch scratch;
  std::vector<Record> records{ServiceRecord{"pubsub.a.example"}};
  for (const char* node : {"n", "o"}) {
    records.push_back(NodeRecord{.node = node, .creator = "me@a.example"});
    for (unsigned i = 0; i < 60; ++i) {
      SubscriptionRecord entry{.node = node,
                               .jid = fmt::format("user{}@b.example", i),
                               .subid = subid_of(SubscriptionId{std::ssize(records)}),
                               .options = {{"x-durable", {"1"}}}};
      // In no order, some the same, some keeping up.
      if (i % 7 > 0) entry.behind = i * 37 % 41;
      records.push_back(entry);
    }
    for (unsigned i = 0; i < 40; ++i)
      records.push_back(ItemRecord{node, fmt::format("{}", i), "me@a.example", Time{}, Time{}, ""});
  }
  import_records(scratch.file("one"), records);
  CHECK(exported(scratch.file("one")) == lines_of(records));
  write(scratch.file("xml"), exported_xep0227(scratch.file("one")));
  imported(scratch.file("two"), scratch.file("xml"), {.items_apart = true});
  CHECK(exported(scratch.file("two")) == lines_of(records));
}

TEST_CASE("an import that changes something is in the audit log: who, what and how much") {
  const Scratch scratch;
  write(scratch.file("one"), small_file(item_line("1", "<a xmlns='u:a'/>"), {1, 0, 1, 0, 0, 1, 0}));
  write(scratch.file("two"), small_file(item_line("1", "<b xmlns='u:a'/>"), {1, 0, 1, 0, 0, 1, 0}));
  const Time now{std::chrono::seconds{7}};
  ImportOptions options{.dry_run = true, .work = {"me", "all.jsonl", now}};
  const auto log = [&] {
    return SqliteStore::open(scratch.file())->audit({.is_oldest_first = true, .limit = 10});
  };
  imported(scratch.file(), scratch.file("one"), options);
  CHECK(log().empty());
  options.dry_run = false;
  imported(scratch.file(), scratch.file("one"), options);
  imported(scratch.file(), scratch.file("one"), options);
  imported(scratch.file(), scratch.file("two"), options);
  options.on_conflict = OnConflict::replace;
  imported(scratch.file(), scratch.file("two"), options);
  const auto entries = log();
  REQUIRE(entries.size() == 2);
  CHECK(entries[0] == AuditEntry{.id = entries[0].id,
                                 .time = now,
                                 .by = "me@pubsub.a.example/command-line",
                                 .action = "import",
                                 .subject = "all.jsonl",
                                 .new_value = "added nodes: 1, items: 1",
                                 .by_admin = true});
  CHECK(entries[1].new_value == "replaced items: 1");
}

TEST_CASE("nobody is told of what is imported when the service starts") {
  const Scratch scratch;
  import_records(scratch.file(), RandomStore(5).records());
  const auto store = SqliteStore::open(scratch.file());
  store->begin();
  const auto progress = store->fanout_progress();
  std::size_t untold = 0;
  store->items_of_all(Seq{static_cast<std::int64_t>(progress.told) + 1}, Seq{1'000'000'000},
                      [&](NodeId, const StoredItem&) { ++untold; });
  CHECK(untold == 0);
  CHECK(progress.unfinished.empty());
  store->rollback();
}

}  // namespace crier::transfer::test
