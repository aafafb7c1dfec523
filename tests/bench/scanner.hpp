#pragma once
/// Stanzas cut out of a stream faster than a parser could, so that the load generator is never
/// what is measured.
///
/// It reads XML of any shape (attributes in any order, either quote, prefixes, CDATA) and judges no
/// more of it than whether the tags match; references in values stay as they are, because nothing
/// that the benchmark names needs one. All messages of a fan-out have one content: what is byte for
/// byte the content of the stanza before needs no scan, a comparison finds its end.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crier::bench {

/// One stanza as it lies in the buffer.
struct Stanza {
  /// "message", "presence", "iq", or whatever else the stream has.
  std::string_view name;
  std::string_view type;
  std::string_view from;
  std::string_view to;
  std::string_view id;
  /// All between its start tag and its end tag.
  std::string_view content;
  /// The content is, byte for byte, that of the stanza of this name before.
  bool repeats = false;
};

/// Cuts a stream into stanzas.
class Scanner {
 public:
  enum class Found { stanza, incomplete, end_of_stream };

  /// Takes the next stanza off the front of `input`. When it is incomplete, only white space was
  /// taken off: try again with more. Throws std::runtime_error when it is not XML.
  Found next(std::string_view& input, Stanza& stanza);

 private:
  /// The length of the content that begins at `text` and of the end tag behind it; `content` is
  /// without the end tag. npos when it is incomplete.
  std::size_t length_of_content(std::string_view text, std::string_view& content);
  /// Takes the end tag of that name.
  void close(std::string_view name);

  /// The names of the elements that are open while one stanza is scanned, the stanza's first.
  std::vector<std::string_view> open_;
  /// Content and end tag of the last message, and of the last stanza of any other name.
  std::string last_message_;
  std::string last_other_;
};

/// The start tag of the stream: what stands before the first stanza is taken off the front of
/// `input` and some of its attributes are told. Nothing when it is incomplete.
struct StreamHeader {
  std::string_view to;
  std::string_view id;
  /// The value of `xmlns`.
  std::string_view ns;
};
std::optional<StreamHeader> take_stream_header(std::string_view& input);

/// A start tag inside of a stanza's content.
struct Tag {
  /// As it stands there, with its prefix.
  std::string_view name;
  /// All between the name and the end of the tag.
  std::string_view attributes;

  /// The value of the attribute; empty when it is absent.
  std::string_view attribute(std::string_view name) const;
};

/// The next start tag in `content`, which goes on behind it. Nothing when an end tag or no whole
/// tag comes first.
std::optional<Tag> take_any_tag(std::string_view& content);

/// The first element of that local name in `content`, at whatever depth; `content` goes on behind
/// its start tag, so that the next call finds the next one.
std::optional<Tag> take_tag(std::string_view& content, std::string_view local_name);

/// As take_tag, for content that is looked at once.
std::optional<Tag> find_tag(std::string_view content, std::string_view local_name);

/// The error that the content of a stanza of type error names: "auth/forbidden: text".
std::string describe_error(std::string_view content);

/// The number in `text` between `before` and `after`; nothing when it has another shape.
std::optional<std::uint64_t> number_in(std::string_view text, std::string_view before,
                                       std::string_view after = {});

}  // namespace crier::bench
