#include "model/html_text.hpp"

#include "model/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace crier {

namespace {

constexpr std::array<std::string_view, 33> blocks{
    "address", "article", "aside",  "blockquote", "body", "br",  "caption", "dd", "div",
    "dl",      "dt",      "figure", "footer",     "form", "h1",  "h2",      "h3", "h4",
    "h5",      "h6",      "header", "hr",         "li",   "nav", "ol",      "p",  "pre",
    "section", "summary", "table",  "td",         "tr",   "ul"};
static_assert(std::ranges::is_sorted(blocks));

constexpr std::array<std::string_view, 2> unread{"script", "style"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 20> references{{
    {"amp", "&"},   {"apos", "'"},   {"bull", "•"},   {"copy", "©"},  {"euro", "€"},
    {"gt", ">"},    {"hellip", "…"}, {"laquo", "«"},  {"ldquo", "“"}, {"lsquo", "‘"},
    {"lt", "<"},    {"mdash", "—"},  {"middot", "·"}, {"nbsp", " "},  {"ndash", "–"},
    {"quot", "\""}, {"raquo", "»"},  {"rdquo", "”"},  {"rsquo", "’"}, {"shy", ""},
}};
/// No reference is longer, between `&` and `;`.
constexpr std::size_t max_reference = 10;

bool is_block(std::string_view name) {
  return std::ranges::binary_search(blocks, name);
}

bool is_unread(std::string_view name) {
  return std::ranges::find(unread, name) != unread.end();
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// XML 1.0 §2.2, Char.
bool is_xml_character(std::uint32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return c < 0xd800 || (c >= 0xe000 && c < 0xfffe) || (c >= 0x10000 && c < 0x110000);
}

/// The character that `#…` counts, U+FFFD when XML has it not.
std::optional<std::string> counted_character(std::string_view digits) {
  const bool is_hexadecimal = digits.starts_with('x') || digits.starts_with('X');
  if (is_hexadecimal) digits.remove_prefix(1);
  std::uint32_t code = 0;
  const char* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, code, is_hexadecimal ? 16 : 10);
  if (digits.empty() || read.ptr != end) return std::nullopt;
  constexpr std::uint32_t replacement = 0xfffd;
  std::string character;
  append_character(character,
                   read.ec == std::errc() && is_xml_character(code) ? code : replacement);
  return character;
}

/// What stands for the reference of that name; nothing when there is none.
std::optional<std::string> resolved(std::string_view name) {
  if (name.starts_with('#')) return counted_character(name.substr(1));
  for (const auto& [known, text] : references)
    if (known == name) return std::string(text);
  return std::nullopt;
}

/// Reads HTML from its beginning to its end.
class HtmlReader {
 public:
  HtmlReader(ReadableText& out, std::string_view html) : out_(out), rest_(html) {}

  void read() {
    while (!rest_.empty() && !out_.full()) {
      if (rest_.starts_with("<!--"))
        skip_behind("-->");
      else if (at_tag())
        tag();
      else if (rest_.front() == '&')
        reference();
      else
        text();
    }
  }

 private:
  bool at_tag() const {
    if (rest_.size() < 2 || rest_[0] != '<') return false;
    return is_letter(rest_[1]) || rest_[1] == '/' || rest_[1] == '!' || rest_[1] == '?';
  }

  void tag() {
    rest_.remove_prefix(1);
    const bool is_end = rest_.starts_with('/');
    if (is_end) rest_.remove_prefix(1);
    const auto name = take_name();
    skip_attributes();
    if (is_block(name)) out_.end_line();
    if (!is_end && is_unread(name)) skip_element(name);
  }

  std::string take_name() {
    const auto end = rest_.find_first_of(" \t\r\n/>");
    std::string name(rest_.substr(0, end));
    std::ranges::transform(name, name.begin(), lower);
    rest_.remove_prefix(name.size());
    return name;
  }

  /// To behind the `>`, of which there may be some in values.
  void skip_attributes() {
    while (!rest_.empty()) {
      const auto stop = std::min(rest_.find_first_of("'\">"), rest_.size());
      const char found = stop < rest_.size() ? rest_[stop] : '>';
      rest_.remove_prefix(std::min(stop + 1, rest_.size()));
      if (found == '>') return;
      rest_.remove_prefix(std::min(rest_.find(found), rest_.size()));
      rest_.remove_prefix(std::min<std::size_t>(1, rest_.size()));
    }
  }

  /// To the end tag, which has no markup before it.
  void skip_element(std::string_view name) {
    while (!rest_.empty()) {
      skip_behind("</");
      const auto ahead = rest_.substr(0, name.size());
      if (std::ranges::equal(ahead, name, {}, lower)) return skip_behind(">");
    }
  }

  void skip_behind(std::string_view end) {
    const auto found = rest_.find(end);
    rest_.remove_prefix(found == rest_.npos ? rest_.size() : found + end.size());
  }

  void reference() {
    const auto end = rest_.substr(0, max_reference + 2).find(';');
    const auto text = end == rest_.npos ? std::nullopt : resolved(rest_.substr(1, end - 1));
    out_.add(text ? *text : "&");
    rest_.remove_prefix(text ? end + 1 : 1);
  }

  void text() {
    const auto end = rest_.find_first_of("<&", 1);
    out_.add(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end, rest_.size()));
  }

  ReadableText& out_;
  std::string_view rest_;
};

}  // namespace

void add_html(ReadableText& out, std::string_view html) {
  HtmlReader(out, html).read();
}

void add_xhtml(ReadableText& out, const Element& element) {
  struct Open {
    const Content* next;
    bool is_block;
  };
  std::vector<Open> open{{element.content, false}};
  while (!open.empty() && !out.full()) {
    const Content* piece = open.back().next;
    if (!piece) {
      if (open.back().is_block) out.end_line();
      open.pop_back();
      continue;
    }
    open.back().next = piece->next;
    if (!piece->element) {
      out.add(piece->text);
    } else if (!is_unread(piece->element->name)) {
      const bool block = is_block(piece->element->name);
      if (block) out.end_line();
      open.push_back({piece->element->content, block});
    }
  }
}

}  // namespace crier
