#include <crier/jid.hpp>

#include "base/xml_dice.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace crier;

namespace {

/// The address that `text` spells, normalised.
std::string normal(std::string_view text) {
  const auto jid = Jid::parse(text);
  return jid ? jid->text() : "nothing";
}

std::string utf8(char32_t character) {
  std::string out;
  const auto byte = [&](char32_t value) { out += static_cast<char>(value); };
  if (character < 0x80) {
    byte(character);
  } else if (character < 0x800) {
    byte(0xC0 | character >> 6), byte(0x80 | (character & 0x3F));
  } else if (character < 0x10000) {
    byte(0xE0 | character >> 12), byte(0x80 | (character >> 6 & 0x3F));
    byte(0x80 | (character & 0x3F));
  } else {
    byte(0xF0 | character >> 18), byte(0x80 | (character >> 12 & 0x3F));
    byte(0x80 | (character >> 6 & 0x3F)), byte(0x80 | (character & 0x3F));
  }
  return out;
}

}  // namespace

TEST_CASE("RFC 7622 §3.1: an address has its parts") {
  const auto full = *Jid::parse("juliet@example.com/balcony");
  CHECK(full.text() == "juliet@example.com/balcony");
  CHECK(full.local() == "juliet");
  CHECK(full.domain() == "example.com");
  CHECK(full.resource() == "balcony");
  CHECK(full.bare() == "juliet@example.com");
  CHECK_FALSE(full.is_bare());
  CHECK(full.to_bare().text() == "juliet@example.com");
  CHECK(full.to_bare().is_bare());
  CHECK(full.to_bare().resource().empty());
  CHECK(full.to_bare().local() == "juliet");

  const auto domain = *Jid::parse("example.com");
  CHECK(domain.local().empty());
  CHECK(domain.domain() == "example.com");
  CHECK(domain.is_bare());
  const auto node = *Jid::parse("pubsub.example.com/node");
  CHECK(node.local().empty());
  CHECK(node.domain() == "pubsub.example.com");
  CHECK(node.resource() == "node");
}

TEST_CASE("RFC 7622 §3.2: what follows the first slash is resource, an '@' and slashes too") {
  const auto jid = *Jid::parse("evil.org/admin@localhost");
  CHECK(jid.local().empty());
  CHECK(jid.domain() == "evil.org");
  CHECK(jid.resource() == "admin@localhost");
  CHECK(Jid::parse("a@b/c/d@e/")->resource() == "c/d@e/");
  CHECK(bare_of("evil.org/admin@localhost") == "evil.org");
  CHECK(bare_of("a@b/c/d") == "a@b");
  CHECK(bare_of("a@b") == "a@b");
}

TEST_CASE("RFC 7622 §3.5: two spellings that normalise equally are one address") {
  CHECK(normal("Juliet@Example.COM/Balcony") == "juliet@example.com/Balcony");
  CHECK(normal("JÜLIET@EXAMPLE.com/ünï") == "jüliet@example.com/ünï");
  CHECK(normal("ju\u0308liet@a/u\u0308") == "jüliet@a/ü");                    // composed
  CHECK(normal("ﬁx@a") == "fix@a");                                           // a ligature
  CHECK(normal("ＪＵＬＩＥＴ@ｅｘａｍｐｌｅ．com") == "juliet@example.com");  // full width
  CHECK(normal("straße@straße.example") == "strasse@strasse.example");
  CHECK(normal("ΣΊΣΥΦΟΣ@a") == normal("σίσυφος@a"));
  CHECK(normal("a\u00ADb@c\u00ADd/e\u00ADf") == "ab@cd/ef");  // soft hyphens are nothing
  CHECK(*Jid::parse("A@B/c") == *Jid::parse("a@b/c"));
  CHECK(*Jid::parse("a@b/C") != *Jid::parse("a@b/c"));
}

TEST_CASE("RFC 7622 §3.2: a domain without its last dot, in U-labels") {
  CHECK(normal("a@example.com./r") == "a@example.com/r");
  CHECK(normal("xn--mnchen-3ya.example") == "münchen.example");
  CHECK(normal("XN--MNCHEN-3YA.example") == "münchen.example");
  CHECK(normal("München.example") == "münchen.example");
  CHECK(normal("mu\u0308nchen。example｡") == "münchen.example");
  CHECK(normal("עברית.example.com") == "עברית.example.com");
  CHECK(normal("\u2603.example") == "\u2603.example");
  CHECK(normal("my_host.local") == "my_host.local");
  CHECK(normal("a-b.1.2-3") == "a-b.1.2-3");
}

