#pragma once
/// XmlReader's inside for one stream: from bytes to a queue of what they complete.

#include <crier/element.hpp>

#include "base/expat_parser.hpp"
#include "base/tree_builder.hpp"
#include "base/unfinished_token.hpp"
#include "base/xml_limits.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// Parses one stream in steps: take() as many bytes as are good at once, then resume() until it
/// says that all of them are parsed; after each of these calls next() brings what was completed.
/// Between two steps no frame of expat is on the stack.
///
/// expat keeps each name of an element or attribute that it ever met. So every now and then,
/// between two stanzas or in the midst of one that is skipped, a fresh parser takes over, which
/// first gets the start tags that are open.
class StreamParser : private expat::Handlers {
 public:
  struct Event {
    enum class Kind { opened, stanza, oversized, closed, failed };
    Kind kind;
    /// The stanza, or the header of the one that is too large.
    Document document = {};
    /// Of `failed`.
    std::string_view condition = {};
    /// The reason, for people to read.
    std::string text = {};
  };

  explicit StreamParser(const XmlLimits& limits);
  StreamParser(const StreamParser&) = delete;
  StreamParser& operator=(const StreamParser&) = delete;

  /// Parses the beginning of `bytes`, or only gathers it. Returns how many it took; they must stay
  /// where they are until resume() has said false.
  std::size_t take(std::string_view bytes);
  /// Goes on with what was taken; false when nothing is left of it.
  bool resume();
  /// What was completed, in order.
  std::optional<Event> next();
  /// Whether the stream ended or failed: nothing more will come.
  bool is_over() const { return over_; }
  /// XmlReader::unfinished().
  std::size_t unfinished() const { return depth_ == 0 ? not_open : given_ - last_end_; }
  static constexpr std::size_t not_open = std::string_view::npos;
  /// The stream's start tag, once it was told.
  const Element& stream() const { return stream_.root(); }

 private:
  template <auto member>
  friend struct expat::Callback;

  void on_start(const char* name, const char** attributes);
  void on_end(const char* name);
  void on_text(const char* text, int size);
  void on_declaration(const char* version, const char* encoding, int standalone);
  void on_restricted();
  void on_comment(const char*) { on_restricted(); }
  void on_instruction(const char*, const char*) { on_restricted(); }
  void on_doctype(const char*, const char*, const char*, int) { on_restricted(); }

  void set_handlers();
  void open_stream(const char* name, const char** attributes);
  void start_in_stanza(const char* name, const char** attributes);
  void skip_stanza(std::string_view reason);
  void enter_skipped(const char* name);
  bool is_too_long(std::size_t text_size);
  void check_stanza_size(std::size_t token_end);
  void consider_replacement();

  void parse(std::string_view bytes);
  void finish_step(XML_Status status);
  XML_Status replace_parser();
  void look_at_rest();
  void note_end();
  void push(Event event);
  void fail(std::string_view condition, std::string_view text);

  std::size_t position() const;
  std::size_t token_size() const;

  XmlLimits limits_;
  TreeBuilder builder_;
  Document stream_;
  std::vector<Event> queue_;
  std::size_t told_ = 0;
  bool over_ = false;

  /// Elements that are open, the stream's included.
  std::size_t depth_ = 0;
  /// The start tags, without attributes, that a new parser must be given to be where this one is.
  std::string open_tags_;
  std::size_t stanza_at_ = 0;
  bool skipping_ = false;

  /// What is being parsed, and whether expat stopped within it.
  std::string_view piece_;
  bool suspended_ = false;
  bool replacement_due_ = false;
  /// How many bytes this parser was given.
  std::size_t fed_ = 0;
  /// How many bytes of the stream were taken, and how many up to the end of the last of its stanzas
  /// that has ended, or of its start tag.
  std::size_t given_ = 0;
  std::size_t last_end_ = 0;
  /// What expat has got of the token that it could not finish.
  std::string rest_;
  UnfinishedToken token_;
  /// What is to come after `rest_`, gathered until the token ends.
  std::string gathered_;
};

}  // namespace crier
