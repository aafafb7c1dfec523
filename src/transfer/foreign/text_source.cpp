#include "transfer/foreign/text_source.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <fstream>

namespace crier::transfer {

namespace {

constexpr std::size_t piece_bytes = std::size_t{64} << 10;

std::unique_ptr<std::istream> open(const std::filesystem::path& file) {
  auto stream = std::make_unique<std::ifstream>(file, std::ios::binary);
  if (!*stream || std::filesystem::is_directory(file))
    throw Fault(EX_NOINPUT, fmt::format("{} can not be read; check its name and its permissions",
                                        file.string()));
  return stream;
}

}  // namespace

TextSource::TextSource(const std::filesystem::path& file)
    : name_(file.string()), stream_(open(file)) {}

TextSource::TextSource(std::string name, std::string text)
    : name_(std::move(name)), buffer_(std::move(text)) {}

bool TextSource::fill() {
  if (!stream_) return false;
  buffer_.resize(piece_bytes);
  stream_->read(buffer_.data(), piece_bytes);
  buffer_.resize(static_cast<std::size_t>(stream_->gcount()));
  at_ = 0;
  if (stream_->bad()) throw Fault(EX_IOERR, fmt::format("{} can not be read on", name_));
  return !buffer_.empty();
}

int TextSource::peek() {
  if (at_ == buffer_.size() && !fill()) return end;
  return static_cast<unsigned char>(buffer_[at_]);
}

int TextSource::get() {
  const int byte = peek();
  if (byte == end) return end;
  ++at_;
  ++place_.offset;
  if (byte == '\n') ++place_.line;
  return byte;
}

bool TextSource::take(char wanted) {
  if (peek() != static_cast<unsigned char>(wanted)) return false;
  get();
  return true;
}

void TextSource::expect(std::string_view word) {
  for (const char each : word)
    if (!take(each)) refuse(fmt::format("'{}' is missing", word));
}

void TextSource::skip_space() {
  for (int byte = peek(); byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
       byte = peek())
    get();
}

void TextSource::go_to(const Place& place) {
  // Most places are near: what is in the buffer is not read again.
  const auto start = place_.offset - at_;
  if (place.offset >= start && place.offset - start <= buffer_.size()) {
    at_ = place.offset - start;
    place_ = place;
    return;
  }
  stream_->clear();
  stream_->seekg(static_cast<std::streamoff>(place.offset));
  buffer_.clear();
  at_ = 0;
  place_ = place;
}

void TextSource::refuse(std::string_view what) const {
  throw Fault(EX_DATAERR, fmt::format("{}:{}: {}", name_, place_.line, what));
}

bool append_utf8(std::string& out, std::uint32_t character) {
  const auto add = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (character > 0x10ffff || (character >= 0xd800 && character < 0xe000)) return false;
  if (character < 0x80) {
    add(character);
  } else if (character < 0x800) {
    add(0xc0 | character >> 6);
    add(0x80 | (character & 0x3f));
  } else if (character < 0x10000) {
    add(0xe0 | character >> 12);
    add(0x80 | (character >> 6 & 0x3f));
    add(0x80 | (character & 0x3f));
  } else {
    add(0xf0 | character >> 18);
    add(0x80 | (character >> 12 & 0x3f));
    add(0x80 | (character >> 6 & 0x3f));
    add(0x80 | (character & 0x3f));
  }
  return true;
}

}  // namespace crier::transfer