TEST_CASE("RFC 3490 §4.2: an A-label that IDNA 2003 does not decode stays as it is") {
  CHECK(normal("xn--strae-oqa.example") == "xn--strae-oqa.example");
  CHECK(normal("xn--a.example") == "xn--a.example");
}

TEST_CASE("RFC 7622 §3.2: addresses of IPv4 and IPv6 are domains, in one form") {
  CHECK(normal("a@127.0.0.1/r") == "a@127.0.0.1/r");
  CHECK(normal("a@[::1]/r") == "a@[::1]/r");
  CHECK(normal("[0:0:0:0:0:0:0:1]") == "[::1]");
  CHECK(normal("[2001:DB8::0:1]") == "[2001:db8::1]");
  CHECK(Jid::parse("a@[::1]/r")->domain() == "[::1]");
  for (const auto* bad : {"[", "[]", "[::1", "::1", "[::1]x", "[::1].", "[127.0.0.1]", "[::g]",
                          "[fe80::1%eth0]", "[[::1]]"}) {
    CAPTURE(bad);
    CHECK_FALSE(Jid::parse(bad));
  }
  CHECK_FALSE(Jid::parse(std::string_view("[::1\0]", 6)));
}

TEST_CASE("RFC 7622 §3.2 to §3.4: no part is empty where its separator is") {
  for (const auto* bad : {"",     "@",      "/",      "@/",       "@a",       "a@",        "a/",
                          "a@/r", "@a/r",   "a@b/",   ".",        "a@.",      "a..b",      ".a",
                          "a..",  "\u3002", "\u00AD", "\u00AD@a", "a@\u00AD", "a@b/\u00AD"}) {
    CAPTURE(bad);
    CHECK(normal(bad) == "nothing");
  }
}

TEST_CASE("RFC 7622 §3.3.1: the local part must not hold what separates or quotes") {
  for (char byte = 0x20; byte < 0x7F; ++byte) {
    const auto text = std::string("a") + byte + "b@example.com";
    CAPTURE(text);
    const bool excluded = std::string_view(" \"&'/:<>@").find(byte) != std::string_view::npos;
    CHECK(Jid::parse(text).has_value() == !(excluded && byte != '/'));
    if (byte == '/') CHECK(Jid::parse(text)->local().empty());
  }
  // Neither in full width: nodeprep makes the same of them.
  for (const auto* bad :
       {"a＠b@c", "a／b@c", "a＂b@c", "a＆b@c", "a：b@c", "a＜b@c", "a\u00A0b@c"}) {
    CAPTURE(bad);
    CHECK_FALSE(Jid::parse(bad));
  }
}

TEST_CASE("RFC 7622 §3.2: a domain is made of labels") {
  for (const auto* bad :
       {"a b", "a@b@c", "a:5222", "a&b", "a<b", "a'b", "-a", "a-", "a.-b.c", "a.b-.c", "a!b", "a*",
        // nameprep makes a dot, a slash, an '@' of them
        "a⒈b", "℀.b", "a＠b", "a／b", "a\u00A0b", "xn--mü",
        // of more than 63 bytes, as they are or as A-labels
        "a123456789012345678901234567890123456789012345678901234567890123",
        "ü123456789012345678901234567890123456789012345678901234567890"}) {
    CAPTURE(bad);
    CHECK(normal(bad) == "nothing");
  }
  CHECK(Jid::parse("a12345678901234567890123456789012345678901234567890123456789012"));
}

TEST_CASE("RFC 7622 §3.4: a resource is any text without control characters") {
  CHECK(normal("a/ b c ") == "a/ b c ");
  CHECK(normal("a/\"&'/:<>@") == "a/\"&'/:<>@");
  CHECK(normal("a/\U0001F600") == "a/\U0001F600");  // assigned later than Unicode 3.2
  for (const std::string bad :
       {"\n", "\t", "\x7F", "\u0085", "\u200E", "\uFFFE", "\uE000", "\u2028"}) {
    CAPTURE(bad);
    CHECK_FALSE(Jid::parse("a/b" + bad));
    CHECK_FALSE(Jid::parse("a" + bad + "@b"));
    CHECK_FALSE(Jid::parse("a" + bad));
  }
  CHECK_FALSE(Jid::parse("a/\u05D0b"));  // both directions, RFC 3454 §6
}

