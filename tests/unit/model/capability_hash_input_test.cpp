#include "model/capability_hash_input.hpp"

#include <doctest/doctest.h>

#include "base/digest.hpp"

#include <string>
#include <string_view>

namespace crier::test {

namespace {

using namespace std::string_literals;

std::optional<std::string> string_of(std::string_view query) {
  const auto document = parse_xml(query);
  REQUIRE(document);
  return verification_string(document->root());
}

std::optional<std::string> input_of(std::string_view query) {
  const auto document = parse_xml(query);
  REQUIRE(document);
  return capability_hash_input(document->root());
}

std::string info(std::string_view inside) {
  return "<query xmlns='http://jabber.org/protocol/disco#info'>" + std::string(inside) + "</query>";
}

/// A form of a result, with `fields` behind the FORM_TYPE.
std::string form(std::string_view type, std::string_view fields = "") {
  return "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>" +
         std::string(type) + "</value></field>" + std::string(fields) + "</x>";
}

/// XEP-0115 §5.3.
constexpr auto psi = R"xml(<query xmlns='http://jabber.org/protocol/disco#info'
       node='http://psi-im.org#q07IKJEyjvHSyhy//CH0CxmKi8w='>
  <identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>
  <identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>
  <feature var='http://jabber.org/protocol/caps'/>
  <feature var='http://jabber.org/protocol/disco#info'/>
  <feature var='http://jabber.org/protocol/disco#items'/>
  <feature var='http://jabber.org/protocol/muc'/>
  <x xmlns='jabber:x:data' type='result'>
    <field var='FORM_TYPE' type='hidden'>
      <value>urn:xmpp:dataforms:softwareinfo</value>
    </field>
    <field var='ip_version' type='text-multi' >
      <value>ipv4</value>
      <value>ipv6</value>
    </field>
    <field var='os'>
      <value>Mac</value>
    </field>
    <field var='os_version'>
      <value>10.5.1</value>
    </field>
    <field var='software'>
      <value>Psi</value>
    </field>
    <field var='software_version'>
      <value>0.11</value>
    </field>
  </x>
</query>)xml";

/// XEP-0390 §4.5.1.
constexpr auto bombus = R"xml(<query xmlns="http://jabber.org/protocol/disco#info">
  <identity category="client" name="BombusMod" type="mobile"/>
  <feature var="http://jabber.org/protocol/si"/>
  <feature var="http://jabber.org/protocol/bytestreams"/>
  <feature var="http://jabber.org/protocol/chatstates"/>
  <feature var="http://jabber.org/protocol/disco#info"/>
  <feature var="http://jabber.org/protocol/disco#items"/>
  <feature var="urn:xmpp:ping"/>
  <feature var="jabber:iq:time"/>
  <feature var="jabber:iq:privacy"/>
  <feature var="jabber:iq:version"/>
  <feature var="http://jabber.org/protocol/rosterx"/>
  <feature var="urn:xmpp:time"/>
  <feature var="jabber:x:oob"/>
  <feature var="http://jabber.org/protocol/ibb"/>
  <feature var="http://jabber.org/protocol/si/profile/file-transfer"/>
  <feature var="urn:xmpp:receipts"/>
  <feature var="jabber:iq:roster"/>
  <feature var="jabber:iq:last"/>
</query>)xml";

