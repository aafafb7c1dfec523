#pragma once
/// Where the stanzas of a stream begin and end, and who sends them, without parsing them.

#include <cstddef>
#include <optional>
#include <string_view>

namespace crier {

/// Goes through the bytes of a stream ahead of its parser. Of a well-formed stream it knows each
/// end of a stanza; what is not well-formed it passes over, for the parser to refuse. Reads each
/// byte once, wherever the pieces are cut.
class StanzaScanner {
 public:
  /// One that stands between two stanzas of a stream.
  static StanzaScanner between();

  /// Goes on to the end of the stanza that is open, or is the next. Returns how many of `bytes`
  /// that took: all of them, when its end is not among them.
  std::size_t skip(std::string_view bytes);

  /// The stream is open, and none of its stanzas is.
  bool is_between() const { return depth_ == 1 && place_ == Place::text; }
  /// No stanza can follow: the stream has ended, or holds what no stream may hold.
  bool is_over() const { return place_ == Place::over; }

 private:
  enum class Place { text, opening, start_tag, end_tag, value, declaration, section, cdata, over };

  /// Each goes on at `at`, and returns behind what it has taken.
  std::size_t skip_text(std::string_view bytes, std::size_t at);
  std::size_t open(std::string_view bytes, std::size_t at);
  std::size_t skip_tag(std::string_view bytes, std::size_t at);
  std::size_t skip_value(std::string_view bytes, std::size_t at);
  std::size_t skip_declaration(std::string_view bytes, std::size_t at);
  std::size_t enter_section(std::string_view bytes, std::size_t at);
  std::size_t skip_cdata(std::string_view bytes, std::size_t at);
  void end_tag();

  Place place_ = Place::text;
  /// Elements that are open, the stream's included.
  std::size_t depth_ = 0;
  /// The quotation mark of the value that is open.
  char quote_ = 0;
  /// The last byte of the tag so far is a slash.
  bool slash_ = false;
  /// How many bytes of "![CDATA[", of "]]>" or of "?>" have come.
  std::size_t matched_ = 0;
};

/// What the start tag of a stanza says. The views lie in the stanza.
struct StanzaHead {
  std::string_view name;
  /// The bare JID in `from`, as it is spelled there; empty when there is none.
  std::string_view sender;
  std::string_view id;
};

/// The head of a well-formed stanza; nothing when it is white space.
std::optional<StanzaHead> read_stanza_head(std::string_view stanza);

}  // namespace crier
