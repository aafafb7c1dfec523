#include <crier/taps.hpp>

#include <crier/jid.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <fmt/format.h>

#include "base/redacted.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace crier {

namespace {

/// How many requests are remembered until their answers leave.
constexpr std::size_t most_noted = 256;

bool is_about(const Tap& tap, std::string_view jid) {
  return !tap.is_node &&
         (jid == tap.address || (bare_of(jid) == tap.address && jid.size() > tap.address.size()));
}

bool names_node(const Element& element, std::string_view node, int depth) {
  if (element.attribute("node") == node) return true;
  if (depth == 0) return false;
  return std::ranges::any_of(
      element.children(), [&](const Element& child) { return names_node(child, node, depth - 1); });
}

/// Whether the stanza names the node: in what it holds, or by the resource of the service. §4.6
bool names_node(const Element& stanza, std::string_view node, std::string_view service) {
  if (names_node(stanza, node, 2)) return true;
  const auto at = service.find('/');
  return at != service.npos && service.substr(at + 1) == node;
}

std::string key_of(std::string_view jid, std::string_view id) {
  return std::string(jid) + ' ' + std::string(id);
}

std::string_view start_tag(std::string_view stanza) {
  return stanza.substr(0, std::min(stanza.find('>'), stanza.size() - 1) + 1);
}

/// The value of an attribute in a start tag that we have written, as it stands there.
std::string_view written_attribute(std::string_view tag, std::string_view name) {
  const auto at = tag.find(fmt::format(" {}='", name));
  if (at == tag.npos) return {};
  const auto begin = at + name.size() + 3;
  return tag.substr(begin, tag.find('\'', begin) - begin);
}

/// The stanza as a part of a message: in the namespace of clients, without secrets, and if it is a
/// big one its start tag alone. XEP-0297 §3.1.
std::string forwardable(std::string_view stanza) {
  std::string text(stanza);
  if (text.size() > Taps::most_stanza_bytes) {
    text = start_tag(stanza);
    if (!text.ends_with("/>")) text.insert(text.size() - 1, 1, '/');
  }
  const auto old = fmt::format(" xmlns='{}'", ns::component);
  const auto tag_end = text.find('>');
  const auto declared = text.find(old);
  const auto wanted = fmt::format(" xmlns='{}'", ns::client);
  if (declared < tag_end)
    text.replace(declared, old.size(), wanted);
  else if (const auto name_end = text.find_first_of(" />"); text.find(" xmlns='") > tag_end)
    text.insert(name_end, wanted);
  return redacted(text);
}

void open_trace(XmlWriter& out, const Tap& tap, std::string_view direction, std::size_t bytes) {
  auto trace = out.open("trace", ns::trace);
  trace.attr(tap.is_node ? "node" : "jid", tap.address).attr("direction", direction);
  trace.attr("bytes", std::to_string(bytes));
  if (tap.missed > 0) trace.attr("missed", std::to_string(tap.missed));
}

std::string last_words(const Tap& tap) {
  return written([&](XmlWriter& out) {
    auto trace = out.open("trace", ns::trace);
    trace.attr(tap.is_node ? "node" : "jid", tap.address).attr("direction", "end");
    trace.attr("shown", std::to_string(tap.shown)).attr("missed", std::to_string(tap.dropped));
  });
}

bool is_same(const Tap& a, const Tap& b) {
  return a.asker == b.asker && a.address == b.address && a.is_node == b.is_node;
}

}  // namespace

bool Taps::has_room(const Tap& tap) const {
  return taps_.size() < most ||
         std::ranges::any_of(taps_, [&](const Tap& other) { return is_same(other, tap); });
}

bool Taps::arm(Tap tap) {
  if (!has_room(tap)) return false;
  std::erase_if(taps_, [&](const Tap& other) { return is_same(other, tap); });
  taps_.push_back(std::move(tap));
  return true;
}

void Taps::disarm(std::string_view asker) {
  disarm_if([&](const std::string& other) { return other == asker; });
}

