#include "base/stanza_scanner.hpp"

#include <algorithm>

namespace crier {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view section_start = "![CDATA[";

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// The name of an element or attribute.
std::string_view word_at(std::string_view tag, std::size_t at) {
  auto end = at;
  while (end < tag.size() && !is_space(tag[end]) && tag[end] != '=' && tag[end] != '/' &&
         tag[end] != '>')
    ++end;
  return tag.substr(at, end - at);
}

std::size_t quote_behind(std::string_view tag, std::size_t at) {
  while (at < tag.size() && tag[at] != '\'' && tag[at] != '"') ++at;
  return at < tag.size() ? at : npos;
}

}  // namespace

StanzaScanner StanzaScanner::between() {
  StanzaScanner scanner;
  scanner.depth_ = 1;
  return scanner;
}

std::size_t StanzaScanner::skip(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const bool was_between = is_between();
    switch (place_) {
      case Place::text: at = skip_text(bytes, at); break;
      case Place::opening: at = open(bytes, at); break;
      case Place::start_tag:
      case Place::end_tag: at = skip_tag(bytes, at); break;
      case Place::value: at = skip_value(bytes, at); break;
      case Place::declaration: at = skip_declaration(bytes, at); break;
      case Place::section: at = enter_section(bytes, at); break;
      case Place::cdata: at = skip_cdata(bytes, at); break;
      case Place::over: return bytes.size();
    }
    if (is_between() && !was_between) return at;
  }
  return at;
}

std::size_t StanzaScanner::skip_text(std::string_view bytes, std::size_t at) {
  const auto tag = bytes.find('<', at);
  if (tag == npos) return bytes.size();
  place_ = Place::opening;
  return tag + 1;
}

std::size_t StanzaScanner::open(std::string_view bytes, std::size_t at) {
  slash_ = false;
  matched_ = 0;
  switch (bytes[at]) {
    case '/': place_ = Place::end_tag; return at + 1;
    case '!': place_ = Place::section; return at;
    // Only one can be: the declaration in front of the stream.
    case '?': place_ = depth_ == 0 ? Place::declaration : Place::over; return at + 1;
    default: place_ = Place::start_tag; return at;
  }
}

std::size_t StanzaScanner::skip_tag(std::string_view bytes, std::size_t at) {
  for (; at < bytes.size(); ++at) {
    const char next = bytes[at];
    if (next == '>') {
      end_tag();
      return at + 1;
    }
    if (next == '\'' || next == '"') {
      quote_ = next;
      place_ = Place::value;
      return at + 1;
    }
    slash_ = next == '/';
  }
  return at;
}

std::size_t StanzaScanner::skip_value(std::string_view bytes, std::size_t at) {
  const auto end = bytes.find(quote_, at);
  if (end == npos) return bytes.size();
  slash_ = false;
  place_ = Place::start_tag;
  return end + 1;
}

std::size_t StanzaScanner::skip_declaration(std::string_view bytes, std::size_t at) {
  for (; at < bytes.size(); ++at) {
    if (bytes[at] == '>' && matched_ == 1) {
      place_ = Place::text;
      return at + 1;
    }
    matched_ = bytes[at] == '?' ? 1 : 0;
  }
  return at;
}

std::size_t StanzaScanner::enter_section(std::string_view bytes, std::size_t at) {
  for (; at < bytes.size() && matched_ < section_start.size(); ++at, ++matched_) {
    if (bytes[at] == section_start[matched_]) continue;
    place_ = Place::over;
    return at;
  }
  if (matched_ < section_start.size()) return at;
  matched_ = 0;
  // Between stanzas it is not well-formed, or at least no stanza.
  place_ = depth_ > 1 ? Place::cdata : Place::over;
  return at;
}

std::size_t StanzaScanner::skip_cdata(std::string_view bytes, std::size_t at) {
  for (; at < bytes.size(); ++at) {
    const char next = bytes[at];
    if (next == '>' && matched_ == 2) {
      place_ = Place::text;
      return at + 1;
    }
    matched_ = next == ']' ? std::min<std::size_t>(matched_ + 1, 2) : 0;
  }
  return at;
}

void StanzaScanner::end_tag() {
  const bool closes = place_ == Place::end_tag;
  place_ = Place::text;
  if (!closes && !slash_) ++depth_;
  if (closes && depth_ > 0) --depth_;
  if (depth_ == 0) place_ = Place::over;
}

std::optional<StanzaHead> read_stanza_head(std::string_view stanza) {
  const auto tag = stanza.find('<');
  if (tag == npos) return {};
  StanzaHead head{.name = word_at(stanza, tag + 1), .sender = {}, .id = {}};
  for (auto at = tag + 1 + head.name.size();;) {
    while (at < stanza.size() && is_space(stanza[at])) ++at;
    if (at == stanza.size()) return {};
    if (stanza[at] == '>' || stanza[at] == '/') return head;
    const auto name = word_at(stanza, at);
    const auto quote = quote_behind(stanza, at + name.size());
    const auto end = quote == npos ? npos : stanza.find(stanza[quote], quote + 1);
    if (end == npos) return {};
    const auto value = stanza.substr(quote + 1, end - quote - 1);
    if (name == "from") head.sender = value.substr(0, value.find('/'));
    if (name == "id") head.id = value;
    at = end + 1;
  }
}

}  // namespace crier
