#include "transfer/importer.hpp"

#include <crier/fault.hpp>
#include <crier/xml_writer.hpp>

#include "transfer/export.hpp"
#include "transfer/import_file.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "../../storage/scratch.hpp"

namespace crier::transfer {

namespace {

using test::Scratch;
using File = std::filesystem::path;

std::string content_of(const File& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const File& file, std::string_view text) {
  std::ofstream(file, std::ios::binary) << text;
}

std::string exported(const File& database, const Selection& selection = {}) {
  Snapshot snapshot(database);
  std::string text;
  export_json(snapshot, selection, {[&](std::string_view piece) { text += piece; }});
  return text;
}

std::string exported_xep0227(const File& database) {
  Snapshot snapshot(database);
  std::string text;
  export_xep0227(snapshot, {}, {[&](std::string_view piece) { text += piece; }});
  return text;
}

ImportSummary imported(const File& database, const File& file, ImportOptions options = {}) {
  const auto store = SqliteStore::open(database);
  Importer importer(*store, options);
  if (format_of(file) == Format::json)
    read_json({file}, importer);
  else
    read_xep0227({file}, Time{}, importer);
  importer.finish();
  return importer.summary();
}

Tally total(const ImportSummary& summary) {
  Tally sum;
  for (const auto& tally : summary.tallies) {
    sum.added += tally.added;
    sum.unchanged += tally.unchanged;
    sum.replaced += tally.replaced;
    sum.kept += tally.kept;
  }
  return sum;
}

/// Why the file can not be imported.
std::string refusal(const File& database, const File& file, ImportOptions options = {}) {
  try {
    imported(database, file, options);
    return {};
  } catch (const Fault& fault) {
    return fault.what();
  }
}

std::vector<std::string> sorted_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::ranges::sort(lines);
  return lines;
}

/// Records of a store that nobody has thought of.
class RandomStore {
 public:
  explicit RandomStore(unsigned seed) : random_(seed) {}

