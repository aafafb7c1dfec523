#include <crier/capabilities.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace crier::test {

namespace {

using Protocol = CapsHash::Protocol;

std::vector<CapsHash> hashes_in(std::string_view inside) {
  const auto document = parse_xml(fmt::format("<presence>{}</presence>", inside));
  REQUIRE(document);
  return hashes_of(document->root());
}

std::string info(std::string_view inside) {
  return fmt::format("<query xmlns='http://jabber.org/protocol/disco#info'>{}</query>", inside);
}

bool match(const CapsHash& hash, std::string_view query) {
  const auto document = parse_xml(query);
  REQUIRE(document);
  return matches(hash, document->root());
}

/// The hash of `query`, as the one who answers with it tells it.
CapsHash hash_for(Protocol protocol, std::string_view query) {
  const auto document = parse_xml(query);
  REQUIRE(document);
  const auto hash = protocol == Protocol::caps ? caps_hash("sha-1", "u:software", document->root())
                                               : caps2_hash("sha-256", document->root());
  REQUIRE(hash);
  return *hash;
}

std::vector<std::string> interests(std::string_view inside) {
  const auto document = parse_xml(info(inside));
  REQUIRE(document);
  return interests_in(document->root());
}

constexpr auto exodus =
    "<identity category='client' name='Exodus 0.9.1' type='pc'/>"
    "<feature var='http://jabber.org/protocol/caps'/>"
    "<feature var='http://jabber.org/protocol/disco#info'/>"
    "<feature var='http://jabber.org/protocol/disco#items'/>"
    "<feature var='http://jabber.org/protocol/muc'/>";

}  // namespace

TEST_CASE("XEP-0115 §6.1, §6.2 what a presence says, and the node to ask for") {
  CHECK(hashes_in("<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' "
                  "node='http://code.google.com/p/exodus' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>") ==
        std::vector{CapsHash{Protocol::caps, "sha-1", "QgayPKawpkPSDYmwT/WM94uAlu0=",
                             "http://code.google.com/p/exodus#QgayPKawpkPSDYmwT/WM94uAlu0="}});
}

TEST_CASE("XEP-0390 §5.4, §4.3 what a presence says, and the node to ask for") {
  CHECK(
      hashes_in("<c xmlns='urn:xmpp:caps'>"
                "<hash xmlns='urn:xmpp:hashes:2' algo='sha3-256'>XpUJ=</hash>"
                "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>u79Z=</hash></c>") ==
      std::vector{CapsHash{Protocol::caps2, "sha-256", "u79Z=", "urn:xmpp:caps#sha-256.u79Z="},
                  CapsHash{Protocol::caps2, "sha3-256", "XpUJ=", "urn:xmpp:caps#sha3-256.XpUJ="}});
}

TEST_CASE("XEP-0390 §7.2 its hashes come before those of XEP-0115, strong ones before sha-1") {
  const auto hashes = hashes_in(
      "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='u:a' ver='1'/>"
      "<c xmlns='http://jabber.org/protocol/caps' hash='sha-256' node='u:a' ver='2'/>"
      "<c xmlns='urn:xmpp:caps'><hash xmlns='urn:xmpp:hashes:2' algo='sha-1'>3</hash>"
      "<hash xmlns='urn:xmpp:hashes:2' algo='sha-512'>4</hash>"
      "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>5</hash></c>");
  std::string order;
  for (const auto& hash : hashes) order += hash.hash;
  CHECK(order == "54321");
}

TEST_CASE("XEP-0115 §5.4 step 1: the legacy format is no hash; nor are unknown hash functions") {
  for (const auto* c :
       {"", "<c xmlns='http://jabber.org/protocol/caps' node='u:a' ver='1'/>",
        "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='u:a'/>",
        "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' ver='1'/>",
        "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='u:a' ver=''/>",
        "<c xmlns='http://jabber.org/protocol/caps' hash='md5' node='u:a' ver='1'/>",
        "<c xmlns='urn:xmpp:caps'/>",
        "<c xmlns='urn:xmpp:caps'><hash xmlns='urn:xmpp:hashes:2'>1</hash>"
        "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'/>"
        "<hash algo='sha-256'>1</hash></c>"}) {
    CAPTURE(c);
    CHECK(hashes_in(c).empty());
  }
}

TEST_CASE("what is longer than a hash or a node can be is left out; one hash of a kind") {
  const auto with = [](std::size_t hash, std::size_t node) {
    return hashes_in(
        fmt::format("<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='{}' ver='{}'/>",
                    std::string(node, 'n'), std::string(hash, 'h')));
  };
  CHECK(with(256, 1023 - 257).size() == 1);
  CHECK(with(257, 1).empty());
  CHECK(with(256, 1024 - 257).empty());
  std::string many;
  for (int i = 0; i < 1000; ++i)
    many += fmt::format("<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>{}</hash>", i);
  const auto hashes = hashes_in(fmt::format("<c xmlns='urn:xmpp:caps'>{}</c>", many));
  REQUIRE(hashes.size() == 1);
  CHECK(hashes[0].hash == "0");
}

