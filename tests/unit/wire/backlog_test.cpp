// RFC 6120 §10.1: what one entity sends to another is taken in order; nothing is said of what
// different ones send.

#include "wire/backlog.hpp"

#include "base/transcript.hpp"
#include "base/xml_dice.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstring>
#include <map>

using namespace crier;
using namespace std::chrono_literals;

namespace {

std::string presence(std::string_view from, std::string_view id, std::size_t size = 0) {
  return fmt::format("<presence from='{}/r' id='{}'><status>{}</status></presence>", from, id,
                     std::string(size, 'x'));
}

std::string iq(std::string_view from, std::string_view id, std::size_t size = 0) {
  return fmt::format("<iq from='{}/r' id='{}'><q>{}</q></iq>", from, id, std::string(size, 'x'));
}

/// A stream that has begun, what its backlog hands out, and a parser that reads that.
class Play {
 public:
  Play() { read(test::stream_start); }

  /// Reads as much of it as fits at once, and parses what passes.
  void read(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto space = backlog.space();
      REQUIRE_FALSE(space.empty());
      const auto count = std::min(space.size(), bytes.size());
      std::memcpy(space.data(), bytes.data(), count);
      backlog.add(count, now);
      bytes.remove_prefix(count);
      parse_passing();
    }
  }
  void begin_anew() {
    backlog.reset();
    parsed_.reset();
    read(test::stream_start);
  }
  void call() {
    parsed_.feed(backlog.call());
    parse_passing();
  }
  void call_all() {
    while (backlog.has_aside()) call();
  }
  /// The ids of the stanzas, and what else was told, since the last call.
  std::string told() {
    std::string ids;
    for (; stanzas_told_ < parsed_.stanzas.size(); ++stanzas_told_)
      ids += std::string(parsed_.stanzas[stanzas_told_].root().attribute_or("id", "?")) + " ";
    if (!parsed_.lines.empty() && parsed_.lines.back() == "close") ids += "close";
    return ids;
  }

  Backlog backlog{"service.x", "probe-"};
  Backlog::Instant now{};

 private:
  void parse_passing() {
    for (auto bytes = backlog.pass(); !bytes.empty(); bytes = backlog.pass()) {
      parsed_.feed(bytes);
      backlog.passed(parsed_.unfinished());
    }
  }

  test::Transcript parsed_;
  std::size_t stanzas_told_ = 0;
};

/// As many stanzas as fill a read and a little more, with others in front.
std::string filling(std::string stanzas) {
  for (int number = 0; stanzas.size() < Backlog::read_bytes; ++number)
    stanzas += presence(fmt::format("filler-{}@x", number), "f", 900);
  return stanzas;
}

}  // namespace

TEST_CASE("what comes no faster than it is read passes in order") {
  Play play;
  play.read(presence("a@x", "1") + iq("b@x", "2") + presence("c@x", "3") + "<iq from='d@x' id='4'");
  CHECK(play.told() == "1 2 3 ");
  play.read("/>" + iq("a@x", "5"));
  CHECK(play.told() == "4 5 ");
  CHECK_FALSE(play.backlog.has_aside());
}

TEST_CASE("presence of a crowd lets the requests of others pass, but not those of its senders") {
  Play play;
  play.read(filling(presence("a@x", "1") + iq("b@x", "2") + iq("a@x", "3") + presence("b@x", "4") +
                    iq("b@x", "5") + iq("c@x", "6")));
  play.read(iq("a@x", "7") + iq("d@x", "8"));
  CHECK(play.told() == "2 6 8 ");
  CHECK(play.backlog.has_aside());
  play.call_all();
  const auto rest = play.told();
  CHECK(rest.starts_with("1 3 4 5 f "));
  CHECK(rest.ends_with("f 7 "));
  play.read(presence("a@x", "9"));
  CHECK(play.told() == "9 ");
}

TEST_CASE("a sender waits no longer than what it has sent") {
  Play play;
  play.read(filling(presence("a@x", "1")));
  play.read(iq("a@x", "2"));
  play.call();
  CHECK(play.told().starts_with("1 f "));
  REQUIRE(play.backlog.has_aside());
  play.read(iq("a@x", "3") + iq("b@x", "4"));
  CHECK(play.told() == "4 ");
  play.call_all();
  CHECK(play.told().ends_with("f 2 3 "));
  play.read(filling(presence("b@x", "5")));
  play.call();
  play.told();
  REQUIRE(play.backlog.has_aside());
  play.read(iq("b@x", "6") + iq("a@x", "7"));
  CHECK(play.told() == "6 7 ");
}

TEST_CASE("what belongs to the stream itself comes behind all that stands aside") {
  Play play;
  play.read(filling(presence("a@x", "1")));
  play.read("<stream:error id='2'/>" + iq("b@x", "3"));
  CHECK(play.told().empty());
  CHECK_FALSE(play.backlog.may_grow());
  play.call_all();
  CHECK(play.told().ends_with("f 2 3 "));
}

TEST_CASE("what confirms that others were sent something comes behind what these have sent") {
  Play play;
  play.read(iq("service.x", "1"));
  CHECK(play.told() == "1 ");
  play.read(filling(presence("a@x", "2")));
  play.read("<message type='error' from='a@x' id='3'/>" + iq("service.x", "4") +
            iq("service.x", "probe-5"));
  CHECK(play.told() == "probe-5 ");
  play.call_all();
  CHECK(play.told().ends_with("f 3 4 "));
}

