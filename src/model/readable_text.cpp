#include "model/readable_text.hpp"

#include "model/utf8.hpp"
#include "model/white_space.hpp"

#include <algorithm>

namespace crier {

namespace {

constexpr std::string_view ellipsis = "…";

}  // namespace

ReadableText& ReadableText::add(std::string_view text) {
  while (!text.empty() && !full()) {
    const auto gap = std::min(text.find_first_not_of(white_space), text.size());
    if (gap > 0 && gap_ == Gap::none) gap_ = Gap::space;
    text.remove_prefix(gap);
    if (text.empty()) break;
    const auto word = text.substr(0, text.find_first_of(white_space));
    if (!text_.empty() && gap_ != Gap::none) text_ += gap_ == Gap::line ? '\n' : ' ';
    gap_ = Gap::none;
    text_ += word;
    text.remove_prefix(word.size());
  }
  return *this;
}

ReadableText& ReadableText::end_line() {
  gap_ = Gap::line;
  return *this;
}

ReadableText& ReadableText::add_lines(std::string_view text) {
  while (!text.empty() && !full()) {
    const auto line = text.substr(0, text.find('\n'));
    add(line).end_line();
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return *this;
}

std::string ReadableText::take() && {
  return shortened(text_, max_bytes);
}

std::string shortened(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  auto end = max_bytes - std::min(ellipsis.size(), max_bytes);
  while (end > 0 && continues_character(text[end])) --end;
  return std::string(text.substr(0, end)).append(ellipsis);
}

}  // namespace crier
