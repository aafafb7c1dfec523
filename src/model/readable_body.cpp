#include "model/readable_body.hpp"

#include <crier/namespaces.hpp>

#include "model/html_text.hpp"
#include "model/readable_text.hpp"
#include "model/white_space.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace crier {

namespace {

constexpr std::string_view activity = "http://jabber.org/protocol/activity";
constexpr std::string_view geoloc = "http://jabber.org/protocol/geoloc";
constexpr std::string_view mood = "http://jabber.org/protocol/mood";
constexpr std::string_view tune = "http://jabber.org/protocol/tune";

std::string text_of(const Element* element) {
  return element ? element->text() : std::string();
}

/// The text of the child of that name, in the namespace of `element`.
std::string child_text(const Element& element, std::string_view name) {
  return text_of(element.child(name, element.ns));
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(white_space) == text.npos;
}

/// The text of a text construct or of a content; nothing of what is no text, or lies elsewhere.
/// RFC 4287 §3.1, §4.1.3.
std::string atom_text(const Element& construct) {
  ReadableText text;
  const auto type = construct.attribute_or("type", "text");
  if (construct.attribute("src")) return {};
  if (type == "html" || type == "text/html")
    add_html(text, construct.text());
  else if (type == "xhtml")
    add_xhtml(text, construct);
  else if (type == "text" || type.starts_with("text/"))
    text.add(construct.text());
  return std::move(text).take();
}

/// The first text that a child of that name has: XEP-0277 allows of several, of different types.
std::string atom_text(const Element& entry, std::string_view name) {
  for (const auto& child : entry.children()) {
    if (!child.is(name, ns::atom)) continue;
    if (auto text = atom_text(child); !text.empty()) return text;
  }
  return {};
}

void add_entry(ReadableText& out, const Element& entry) {
  const auto title = atom_text(entry, "title");
  auto more = atom_text(entry, "summary");
  if (more.empty()) more = atom_text(entry, "content");
  out.add_lines(title);
  if (more != title) out.add_lines(more);
}

void add_feed(ReadableText& out, const Element& feed) {
  out.add_lines(atom_text(feed, "title"));
}

/// RSS 2.0: HTML is allowed of in the description alone.
void add_rss_item(ReadableText& out, const Element& item) {
  out.add(child_text(item, "title")).end_line();
  add_html(out, child_text(item, "description"));
}

/// A line of the form for a field that people shall see. XEP-0004 §3.2, §3.3.
void add_field(ReadableText& out, const Element& field) {
  const auto var = field.attribute_or("var", "");
  const auto type = field.attribute_or("type", "");
  if (type == "hidden" || type == "text-private" || var == "FORM_TYPE") return;
  const auto label = field.attribute_or("label", var);
  std::string_view separator = type == "fixed" || label.empty() ? "" : ": ";
  for (const auto& value : field.children()) {
    if (out.full()) return;
    const auto text = value.is("value", field.ns) ? value.text() : "";
    if (is_blank(text)) continue;
    if (separator == ": ") out.add(label);
    out.add(separator).add(text);
    separator = ", ";
  }
  out.end_line();
}

/// The forms of one and of several items. XEP-0004 §3.1, §3.4.
void add_form(ReadableText& out, const Element& form) {
  if (form.attribute_or("type", "") == "cancel") return;
  out.add(child_text(form, "title")).end_line();
  for (const auto& child : form.children()) {
    if (child.is("field", form.ns)) add_field(out, child);
    if (!child.is("item", form.ns)) continue;
    for (const auto& field : child.children())
      if (field.is("field", form.ns)) add_field(out, field);
  }
}

void add_text(ReadableText& out, const Element& element) {
  out.add_lines(element.text());
}

void add_message(ReadableText& out, const Element& message) {
  out.add(child_text(message, "subject")).end_line();
  out.add_lines(child_text(message, "body"));
}

/// XEP-0118. An empty tune says that there is none.
void add_tune(ReadableText& out, const Element& tune_played) {
  const auto artist = child_text(tune_played, "artist");
  const auto title = child_text(tune_played, "title");
  out.add(artist);
  if (!is_blank(artist) && !is_blank(title)) out.add(" – ");
  out.add(title);
}

/// The names of elements speak for themselves: in_love, playing_sports.
std::string as_words(std::string_view name) {
  std::string words(name);
  std::ranges::replace(words, '_', ' ');
  return words;
}

/// XEP-0107 §2, XEP-0108 §2: `<happy/>`, or `<relaxing><partying/></relaxing>`, beside `<text/>`.
void add_state(ReadableText& out, const Element& state) {
  const auto text = child_text(state, "text");
  for (const auto& general : state.children()) {
    if (general.ns != state.ns || general.name == "text") continue;
    out.add(as_words(general.name));
    const Element* specific = general.first_child();
    if (specific && specific->ns == state.ns) out.add(", ").add(as_words(specific->name));
    if (!is_blank(text)) out.add(": ");
    break;
  }
  out.add(text);
}

/// XEP-0080 §2.
void add_location(ReadableText& out, const Element& location) {
  auto text = child_text(location, "text");
  if (is_blank(text)) text = child_text(location, "description");
  if (!is_blank(text)) {
    out.add_lines(text);
    return;
  }
  const auto locality = child_text(location, "locality");
  const auto country = child_text(location, "country");
  out.add(locality);
  if (!is_blank(locality) && !is_blank(country)) out.add(", ");
  out.add(country);
}

struct Kind {
  std::string_view ns;
  std::string_view name;
  void (*add)(ReadableText& out, const Element& payload);
};

constexpr std::array kinds{
    Kind{ns::atom, "entry", add_entry},    Kind{ns::atom, "feed", add_feed},
    Kind{"", "item", add_rss_item},        Kind{ns::data_forms, "x", add_form},
    Kind{ns::client, "body", add_text},    Kind{ns::client, "message", add_message},
    Kind{tune, "tune", add_tune},          Kind{mood, "mood", add_state},
    Kind{activity, "activity", add_state}, Kind{geoloc, "geoloc", add_location},
};

}  // namespace

std::string readable_body(const Element& payload) {
  for (const auto& kind : kinds) {
    if (!payload.is(kind.name, kind.ns)) continue;
    ReadableText text;
    kind.add(text, payload);
    return std::move(text).take();
  }
  return {};
}

bool has_readable_body(std::string_view payload_namespace) {
  return std::ranges::find(kinds, payload_namespace, &Kind::ns) != kinds.end();
}

}  // namespace crier
