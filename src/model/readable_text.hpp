#pragma once
/// Text for people, gathered line by line.

#include <cstddef>
#include <string>
#include <string_view>

namespace crier {

class ReadableText {
 public:
  /// Of the whole text. What is more is cut at a character, and an ellipsis says so.
  static constexpr std::size_t max_bytes = 4096;

  /// Adds to the line; any white space becomes one space, and none begins or ends a line.
  ReadableText& add(std::string_view text);
  /// What is added next stands on a line of its own; there are no empty lines.
  ReadableText& end_line();
  /// Adds lines as `text` has them.
  ReadableText& add_lines(std::string_view text);
  /// Whether what is added will not be seen any more.
  bool full() const { return text_.size() > max_bytes; }
  std::string take() &&;

 private:
  enum class Gap { none, space, line };

  std::string text_;
  /// What separates the next word from the text.
  Gap gap_ = Gap::none;
};

/// The first `max_bytes` of `text`, which is UTF-8, at most, and an ellipsis where there is more.
std::string shortened(std::string_view text, std::size_t max_bytes);

}  // namespace crier
