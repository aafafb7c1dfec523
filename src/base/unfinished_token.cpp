#include "base/unfinished_token.hpp"

namespace crier {

UnfinishedToken::UnfinishedToken(std::string_view begin) {
  if (begin.starts_with('&')) {
    kind_ = Kind::reference;
  } else if (begin.size() >= 2 && begin[0] == '<' && begin[1] != '!' && begin[1] != '?') {
    kind_ = Kind::tag;
  } else {
    return;
  }
  take(begin.substr(1));
}

std::size_t UnfinishedToken::take(std::string_view bytes) {
  return kind_ == Kind::tag ? take_tag(bytes) : take_reference(bytes);
}

std::size_t UnfinishedToken::take_tag(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (quote_ != 0) {
      const auto end = bytes.find(quote_, at);
      if (end == std::string_view::npos) return bytes.size();
      quote_ = 0;
      at = end + 1;
      continue;
    }
    const char next = bytes[at++];
    if (next == '\'' || next == '"') quote_ = next;
    if (next == '>' || next == '<') {  // '<' is an error, which expat shall find.
      kind_ = Kind::none;
      return at;
    }
  }
  return at;
}

std::size_t UnfinishedToken::take_reference(std::string_view bytes) {
  const auto end = bytes.find_first_of(";<& \t\r\n");  // All but the first are errors.
  if (end == std::string_view::npos) return bytes.size();
  kind_ = Kind::none;
  return end + 1;
}

}  // namespace crier
