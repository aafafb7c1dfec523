#include "scanner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace crier::bench {

namespace {

constexpr auto none = std::string_view::npos;

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/// Where the tag that begins at `text[0]` ends: the place of its '>', which may also stand in the
/// value of an attribute.
std::size_t end_of_tag(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '>') return at;
    if (c == '\'' || c == '"') {
      at = text.find(c, at + 1);
      if (at == none) return none;
    }
  }
  return none;
}

std::size_t end_of_name(std::string_view text) {
  std::size_t at = 1;
  while (at < text.size() && !is_space(text[at]) && text[at] != '>' && text[at] != '/') ++at;
  return at;
}

/// The parts of the whole tag `text`, from '<' to '>'.
Tag parts_of(std::string_view text) {
  const auto name_end = end_of_name(text);
  auto end = text.size() - 1;
  if (text[end - 1] == '/') --end;
  return {text.substr(1, name_end - 1), text.substr(name_end, end > name_end ? end - name_end : 0)};
}

std::string_view local_part(std::string_view name) {
  const auto colon = name.find(':');
  return colon == none ? name : name.substr(colon + 1);
}

/// Calls `take(name, value)` for each attribute between name and end of a tag.
template <class Take>
void each_attribute(std::string_view text, Take take) {
  std::size_t at = 0;
  while (true) {
    while (at < text.size() && is_space(text[at])) ++at;
    const auto equals = text.find('=', at);
    if (equals == none) return;
    auto name_end = equals;
    while (name_end > at && is_space(text[name_end - 1])) --name_end;
    const auto quote = text.find_first_of("'\"", equals + 1);
    if (quote == none) return;
    const auto end = text.find(text[quote], quote + 1);
    if (end == none) return;
    take(text.substr(at, name_end - at), text.substr(quote + 1, end - quote - 1));
    at = end + 1;
  }
}

void take_space(std::string_view& input) {
  std::size_t at = 0;
  while (at < input.size() && is_space(input[at])) ++at;
  input.remove_prefix(at);
}

/// Content without its end tag: all before the last '<'.
std::string_view without_end_tag(std::string_view content) {
  return content.substr(0, content.rfind('<'));
}

}  // namespace

Scanner::Found Scanner::next(std::string_view& input, Stanza& stanza) {
  take_space(input);
  if (input.size() < 2) return Found::incomplete;
  if (input[0] != '<') throw std::runtime_error("the peer sent text between stanzas");
  if (input[1] == '/') return Found::end_of_stream;
  const auto tag_end = end_of_tag(input);
  if (tag_end == none) return Found::incomplete;

  const auto tag = parts_of(input.substr(0, tag_end + 1));
  stanza = Stanza();
  stanza.name = tag.name;
  each_attribute(tag.attributes, [&](std::string_view name, std::string_view value) {
    if (name == "to") stanza.to = value;
    if (name == "id") stanza.id = value;
    if (name == "from") stanza.from = value;
    if (name == "type") stanza.type = value;
  });
  if (input[tag_end - 1] == '/') {
    input.remove_prefix(tag_end + 1);
    return Found::stanza;
  }

  auto& last = tag.name == "message" ? last_message_ : last_other_;
  const auto rest = input.substr(tag_end + 1);
  const auto known = std::min(last.size(), rest.size());
  stanza.repeats = known != 0 && std::memcmp(rest.data(), last.data(), known) == 0;
  if (stanza.repeats) {
    if (known < last.size()) return Found::incomplete;
    stanza.content = without_end_tag(rest.substr(0, known));
    input.remove_prefix(tag_end + 1 + known);
    return Found::stanza;
  }

  open_.assign(1, stanza.name);
  const auto length = length_of_content(rest, stanza.content);
  if (length == none) return Found::incomplete;
  last.assign(rest.substr(0, length));
  input.remove_prefix(tag_end + 1 + length);
  return Found::stanza;
}

