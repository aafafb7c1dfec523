#pragma once
/// What an XmlReader told, as lines.

#include <crier/xml_writer.hpp>

#include "base/xml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace crier::test {

inline constexpr std::string_view stream_start =
    "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
    "xmlns='jabber:component:accept' from='pubsub.localhost' id='s1'>";

struct Lines : std::vector<std::string> {
  using vector::vector;
  friend std::ostream& operator<<(std::ostream& out, const Lines& lines) {
    for (const auto& line : lines) out << '\n' << line;
    return out;
  }
};

/// Reads and keeps what it is told.
class Transcript {
 public:
  explicit Transcript(XmlLimits limits = {}) : reader_(limits, events()) {}

  void feed(std::string_view bytes) { reader_.feed(bytes); }
  void feed_in_pieces(std::string_view bytes, std::size_t size) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size()))) {
      feed(bytes.substr(0, size));
    }
  }
  void feed_cut_at_random(std::string_view bytes, std::mt19937& dice, std::size_t longest) {
    while (!bytes.empty()) {
      const auto piece = bytes.substr(0, 1 + dice() % longest);
      feed(piece);
      bytes.remove_prefix(piece.size());
    }
  }
  void reset() { reader_.reset(); }
  std::size_t unfinished() const { return reader_.unfinished(); }

  Lines lines;
  std::vector<Document> stanzas;

 private:
  XmlReader::Events events() {
    return {
        .on_open =
            [this](const Element& stream) {
              lines.push_back(fmt::format("open {} {} {}", stream.name, stream.ns,
                                          stream.attribute_or("id", "-")));
            },
        .on_stanza =
            [this](Document stanza) {
              lines.push_back(fmt::format("{} {}", stanza.bytes(), to_xml(stanza.root())));
              stanzas.push_back(std::move(stanza));
            },
        .on_oversized =
            [this](Document skipped, std::string_view reason) {
              const Element& header = skipped.root();
              lines.push_back(fmt::format("oversized {} {} {} id={}: {}", header.name, header.ns,
                                          header.content == nullptr ? "empty" : "with content",
                                          header.attribute_or("id", "-"), reason));
            },
        .on_close = [this] { lines.push_back("close"); },
        .on_error = [this](
                        std::string_view condition,
                        std::string_view) { lines.push_back(fmt::format("error {}", condition)); },
    };
  }

  XmlReader reader_;
};

/// What is told of a stream that begins as streams do.
inline Lines read_stream(std::string_view rest, XmlLimits limits = {}) {
  Transcript transcript(limits);
  transcript.feed(stream_start);
  transcript.feed(rest);
  transcript.lines.erase(transcript.lines.begin());
  return transcript.lines;
}

}  // namespace crier::test
