/// Invariant 3: what was published is what subscribers get, and what is retrieved, also after a
/// restart. XEP-0060 §7.1.2.1, §6.5.3.

#include <crier/xml_writer.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

/// The payload as canonical text, wherever it is carried to. `around` declares more prefixes on
/// the publisher's `<iq/>`.
void check_carried(const std::string& payload, const std::string& around = "") {
  CAPTURE(payload);
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  const auto stanza = fmt::format(
      "<iq type='set' from='{}' to='pubsub.example.org' id='1' {}>{}</iq>", alice, around,
      pubsub(fmt::format("<publish node='n'><item id='1'>{}</item></publish>", payload)));
  const auto answer = scene.send(stanza);
  REQUIRE_MESSAGE(answer.type == "result", answer.xml);

  const auto sent = parse_xml(stanza);
  const auto& item = *sent->root().first_child()->first_child()->first_child();
  const auto expected = canonical(to_xml(*item.first_child()));
  const auto check = [&](const std::string& xml) {
    const auto found = parse_xml(xml);
    REQUIRE_MESSAGE(found, xml);
    const auto& carried = *found->root().first_child()->first_child()->first_child();
    REQUIRE(carried.name == "item");
    CHECK(canonical(to_xml(*carried.first_child())) == expected);
  };
  check(scene.heard(bob).at(0).xml);
  check(scene.items(bob, "n").xml);
  scene.restart();
  check(scene.items(bob, "n").xml);
}

}  // namespace

TEST_CASE(
    "§7.1.2.1 payload: attributes with namespaces, xml:lang and xlink:href, stay what they are") {
  check_carried(
      "<e xmlns='u:e' xml:lang='de' xmlns:xlink='http://www.w3.org/1999/xlink' "
      "xlink:href='http://x/?a&amp;b' href='other'/>");
}

TEST_CASE("§7.1.2.1 payload: prefixes mean what they meant, also when declared further out") {
  check_carried("<p:e xmlns:p='u:p'><p:f><q:g xmlns:q='u:q' p:a='1' q:a='2' a='3'/></p:f></p:e>");
  check_carried("<p:e p:a='1'><f xmlns='u:f'/><g/></p:e>", "xmlns:p='u:outside'");
}

TEST_CASE("§7.1.2.1 payload: one without a namespace stays without") {
  check_carried("<e xmlns=''><f xmlns='u:f'><g xmlns=''/></f></e>");
}

TEST_CASE("§7.1.2.1 payload: mixed content keeps its order and every white space") {
  check_carried("<e xmlns='u:e'>\n  a<b/> c\t<d>  </d>\n\ne <f/>  </e>");
  check_carried("<e xmlns='u:e'> </e>");
}

TEST_CASE("§7.1.2.1 payload: every character, those that XML must escape and those above the BMP") {
  check_carried(
      "<e xmlns='u:e' a='&lt;&gt;&amp;&apos;&quot; &#10;&#9;&#13;'>"
      "&lt;&gt;&amp;&apos;&quot;&#13; ]]&gt;</e>");
  check_carried(
      "<e xmlns='u:e' a='\xf0\x9f\x98\x80'>\xf0\x9f\x98\x80 \xe2\x80\xae \xc3\xa9 "
      "\xf4\x8f\xbf\xbd</e>");
  check_carried("<\xc3\xa9 xmlns='u:\xc3\xa9'/>");
}

TEST_CASE("§7.1.2.1 payload: CDATA and references are the characters that they stand for") {
  check_carried("<e xmlns='u:e'><![CDATA[<not> & an element]]>&#x1F600;</e>");
}

TEST_CASE("§7.1.2.1 payload: a hundred levels deep") {
  std::string payload = "<e xmlns='u:e'>";
  for (int i = 0; i < 100; ++i) payload += fmt::format("<l{}>", i);
  for (int i = 100; i-- > 0;) payload += fmt::format("</l{}>", i);
  check_carried(payload + "</e>");
}

TEST_CASE("§7.1.2.1 payload: large ones, of text and of nothing but line ends") {
  check_carried("<e xmlns='u:e'>" + std::string(512 * 1024, 'x') + "</e>");
  check_carried("<e xmlns='u:e'>" + std::string(256 * 1024, '\n') + "</e>");
}

TEST_CASE("§7.1.2.1 payload: elements in pubsub's own namespaces are a payload like any") {
  check_carried("<item xmlns='http://jabber.org/protocol/pubsub' id='x'><retract id='y'/></item>");
  check_carried("<message xmlns='jabber:client' to='a@b'><body>b</body></message>");
}

TEST_CASE("§7.1.2.1 an ItemID is carried exactly") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  for (const std::string id : {"a b", "<&'\">", "\xf0\x9f\x98\x80", " ", "' OR 1=1 --", "A", "a"}) {
    CAPTURE(id);
    CHECK(scene.publish(alice, "n", id).type == "result");
    CHECK(ids_in(scene.heard(bob).at(0).xml) == Strings{id});
  }
  CHECK(scene.item_ids(bob, "n") ==
        Strings{"a b", "<&'\">", "\xf0\x9f\x98\x80", " ", "' OR 1=1 --", "A", "a"});
}

TEST_CASE("§4.6 a NodeID is carried exactly") {
  Scene scene;
  for (const auto* written : {"a b", "&lt;&amp;&apos;\">", "\xf0\x9f\x98\x80", "urn:xmpp:x:0#y"}) {
    CAPTURE(std::string(written));
    const auto about = fmt::format("node='{}'", written);
    CHECK(scene.set(alice, pubsub("<create " + about + "/>")).type == "result");
    CHECK(scene.set(bob, pubsub("<subscribe " + about + " jid='bob@b.example'/>")).type ==
          "result");
    CHECK(scene
              .set(alice, pubsub("<publish " + about +
                                 "><item id='1'><e xmlns='u:e'/></item>"
                                 "</publish>"))
              .type == "result");
    CHECK(scene.events(bob) ==
          Strings{event("<items " + about + "><item id='1'><e xmlns='u:e'/></item></items>")});
  }
}

}  // namespace crier::test
