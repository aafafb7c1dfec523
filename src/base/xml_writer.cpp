#include <crier/xml_writer.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>

namespace crier {
namespace {

/// Bytes that are looked at together.
constexpr std::size_t chunk_size = 16;
using Chunk [[gnu::vector_size(chunk_size)]] = char;

/// Whether one of the bytes at `at`, as many as a chunk has, is one of `special`.
template <char... special>
bool has_special(const char* at) {
  Chunk chunk;
  std::memcpy(&chunk, at, chunk_size);
  const auto found = ((chunk == special) | ...);
  std::array<std::uint64_t, chunk_size / sizeof(std::uint64_t)> halves;
  std::memcpy(halves.data(), &found, chunk_size);
  return (halves[0] | halves[1]) != 0;
}

std::string_view reference_to(char byte) {
  switch (byte) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '\'': return "&apos;";
    case '\t': return "&#9;";
    case '\n': return "&#10;";
    default: return "&#13;";
  }
}

/// Which bytes are among `special`.
template <char... special>
constexpr std::array<bool, 256> table_of() {
  std::array<bool, 256> table{};
  ((table[static_cast<unsigned char>(special)] = true), ...);
  return table;
}

/// Appends runs of what stands for itself, and references between them in place of `special`.
template <char... special>
void append_escaped(std::string& out, std::string_view text) {
  static constexpr auto is_special = table_of<special...>();
  std::size_t run = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text.size() - at >= chunk_size && !has_special<special...>(text.data() + at)) {
      at += chunk_size;
      continue;
    }
    const auto end = std::min(text.size(), at + chunk_size);
    for (; at < end; ++at) {
      if (!is_special[static_cast<unsigned char>(text[at])]) continue;
      out.append(text, run, at - run);
      out.append(reference_to(text[at]));
      run = at + 1;
    }
  }
  out.append(text, run);
}

}  // namespace

void append_text(std::string& out, std::string_view text) {
  append_escaped<'&', '<', '>', '\r'>(out, text);
}

void append_attribute_value(std::string& out, std::string_view text) {
  append_escaped<'&', '<', '>', '\'', '\t', '\n', '\r'>(out, text);
}

std::string escape_attribute(std::string_view text) {
  std::string out;
  append_attribute_value(out, text);
  return out;
}

XmlWriter::Tag& XmlWriter::Tag::attr(std::string_view name, std::string_view value) {
  writer_.attribute(name, value);
  return *this;
}

XmlWriter::Tag& XmlWriter::Tag::text(std::string_view text) {
  writer_.text(text);
  return *this;
}

XmlWriter::Tag XmlWriter::open(std::string_view name) {
  start(name);
  return Tag(*this);
}

XmlWriter::Tag XmlWriter::open(std::string_view name, std::string_view ns) {
  start(name);
  attribute("xmlns", ns);
  return Tag(*this);
}

void XmlWriter::leaf(std::string_view name, std::string_view text) {
  auto tag = open(name);
  if (!text.empty()) tag.text(text);
}

void XmlWriter::raw(std::string_view xml) {
  end_start_tag();
  out_ += xml;
}

void XmlWriter::text(std::string_view text) {
  end_start_tag();
  append_text(out_, text);
}

void XmlWriter::start(std::string_view name) {
  end_start_tag();
  out_ += '<';
  open_.push_back({out_.size(), name.size()});
  out_ += name;
  in_start_tag_ = true;
}

void XmlWriter::attribute(std::string_view name, std::string_view value) {
  assert(in_start_tag_);
  out_ += ' ';
  out_ += name;
  out_ += "='";
  append_attribute_value(out_, value);
  out_ += '\'';
}

void XmlWriter::end_start_tag() {
  if (!in_start_tag_) return;
  out_ += '>';
  in_start_tag_ = false;
}

void XmlWriter::close() {
  const auto name = open_.back();
  open_.pop_back();
  if (in_start_tag_) {
    out_ += "/>";
    in_start_tag_ = false;
    return;
  }
  out_ += "</";
  out_.append(out_, name.at, name.size);
  out_ += '>';
}

}  // namespace crier
