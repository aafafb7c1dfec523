#include "transfer/json_reader.hpp"

#include "model/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace crier::transfer {

namespace {

/// The length of the character of UTF-8 that `text` begins with; 0 when there is none.
/// RFC 3629 §4.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
  };
  const auto tail = [&](std::size_t at) { return (byte(at) & 0xc0u) == 0x80u; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    // Neither what is shorter otherwise, nor halves of a pair.
    if ((first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f)) return 0;
    return tail(1) && tail(2) ? 3 : 0;
  }
  if (first < 0xf0 || first > 0xf4) return 0;
  if ((first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f)) return 0;
  return tail(1) && tail(2) && tail(3) ? 4 : 0;
}

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

}  // namespace

void JsonReader::fail(std::string_view what) const {
  throw Malformed(fmt::format("{} (character {})", what, at_ + 1));
}

void JsonReader::skip_space() {
  while (at_ < text_.size() &&
         std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
    ++at_;
}

bool JsonReader::take(char expected) {
  skip_space();
  if (at_ == text_.size() || text_[at_] != expected) return false;
  ++at_;
  return true;
}

void JsonReader::expect(char expected, std::string_view what) {
  if (!take(expected)) fail(what);
}

void JsonReader::object(const std::function<void(const std::string&)>& member) {
  expect('{', "an object should begin here");
  if (take('}')) return;
  do {
    skip_space();
    const auto name = string();
    expect(':', "a colon is missing");
    member(name);
  } while (take(','));
  expect('}', "the object does not end");
}

void JsonReader::array(const std::function<void()>& element) {
  expect('[', "an array should begin here");
  if (take(']')) return;
  do element();
  while (take(','));
  expect(']', "the array does not end");
}

std::string JsonReader::string() {
  expect('"', "a string should begin here");
  std::string out;
  while (at_ < text_.size() && text_[at_] != '"') {
    const auto rest = text_.substr(at_);
    const auto plain = std::ranges::find_if_not(rest, is_plain) - rest.begin();
    out.append(rest.substr(0, plain));
    at_ += plain;
    if (at_ == text_.size() || text_[at_] == '"') break;
    if (text_[at_] == '\\') {
      ++at_;
      escape(out);
      continue;
    }
    const auto length = character_length(text_.substr(at_));
    if (length < 2) fail("a byte that is not UTF-8, or a control character");
    out.append(text_.substr(at_, length));
    at_ += length;
  }
  expect('"', "the string does not end");
  return out;
}

void JsonReader::escape(std::string& out) {
  constexpr std::string_view letters = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
  const char letter = at_ < text_.size() ? text_[at_] : '\0';
  if (const auto known = letters.find(letter); letter != '\0' && known != letters.npos) {
    out += meant[known];
    ++at_;
    return;
  }
  if (letter != 'u') fail("there is no such escape");
  ++at_;
  auto character = hexadecimal();
  if (character >= 0xd800 && character < 0xdc00) {
    if (!text_.substr(at_).starts_with("\\u")) fail("half of a pair of surrogates");
    at_ += 2;
    const auto low = hexadecimal();
    if (low < 0xdc00 || low > 0xdfff) fail("half of a pair of surrogates");
    character = 0x10000 + ((character - 0xd800) << 10u) + (low - 0xdc00);
  } else if (character >= 0xdc00 && character < 0xe000) {
    fail("half of a pair of surrogates");
  }
  if (character == 0) fail("the character U+0000");
  append_character(out, character);
}

std::uint32_t JsonReader::hexadecimal() {
  const auto digits = text_.substr(at_, 4);
  std::uint32_t value = 0;
  const auto* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value, 16);
  if (digits.size() != 4 || parsed.ec != std::errc() || parsed.ptr != end)
    fail("four hexadecimal digits should be here");
  at_ += 4;
  return value;
}

std::uint64_t JsonReader::number() {
  skip_space();
  std::uint64_t value = 0;
  const auto rest = text_.substr(at_);
  const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (parsed.ec != std::errc()) fail("a whole number should be here");
  at_ += static_cast<std::size_t>(parsed.ptr - rest.data());
  return value;
}

bool JsonReader::boolean() {
  skip_space();
  for (const std::string_view word : {"true", "false"}) {
    if (!text_.substr(at_).starts_with(word)) continue;
    at_ += word.size();
    return word == "true";
  }
  fail("true or false should be here");
}

void JsonReader::end() {
  skip_space();
  if (at_ != text_.size()) fail("the line should end here");
}

}  // namespace crier::transfer
