#include "cli/requests.hpp"

#include <doctest/doctest.h>

using namespace crier;
using namespace crier::cli;

namespace {

const Jid service = *Jid::parse("pubsub.example.org");
const Jid me = *Jid::parse("me@example.org");

/// `request` as it is sent, without its envelope.
std::string payload(const cli::Request& request) {
  const auto iq = to_iq(request, service, "1");
  const auto begin = iq.find('>') + 1;
  return iq.substr(begin, iq.rfind("</iq>") - begin);
}

std::string pubsub(const std::string& inner) {
  return "<pubsub xmlns='http://jabber.org/protocol/pubsub'>" + inner + "</pubsub>";
}

std::string owner(const std::string& inner) {
  return "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>" + inner + "</pubsub>";
}

/// XEP-0059 §2
std::string page(const std::string& inner) {
  return "<set xmlns='http://jabber.org/protocol/rsm'>" + inner + "</set>";
}

}  // namespace

TEST_CASE("to_iq: type, addressee and id in front of the payload") {
  CHECK(to_iq(create_node("n", {}), service, "a&b") ==
        "<iq type='set' to='pubsub.example.org' id='a&amp;b'>" + pubsub("<create node='n'/>") +
            "</iq>");
  CHECK(to_iq(particular_item("n", "1"), service, "2").starts_with("<iq type='get' "));
}

TEST_CASE("§5 discovery: of the service, and of a node; a page at a time") {
  CHECK(payload(discover_info("n")) ==
        "<query xmlns='http://jabber.org/protocol/disco#info' node='n'/>");
  CHECK(payload(discover_items("", "")) ==
        "<query xmlns='http://jabber.org/protocol/disco#items'>"
        "<set xmlns='http://jabber.org/protocol/rsm'><max>250</max></set></query>");
  CHECK(payload(discover_items("n", "a<b")) ==
        "<query xmlns='http://jabber.org/protocol/disco#items' node='n'>"
        "<set xmlns='http://jabber.org/protocol/rsm'><max>250</max><after>a&lt;b</after></set>"
        "</query>");
}

TEST_CASE("§8.1 create: named, instant, configured") {
  CHECK(payload(create_node("it's", {})) == pubsub("<create node='it&apos;s'/>"));
  CHECK(payload(create_node("", {})) == pubsub("<create/>"));
  const std::vector<Setting> settings{{"pubsub#title", {"T"}}};
  CHECK(payload(create_node("n", settings)) ==
        pubsub("<create node='n'/><configure><x xmlns='jabber:x:data' type='submit'>"
               "<field var='FORM_TYPE' type='hidden'>"
               "<value>http://jabber.org/protocol/pubsub#node_config</value></field>"
               "<field var='pubsub#title'><value>T</value></field></x></configure>"));
}

TEST_CASE("§8.2-§8.5 configure, default configuration, delete, purge") {
  CHECK(payload(configuration("n")) == owner("<configure node='n'/>"));
  CHECK(payload(default_configuration()) == owner("<default/>"));
  CHECK(payload(delete_node("n")) == owner("<delete node='n'/>"));
  CHECK(payload(purge_node("n")) == owner("<purge node='n'/>"));
  CHECK(payload(configure_node("n", {}))
            .starts_with(
                "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure node='n'><x "));
}

TEST_CASE("§7.1 publish: the payload stays as it is") {
  CHECK(payload(publish_item("n", "1", "<e xmlns='u' xml:lang='de'/>")) ==
        pubsub("<publish node='n'><item id='1'><e xmlns='u' xml:lang='de'/></item></publish>"));
  CHECK(payload(publish_item("n", "", "<e xmlns='u'/>")) ==
        pubsub("<publish node='n'><item><e xmlns='u'/></item></publish>"));
}

TEST_CASE("§7.2 retract, with and without notification") {
  CHECK(payload(retract_item("n", "1", false)) ==
        pubsub("<retract node='n'><item id='1'/></retract>"));
  CHECK(payload(retract_item("n", "1", true)) ==
        pubsub("<retract node='n' notify='true'><item id='1'/></retract>"));
}

