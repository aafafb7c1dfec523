#include "cli/responses.hpp"

#include <doctest/doctest.h>

using namespace crier;
using namespace crier::cli;

namespace {

Document iq_of(const std::string& payload) {
  auto document = parse_xml("<iq xmlns='jabber:client' type='result'>" + payload + "</iq>");
  REQUIRE(document);
  return *std::move(document);
}

Document pubsub(const std::string& inner) {
  return iq_of("<pubsub xmlns='http://jabber.org/protocol/pubsub'>" + inner + "</pubsub>");
}

Document owner(const std::string& inner) {
  return iq_of("<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>" + inner + "</pubsub>");
}

}  // namespace

TEST_CASE("§5.2 a page of nodes, and what the next one comes after") {
  const auto page = read_disco_page(
      iq_of("<query xmlns='http://jabber.org/protocol/disco#items'>"
            "<item jid='pubsub.example.org' node='n' name='News'/><item jid='x.example.org'/>"
            "<set xmlns='http://jabber.org/protocol/rsm'><first index='0'>n</first>"
            "<last>x</last><count>9</count></set></query>")
          .root());
  REQUIRE(page.items.size() == 2);
  CHECK(page.items[0].node == "n");
  CHECK(page.items[0].name == "News");
  CHECK(page.items[1].jid == "x.example.org");
  CHECK(page.items[1].node.empty());
  CHECK(page.last == "x");
}

TEST_CASE("§5.2 a service that does not page names no last entry") {
  const auto iq = iq_of("<query xmlns='http://jabber.org/protocol/disco#items'/>");
  CHECK(read_disco_page(iq.root()).last.empty());
  CHECK(read_disco_page(iq_of("").root()).items.empty());
}

TEST_CASE("§5.3, §5.4 type, name and metadata of a node") {
  const auto info = read_node_info(
      iq_of("<query xmlns='http://jabber.org/protocol/disco#info' node='n'>"
            "<identity category='account' type='registered'/>"
            "<identity category='pubsub' type='leaf' name='News'/>"
            "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'>"
            "<value>meta</value></field><field var='pubsub#title'><value>T</value></field></x>"
            "</query>")
          .root());
  CHECK(info.type == "leaf");
  CHECK(info.name == "News");
  REQUIRE(info.metadata.fields.size() == 1);
  CHECK(info.metadata.fields[0].var == "pubsub#title");
}

TEST_CASE("§8.2, §8.3 the form of a node, and of the defaults") {
  constexpr auto form = "<x xmlns='jabber:x:data'><field var='a'/></x>";
  CHECK(read_configuration(owner(std::string("<configure>") + form + "</configure>").root())
            .fields.size() == 1);
  CHECK(read_configuration(owner(std::string("<default>") + form + "</default>").root())
            .fields.size() == 1);
  CHECK(read_configuration(iq_of("").root()).fields.empty());
}

TEST_CASE("§8.1.2 the name of an instant node") {
  CHECK(read_created_node(pubsub("<create node='25e3'/>").root()) == "25e3");
  CHECK(read_created_node(iq_of("").root()).empty());
}

TEST_CASE("§6.5 items keep their payload, with the declarations that it needs") {
  const auto items =
      read_items(pubsub("<items node='n' xmlns:x='urn:x'>"
                        "<item id='1' publisher='a@b'><e xmlns='u' x:lang='de'> <f/></e></item>"
                        "<item id='2'/></items>")
                     .root());
  REQUIRE(items.size() == 2);
  CHECK(items[0].id == "1");
  CHECK(items[0].publisher == "a@b");
  CHECK(items[0].payload.value().find("xmlns:x='urn:x'") != std::string::npos);
  CHECK(items[0].payload.value().ends_with(" x:lang='de'> <f/></e>"));
  CHECK(items[1].id == "2");
  CHECK_FALSE(items[1].payload);
}

