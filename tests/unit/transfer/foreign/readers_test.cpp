/// What is made of other services' stores: from files and tables to records. What the servers
/// themselves have written is tested end to end; here are the cases that they do not write today.

#include <crier/fault.hpp>

#include "transfer/foreign/carrier.hpp"
#include "transfer/foreign/foreign_store.hpp"
#include "transfer/foreign/prosody_data.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sysexits.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "../../../storage/scratch.hpp"

namespace crier::transfer::test {

namespace {

using crier::test::Scratch;

/// Keeps all records, and counts what was lost.
class Kept : public Sink {
 public:
  void take(const Record& record) override { records.push_back(record); }
  void lose(std::string_view what) override { ++lost[std::string(what)]; }

  template <class Type>
  std::vector<Type> all() const {
    std::vector<Type> found;
    for (const auto& record : records)
      if (const auto* one = std::get_if<Type>(&record)) found.push_back(*one);
    return found;
  }

  std::vector<Record> records;
  std::map<std::string, int> lost;
};

void write(const std::filesystem::path& file, std::string_view text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

void make_database(const std::filesystem::path& file, const char* sql) {
  sqlite3* connection = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &connection) == SQLITE_OK);
  CHECK(sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(connection);
}

/// The fault of reading, as `status: text`.
std::string fault_of(void (*read)(const std::string&, const ForeignOptions&, Sink&),
                     const std::string& source, const std::string& host = {}) {
  Kept kept;
  try {
    read(source, {host}, kept);
    return "none";
  } catch (const Fault& fault) {
    return std::to_string(fault.status()) + ": " + fault.what();
  }
}

constexpr const char* openfire_tables =
    "CREATE TABLE ofPubsubNode (serviceID, nodeID, leaf, creationDate, modificationDate, parent,"
    "  deliverPayloads, maxPayloadSize, persistItems, maxItems, notifyConfigChanges, notifyDelete,"
    "  notifyRetract, presenceBased, sendItemSubscribe, publisherModel, subscriptionEnabled,"
    "  configSubscription, accessModel, payloadType, bodyXSLT, dataformXSLT, creator, description,"
    "  language, name, replyPolicy, associationPolicy, maxLeafNodes);"
    "CREATE TABLE ofPubsubNodeJIDs (serviceID, nodeID, jid, associationType);"
    "CREATE TABLE ofPubsubNodeGroups (serviceID, nodeID, rosterGroup);"
    "CREATE TABLE ofPubsubAffiliation (serviceID, nodeID, jid, affiliation);"
    "CREATE TABLE ofPubsubItem (serviceID, nodeID, id, jid, creationDate, payload);"
    "CREATE TABLE ofPubsubSubscription (serviceID, nodeID, id, jid, owner, state, deliver, digest,"
    "  digest_frequency, expire, includeBody, showValues, subscriptionType, subscriptionDepth,"
    "  keyword);";

}  // namespace

TEST_CASE("an access model that is not known is closed, never opened") {
  Kept kept;
  Carrier carrier(kept);
  carrier.service("pubsub.example.org");
  CHECK(carrier.node(
      {.name = "n", .config = {{"access_model", {"publish-only"}}, {"publish_model", {"all"}}}}));
  const auto node = kept.all<NodeRecord>().at(0);
  CHECK(node.config == Fields{{"pubsub#access_model", {"whitelist"}}});
  CHECK(node.creator == "pubsub.example.org");
  CHECK(kept.lost == std::map<std::string, int>{
                         {"pubsub#access_model=publish-only of a node, which is whitelist now", 1},
                         {"pubsub#publish_model=all of a node, which is publishers now", 1}});
}

TEST_CASE("what can not be carried is told, and the rest is carried") {
  Kept kept;
  Carrier carrier(kept);
  carrier.service("pubsub.example.org");
  CHECK_FALSE(carrier.node({.name = "a\tb"}));
  CHECK(carrier.node({.name = "N", .config = {{"titel", {"x"}}, {"title", {"\xff"}}}}));
  carrier.affiliation("Me@Example.ORG/desk", "owner");
  carrier.affiliation("@", "owner");
  carrier.affiliation("a@b", "boss");
  carrier.affiliation("a@b", "none");
  carrier.subscription({.jid = "a@b/C", .state = "pending"});
  carrier.subscription({.jid = "a@b", .state = "asleep"});
  carrier.item({.id = "1", .publisher = "a@b/x", .payload = "<a/>"});
  carrier.item({.id = "", .publisher = "a@b", .payload = "<a/>"});
  carrier.item({.id = "2", .publisher = "a@b", .payload = "<a>"});
  carrier.item({.id = "3", .publisher = "", .payload = ""});
  CHECK(kept.all<AffiliationRecord>() ==
        std::vector{AffiliationRecord{"N", "me@example.org", Affiliation::owner}});
  CHECK(kept.all<SubscriptionRecord>().at(0).jid == "a@b/C");
  CHECK(kept.all<SubscriptionRecord>().at(0).state == SubscriptionState::pending);
  const auto items = kept.all<ItemRecord>();
  REQUIRE(items.size() == 2);
  CHECK(items[0].publisher == "a@b");
  CHECK(items[1].publisher == "pubsub.example.org");
  CHECK(kept.lost == std::map<std::string, int>{
                         {"a node whose name no NodeID can have, with all that it has", 1},
                         {"the configuration pubsub#titel", 1},
                         {"the configuration pubsub#title", 1},
                         {"an affiliation of what is no JID", 1},
                         {"the affiliation boss", 1},
                         {"a subscription in a state that there is not", 1},
                         {"an item with an id that no item can have", 1},
                         {"an item whose payload is not well-formed XML", 1},
                         {"the publisher of an item, which is the node's creator now", 1}});
}

TEST_CASE(
    "a node takes what it may keep: the newest of too many items, and none where it keeps none") {
  Kept kept;
  Carrier carrier(kept);
  carrier.service("pubsub.example.org");
  const auto publish = [&] {
    for (const auto* id : {"1", "2", "3"}) carrier.item({.id = id, .publisher = "a@b"});
  };
  CHECK(carrier.node({.name = "few", .config = {{"max_items", {"2"}}}, .items = 3}));
  carrier.item({.id = "1", .publisher = "a@b", .payload = ""});
  carrier.item({.id = "2", .publisher = "a@b", .payload = ""});
  carrier.item({.id = "3", .publisher = "a@b", .payload = ""});
  REQUIRE(kept.all<ItemRecord>().size() == 2);
  CHECK(kept.all<ItemRecord>().at(0).id == "2");
  CHECK(carrier.node({.name = "none", .config = {{"max_items", {"0"}}, {"item_expire", {"0"}}}}));
  publish();
  CHECK(carrier.node({.name = "all", .type = NodeType::collection}));
  publish();
  CHECK(kept.all<ItemRecord>().size() == 2);
  CHECK(kept.all<NodeRecord>().at(1).config == Fields{{"pubsub#persist_items", {"0"}}});
  CHECK(kept.lost == std::map<std::string, int>{{"an item beyond those that its node keeps", 1},
                                                {"an item of a node that keeps none", 6},
                                                {"the configuration pubsub#item_expire=0", 1}});
}

TEST_CASE("times: seconds with a fraction, and none out of the years that a DateTime has") {
  CHECK(format_datetime(*time_of_seconds("1795295827")) == "2026-11-21T21:17:07Z");
  CHECK(format_datetime(*time_of_seconds("1795295827.25")) == "2026-11-21T21:17:07.250000Z");
  CHECK_FALSE(time_of_seconds("99999999999999999999"));
  CHECK_FALSE(time_of_seconds("-1"));
  CHECK_FALSE(time_of_seconds(""));
  CHECK_FALSE(time_of_seconds("soon"));
}

TEST_CASE("text is what XML has: no control characters, no surrogates, nothing overlong") {
  CHECK(is_xml_text("a\tb\n \xe2\x98\x83\xf0\x9f\x98\x80"));
  for (const auto* wrong :
       {"\x01", "\xff", "\xc0\x80", "\xe2\x98", "\xed\xa0\x80", "\xef\xbf\xbf", "\xf4\x90\x80\x80"})
    CHECK_FALSE(is_xml_text(wrong));
}

TEST_CASE("Prosody's files: a name that would break out of its tag makes no XML") {
  Term stanza{.kind = Term::Kind::table};
  stanza.members.emplace_back("name", Term{.kind = Term::Kind::text, .text = "a><b"});
  CHECK_FALSE(prosody_stanza_xml(stanza));
  stanza.members[0].second.text = "a";
  CHECK(prosody_stanza_xml(stanza) == "<a></a>");
}

TEST_CASE("Prosody's files: a broken one is refused by name and line, several hosts by name") {
  const Scratch scratch;
  const auto source = scratch.path().string();
  CHECK(fault_of(read_prosody, source) == "65: " + source + " holds no pubsub service's nodes");
  write(scratch.path() / "a%2eexample" / "pubsub_nodes" / "n.dat", "return {\n[\"name\"] = \"n\n");
  CHECK(fault_of(read_prosody, source) == "65: " + source +
                                              "/a%2eexample/pubsub_nodes/n.dat:3: a string does "
                                              "not end");
  write(scratch.path() / "b%2eexample" / "pubsub_nodes" / "n.dat", "return {};\n");
  CHECK(fault_of(read_prosody, source) ==
        "64: " + source +
            " holds several pubsub services: say which one with --host: a.example, b.example");
  CHECK(fault_of(read_prosody, source, "b.example") == "none");
  CHECK(fault_of(read_prosody, source, "c.example") ==
        "64: " + source +
            " holds no pubsub nodes of c.example; it has those of a.example, b.example");
  CHECK(fault_of(read_prosody, source + "/none").starts_with("66: "));
}

TEST_CASE("ejabberd's dump: collections, options of subscriptions, every affiliation and state") {
  const Scratch scratch;
  const auto dump = scratch.path() / "dump";
  write(dump, R"({tables,[]}.
{pubsub_subscription,<<"S1">>,[{deliver,false},{show_values,[<<"away">>,<<"chat">>]},
  {subscription_depth,all},{subscription_type,items},{expire,{1795,295827,0}}]}.
{pubsub_item,{<<"1">>,2},2,{{1795,1,5},{<<"a">>,<<"x">>,<<>>}},
  {{1795,2,0},{<<"b">>,<<"x">>,<<"r">>}},
  [{xmlel,<<"e">>,[{<<"a">>,<<"<'">>}],[{xmlcdata,<<"&">>}]}]}.
{pubsub_item,{<<"0">>,2},2,{unknown,unknown},{{1795,1,0},{<<"b">>,<<"x">>,<<>>}},
  [{xmlel,<<"e><f">>,[],[]}]}.
{pubsub_state,{{<<"a">>,<<"x">>,<<>>},2},2,[],publish_only,
  [{subscribed,<<"S1">>},{pending,<<"S2">>}]}.
{pubsub_state,{{<<"o">>,<<"x">>,<<>>},2},2,[],owner,[]}.
{pubsub_node,{<<"p.x">>,<<"top">>},1,[],<<"dag">>,[],[{node_type,collection},{rsm,true}]}.
{pubsub_node,{<<"p.x">>,<<"n">>},2,[<<"top">>],<<"dag">>,[],
  [{collection,[<<"top">>]},{max_items,infinity},{access_model,authorize},{contact,[]}]}.
{pubsub_node,{<<"p.x">>,<<"n/below">>},3,[<<"n">>],<<"hometree">>,[],[]}.
{pubsub_node,{{<<"a">>,<<"x">>,<<>>},<<"tune">>},4,[],<<"pep">>,[],[]}.
)");
  Kept kept;
  read_ejabberd(dump.string(), {}, kept);
  const auto nodes = kept.all<NodeRecord>();
  REQUIRE(nodes.size() == 3);
  CHECK(nodes[0].type == NodeType::collection);
  CHECK(nodes[1].parents == std::vector<std::string>{"top"});
  CHECK(nodes[1].config == Fields{{"pubsub#access_model", {"authorize"}}});
  CHECK(nodes[1].creator == "o@x");
  CHECK(nodes[2].parents.empty());
  CHECK(kept.all<AffiliationRecord>() ==
        std::vector{AffiliationRecord{"n", "a@x", Affiliation::publish_only},
                    AffiliationRecord{"n", "o@x", Affiliation::owner}});
  const auto subscriptions = kept.all<SubscriptionRecord>();
  REQUIRE(subscriptions.size() == 2);
  CHECK(subscriptions[0].options == Fields{{"pubsub#deliver", {"0"}},
                                           {"pubsub#expire", {"2026-11-21T21:17:07Z"}},
                                           {"pubsub#show-values", {"chat", "away"}},
                                           {"pubsub#subscription_depth", {"all"}},
                                           {"pubsub#subscription_type", {"items"}}});
  CHECK(subscriptions[1].state == SubscriptionState::pending);
  const auto items = kept.all<ItemRecord>();
  REQUIRE(items.size() == 1);
  // Without a namespace of its own it is of the one around it.
  CHECK(items[0].payload ==
        "<e xmlns='http://jabber.org/protocol/pubsub' a='&lt;&apos;'>&amp;</e>");
  CHECK(items[0].publisher == "b@x");
  CHECK(items[0].created < items[0].published);
  CHECK(kept.lost ==
        std::map<std::string, int>{{"a node of a user's own (PEP)", 1},
                                   {"a node above another that is no collection", 1},
                                   {"an item whose payload is not well-formed XML", 1}});
}

TEST_CASE("ejabberd's dump: what is none is refused with file and line") {
  const Scratch scratch;
  const auto dump = (scratch.path() / "dump").string();
  write(dump, "{tables,[]}.\n{pubsub_node,\n1,2}.\n");
  CHECK(fault_of(read_ejabberd, dump) ==
        "65: " + dump +
            ":3: a record pubsub_node has 3 elements instead of 7: dump the tables with ejabberd "
            "17.06 or later");
  write(dump, "{tables,[]}.\n{pubsub_state,{1},1,[],owner,[]}.\n");
  CHECK(fault_of(read_ejabberd, dump) ==
        "65: " + dump + ":2: a record's key is not of two elements");
  write(dump, "{passwd,\n<<\"abc");
  CHECK(fault_of(read_ejabberd, dump) == "65: " + dump + ":2: a text does not end");
  write(dump, "");
  CHECK(fault_of(read_ejabberd, dump) == "65: " + dump + " holds no pubsub service's nodes");
  const auto database = scratch.file("other.db");
  make_database(database, "CREATE TABLE t (a)");
  CHECK(fault_of(read_ejabberd, database.string()) ==
        "65: " + database.string() + " is no database of ejabberd's: it has no table pubsub_node");
}

TEST_CASE("Prosody's tables: the rows of a node, items by their order, users' own nodes") {
  const Scratch scratch;
  const auto file = scratch.file("prosody.db");
  make_database(file, R"(
    CREATE TABLE prosody (host, user, store, key, type, value);
    CREATE TABLE prosodyarchive (sort_id INTEGER PRIMARY KEY, host, user, store, key, "when",
     "with",
      type, value);
    INSERT INTO prosody VALUES ('p.x','n','pubsub_nodes','name','string','n');
    INSERT INTO prosody VALUES ('p.x','n','pubsub_nodes','config','json',
      '{"payload_type":"urn:x","persist_items":true,"max_items":"max","itemreply":null}');
    INSERT INTO prosody VALUES ('p.x','n','pubsub_nodes','affiliations','json',
      '{"b@x":"owner","a@x":"owner"}');
    INSERT INTO prosody VALUES ('p.x','n','pubsub_nodes','subscribers','json','{"s@x/r":true}');
    INSERT INTO prosody VALUES ('p.x','','pubsub_nodes_other','config','json','{}');
    INSERT INTO prosody VALUES ('x','u','pep','tune','json','{}');
    INSERT INTO prosodyarchive VALUES (7,'p.x','','pubsub_n','1',1795295827,'a@x/r','xml','<a/>');
    INSERT INTO prosodyarchive VALUES (8,'p.x','','pubsub_n','0',1795295826,'','json','{}');
    INSERT INTO prosodyarchive VALUES (9,'p.x','u','pubsub_n','2',1795295827,'a@x','xml','<a/>');
  )");
  Kept kept;
  read_prosody(file.string(), {}, kept);
  const auto node = kept.all<NodeRecord>().at(0);
  CHECK(node.creator == "a@x");
  CHECK(format_datetime(node.created) == "2026-11-21T21:17:06Z");
  CHECK(node.config == Fields{{"pubsub#type", {"urn:x"}}});
  CHECK(kept.all<SubscriptionRecord>().at(0).jid == "s@x/r");
  const auto items = kept.all<ItemRecord>();
  REQUIRE(items.size() == 1);
  CHECK(items[0].publisher == "a@x");
  CHECK(kept.lost ==
        std::map<std::string, int>{{"a node of a user's own (PEP)", 1},
                                   {"an item whose payload is not well-formed XML", 1}});
  make_database(file, "UPDATE prosody SET value = '{\"a\":' WHERE key = 'config'");
  CHECK(fault_of(read_prosody, file.string()) ==
        "65: " + file.string() + ": node n:1: this is no JSON");
}

TEST_CASE("Libervia: what is closed stays closed, what belongs to users or elsewhere is told") {
  const Scratch scratch;
  const auto file = scratch.file("libervia.db");
  make_database(file, R"(
    CREATE TABLE entities (entity_id, jid);
    CREATE TABLE nodes (node_id INTEGER, node, pep, node_type, access_model, persist_items,
      deliver_payloads, max_items, overwrite_policy, serial_ids, consistent_publisher,
      fts_language, send_last_published_item, publish_model, schema);
    CREATE TABLE affiliations (affiliation_id, entity_id, node_id INTEGER, affiliation);
    CREATE TABLE node_groups_authorized (node_groups_authorized_id, node_id INTEGER, groupname);
    CREATE TABLE subscriptions (subscription_id, entity_id, resource, node_id INTEGER, ext_service,
      ext_node, state, subscription_type, subscription_depth, public);
    CREATE TABLE items (item_id, node_id INTEGER, item, publisher, data, access_model, created,
      updated);
    INSERT INTO entities VALUES (1,'o@x'),(2,'s@x');
    INSERT INTO nodes VALUES (1,'',NULL,'collection','open',NULL,'t',0,'any_publisher','f','f',
      'generic','on_sub','publishers',NULL);
    INSERT INTO nodes VALUES (2,'blog',NULL,'leaf','publish-only','t','t',0,'any_publisher','f','t',
      'french','never','open','<x/>');
    INSERT INTO nodes VALUES (3,'friends',NULL,'leaf','publisher-roster','f','f',5,'any_publisher',
      'f','f','generic','on_sub','publishers',NULL);
    INSERT INTO nodes VALUES (4,'tune','o@x','leaf','open','t','t',0,'any_publisher','f','f',
      'generic','on_sub','publishers',NULL);
    INSERT INTO affiliations VALUES (1,1,2,'owner'),(2,1,3,'owner');
    INSERT INTO node_groups_authorized VALUES (1,3,'work');
    INSERT INTO subscriptions VALUES (1,2,'r',2,NULL,NULL,'pending','items','all','t');
    INSERT INTO subscriptions VALUES (2,2,NULL,NULL,'pubsub.y','n','subscribed',NULL,NULL,'f');
    INSERT INTO items VALUES (1,2,'a','o@x/r','<item id="a"><p xmlns="u"/></item>','open',
      1795295827000001,1795295827000002);
    INSERT INTO items VALUES (2,2,'b','o@x/r','<item id="b"><p xmlns="u"/></item>','whitelist',
      1795295827000001,1795295827000002);
  )");
  Kept kept;
  read_libervia(file.string(), {"pubsub.x"}, kept);
  const auto nodes = kept.all<NodeRecord>();
  REQUIRE(nodes.size() == 2);
  CHECK(nodes[0].config ==
        Fields{{"pubsub#access_model", {"whitelist"}}, {"pubsub#publish_model", {"open"}}});
  CHECK(nodes[1].config == Fields{{"pubsub#access_model", {"roster"}},
                                  {"pubsub#deliver_payloads", {"0"}},
                                  {"pubsub#max_items", {"5"}},
                                  {"pubsub#persist_items", {"0"}},
                                  {"pubsub#roster_groups_allowed", {"work"}},
                                  {"pubsub#send_last_published_item", {"on_sub"}}});
  const auto subscription = kept.all<SubscriptionRecord>().at(0);
  CHECK(subscription.jid == "s@x/r");
  CHECK(subscription.state == SubscriptionState::pending);
  CHECK(subscription.options ==
        Fields{{"pubsub#subscription_depth", {"all"}}, {"pubsub#subscription_type", {"items"}}});
  const auto items = kept.all<ItemRecord>();
  REQUIRE(items.size() == 1);
  CHECK(items[0].payload == "<p xmlns='u'/>");
  CHECK(items[0].published - items[0].created == std::chrono::microseconds(1));
  CHECK(kept.lost == std::map<std::string, int>{
                         {"a node of a user's own (PEP)", 1},
                         {"a subscription to another service's node (PAM)", 1},
                         {"an item with an access model of its own", 1},
                         {"pubsub#access_model=publish-only of a node, which is whitelist now", 1},
                         {"that a subscription is public", 1},
                         {"the configuration pubsub#consistent_publisher", 1},
                         {"the configuration pubsub#fts_language", 1},
                         {"the schema of a node's items", 1}});
  CHECK(
      fault_of(read_libervia, file.string()).starts_with("64: Libervia's database does not tell"));
}

// Rows as Openfire's published schema has them: there is no Openfire in Debian to write them.
TEST_CASE("Openfire's tables: leaves and collections, who is associated, options, items") {
  const Scratch scratch;
  const auto file = scratch.file("openfire.db");
  make_database(file, openfire_tables);
  make_database(file, R"(
    INSERT INTO ofPubsubNode VALUES ('pubsub','',0,'001795295827000','0',NULL,1,0,0,0,1,1,1,0,0,
      'publishers',1,0,'open',NULL,NULL,NULL,'x',NULL,'English',NULL,NULL,'all',-1);
    INSERT INTO ofPubsubNode VALUES ('pubsub','all',0,'001795295827001','0','',1,0,0,0,1,1,1,0,0,
      'publishers',1,0,'open',NULL,NULL,NULL,'o@x',NULL,'de',NULL,NULL,'whitelist',7);
    INSERT INTO ofPubsubNode VALUES ('pubsub','news',1,'001795295827002','0','all',0,5120,1,-1,1,1,
      0,1,1,'subscribers',0,1,'roster','urn:x',NULL,NULL,'o@x/r','About','en','News',
      'owner',NULL,0);
    INSERT INTO ofPubsubNode VALUES ('a@x','tune',1,'0','0',NULL,1,0,1,1,1,1,1,0,1,'publishers',1,0,
      'presence',NULL,NULL,NULL,'a@x',NULL,'en',NULL,NULL,NULL,0);
    INSERT INTO ofPubsubNodeJIDs VALUES ('pubsub','all','t@x','associationTrusted');
    INSERT INTO ofPubsubNodeJIDs VALUES ('pubsub','news','c@x','contacts');
    INSERT INTO ofPubsubNodeJIDs VALUES ('pubsub','news','r@x','replyTo');
    INSERT INTO ofPubsubNodeGroups VALUES ('pubsub','news','friends');
    INSERT INTO ofPubsubAffiliation VALUES ('pubsub','news','o@x','owner');
    INSERT INTO ofPubsubAffiliation VALUES ('pubsub','news','n@x','none');
    INSERT INTO ofPubsubSubscription VALUES ('pubsub','news','k','s@x/r','s@x','subscribed',1,1,
      60000,'001795295827000',1,'away,chat','items',0,'cats');
    INSERT INTO ofPubsubItem VALUES ('pubsub','news','1','p@x/r','001795295827500',
      '<a xmlns="u"/>');
  )");
  Kept kept;
  read_openfire(file.string(), {"pubsub.x"}, kept);
  const auto nodes = kept.all<NodeRecord>();
  REQUIRE(nodes.size() == 2);
  CHECK(nodes[0].type == NodeType::collection);
  CHECK(nodes[0].config == Fields{{"pubsub#children_association_policy", {"whitelist"}},
                                  {"pubsub#children_association_whitelist", {"t@x"}},
                                  {"pubsub#children_max", {"7"}},
                                  {"pubsub#language", {"de"}},
                                  {"pubsub#notify_config", {"1"}}});
  CHECK(nodes[1].parents == std::vector<std::string>{"all"});
  CHECK(nodes[1].creator == "o@x");
  CHECK(nodes[1].config == Fields{{"pubsub#access_model", {"roster"}},
                                  {"pubsub#contact", {"c@x"}},
                                  {"pubsub#deliver_payloads", {"0"}},
                                  {"pubsub#description", {"About"}},
                                  {"pubsub#itemreply", {"owner"}},
                                  {"pubsub#language", {"en"}},
                                  {"pubsub#max_payload_size", {"5120"}},
                                  {"pubsub#notify_config", {"1"}},
                                  {"pubsub#notify_retract", {"0"}},
                                  {"pubsub#presence_based_delivery", {"1"}},
                                  {"pubsub#publish_model", {"subscribers"}},
                                  {"pubsub#roster_groups_allowed", {"friends"}},
                                  {"pubsub#send_last_published_item", {"on_sub"}},
                                  {"pubsub#subscribe", {"0"}},
                                  {"pubsub#title", {"News"}},
                                  {"pubsub#type", {"urn:x"}}});
  CHECK(kept.all<AffiliationRecord>() ==
        std::vector{AffiliationRecord{"news", "o@x", Affiliation::owner}});
  CHECK(kept.all<SubscriptionRecord>().at(0).options ==
        Fields{{"pubsub#digest", {"1"}},
               {"pubsub#digest_frequency", {"60000"}},
               {"pubsub#expire", {"2026-11-21T21:17:07Z"}},
               {"pubsub#include_body", {"1"}},
               {"pubsub#show-values", {"chat", "away"}},
               {"pubsub#subscription_depth", {"all"}},
               {"pubsub#subscription_type", {"items"}},
               {"x-keywords", {"cats"}}});
  const auto item = kept.all<ItemRecord>().at(0);
  CHECK(item.payload == "<a xmlns='u'/>");
  CHECK(format_datetime(item.published) == "2026-11-21T21:17:07.500000Z");
  CHECK(kept.lost ==
        std::map<std::string, int>{{"a node of a user's own (PEP)", 1},
                                   {"whom to reply to (replyroom, replyto) of a node", 1},
                                   {"that subscriptions to a node need options", 1}});
  CHECK(
      fault_of(read_openfire, file.string()).starts_with("64: Openfire's database does not tell"));
}

}  // namespace crier::transfer::test
