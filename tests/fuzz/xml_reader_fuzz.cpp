/// Feeds the XML reader with anything. The first byte says how, the rest is the stream.
///
/// What must hold: where the stream is cut makes no difference, a stanza that was read is the same
/// after it was written and read again, and StanzaScanner finds as many ends as the reader.

#include "base/infoset.hpp"
#include "base/stanza_scanner.hpp"
#include "base/transcript.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>

namespace {

using namespace crier;
using test::Lines;
using test::Transcript;

void require(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "does not hold: " << what << '\n';
  std::abort();
}

XmlLimits limits_of(unsigned how) {
  if ((how & 1U) == 0) return {};
  return {.max_stanza_bytes = 64,
          .max_depth = 3,
          .max_attributes = 4,
          .max_children = 3,
          .max_prefixes = 3};
}

/// Removes the error at the end, if there is one.
bool take_error(Lines& lines) {
  if (lines.empty() || !lines.back().starts_with("error")) return false;
  lines.pop_back();
  return true;
}

/// Whether the same was told. An error may come sooner or later and be another one, and if the
/// stanza that is wrong is also too large, that is told only if it was seen first.
bool told_the_same(Lines a, Lines b) {
  const bool a_failed = take_error(a);
  const bool b_failed = take_error(b);
  if (!a_failed && !b_failed) return a == b;
  const auto common = std::min(a.size(), b.size());
  const auto only_oversized = [&](const Lines& lines) {
    return lines.size() == common ||
           (lines.size() == common + 1 && lines.back().starts_with("oversized"));
  };
  return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(common), b.begin()) &&
         only_oversized(a) && only_oversized(b);
}

void require_round_trip(const Document& stanza) {
  const auto xml = to_xml(stanza.root());
  const auto again = parse_xml(xml);
  require(again.has_value(), "what is written is well-formed");
  require(test::infoset(again->root()) == test::infoset(stanza.root()), "it is the same");
  require(to_xml(again->root()) == xml, "it is written the same");
}

/// Of the start tag of the stream and of each stanza.
std::size_t ends_in(std::string_view stream) {
  StanzaScanner scanner;
  std::size_t ends = 0;
  while (!stream.empty()) {
    const auto piece = stream.substr(0, scanner.skip(stream));
    if (scanner.is_between() && piece.find('<') != std::string_view::npos) ++ends;
    stream.remove_prefix(piece.size());
  }
  return ends;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned how = data[0];
  const std::string stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  Transcript whole(limits_of(how));
  whole.feed(stream);
  for (const auto& stanza : whole.stanzas) require_round_trip(stanza);

  Transcript cut(limits_of(how));
  cut.feed_in_pieces(stream, 1 + (how >> 1U) % 16);
  require(told_the_same(cut.lines, whole.lines), "cuts make no difference");
  parse_xml(stream);

  if (whole.lines.empty() || whole.lines.back() != "close") return 0;
  const auto told = whole.lines.size() - 1;
  const auto ends = ends_in(stream);
  // It gives up where CDATA stands between stanzas, and at a stream that is a single tag.
  const bool may_give_up = told == 1 || stream.find("<![CDATA[") != std::string::npos;
  require(may_give_up ? ends <= told : ends == told, "the scanner finds as many ends");
  return 0;
}
