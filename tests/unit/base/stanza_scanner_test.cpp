#include "base/stanza_scanner.hpp"

#include "base/transcript.hpp"
#include "base/xml_dice.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using crier::read_stanza_head;
using crier::StanzaScanner;
using crier::test::stream_start;

namespace {

/// Where the scanner says that stanzas end, when the stream comes in pieces of at most `longest`.
std::vector<std::size_t> ends_in(std::string_view stream, std::size_t longest, std::mt19937& dice) {
  std::vector<std::size_t> ends;
  StanzaScanner scanner;
  std::size_t at = 0;
  while (at < stream.size()) {
    auto piece = stream.substr(at, 1 + dice() % longest);
    while (!piece.empty()) {
      const bool was_between = scanner.is_between();
      const auto taken = scanner.skip(piece);
      REQUIRE(taken > 0);
      REQUIRE(taken <= piece.size());
      at += taken;
      piece.remove_prefix(taken);
      if (scanner.is_between() && stream[at - 1] == '>') ends.push_back(at);
      if (!was_between && !scanner.is_between()) CHECK(piece.empty());
    }
  }
  return ends;
}

StanzaScanner after(std::string_view text) {
  StanzaScanner scanner;
  CHECK(scanner.skip(stream_start) == stream_start.size());
  while (!text.empty()) text.remove_prefix(scanner.skip(text));
  return scanner;
}

}  // namespace

TEST_CASE("each stanza's end is found, wherever the stream is cut: stanzas at random") {
  const auto seed = crier::test::seed();
  CAPTURE(seed);
  crier::test::XmlDice dice(seed);
  for (int round = 0; round < 200; ++round) {
    std::string stream(stream_start);
    std::vector<std::size_t> ends{stream.size()};
    for (int stanza = 0; stanza < 5; ++stanza) {
      stream += dice.element(4);
      ends.push_back(stream.size());
      stream += "\n";
    }
    stream += "</stream:stream>";
    CAPTURE(stream);
    for (const std::size_t longest : {1, 7, 10'000})
      CHECK(ends_in(stream, longest, dice.dice()) == ends);
  }
}

TEST_CASE("the reader says how much stands behind the last end, and a scanner goes on from there") {
  const auto seed = crier::test::seed();
  CAPTURE(seed);
  crier::test::XmlDice dice(seed);
  for (int round = 0; round < 100; ++round) {
    std::string stream(stream_start);
    std::vector<std::size_t> ends{stream.size()};
    for (int stanza = 0; stanza < 5; ++stanza) {
      // Some are too large, and skipped.
      stream += "<message>" + dice.element(3) +
                std::string(dice.below(4) == 0 ? 2'000 : dice.below(500), 'x') + "</message>";
      ends.push_back(stream.size());
    }
    crier::test::Transcript reader({.max_stanza_bytes = 1'500});
    std::size_t fed = 0;
    while (fed < stream.size()) {
      const auto piece = std::string_view(stream).substr(fed, 1 + dice.below(700));
      reader.feed(piece);
      fed += piece.size();
      const auto last = std::upper_bound(ends.begin(), ends.end(), fed);
      if (last == ends.begin()) {
        CHECK(reader.unfinished() == std::string::npos);
        continue;
      }
      CHECK(reader.unfinished() == fed - *(last - 1));
      auto scanner = StanzaScanner::between();
      auto open = std::string_view(stream).substr(*(last - 1));
      const auto next = last == ends.end() ? stream.size() : *last;
      open.remove_prefix(scanner.skip(open.substr(0, fed - *(last - 1))));
      scanner.skip(open.substr(0, next - fed));
      CHECK(scanner.is_between());
    }
  }
}

TEST_CASE("what looks like the end of a stanza and is none") {
  StanzaScanner scanner = after("");
  for (const std::string_view stanza :
       {"<a b='/'></a>", "<a b='>' c=\"'/>\"><b/></a>", "<a><![CDATA[</a>]] ]>]]]></a>",
        "<a><b/></a >", "<a>]]&gt;</a>", "<a b = '1' / ></a>", "<a b='1'\n/>"}) {
    CAPTURE(stanza);
    const auto both = std::string(stanza) + "<next/>";
    CHECK(scanner.skip(both) == stanza.size());
    CHECK(scanner.is_between());
  }
}

TEST_CASE("white space between stanzas leaves the scanner between them") {
  CHECK(after(" \n").is_between());
  CHECK(after("<a/> ").is_between());
  CHECK_FALSE(after("<a> ").is_between());
}

TEST_CASE("behind the stream's end, and behind what no stream may hold, no stanza follows") {
  for (const auto* text : {"</stream:stream>", "<!-- -->", "<a><!-- --></a>", "<?pi?>",
                           "<a><?pi?></a>", "<!DOCTYPE a>", "<![CDATA[a]]>"}) {
    CAPTURE(text);
    CHECK(after(text).is_over());
    CHECK(after(std::string(text) + "<a/>").is_over());
  }
}

TEST_CASE("a stanza's head: its name and who sends it") {
  const auto head_of = [](std::string_view stanza) {
    const auto head = read_stanza_head(stanza);
    if (!head) return std::string("unclear");
    return fmt::format("{} {}{}{}", head->name, head->sender, head->id.empty() ? "" : " ",
                       head->id);
  };
  CHECK(head_of("<presence/>") == "presence ");
  CHECK(head_of("\n<iq to='b@x/y' from='a@x/phone/1'><a from='c'/></iq>") == "iq a@x");
  CHECK(head_of("<iq id='>' from=\"a@x\">") == "iq a@x >");
  CHECK(head_of("<iq\tid = 'from=' from\n=\n'a@x'/>") == "iq a@x from=");
  CHECK(head_of("<iq xfrom='b@x' from='a@x'/>") == "iq a@x");
  CHECK(head_of("<iq from='neil@x/Neil&apos;s phone'/>") == "iq neil@x");
  for (const auto* part : {"", " ", "text", "<iq", "<iq from", "<iq from='a@x"})
    CHECK(head_of(part) == "unclear");
}