TEST_CASE("§6.5 items: the newest ones, or a particular one") {
  CHECK(payload(items_before("n", 3, "")) ==
        pubsub("<items node='n' max_items='3'/>" + page("<max>3</max><before/>")));
  CHECK(payload(items_before("n", 99, "7")) ==
        pubsub("<items node='n' max_items='99'/>" + page("<max>50</max><before>7</before>")));
  CHECK(payload(items_after("n", "")) == pubsub("<items node='n'/>" + page("<max>50</max>")));
  CHECK(payload(items_after("n", "7")) ==
        pubsub("<items node='n'/>" + page("<max>50</max><after>7</after>")));
  CHECK(payload(particular_item("n", "1")) == pubsub("<items node='n'><item id='1'/></items>"));
}

TEST_CASE("§5.6, §6.1, §6.2, §8.8.1 subscriptions") {
  CHECK(payload(own_subscriptions("")) == pubsub("<subscriptions/>"));
  CHECK(payload(own_subscriptions("n")) == pubsub("<subscriptions node='n'/>"));
  CHECK(payload(subscriptions_to("n")) == owner("<subscriptions node='n'/>"));
  CHECK(payload(subscribe("n", me)) == pubsub("<subscribe node='n' jid='me@example.org'/>"));
  CHECK(payload(unsubscribe("n", me, "")) ==
        pubsub("<unsubscribe node='n' jid='me@example.org'/>"));
  CHECK(payload(unsubscribe("n", me, "s")) ==
        pubsub("<unsubscribe node='n' jid='me@example.org' subid='s'/>"));
}

TEST_CASE("§6.3.2, §6.3.5 the options of a subscription, by its SubID if there are several") {
  CHECK(payload(subscription_options("n", me, "")) ==
        pubsub("<options node='n' jid='me@example.org'/>"));
  const std::vector<Setting> settings{{"pubsub#deliver", {"0"}}};
  CHECK(payload(configure_subscription("n", me, "s", settings)) ==
        pubsub("<options node='n' jid='me@example.org' subid='s'>"
               "<x xmlns='jabber:x:data' type='submit'>"
               "<field var='FORM_TYPE' type='hidden'>"
               "<value>http://jabber.org/protocol/pubsub#subscribe_options</value></field>"
               "<field var='pubsub#deliver'><value>0</value></field></x></options>"));
}

TEST_CASE("§8.8.2 an owner sets the state of a subscription") {
  CHECK(payload(set_subscription("n", "me@example.org", "7", "subscribed")) ==
        owner("<subscriptions node='n'><subscription jid='me@example.org' "
              "subscription='subscribed' subid='7'/></subscriptions>"));
  CHECK(payload(set_subscription("n", "me@example.org", "", "none")) ==
        owner("<subscriptions node='n'><subscription jid='me@example.org' "
              "subscription='none'/></subscriptions>"));
}

TEST_CASE("§5.7, §8.9 affiliations") {
  CHECK(payload(own_affiliations("")) == pubsub("<affiliations/>"));
  CHECK(payload(affiliations_with("n")) == owner("<affiliations node='n'/>"));
  CHECK(payload(set_affiliation("n", me, "publisher")) ==
        owner("<affiliations node='n'>"
              "<affiliation jid='me@example.org' affiliation='publisher'/></affiliations>"));
}

TEST_CASE("XEP-0050 §2.4, §3.4 a command is started, and its form submitted in the same session") {
  CHECK(payload(execute_command("urn:c", {})) ==
        "<command xmlns='http://jabber.org/protocol/commands' node='urn:c' action='execute'/>");
  const Setting settings[] = {{"jid", {"a@b.example"}}, {"to", {"x", "y"}}};
  CHECK(payload(submit_command("urn:c", "s1", "urn:form", settings, {"n"})) ==
        "<command xmlns='http://jabber.org/protocol/commands' node='urn:c' sessionid='s1'>"
        "<x xmlns='jabber:x:data' type='submit'>"
        "<field var='FORM_TYPE' type='hidden'><value>urn:form</value></field>"
        "<field var='jid'><value>a@b.example</value></field>"
        "<field var='to'><value>x</value><value>y</value></field></x></command>");
  CHECK(submit_command("urn:c", "s1", "", settings, {"n"}).about.node == "n");
  CHECK(payload(submit_command("urn:c", "", "", {}, {})) ==
        "<command xmlns='http://jabber.org/protocol/commands' node='urn:c'>"
        "<x xmlns='jabber:x:data' type='submit'/></command>");
}