/// XEP-0390 §4.5.2.
constexpr auto tkabber = R"xml(<query xmlns="http://jabber.org/protocol/disco#info">
  <identity category="client" name="Tkabber" type="pc" xml:lang="en"/>
  <identity category="client" name="Ткаббер" type="pc" xml:lang="ru"/>
  <feature var="games:board"/>
  <feature var="http://jabber.org/protocol/activity"/>
  <feature var="http://jabber.org/protocol/activity+notify"/>
  <feature var="http://jabber.org/protocol/bytestreams"/>
  <feature var="http://jabber.org/protocol/chatstates"/>
  <feature var="http://jabber.org/protocol/commands"/>
  <feature var="http://jabber.org/protocol/disco#info"/>
  <feature var="http://jabber.org/protocol/disco#items"/>
  <feature var="http://jabber.org/protocol/evil"/>
  <feature var="http://jabber.org/protocol/feature-neg"/>
  <feature var="http://jabber.org/protocol/geoloc"/>
  <feature var="http://jabber.org/protocol/geoloc+notify"/>
  <feature var="http://jabber.org/protocol/ibb"/>
  <feature var="http://jabber.org/protocol/iqibb"/>
  <feature var="http://jabber.org/protocol/mood"/>
  <feature var="http://jabber.org/protocol/mood+notify"/>
  <feature var="http://jabber.org/protocol/rosterx"/>
  <feature var="http://jabber.org/protocol/si"/>
  <feature var="http://jabber.org/protocol/si/profile/file-transfer"/>
  <feature var="http://jabber.org/protocol/tune"/>
  <feature var="http://www.facebook.com/xmpp/messages"/>
  <feature var="http://www.xmpp.org/extensions/xep-0084.html#ns-metadata+notify"/>
  <feature var="jabber:iq:avatar"/>
  <feature var="jabber:iq:browse"/>
  <feature var="jabber:iq:dtcp"/>
  <feature var="jabber:iq:filexfer"/>
  <feature var="jabber:iq:ibb"/>
  <feature var="jabber:iq:inband"/>
  <feature var="jabber:iq:jidlink"/>
  <feature var="jabber:iq:last"/>
  <feature var="jabber:iq:oob"/>
  <feature var="jabber:iq:privacy"/>
  <feature var="jabber:iq:roster"/>
  <feature var="jabber:iq:time"/>
  <feature var="jabber:iq:version"/>
  <feature var="jabber:x:data"/>
  <feature var="jabber:x:event"/>
  <feature var="jabber:x:oob"/>
  <feature var="urn:xmpp:avatar:metadata+notify"/>
  <feature var="urn:xmpp:ping"/>
  <feature var="urn:xmpp:receipts"/>
  <feature var="urn:xmpp:time"/>
  <x xmlns="jabber:x:data" type="result">
    <field type="hidden" var="FORM_TYPE">
      <value>urn:xmpp:dataforms:softwareinfo</value>
    </field>
    <field var="software">
      <value>Tkabber</value>
    </field>
    <field var="software_version">
      <value>0.11.1-svn-20111216-mod (Tcl/Tk 8.6b2)</value>
    </field>
    <field var="os">
      <value>Windows</value>
    </field>
    <field var="os_version">
      <value>XP</value>
    </field>
  </x>
</query>)xml";

}  // namespace

TEST_CASE("XEP-0115 §5.2 the simple example") {
  const auto text =
      string_of(info("<identity category='client' name='Exodus 0.9.1' type='pc'/>"
                     "<feature var='http://jabber.org/protocol/muc'/>"
                     "<feature var='http://jabber.org/protocol/disco#items'/>"
                     "<feature var='http://jabber.org/protocol/caps'/>"
                     "<feature var='http://jabber.org/protocol/disco#info'/>"));
  CHECK(text ==
        "client/pc//Exodus 0.9.1<http://jabber.org/protocol/caps<"
        "http://jabber.org/protocol/disco#info<http://jabber.org/protocol/disco#items<"
        "http://jabber.org/protocol/muc<");
  CHECK(digest("sha-1", *text) == "QgayPKawpkPSDYmwT/WM94uAlu0=");
}

TEST_CASE("XEP-0115 §5.3 the complex example: languages, and a form") {
  const auto text = string_of(psi);
  CHECK(text ==
        "client/pc/el/Ψ 0.11<client/pc/en/Psi 0.11<http://jabber.org/protocol/caps<"
        "http://jabber.org/protocol/disco#info<http://jabber.org/protocol/disco#items<"
        "http://jabber.org/protocol/muc<urn:xmpp:dataforms:softwareinfo<ip_version<ipv4<ipv6<"
        "os<Mac<os_version<10.5.1<software<Psi<software_version<0.11<");
  CHECK(digest("sha-1", *text) == "q07IKJEyjvHSyhy//CH0CxmKi8w=");
}

