#include "cli/events.hpp"

#include <doctest/doctest.h>

using namespace crier;
using namespace crier::cli;

namespace {

std::vector<cli::Event> events_of(const std::string& event, const std::string& more = "") {
  const auto document = parse_xml(
      "<message xmlns='jabber:client' from='p'>"
      "<event xmlns='http://jabber.org/protocol/pubsub#event'>" +
      event + "</event>" + more + "</message>");
  REQUIRE(document);
  return read_events(document->root());
}

std::string text_of(const std::string& event) {
  std::string text;
  for (const auto& each : events_of(event)) text += to_text(each);
  return text;
}

std::string json_of(const std::string& event, const std::string& more = "") {
  std::string text;
  for (const auto& each : events_of(event, more)) text += to_text(to_json(each)) + '\n';
  return text;
}

}  // namespace

TEST_CASE("§7.1.2, §7.2.2 items and retractions, in their order, payloads exact") {
  constexpr auto event =
      "<items node='n'><item id='1' publisher='a@b'><e xmlns='u' xml:lang='de'> x</e></item>"
      "<item id='2'/><retract id='0'/></items>";
  CHECK(text_of(event) ==
        "published n 1 by a@b\n"
        "<e xmlns='u' xml:lang='de'> x</e>\n"
        "published n 2\n"
        "retracted n 0\n");
  CHECK(json_of(event) == R"({"event":"published","node":"n","item":"1","publisher":"a@b",)"
                          R"("payload":"<e xmlns='u' xml:lang='de'> x</e>"})"
                          "\n"
                          R"({"event":"published","node":"n","item":"2"})"
                          "\n"
                          R"({"event":"retracted","node":"n","item":"0"})"
                          "\n");
}

TEST_CASE("§8.2.5.3, §8.4.2, §8.5.2, §8.8.4 what happens to the node itself") {
  CHECK(text_of("<purge node='n'/>") == "purged n\n");
  CHECK(text_of("<delete node='n'/>") == "deleted n\n");
  CHECK(text_of("<delete node='n'><redirect uri='xmpp:x?;node=y'/></delete>") ==
        "deleted n -> xmpp:x?;node=y\n");
  CHECK(text_of("<configuration node='n'/>") == "configured n\n");
  CHECK(text_of("<subscription node='n' jid='a@b' subscription='none'/>") ==
        "subscription n a@b none\n");
}

TEST_CASE("XEP-0248 §5.3 collections") {
  CHECK(text_of("<create node='n'/>") == "created n\n");
  CHECK(text_of("<collection node='c'><associate node='n'/></collection>") ==
        "associated c -> n\n");
  CHECK(text_of("<collection node='c'><dissociate node='n'/></collection>") ==
        "dissociated c -> n\n");
  CHECK(json_of("<items node='n'><item id='1'/></items>",
                "<headers xmlns='http://jabber.org/protocol/shim'>"
                "<header name='Collection'>c</header></headers>") ==
        R"({"event":"published","node":"n","item":"1","collection":"c"})"
        "\n");
}

TEST_CASE("XEP-0203 what happened earlier says when") {
  CHECK(json_of("<items node='n'><item id='1'/></items>",
                "<delay xmlns='urn:xmpp:delay' stamp='2003-12-13T23:58:37Z'/>") ==
        R"({"event":"published","node":"n","item":"1","stamp":"2003-12-13T23:58:37Z"})"
        "\n");
}

TEST_CASE("what is no notification has no events") {
  CHECK(events_of("<unknown node='n'/>").empty());
  CHECK(read_events(parse_xml("<message xmlns='jabber:client'><body>hi</body></message>")->root())
            .empty());
  CHECK(read_events(parse_xml("<message xmlns='jabber:client' type='error'><event "
                              "xmlns='http://jabber.org/protocol/pubsub#event'><purge node='n'/>"
                              "</event></message>")
                        ->root())
            .empty());
}

TEST_CASE("an item's id can not leave its line") {
  CHECK(text_of("<items node='n'><item id='a&#10;deleted n'/></items>") ==
        "published n a\\ndeleted n\n");
}