TEST_CASE("XEP-0115 §5.4 an answer matches the hash that it has, and no other") {
  const CapsHash hash{Protocol::caps, "sha-1", "QgayPKawpkPSDYmwT/WM94uAlu0=", {}};
  CHECK(match(hash, info(exodus)));
  CHECK_FALSE(match(hash, info(std::string(exodus) + "<feature var='u:more'/>")));
  CHECK_FALSE(match(hash, "<query>" + std::string(exodus) + "</query>"));
  CHECK_FALSE(match({Protocol::caps, "sha-256", hash.hash, {}}, info(exodus)));
  CHECK_FALSE(match({Protocol::caps2, "sha-1", hash.hash, {}}, info(exodus)));
  CHECK_FALSE(match({Protocol::caps, "md5", "", {}}, info(exodus)));
}

TEST_CASE("XEP-0115 §5.4 an answer that is ill-formed matches nothing") {
  const auto twice = info("<feature var='a'/><feature var='a'/>");
  // base64 of SHA-1 of "a<a<", which would be its hash.
  CHECK_FALSE(match({Protocol::caps, "sha-1", "VzdyXTU4WAjZWlWrz/34WgVMUhc=", {}}, twice));
}

TEST_CASE("XEP-0390 §4.4 an answer matches the hash that it has, and no other") {
  const auto hash = hash_for(Protocol::caps2, info(exodus));
  CHECK(hash.node == "urn:xmpp:caps#sha-256." + hash.hash);
  CHECK(match(hash, info(exodus)));
  CHECK_FALSE(match(hash, info(std::string(exodus) + "<feature var='u:more'/>")));
  CHECK_FALSE(match(hash, info(std::string(exodus) + "<more xmlns='u:other'/>")));
}

TEST_CASE("XEP-0390 §4.1 an answer whose language somebody adds on the way matches still") {
  const auto hash = hash_for(Protocol::caps2, info(exodus));
  const auto iq = fmt::format("<iq xml:lang='en'>{}</iq>", info(exodus));
  const auto document = parse_xml(iq);
  REQUIRE(document);
  const Element& query = *document->root().first_child();
  CHECK(matches(hash, query));
  // And one that was made with it.
  const auto with_language = caps2_hash("sha-256", query);
  REQUIRE(with_language);
  CHECK(with_language->hash != hash.hash);
  CHECK(matches(*with_language, query));
}

TEST_CASE("XEP-0115 §9.3 trap: nobody hides an interest of others behind their hash") {
  const auto honest = info(
      "<identity category='client' type='pc' name='n'/><feature var='http://a.example/x+notify'/>"
      "<feature var='u:a+notify'/><feature var='u:b'/><feature var='u:c'/>");
  const auto hash = hash_for(Protocol::caps, honest);
  CHECK(match(hash, honest));
  const auto form = [](std::string_view type, std::string_view fields) {
    return fmt::format(
        "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' "
        "type='hidden'><value>{}</value></field>{}</x>",
        type, fields);
  };
  const auto identity = std::string("<identity category='client' type='pc' name='n'/>");
  const auto feature = std::string("<feature var='http://a.example/x+notify'/>");
  for (const auto& disguised :
       {// As the FORM_TYPE, as the name of a field, as a value, as an identity.
        identity + feature + form("u:a+notify", "<field var='u:b'><value>u:c</value></field>"),
        identity + form("http://a.example/x+notify",
                        "<field var='u:a+notify'><value>u:b</value><value>u:c</value></field>"),
        identity + "<identity category='http:' type='' xml:lang='a.example' name='x+notify'/>"
                   "<feature var='u:a+notify'/><feature var='u:b'/><feature var='u:c'/>"}) {
    CAPTURE(disguised);
    CHECK(hash_for(Protocol::caps, info(disguised)).hash == hash.hash);
    CHECK_FALSE(match(hash, info(disguised)));
  }
}

TEST_CASE("§9.2 interests are the features X+notify, prepared, each once") {
  CHECK(interests("<identity category='client' type='pc' name='a+notify'/>"
                  "<feature var='http://jabber.org/protocol/tune+notify'/>"
                  "<feature var='http://jabber.org/protocol/geoloc+notify'/>"
                  "<feature var='http://jabber.org/protocol/geoloc'/>"
                  "<feature var='http://jabber.org/protocol/mood+NOTIFY'/>"
                  "<feature xmlns='u:other' var='other+notify'/>"
                  // The same NodeID, in two spellings of UTF-8's characters.
                  "<feature var='caf\u00e9+notify'/><feature var='cafe\u0301+notify'/>"
                  // No NodeIDs.
                  "<feature var='+notify'/><feature var='a&#xad;+notify+notify'/>"
                  "<feature var='&#xe000;+notify'/><feature/>") ==
        std::vector<std::string>{"a+notify", "caf\u00e9", "http://jabber.org/protocol/geoloc",
                                 "http://jabber.org/protocol/tune"});
}

TEST_CASE("§9.2 nobody has more than 500 interests") {
  std::string features;
  for (int i = 999; i >= 0; --i) features += fmt::format("<feature var='{:03}+notify'/>", i);
  const auto found = interests(features);
  CHECK(found.size() == 500);
  CHECK(found.front() == "000");
  CHECK(found.back() == "499");
}

}  // namespace crier::test