TEST_CASE("white space between stanzas holds up nothing") {
  Play play;
  play.read(filling(presence("a@x", "1")));
  play.read(" ");
  play.read(iq("b@x", "2"));
  CHECK(play.told() == "2 ");
}

TEST_CASE("a stanza of which the end is not here yet waits for it") {
  Play play;
  play.read(filling(presence("a@x", "1")));
  play.call_all();
  play.told();
  play.read(filling(presence("a@x", "2")));
  play.read("<iq from='b@x' id='3'");
  CHECK(play.told().empty());
  play.read("/>");
  CHECK(play.told() == "3 ");
}

TEST_CASE("a stanza that is larger than a read is taken behind all that stands aside") {
  Play play;
  play.read(iq("b@x", "1", 3 * Backlog::read_bytes) + iq("b@x", "2"));
  CHECK(play.told() == "1 2 ");
  play.read(filling(presence("a@x", "3")));
  const auto large = iq("b@x", "4", 3 * Backlog::read_bytes);
  std::string_view rest = large;
  for (auto space = play.backlog.space(); !space.empty(); space = play.backlog.space()) {
    const auto count = std::min(space.size(), rest.size());
    std::memcpy(space.data(), rest.data(), count);
    play.backlog.add(count, play.now);
    rest.remove_prefix(count);
    CHECK(play.backlog.pass().empty());
  }
  CHECK_FALSE(play.backlog.may_grow());
  CHECK(play.backlog.is_due(play.now));
  play.call_all();
  CHECK(play.told().starts_with("3 f "));
  play.read(rest);
  CHECK(play.told() == "4 ");
}

TEST_CASE("the end of the stream comes last") {
  Play play;
  play.read(filling(presence("a@x", "1")));
  play.read("</stream:stream>");
  CHECK(play.told().empty());
  CHECK_FALSE(play.backlog.may_grow());
  play.call_all();
  const auto told = play.told();
  CHECK(told.starts_with("1 "));
  CHECK(told.ends_with("f close"));
}

TEST_CASE("what stands aside is bounded, and has its turn after a while") {
  Play play;
  play.read(filling(presence("a@x", "1")));
  const auto begin = play.now;
  CHECK_FALSE(play.backlog.is_due(begin));
  play.now += Backlog::patience / 2;
  play.read(presence("a@x", "2"));
  CHECK_FALSE(play.backlog.is_due(play.now));
  CHECK(play.backlog.is_due(begin + Backlog::patience));
  std::size_t bytes = 0;
  const auto more = presence("b@x", "2", 60'000);
  for (; play.backlog.may_grow(); bytes += more.size()) play.read(more);
  CHECK(bytes > Backlog::most_aside / 2);
  CHECK(bytes < Backlog::most_aside + 2 * Backlog::read_bytes);
  CHECK(play.backlog.space().empty());
  CHECK(play.backlog.is_due(play.now));
  for (int number = 0; number < 8; ++number) play.call();
  CHECK(play.backlog.may_grow());
}

TEST_CASE("who has sent what stands aside counts as well as what it is") {
  Play play;
  std::string crowd;
  for (int number = 0; crowd.size() < Backlog::read_bytes / 2; ++number)
    crowd += "<presence from='u" + std::to_string(number) + "@x'/>";
  play.read(filling(""));
  std::size_t bytes = 0;
  for (; play.backlog.may_grow(); bytes += crowd.size()) play.read(crowd);
  CHECK(bytes < Backlog::most_aside / 2);
}

TEST_CASE("a stream that begins anew has nothing of the one before") {
  Play play;
  play.read(filling(presence("a@x", "1")) + "<message id='cut");
  play.begin_anew();
  CHECK_FALSE(play.backlog.has_aside());
  CHECK(play.backlog.call().empty());
  play.read(iq("a@x", "2") + presence("a@x", "3"));
  CHECK(play.told() == "2 3 ");
  play.read(filling(presence("a@x", "4") + iq("b@x", "5")));
  CHECK(play.told() == "5 ");
}

TEST_CASE("each stanza is handed out once, and those of one sender in their order, at random") {
  const auto seed = test::seed();
  CAPTURE(seed);
  test::XmlDice dice(seed);
  for (int round = 0; round < 20; ++round) {
    Play play;
    std::string stream;
    std::vector<std::string> ids[4];
    for (int number = 0; number < 300; ++number) {
      const auto sender = dice.below(4);
      const auto id = fmt::format("{}-{}", sender, number);
      const auto size = dice.below(50) == 0 ? dice.below(200'000) : dice.below(3'000);
      const auto jid = fmt::format("user{}@x", sender);
      stream += dice.below(3) == 0 ? presence(jid, id, size) : iq(jid, id, size);
      ids[sender].push_back(id);
    }
    std::string_view rest = stream;
    while (!rest.empty()) {
      const auto space = play.backlog.space();
      const auto some = dice.below(2) == 0 ? rest : rest.substr(0, 1 + dice.below(40'000));
      if (!space.empty()) {
        const auto count = std::min(space.size(), some.size());
        play.read(some.substr(0, count));
        rest.remove_prefix(count);
      }
      if (space.empty() || dice.below(3) == 0) play.call();
    }
    play.call_all();
    std::map<char, std::string> wanted;
    for (const auto& sender : ids)
      for (const auto& id : sender) wanted[id[0]] += id + " ";
    std::map<char, std::string> got;
    std::istringstream told(play.told());
    for (std::string id; told >> id;) got[id[0]] += id + " ";
    CHECK(got == wanted);
  }
}