TEST_CASE("XEP-0115 §5.1 everything is sorted by octets: identities by part, forms by FORM_TYPE") {
  CHECK(string_of(info("<identity category='b' type='a'/><identity category='a-b' type='a'/>"
                       "<identity category='a' type='b' xml:lang='x' name='2'/>"
                       "<identity category='a' type='b' xml:lang='x' name='1'/>"
                       "<identity category='a' type='b'/><identity category='a' type='a'/>"
                       "<feature var='é'/><feature var='z'/><feature var='Z'/>")) ==
        "a/a//<a/b//<a/b/x/1<a/b/x/2<a-b/a//<b/a//<Z<z<é<");
  CHECK(string_of(info(form("v",
                            "<field var='2'><value>b</value><value>a</value></field>"
                            "<field var='1'/>") +
                       form("u", "<field var='0'><value/></field>"))) == "u<0<<v<1<2<a<b<");
}

TEST_CASE("XEP-0115 §5.1 what separates stays a reference inside of a word") {
  CHECK(string_of(info("<identity category='client' type='pc' "
                       "name='SomeClient&lt;http://jabber.org/protocol/muc'/>")) ==
        "client/pc//SomeClient&lt;http://jabber.org/protocol/muc<");
  CHECK(string_of(info("<feature var='a&amp;b&lt;c'/>")) == "a&b&lt;c<");
}

TEST_CASE("XEP-0115 §5.1 the language is that of the identity alone") {
  CHECK(string_of("<query xmlns='http://jabber.org/protocol/disco#info' xml:lang='en'>"
                  "<identity category='client' type='pc'/></query>") == "client/pc//<");
}

TEST_CASE("XEP-0115 §5.4 step 3.3, 3.4: an identity or a feature twice is ill-formed") {
  const auto identity = "<identity category='client' type='pc' xml:lang='en' name='a'/>"s;
  CHECK_FALSE(string_of(info(identity + identity)));
  CHECK(string_of(info(identity + "<identity category='client' type='pc' name='a'/>")));
  CHECK_FALSE(string_of(info("<feature var='a'/><feature var='b'/><feature var='a'/>")));
}

TEST_CASE("XEP-0115 §5.4 step 3.5: one FORM_TYPE for two forms, or two for one, is ill-formed") {
  CHECK_FALSE(string_of(info(form("u") + form("v") + form("u"))));
  CHECK_FALSE(
      string_of(info("<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'>"
                     "<value>u</value><value>v</value></field></x>")));
  CHECK(string_of(info("<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' "
                       "type='hidden'><value>u</value><value>u</value></field></x>")) == "u<");
}

TEST_CASE("XEP-0115 §5.4 step 3.6: a form without FORM_TYPE, or with one not hidden, is ignored") {
  const auto others = form("u");
  for (const auto* ignored :
       {"<x xmlns='jabber:x:data' type='result'><field var='a'><value>b</value></field></x>",
        "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'><value>u</value></field>"
        "</x>",
        "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'/></x>"}) {
    CAPTURE(ignored);
    CHECK(string_of(info(ignored + others)) == "u<");
  }
}

TEST_CASE("XEP-0115 an identity without category or type, a feature without name: ill-formed") {
  CHECK_FALSE(string_of(info("<identity category='client'/>")));
  CHECK_FALSE(string_of(info("<identity type='pc'/>")));
  CHECK_FALSE(string_of(info("<feature/>")));
}

TEST_CASE("XEP-0115 elements of others are passed over") {
  CHECK(string_of(info("<feature var='a'/><feature xmlns='u:other' var='b'/>"
                       "<set xmlns='http://jabber.org/protocol/rsm'/>")) == "a<");
  CHECK(string_of(info("")) == "");
}

TEST_CASE("XEP-0390 §4.5.1 the simple example") {
  const auto input = input_of(bombus);
  REQUIRE(input);
  CHECK(input->size() == 0x1d9);
  CHECK(input->substr(0x1bd) ==
        "client\x1fmobile\x1f\x1f"
        "BombusMod\x1f\x1e\x1c\x1c");
  CHECK(digest("sha-256", *input) == "kzBZbkqJ3ADrj7v08reD1qcWUwNGHaidNUgD7nHpiw8=");
  CHECK(digest("sha3-256", *input) == "79mdYAfU9rEdTOcWDO7UEAt6E56SUzk/g6TnqUeuD9Q=");
}