std::size_t Scanner::length_of_content(std::string_view text, std::string_view& content) {
  constexpr std::string_view cdata = "<![CDATA[";
  for (auto at = text.find('<'); at != none; at = text.find('<', at)) {
    const auto rest = text.substr(at);
    if (rest.starts_with(cdata)) {
      at = text.find("]]>", at);
      continue;
    }
    const auto length = end_of_tag(rest);
    if (length == none) return none;
    if (rest[1] == '/') {
      close(rest.substr(2, length - 2));
      if (open_.empty()) {
        content = text.substr(0, at);
        return at + length + 1;
      }
    } else if (rest[length - 1] != '/') {
      open_.push_back(rest.substr(1, end_of_name(rest) - 1));
    }
    at += length;
  }
  return none;
}

void Scanner::close(std::string_view name) {
  while (!name.empty() && is_space(name.back())) name.remove_suffix(1);
  if (name != open_.back())
    throw std::runtime_error(fmt::format("the peer sent </{}> where </{}> was due, in a <{}/>",
                                         name, open_.back(), open_.front()));
  open_.pop_back();
}

std::optional<StreamHeader> take_stream_header(std::string_view& input) {
  auto rest = input;
  take_space(rest);
  if (rest.starts_with("<?")) {
    const auto end = rest.find("?>");
    if (end == none) return {};
    rest.remove_prefix(end + 2);
    take_space(rest);
  }
  const auto end = end_of_tag(rest);
  if (end == none) return {};
  const auto tag = parts_of(rest.substr(0, end + 1));
  if (local_part(tag.name) != "stream") throw std::runtime_error("no stream header came");
  input = rest.substr(end + 1);
  return StreamHeader{
      .to = tag.attribute("to"), .id = tag.attribute("id"), .ns = tag.attribute("xmlns")};
}

std::string_view Tag::attribute(std::string_view wanted) const {
  std::string_view found;
  each_attribute(attributes, [&](std::string_view name_, std::string_view value) {
    if (name_ == wanted) found = value;
  });
  return found;
}

std::optional<Tag> take_any_tag(std::string_view& content) {
  const auto at = content.find('<');
  if (at == none) return {};
  const auto rest = content.substr(at);
  const auto end = end_of_tag(rest);
  if (end == none || rest[1] == '/') return {};
  content = rest.substr(end + 1);
  return parts_of(rest.substr(0, end + 1));
}

std::optional<Tag> take_tag(std::string_view& content, std::string_view local_name) {
  for (auto at = content.find('<'); at != none; at = content.find('<', at + 1)) {
    const auto rest = content.substr(at);
    const auto name = rest.substr(1, end_of_name(rest) - 1);
    if (local_part(name) != local_name) continue;
    const auto length = end_of_tag(rest);
    if (length == none) return {};
    content = rest.substr(length + 1);
    return parts_of(rest.substr(0, length + 1));
  }
  return {};
}

std::optional<Tag> find_tag(std::string_view content, std::string_view local_name) {
  return take_tag(content, local_name);
}

std::string describe_error(std::string_view content) {
  const auto error = take_tag(content, "error");
  if (!error) return "an error without <error/>";
  const auto at = content.find('<');
  if (at == none) return std::string(error->attribute("type"));
  const auto condition = content.substr(at);
  std::string text = fmt::format("{}/{}", error->attribute("type"),
                                 condition.substr(1, end_of_name(condition) - 1));
  if (take_tag(content, "text")) text += fmt::format(": {}", content.substr(0, content.find('<')));
  return text;
}

std::optional<std::uint64_t> number_in(std::string_view text, std::string_view before,
                                       std::string_view after) {
  if (!text.starts_with(before)) return {};
  const auto* end = text.data() + text.size();
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data() + before.size(), end, number);
  if (read.ec != std::errc()) return {};
  if (std::string_view(read.ptr, static_cast<std::size_t>(end - read.ptr)) != after) return {};
  return number;
}

}  // namespace crier::bench