TEST_CASE("RFC 7622 §3.1: each part has at most 1023 bytes") {
  const std::string longest(1023, 'a');
  std::string domain;
  while (domain.size() < 1000) domain += std::string(49, 'b') + ".";
  domain += std::string(1023 - domain.size(), 'c');
  const auto jid = Jid::parse(longest + "@" + domain + "/" + longest);
  REQUIRE(jid);
  CHECK(jid->local() == longest);
  CHECK(jid->domain() == domain);
  CHECK(jid->resource() == longest);
  CHECK_FALSE(Jid::parse(longest + "a@" + domain));
  CHECK_FALSE(Jid::parse("a@c" + domain));
  CHECK_FALSE(Jid::parse("a@b/a" + longest));
  CHECK_FALSE(Jid::parse(longest + "A@" + domain));
  // Also when preparing makes it longer: U+FDFA becomes 18 letters.
  std::string growing;
  for (int count = 0; count < 100; ++count) growing += "\uFDFA";
  CHECK_FALSE(Jid::parse("a/" + growing));
  CHECK(Jid::parse("a/\uFDFA"));
}

TEST_CASE("RFC 3629 §4: what is not UTF-8 is no address") {
  for (const std::string bad :
       {"\x80", "\xC3", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xE2\x82", "\xED\xA0\x80",
        "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3(",
        "\xE2\x28\xA1", "\xF0\x28\x8C\xBC"}) {
    CAPTURE(bad);
    CHECK_FALSE(Jid::parse(bad + "@b"));
    CHECK_FALSE(Jid::parse("a@" + bad));
    CHECK_FALSE(Jid::parse("a@b/" + bad));
    CHECK_FALSE(prepare_resource(bad));
  }
  CHECK_FALSE(Jid::parse(std::string_view("a\0b@c", 5)));
  CHECK_FALSE(Jid::parse(std::string_view("ä\0b@c", 6)));
  CHECK_FALSE(Jid::parse(std::string_view("a@ä\0", 5)));
  CHECK_FALSE(Jid::parse(std::string_view("a/ä\0", 5)));
}

TEST_CASE("XEP-0060 §4.6.2: NodeIDs conform to the resource profile") {
  CHECK(prepare_resource("princely_musings") == "princely_musings");
  CHECK(prepare_resource("http://Example.org/ a?b&c") == "http://Example.org/ a?b&c");
  CHECK(prepare_resource("u\u0308") == "ü");
  CHECK(prepare_resource(std::string(1023, 'n')));
  CHECK_FALSE(prepare_resource(""));
  CHECK_FALSE(prepare_resource(std::string(1024, 'n')));
  CHECK_FALSE(prepare_resource("a\nb"));
}

TEST_CASE("addresses are ordered by their bytes") {
  CHECK(*Jid::parse("a@b") < *Jid::parse("a@b/c"));
  CHECK(*Jid::parse("a@b/c") < *Jid::parse("b@a"));
}

TEST_CASE("an address that was stored is read as the same: every character, and many together") {
  const auto seed = test::seed();
  CAPTURE(seed);
  std::mt19937 dice(seed);
  const auto check = [](const std::string& text) {
    CAPTURE(text);
    const auto jid = Jid::parse(text);
    if (!jid) return;
    const auto again = Jid::parse(jid->text());
    REQUIRE(again);
    REQUIRE(*again == *jid);
    REQUIRE(again->local() == jid->local());
    REQUIRE(again->domain() == jid->domain());
    REQUIRE(again->resource() == jid->resource());
  };
  const auto any_character = [&] {
    constexpr std::array<char32_t, 5> limits{0x80, 0x600, 0x3000, 0x11000, 0x110000};
    return utf8(static_cast<char32_t>(dice() % limits[dice() % limits.size()]));
  };
  for (char32_t character = 1; character < 0x30000; ++character) {
    if (dice() % 3 != 0) continue;  // All of them within a few runs.
    check("a" + utf8(character) + "@b");
    check("a" + utf8(character));
    check("a/" + utf8(character));
  }
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto length = 1 + dice() % 8; length > 0; --length) text += any_character();
    check(text + "@b.c");
    check(text);
    check("a/" + text);
  }
}