TEST_CASE("§6.5.4 where a page of items begins and ends; nothing when the service does not page") {
  const auto ends =
      read_page_ends(pubsub("<items node='n'/><set xmlns='http://jabber.org/protocol/rsm'>"
                            "<first index='0'>3</first><last>9</last></set>")
                         .root());
  CHECK(ends.first == "3");
  CHECK(ends.last == "9");
  CHECK(read_page_ends(pubsub("<items node='n'/>").root()).last.empty());
}

TEST_CASE("§7.1.2 the id of what was published") {
  const auto items = read_items(pubsub("<publish node='n'><item id='77'/></publish>").root());
  REQUIRE(items.size() == 1);
  CHECK(items[0].id == "77");
}

TEST_CASE("§5.6, §6.1.2, §8.8.1 subscriptions, with the node of the list when they name none") {
  const auto own = read_subscriptions(
      pubsub("<subscriptions><subscription node='n' jid='a@b' subscription='pending' subid='s'/>"
             "</subscriptions>")
          .root());
  REQUIRE(own.size() == 1);
  CHECK(own[0].node == "n");
  CHECK(own[0].jid == "a@b");
  CHECK(own[0].state == "pending");
  CHECK(own[0].subid == "s");
  const auto all = read_subscriptions(
      owner("<subscriptions node='m'><subscription jid='c@d' subscription='subscribed'/>"
            "</subscriptions>")
          .root());
  REQUIRE(all.size() == 1);
  CHECK(all[0].node == "m");
  const auto made = read_subscriptions(
      pubsub("<subscription node='n' jid='a@b' subscription='subscribed'/>").root());
  REQUIRE(made.size() == 1);
  CHECK(made[0].state == "subscribed");
}

TEST_CASE("§5.7, §8.9.1 affiliations, with the node of the list when they name none") {
  const auto own = read_affiliations(
      pubsub("<affiliations><affiliation node='n' affiliation='owner'/></affiliations>").root());
  REQUIRE(own.size() == 1);
  CHECK(own[0].node == "n");
  CHECK(own[0].affiliation == "owner");
  const auto all = read_affiliations(
      owner("<affiliations node='m'><affiliation jid='a@b' affiliation='member'/></affiliations>")
          .root());
  REQUIRE(all.size() == 1);
  CHECK(all[0].node == "m");
  CHECK(all[0].jid == "a@b");
}

TEST_CASE("XEP-0050 §4.3, XEP-0004 §3.4 a command's answer: status, session, form, items, notes") {
  const auto answer = read_command_answer(
      iq_of("<command xmlns='http://jabber.org/protocol/commands' node='urn:c' sessionid='s1'"
            " status='completed'><note type='info'>One.</note><note type='warn'>But.</note>"
            "<note>Two.</note><x xmlns='jabber:x:data' type='result'>"
            "<field var='FORM_TYPE' type='hidden'><value>urn:form</value></field>"
            "<field var='more'><value>1</value></field>"
            "<reported><field var='node' label='Node'/><field var='groups'/></reported>"
            "<item><field var='groups'><value>x</value><value>y</value></field>"
            "<field var='other'><value>z</value></field>"
            "<field var='node'><value>n</value></field></item>"
            "<item><field var='node'><value>m</value></field></item></x></command>")
          .root());
  CHECK(answer.status == "completed");
  CHECK_FALSE(answer.is_executing());
  CHECK(answer.session == "s1");
  CHECK(answer.notes_of("info") == "One. Two.");
  CHECK(answer.notes_of("warn") == "But.");
  CHECK(answer.notes_of("error").empty());
  CHECK(answer.form.form_type == "urn:form");
  CHECK(answer.form.value("more") == "1");
  CHECK(answer.form.value("none").empty());
  REQUIRE(answer.table.columns.size() == 2);
  CHECK(answer.table.columns[0].label == "Node");
  REQUIRE(answer.table.rows.size() == 2);
  CHECK(answer.table.rows[0][0] == std::vector<std::string>{"n"});
  CHECK(answer.table.rows[0][1] == std::vector<std::string>{"x", "y"});
  CHECK(answer.table.rows[1][1].empty());
}
