#include "base/infoset.hpp"
#include "base/transcript.hpp"
#include "base/xml_dice.hpp"

#include <doctest/doctest.h>

using namespace crier;
using test::Lines;
using test::stream_start;
using test::Transcript;

namespace {

/// What was told, but an error at the end: which one it is, and whether it shows in what has come
/// of a long tag, may depend on the cuts.
Lines told(const Transcript& transcript) {
  auto lines = transcript.lines;
  if (!lines.empty() && lines.back().starts_with("error")) lines.pop_back();
  return lines;
}

/// The same stream, whole, byte by byte and cut at random.
void check_cuts(const std::string& stream, XmlLimits limits, std::mt19937& dice) {
  CAPTURE(stream);
  Transcript whole(limits);
  whole.feed(stream);
  Transcript bytes(limits);
  bytes.feed_in_pieces(stream, 1);
  CHECK(told(bytes) == told(whole));
  for (const std::size_t longest : {7, 100}) {
    Transcript cut(limits);
    cut.feed_cut_at_random(stream, dice, longest);
    CHECK(told(cut) == told(whole));
  }
}

}  // namespace

TEST_CASE("where a stream is cut makes no difference: stanzas at random") {
  const auto seed = test::seed();
  CAPTURE(seed);
  test::XmlDice dice(seed);
  for (int round = 0; round < 200; ++round) {
    std::string stream(stream_start);
    for (int stanza = 0; stanza < 5; ++stanza) stream += dice.element(4) + "\n";
    check_cuts(stream + "</stream:stream>", {}, dice.dice());
  }
}

TEST_CASE("where a stream is cut makes no difference: limits that are passed") {
  const auto seed = test::seed();
  CAPTURE(seed);
  test::XmlDice dice(seed);
  for (int round = 0; round < 200; ++round) {
    std::string stream(stream_start);
    for (int stanza = 0; stanza < 10; ++stanza) stream += dice.element(4);
    check_cuts(stream,
               {.max_stanza_bytes = 60 + dice.below(200),
                .max_depth = 2 + dice.below(2),
                .max_attributes = 4,
                .max_children = 2 + dice.below(2),
                .max_prefixes = 3},
               dice.dice());
  }
}

TEST_CASE("where a stream is cut makes no difference: streams that are spoilt") {
  const auto seed = test::seed();
  CAPTURE(seed);
  test::XmlDice dice(seed);
  constexpr std::string_view spoilers = "<>&;'\"/!?-[]= :x\x01\xC3\xFF";
  for (int round = 0; round < 500; ++round) {
    auto stream = fmt::format("{}{}{}", stream_start, dice.element(4), dice.element(4));
    for (auto changes = 1 + dice.below(3); changes > 0; --changes) {
      stream[dice.below(stream.size())] = spoilers[dice.below(spoilers.size())];
    }
    check_cuts(stream, {}, dice.dice());
  }
}

TEST_CASE("invariant 4: where one parser takes over from another nothing is lost") {
  const auto seed = test::seed();
  CAPTURE(seed);
  std::mt19937 dice(seed);
  std::string stream(stream_start);
  Lines expected{"open stream http://etherx.jabber.org/streams s1"};
  for (int number = 0; number < 20'000; ++number) {
    if (number % 10 == 0) {
      stream += fmt::format("<b id='{}'><c><stream:d>", number);
      stream += "<e>";
      for (auto count = dice() % 200; count > 0; --count) stream += "<e>text<f/></e><g h='>'/>";
      stream += "</e>";
      stream += "</stream:d><x/></c></b>";
      expected.push_back(
          fmt::format("oversized b jabber:component:accept empty id={}: "
                      "more than 3 levels of elements",
                      number));
    }
    stream += fmt::format("<a n='{}'>&lt;</a>", number);
    expected.push_back(fmt::format("{} <a xmlns='jabber:component:accept' n='{}'>&lt;</a>",
                                   16 + std::to_string(number).size(), number));
  }
  expected.push_back("close");
  Transcript transcript({.max_depth = 3});
  transcript.feed_cut_at_random(stream + "</stream:stream>", dice, 10'000);
  CHECK(transcript.lines.size() == expected.size());
  CHECK((transcript.lines == expected));  // Too long to be printed.
}

TEST_CASE("invariant 3: a stanza is what its text is") {
  const auto seed = test::seed();
  CAPTURE(seed);
  test::XmlDice dice(seed);
  for (int round = 0; round < 200; ++round) {
    const auto xml = dice.element(5);
    CAPTURE(xml);
    Transcript transcript;
    transcript.feed("<s>");
    transcript.feed_cut_at_random(xml, dice.dice(), 20);
    REQUIRE(transcript.stanzas.size() == 1);
    CHECK(test::infoset(transcript.stanzas[0].root()) == test::infoset(parse_xml(xml)->root()));
  }
}
