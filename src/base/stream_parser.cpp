#include "base/stream_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>
#include <utility>

namespace crier {
namespace {

/// As much is given to expat at once, unless it is a single token.
constexpr std::size_t piece_size = std::size_t{64} * 1024;
/// A parser is replaced after as many bytes. Of `<a1/><a2/>…` it remembers ten times as much. A new
/// one costs 5 µs; to parse these bytes takes more than a millisecond.
constexpr std::size_t parser_lifetime = std::size_t{256} * 1024;
/// What expat remembers of an open element besides its name.
constexpr std::size_t open_element_cost = 144;
/// What the open elements of a skipped stanza may take in expat. Never less than 200,000 levels,
/// which is more than servers let pass: nobody shall end the stream for all.
constexpr std::size_t min_open_cost = std::size_t{32} * 1024 * 1024;
/// Up to this size an unfinished token may be read anew for each piece, so that it is told at once
/// that it is wrong. Beyond it tags and references are gathered, and anything else is restricted:
/// an XML declaration is not that long.
constexpr std::size_t max_reread = 256;

constexpr std::string_view not_well_formed = "not-well-formed";
constexpr std::string_view restricted_xml = "restricted-xml";
constexpr std::string_view policy_violation = "policy-violation";
constexpr std::string_view too_long = "a tag or reference is too long";

}  // namespace

StreamParser::StreamParser(const XmlLimits& limits) : limits_(limits), builder_(limits) {
  assert(limits.max_stanza_bytes < std::numeric_limits<int>::max() / 4);
  parser = expat::make_parser();
  set_handlers();
}

std::size_t StreamParser::take(std::string_view bytes) {
  assert(!suspended_);
  if (!token_.waiting()) {
    const auto piece = bytes.substr(0, piece_size);
    given_ += piece.size();
    if (fed_ < 2 && expat::is_utf16(piece.substr(0, 2 - fed_))) {
      fail(not_well_formed, "not UTF-8");
    } else {
      parse(piece);
    }
    return piece.size();
  }
  const auto count = token_.take(bytes);
  given_ += count;
  gathered_.append(bytes.substr(0, count));
  if (rest_.size() + gathered_.size() > 4 * limits_.max_stanza_bytes) {
    fail(policy_violation, too_long);
  } else if (!token_.waiting() || gathered_.size() >= rest_.size()) {
    // Also when it has doubled: expat may find that it is wrong.
    parse(gathered_);
  }
  return count;
}

bool StreamParser::resume() {
  if (!suspended_ || over_) return false;
  finish_step(replacement_due_ ? replace_parser() : XML_ResumeParser(parser.get()));
  return true;
}

std::optional<StreamParser::Event> StreamParser::next() {
  if (told_ < queue_.size()) return std::move(queue_[told_++]);
  queue_.clear();
  told_ = 0;
  return std::nullopt;
}

// What expat calls.

void StreamParser::set_handlers() {
  using expat::Callback;
  auto* expat = parser.get();
  XML_SetUserData(expat, this);
  XML_SetElementHandler(expat, Callback<&StreamParser::on_start>::call,
                        Callback<&StreamParser::on_end>::call);
  XML_SetCharacterDataHandler(expat, Callback<&StreamParser::on_text>::call);
  XML_SetCommentHandler(expat, Callback<&StreamParser::on_comment>::call);
  XML_SetProcessingInstructionHandler(expat, Callback<&StreamParser::on_instruction>::call);
  XML_SetStartDoctypeDeclHandler(expat, Callback<&StreamParser::on_doctype>::call);
  XML_SetXmlDeclHandler(expat, Callback<&StreamParser::on_declaration>::call);
}

void StreamParser::on_start(const char* name, const char** attributes) {
  if (over_ || is_too_long(0)) return;
  if (depth_ == 0) {
    open_stream(name, attributes);
  } else if (skipping_) {
    enter_skipped(name);
  } else {
    start_in_stanza(name, attributes);
  }
  if (depth_++ == 0) note_end();
}

void StreamParser::on_end(const char* name) {
  if (over_ || is_too_long(0)) return;
  if (depth_ > 1 && !skipping_) check_stanza_size(position() + token_size());
  if (--depth_ == 1) note_end();
  if (depth_ == 0) {
    push({.kind = Event::Kind::closed});
    over_ = true;
  } else if (skipping_) {
    open_tags_.resize(open_tags_.size() - std::strlen(name) - 2);
    skipping_ = depth_ > 1;
  } else {
    builder_.end();
    const auto size = position() + token_size() - stanza_at_;
    if (depth_ == 1) push({.kind = Event::Kind::stanza, .document = builder_.finish(size)});
  }
  consider_replacement();
}

void StreamParser::on_text(const char* text, int size) {
  const std::string_view piece(text, static_cast<std::size_t>(size));
  if (over_ || is_too_long(piece.size()) || depth_ <= 1 || skipping_) return;
  builder_.text(piece);
  check_stanza_size(position() + token_size());
}

void StreamParser::on_declaration(const char*, const char*, int) {
  if (token_size() > max_reread) on_restricted();
}

void StreamParser::on_restricted() {
  if (!over_) fail(restricted_xml, "comments, processing instructions and DTDs are not allowed");
}

// The stream and its stanzas.

void StreamParser::open_stream(const char* name, const char** attributes) {
  builder_.begin();
  switch (builder_.start(name, attributes)) {
    case TreeBuilder::Outcome::not_well_formed: return fail(not_well_formed, builder_.reason());
    case TreeBuilder::Outcome::over_limit: return fail(policy_violation, builder_.reason());
    case TreeBuilder::Outcome::taken: break;
  }
  builder_.end();
  stream_ = builder_.finish(token_size());
  builder_.put_inside(stream_.root());
  open_tags_ = fmt::format("<{}>", name);
  push({.kind = Event::Kind::opened});
}

void StreamParser::start_in_stanza(const char* name, const char** attributes) {
  if (depth_ == 1) {
    stanza_at_ = position();
    builder_.begin();
  }
  switch (builder_.start(name, attributes)) {
    case TreeBuilder::Outcome::not_well_formed: return fail(not_well_formed, builder_.reason());
    case TreeBuilder::Outcome::over_limit:
      skip_stanza(builder_.reason());
      return enter_skipped(name);
    case TreeBuilder::Outcome::taken: return check_stanza_size(position() + token_size());
  }
}

void StreamParser::check_stanza_size(std::size_t token_end) {
  if (token_end - stanza_at_ <= limits_.max_stanza_bytes) return;
  skip_stanza(fmt::format("more than {} bytes", limits_.max_stanza_bytes));
}

void StreamParser::skip_stanza(std::string_view reason) {
  skipping_ = true;
  builder_.append_open_tags(open_tags_);
  push({.kind = Event::Kind::oversized,
        .document = builder_.header(position() - stanza_at_),
        .text = std::string(reason)});
}

void StreamParser::enter_skipped(const char* name) {
  open_tags_.append("<").append(name).append(">");
  const auto cost = open_tags_.size() + depth_ * open_element_cost;
  if (cost > std::max(min_open_cost, 32 * limits_.max_stanza_bytes)) {
    return fail(policy_violation, "a stanza is nested too deep");
  }
  consider_replacement();
}

/// Whether the current tag or reference is over the limit of what may be gathered, so that it is
/// refused no matter how it was cut. `text_size` is what it says as text.
bool StreamParser::is_too_long(std::size_t text_size) {
  const auto size = token_size();
  if (size <= 4 * limits_.max_stanza_bytes || size == text_size) return false;
  fail(policy_violation, too_long);
  return true;
}

/// A stanza, or the stream's start tag, ends with the current tag.
void StreamParser::note_end() {
  last_end_ = given_ - (fed_ - position() - token_size());
}

void StreamParser::push(Event event) {
  queue_.push_back(std::move(event));
  XML_StopParser(parser.get(), XML_TRUE);
}

void StreamParser::fail(std::string_view condition, std::string_view text) {
  queue_.push_back(
      {.kind = Event::Kind::failed, .condition = condition, .text = std::string(text)});
  over_ = true;
  XML_StopParser(parser.get(), XML_FALSE);
}

std::size_t StreamParser::position() const {
  return static_cast<std::size_t>(std::max(XML_Index(0), XML_GetCurrentByteIndex(parser.get())));
}

std::size_t StreamParser::token_size() const {
  return static_cast<std::size_t>(XML_GetCurrentByteCount(parser.get()));
}

// Steps.

void StreamParser::parse(std::string_view bytes) {
  piece_ = bytes;
  fed_ += bytes.size();
  const auto size = static_cast<int>(bytes.size());
  finish_step(XML_Parse(parser.get(), bytes.data(), size, XML_FALSE));
}

void StreamParser::finish_step(XML_Status status) {
  suspended_ = status == XML_STATUS_SUSPENDED;
  if (thrown) {
    over_ = true;
    std::rethrow_exception(std::exchange(thrown, nullptr));
  }
  if (over_) return;
  if (status == XML_STATUS_ERROR) {
    const auto code = XML_GetErrorCode(parser.get());
    if (code == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
    return fail(not_well_formed, XML_ErrorString(code));
  }
  if (!suspended_) look_at_rest();
}

/// Finds out what expat could not use, and whether it is better to gather before it gets more.
void StreamParser::look_at_rest() {
  const auto size = fed_ - position();
  if (size <= piece_.size()) {
    rest_ = piece_.substr(piece_.size() - size);
  } else {
    rest_.append(piece_);
    rest_.erase(0, rest_.size() - size);
  }
  piece_ = {};
  gathered_.clear();
  if (rest_.size() < piece_size) {
    for (auto* buffer : {&rest_, &gathered_}) {
      if (buffer->capacity() > 2 * piece_size) buffer->shrink_to_fit();
    }
  }
  const UnfinishedToken token(rest_);
  if (!token.waiting() && rest_.size() > max_reread) return on_restricted();
  if (rest_.size() > 4 * limits_.max_stanza_bytes) return fail(policy_violation, too_long);
  token_ = rest_.size() <= max_reread ? UnfinishedToken() : token;
}

void StreamParser::consider_replacement() {
  if (depth_ > 1 && !skipping_) return;
  if (position() < parser_lifetime + 8 * open_tags_.size()) return;
  replacement_due_ = true;
  XML_StopParser(parser.get(), XML_TRUE);
}

/// Lets a new parser go on behind the last tag.
XML_Status StreamParser::replace_parser() {
  replacement_due_ = false;
  const auto rest = piece_.substr(piece_.size() - (fed_ - position()));
  auto fresh = expat::make_parser();
  const auto tags_size = static_cast<int>(open_tags_.size());
  if (XML_Parse(fresh.get(), open_tags_.data(), tags_size, XML_FALSE) != XML_STATUS_OK) {
    throw std::bad_alloc();  // They were parsed before: nothing else can be wrong.
  }
  parser = std::move(fresh);
  set_handlers();
  piece_ = rest;
  fed_ = open_tags_.size() + rest.size();
  return XML_Parse(parser.get(), rest.data(), static_cast<int>(rest.size()), XML_FALSE);
}

}  // namespace crier
