/// Stores that are tables: Prosody's, Libervia's and Openfire's. What the servers themselves have
/// written is tested end to end; here are the cases that they do not write today.

#include "transfer/foreign/foreign_store.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sysexits.h>

#include <map>
#include <string>
#include <vector>

#include "../../../storage/scratch.hpp"
#include "transfer/foreign/kept.hpp"

namespace crier::transfer::test {

namespace {

using crier::test::Scratch;

void make_database(const std::filesystem::path& file, const char* sql) {
  sqlite3* connection = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &connection) == SQLITE_OK);
  CHECK(sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(connection);
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
  Told told;
  read_prosody(file.string(), {{}, told.progress()}, kept);
  CHECK(told.is_complete());
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
  Told told;
  read_libervia(file.string(), {"pubsub.x", told.progress()}, kept);
  CHECK(told.is_complete());
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
  Told told;
  read_openfire(file.string(), {"pubsub.x", told.progress()}, kept);
  CHECK(told.is_complete());
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

TEST_CASE("ejabberd's tables: a database without them is refused") {
  const Scratch scratch;
  const auto database = scratch.file("other.db");
  make_database(database, "CREATE TABLE t (a)");
  CHECK(fault_of(read_ejabberd, database.string()) ==
        "65: " + database.string() + " is no database of ejabberd's: it has no table pubsub_node");
}

}  // namespace crier::transfer::test