TEST_CASE("XEP-0390 §4.5.2 the complex example: languages, and a form") {
  const auto input = input_of(tkabber);
  REQUIRE(input);
  CHECK(input->size() == 0x543);
  CHECK(input->substr(0x47c) ==
        "client\x1fpc\x1f"
        "en\x1fTkabber\x1f\x1e"
        "client\x1fpc\x1fru\x1fТкаббер\x1f\x1e\x1c"
        "FORM_TYPE\x1furn:xmpp:dataforms:softwareinfo\x1f\x1eos\x1fWindows\x1f\x1e"
        "os_version\x1fXP\x1f\x1esoftware\x1fTkabber\x1f\x1e"
        "software_version\x1f"
        "0.11.1-svn-20111216-mod (Tcl/Tk 8.6b2)\x1f\x1e\x1d\x1c");
  CHECK(digest("sha-256", *input) == "u79ZroNJbdSWhdSp311mddz44oHHPsEBntQ5b1jqBSY=");
  CHECK(digest("sha3-256", *input) == "XpUJzLAc93258sMECZ3FJpebkzuyNXDzRNwQog8eycg=");
}

TEST_CASE("XEP-0390 §4.1 the language is that around the identity, where it has none") {
  const auto in_stanza = [](std::string_view query_attributes, std::string_view attributes) {
    const auto document = parse_xml("<iq xml:lang='de'><query " + std::string(query_attributes) +
                                    " xmlns='http://jabber.org/protocol/disco#info'><identity " +
                                    std::string(attributes) +
                                    " category='a' type='b'/></query>"
                                    "</iq>");
    REQUIRE(document);
    const Element& query = *document->root().first_child();
    return std::pair(capability_hash_input(query),
                     capability_hash_input(query, IdentityLanguage::own));
  };
  const auto input = [](const std::string& language) {
    return "\x1c"
           "a\x1f"
           "b\x1f" +
           language + "\x1f\x1f\x1e\x1c\x1c";
  };
  CHECK(in_stanza("", "") == std::pair{std::optional(input("de")), std::optional(input(""))});
  CHECK(in_stanza("xml:lang='el'", "").first == input("el"));
  CHECK(in_stanza("xml:lang='el'", "xml:lang='en'") ==
        std::pair{std::optional(input("en")), std::optional(input("en"))});
  CHECK(in_stanza("", "xml:lang=''").first == input(""));
}

TEST_CASE("XEP-0390 §4.1 step 4: what ends a text counts when texts are sorted") {
  CHECK(input_of(info("<feature var='a!'/><feature var='a'/><feature var='a'/>")) ==
        "a\x1f"
        "a\x1f"
        "a!\x1f\x1c\x1c\x1c");
  CHECK(input_of(info("")) == "\x1c\x1c\x1c");
}

TEST_CASE("XEP-0390 §4.1 step 1: an element of another kind is an error") {
  for (const auto* other :
       {"<set xmlns='http://jabber.org/protocol/rsm'/>", "<feature xmlns='u:other' var='a'/>",
        "<other/>", "<x xmlns='u:other'/>", "<identity category='a'/>", "<feature/>"}) {
    CAPTURE(other);
    CHECK_FALSE(input_of(info(std::string("<feature var='a'/>") + other)));
  }
}

TEST_CASE("XEP-0390 §4.1 step 2: a form with a table is an error") {
  CHECK_FALSE(input_of(info(form("u", "<reported><field var='a'/></reported>"))));
  CHECK_FALSE(input_of(info(form("u", "<item><field var='a'/></item>"))));
  CHECK(input_of(info(form("u", "<title>T</title><instructions>I</instructions>"))) ==
        "\x1c\x1c"
        "FORM_TYPE\x1fu\x1f\x1e\x1d\x1c");
}

TEST_CASE("XEP-0390 §4.1 step 3: a form without its one hidden FORM_TYPE is an error") {
  for (const auto* fields :
       {"<field var='a'><value>b</value></field>", "",
        "<field var='FORM_TYPE'><value>u</value></field>", "<field var='FORM_TYPE' type='hidden'/>",
        "<field var='FORM_TYPE' type='hidden'><value>u</value><value>v</value></field>",
        "<field var='FORM_TYPE' type='hidden'><value>u</value></field>"
        "<field var='FORM_TYPE' type='hidden'><value>u</value></field>"}) {
    CAPTURE(fields);
    CHECK_FALSE(
        input_of(info("<x xmlns='jabber:x:data' type='result'>" + std::string(fields) + "</x>")));
  }
}

}  // namespace crier::test
