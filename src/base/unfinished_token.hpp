#pragma once
/// Where a tag ends that arrives in pieces.

#include <string_view>

namespace crier {

/// The end of a tag or reference of which expat has got the beginning. expat reads an unfinished
/// token from its start again for each piece, which is quadratic; so the pieces of a long one are
/// gathered until the end is there. Reads each byte once.
class UnfinishedToken {
 public:
  /// Takes the bytes that expat could not use yet; of two bytes at least, or a reference.
  explicit UnfinishedToken(std::string_view begin);
  UnfinishedToken() = default;

  /// Whether more bytes are needed to finish the token.
  bool waiting() const { return kind_ != Kind::none; }
  /// How many of `bytes` belong to the token; waits no longer when its end is among them.
  std::size_t take(std::string_view bytes);

 private:
  /// `none`: nothing to wait for. Texts do not count: expat hands them out as they come.
  enum class Kind { none, tag, reference };

  std::size_t take_tag(std::string_view bytes);
  std::size_t take_reference(std::string_view bytes);

  Kind kind_ = Kind::none;
  /// The quotation mark of the attribute value that is open, or 0.
  char quote_ = 0;
};

}  // namespace crier