  std::vector<Record> records() {
    std::vector<Record> records{ServiceRecord{"pubsub.a.example"}};
    for (unsigned i = 0; i < below(3); ++i)
      records.push_back(
          RedirectRecord{fmt::format("gone {}", i), "xmpp:b.example?;node=" + text()});
    const unsigned collections = below(4);
    for (unsigned i = 0; i < collections; ++i) node(records, i, true);
    for (unsigned i = 0; i < 1 + below(6); ++i) node(records, 10 + i, false);
    for (unsigned i = 0; i < below(3); ++i)
      records.push_back(ContactRecord{jid(i), {.sees_us = below(2) > 0, .seen = true}});
    return records;
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  Time time() {
    return Time(std::chrono::microseconds(1'700'000'000'000'000 + random_() % 1'000'000'000));
  }
  std::string jid(unsigned number) { return fmt::format("user{}@b.example", number); }
  std::string text() {
    constexpr std::string_view parts[] = {"a", "é", "<&>'\"", "\t\n", "\\", "x=1;", "𝄞", "\x7f"};
    std::string text = "t";
    for (unsigned i = 0; i < below(5); ++i) text += parts[below(std::size(parts))];
    return text;
  }

  void node(std::vector<Record>& records, unsigned number, bool collection) {
    NodeRecord node{.node = fmt::format("node é {}", number),
                    .type = collection ? NodeType::collection : NodeType::leaf,
                    .creator = jid(below(5)),
                    .created = time()};
    if (below(2)) node.config["pubsub#title"] = {text()};
    if (below(2)) node.config["pubsub#access_model"] = {"whitelist"};
    if (below(3) == 0) node.config["pubsub#contact"] = {jid(1), jid(0)};
    if (below(3) == 0) node.config["pubsub#item_expire"] = {"86400000"};
    if (below(3) == 0) node.config["x-durable"] = {"1"};
    // Only nodes before it: no circle.
    if (number > 0 && number < 10 && below(2)) node.parents = {"node é 0"};
    records.push_back(node);
    for (unsigned i = 0; i < 1 + below(4); ++i)
      records.push_back(AffiliationRecord{node.node, jid(i), Affiliation(1 + below(5))});
    for (unsigned i = 0; i < below(5); ++i) subscription(records, node);
    if (collection) return;
    for (unsigned i = 0; i < below(30); ++i) item(records, node, i);
  }

  void subscription(std::vector<Record>& records, const NodeRecord& node) {
    SubscriptionRecord entry{.node = node.node,
                             .jid = jid(below(3)) + (below(2) ? "" : "/résource"),
                             .state = SubscriptionState(below(3)),
                             .subid = subid_of(SubscriptionId{++subid_}),
                             .created = time()};
    if (below(2)) entry.options["pubsub#deliver"] = {"0"};
    if (below(2)) entry.options["pubsub#expire"] = {"2030-01-01T00:00:00Z"};
    if (below(3) == 0) entry.options["x-durable"] = {"1"};
    if (entry.options.contains("x-durable") && below(2)) entry.behind = 0;
    records.push_back(entry);
  }

  void item(std::vector<Record>& records, const NodeRecord& node, unsigned number) {
    ItemRecord item{.node = node.node,
                    .id = fmt::format("{} {}", text(), number),
                    .publisher = jid(below(5)),
                    .created = time(),
                    .published = time()};
    if (below(5) > 0) {
      std::string xml = "<entry xmlns='u:e' title='";
      append_attribute_value(xml, text());
      xml += "'>";
      append_text(xml, text());
      item.payload = *normal_payload(xml + "<p:c xmlns:p='u:p'/></entry>");
    }
    records.push_back(item);
  }

  std::mt19937_64 random_;
  std::int64_t subid_ = 0;
};

void import_records(const File& database, const std::vector<Record>& records) {
  const auto store = SqliteStore::open(database);
  Importer importer(*store, {});
  for (const auto& record : records) importer.take(record);
  importer.finish();
}

std::string lines_of(const std::vector<Record>& records) {
  std::string text;
  Counts counts{};
  append_header(text);
  for (const auto& record : records) {
    append_line(text, record);
    ++counts[record.index()];
  }
  append_trailer(text, counts);
  return text;
}

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

TEST_CASE("XEP-0227 §4.10: what is exported comes back, but for redirects and contacts") {
  for (unsigned seed = 0; seed < 4; ++seed) {
    CAPTURE(seed);
    const Scratch scratch;
    auto records = RandomStore(seed).records();
    import_records(scratch.file("one"), records);
    const auto xml = exported_xep0227(scratch.file("one"));
    write(scratch.file("export"), xml);
    const auto summary =
        imported(scratch.file("two"), scratch.file("export"), {.items_apart = true});
    CHECK(summary.lost.empty());
    std::erase_if(records, [](const Record& record) {
      return std::holds_alternative<RedirectRecord>(record) ||
             std::holds_alternative<ContactRecord>(record);
    });
    CHECK(sorted_lines(exported(scratch.file("two"))) == sorted_lines(lines_of(records)));
    CHECK(exported_xep0227(scratch.file("two")) == xml);
    const auto again = imported(scratch.file("two"), scratch.file("export"), {.items_apart = true});
    CHECK(total(again) == Tally{.unchanged = records.size()});
  }
}

TEST_CASE("XEP-0227 §4.10: a file of another service is read, and what it lacks is made up for") {
  const Scratch scratch;
  write(scratch.file("export"), R"(<?xml version='1.0' encoding='UTF-8'?>
<server-data xmlns='urn:xmpp:pie:0' xmlns:e='u:entry'>
  <host jid='pubsub.a.example'>
    <user name='romeo'><query xmlns='jabber:iq:roster'/></user>
    <o:pubsub xmlns:o='http://jabber.org/protocol/pubsub#owner'>
      <o:configure node='n'>
        <x xmlns='jabber:x:data' type='form'>
          <field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#node_config</value></field>
          <field var='pubsub#access_model'><value>nobody</value></field>
          <field var='pubsub#title'><value>A title</value></field>
          <field var='other#field'><value>1</value></field>
        </x>
      </o:configure>
      <o:affiliations node='n'>
        <o:affiliation jid='p@b.example' affiliation='publisher'/>
        <o:affiliation jid='o@b.example' affiliation='owner'/>
      </o:affiliations>
      <o:subscriptions node='n'><o:subscription jid='s@b.example' subscription='subscribed'/></o:subscriptions>
    </o:pubsub>
    <pubsub xmlns='http://jabber.org/protocol/pubsub'>
      <items node='n'><item id='1' publisher='p@b.example/x'><e:a/></item><item id='2'/></items>
    </pubsub>
  </host>
</server-data>)");
  const auto summary = imported(scratch.file(), scratch.file("export"), {.items_apart = true});
  CHECK(summary.lost == decltype(summary.lost){{"an element <user xmlns='urn:xmpp:pie:0'/>", 1},
                                               {"the configuration other#field", 1},
                                               {"the configuration pubsub#access_model", 1}});
  const auto text = exported(scratch.file());
  for (const std::string_view part :
       {R"("creator":"o@b.example")",
        R"("pubsub#access_model":["whitelist"],"pubsub#title":["A title"])",
        R"("publisher":"p@b.example")", R"("id":"2","publisher":"pubsub.a.example")",
        R"("payload":"<e:a xmlns:e='u:entry'/>")"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("XEP-0227: what is no such file is refused with the line") {
  const struct {
    std::string_view text, problem;
  } wrong[] = {
      {"<a/>", "line 1: this is not a file of XEP-0227"},
      {"<server-data xmlns='urn:xmpp:pie:0'>\n<host jid='a.example'>", "line 2: "},
      {"<!DOCTYPE a []><a/>", "a DTD is not allowed"},
      {"<server-data xmlns='urn:xmpp:pie:0'><host jid='x@y'/></server-data>", "not the domain"},
      {"<server-data xmlns='urn:xmpp:pie:0' xmlns:i='http://www.w3.org/2001/XInclude'>"
       "<i:include href='a'/></server-data>",
       "included files are not read"},
  };
  for (const auto& [text, problem] : wrong) {
    CAPTURE(text);
    const Scratch scratch;
    write(scratch.file("file"), text);
    const auto why = refusal(scratch.file(), scratch.file("file"));
    CAPTURE(why);
    CHECK(why.find(problem) != std::string::npos);
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

}  // namespace crier::transfer