void Taps::disarm_if(const std::function<bool(const std::string& asker)>& is_over) {
  for (auto& tap : taps_)
    if (is_over(tap.asker)) tap.until = Time::min();
}

template <class Matches>
void Taps::show(Direction direction, std::string_view stanza, Time now, Matches matches) {
  for (auto& tap : taps_)
    if (now < tap.until && matches(tap)) show(tap, direction, stanza, now);
}

void Taps::show(Tap& tap, Direction direction, std::string_view stanza, Time now) {
  if (now - tap.second >= std::chrono::seconds(1) || now < tap.second) {
    tap.second = now;
    tap.room = most_each_second;
  }
  if (tap.room == 0 || tap.waiting_bytes >= most_waiting_bytes) {
    ++tap.missed;
    ++tap.dropped;
    return;
  }
  --tap.room;
  ++tap.shown;
  const auto direction_name = direction == Direction::received ? "received" : "sent";
  tap.waiting.push_back(written([&](XmlWriter& out) {
    open_trace(out, tap, direction_name, stanza.size());
    auto forwarded = out.open("forwarded", ns::forward);
    out.open("delay", ns::delay).attr("stamp", format_datetime(now));
    out.raw(forwardable(stanza));
  }));
  tap.waiting_bytes += tap.waiting.back().size();
  tap.missed = 0;
}

void Taps::received(const Element& stanza, Time now) {
  const auto from = stanza.attribute_or("from", "");
  const bool bounced = stanza.attribute_or("type", "") == "error" &&
                       stanza.attribute_or("id", "").starts_with(id_prefix);
  // The asker is gone; showing that would go round for ever.
  if (bounced && std::ranges::find(taps_, from, &Tap::asker) != taps_.end()) return disarm(from);
  const auto to = stanza.attribute_or("to", "");
  const auto matches = [&](const Tap& tap) {
    return tap.is_node ? names_node(stanza, tap.address, to) : is_about(tap, from);
  };
  if (std::ranges::none_of(taps_, matches)) return;
  noted_.push_back(key_of(from, stanza.attribute_or("id", "")));
  if (noted_.size() > most_noted) noted_.pop_front();
  show(Direction::received, to_xml(stanza), now, matches);
}

bool Taps::answers_noted(const Element& stanza) {
  if (stanza.name != "iq") return false;
  const auto key = key_of(stanza.attribute_or("to", ""), stanza.attribute_or("id", ""));
  return std::ranges::find(noted_, key) != noted_.end();
}

void Taps::sent(std::string_view stanza, const std::string* node, Time now) {
  const auto tag = start_tag(stanza);
  const auto to = written_attribute(tag, "to");
  if (tag.starts_with("<message") && written_attribute(tag, "id").starts_with(id_prefix)) return;
  std::optional<Document> parsed;
  const auto is_of_node = [&](const Tap& tap) {
    if (node) return *node == tap.address;
    if (!parsed) parsed = parse_xml(stanza);
    return parsed && (names_node(parsed->root(), tap.address, {}) || answers_noted(parsed->root()));
  };
  show(Direction::sent, stanza, now, [&](const Tap& tap) {
    if (tap.is_node) return is_of_node(tap);
    const auto escaped = escape_attribute(tap.address);
    return to == escaped || (to.starts_with(escaped) && to.substr(escaped.size()).starts_with('/'));
  });
}

std::vector<std::string> Taps::take(Time now, std::string_view domain, bool is_full) {
  std::vector<std::string> messages;
  if (is_full) return messages;
  for (auto& tap : taps_) {
    if (now >= tap.until) tap.waiting.push_back(last_words(tap));
    for (const auto& content : tap.waiting)
      messages.push_back(written([&](XmlWriter& out) {
        auto message = out.open("message");
        message.attr("from", domain).attr("to", tap.asker).attr("type", "headline");
        message.attr("id", std::string(id_prefix) + std::to_string(++last_id_));
        out.raw(content);
      }));
    tap.waiting.clear();
    tap.waiting_bytes = 0;
  }
  std::erase_if(taps_, [&](const Tap& tap) { return now >= tap.until; });
  return messages;
}

}  // namespace crier
