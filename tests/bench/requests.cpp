#include "requests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace crier::bench {

namespace {

constexpr std::string_view ns = "http://jabber.org/protocol/pubsub";
constexpr std::string_view resource = "/bench";

// One entry, around the two places that hold the number of the item in ten digits.
constexpr std::string_view entry_head = "<entry xmlns='http://www.w3.org/2005/Atom'><title>Item ";
constexpr std::string_view entry_id = "</title><id>urn:crier-bench:";
constexpr std::string_view entry_tail =
    "</id><updated>2026-01-01T00:00:00Z</updated><summary>A summary that says as much as those of "
    "a feed do: what happened, where it happened, who was there, and why it matters to you."
    "</summary></entry>";
static_assert(entry_head.size() + entry_id.size() + entry_tail.size() + 10 + 10 == 300);

template <class... Args>
void append(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

void begin(std::string& out, std::string_view type, const Envelope& envelope,
           std::string_view sub_namespace = {}) {
  append(out, "<iq type='{}' from='{}' to='{}' id='{}'><pubsub xmlns='{}{}'>", type, envelope.from,
         envelope.to, envelope.id, ns, sub_namespace);
}

void end(std::string& out) {
  out += "</pubsub></iq>";
}

void append_item(std::string& out, std::uint64_t number) {
  append(out, "<item id='i{}'>{}{:010}{}{:010}{}</item>", number, entry_head, number, entry_id,
         number, entry_tail);
}

void append_disco(std::string& out, const Envelope& envelope, std::string_view what,
                  std::string_view node) {
  append(out, "<iq type='get' from='{}' to='{}' id='{}'>", envelope.from, envelope.to, envelope.id);
  append(out, "<query xmlns='http://jabber.org/protocol/disco#{}'", what);
  if (!node.empty()) append(out, " node='{}'", node);
  out += "/></iq>";
}

}  // namespace

void append_create(std::string& out, const Envelope& envelope, std::string_view node,
                   const NodeConfig& config) {
  begin(out, "set", envelope);
  append(out,
         "<create node='{}'/><configure><x xmlns='jabber:x:data' type='submit'>"
         "<field var='FORM_TYPE' type='hidden'><value>{}#node_config</value></field>",
         node, ns);
  for (const auto& [name, value] : config)
    append(out, "<field var='{}'><value>{}</value></field>", name, value);
  out += "</x></configure>";
  end(out);
}

void append_delete(std::string& out, const Envelope& envelope, std::string_view node) {
  begin(out, "set", envelope, "#owner");
  append(out, "<delete node='{}'/>", node);
  end(out);
}

void append_publish(std::string& out, const Envelope& envelope, std::string_view node,
                    std::uint64_t number) {
  append_publish_batch(out, envelope, node, number, 1);
}

void append_publish_batch(std::string& out, const Envelope& envelope, std::string_view node,
                          std::uint64_t first, std::uint64_t count) {
  begin(out, "set", envelope);
  append(out, "<publish node='{}'>", node);
  for (auto number = first; number < first + count; ++number) append_item(out, number);
  out += "</publish>";
  end(out);
}

void append_subscribe(std::string& out, const Envelope& envelope, std::string_view node) {
  begin(out, "set", envelope);
  append(out, "<subscribe node='{}' jid='{}'/>", node,
         envelope.from.substr(0, envelope.from.find('/')));
  end(out);
}

void append_unsubscribe(std::string& out, const Envelope& envelope, std::string_view node) {
  begin(out, "set", envelope);
  append(out, "<unsubscribe node='{}' jid='{}'/>", node,
         envelope.from.substr(0, envelope.from.find('/')));
  end(out);
}

void append_retrieve(std::string& out, const Envelope& envelope, std::string_view node,
                     unsigned max_items) {
  begin(out, "get", envelope);
  append(out, "<items node='{}' max_items='{}'/>", node, max_items);
  end(out);
}

void append_read_configuration(std::string& out, const Envelope& envelope, std::string_view node) {
  begin(out, "get", envelope, "#owner");
  append(out, "<configure node='{}'/>", node);
  end(out);
}

void append_disco_info(std::string& out, const Envelope& envelope, std::string_view node) {
  append_disco(out, envelope, "info", node);
}

void append_disco_items(std::string& out, const Envelope& envelope, std::string_view node) {
  append_disco(out, envelope, "items", node);
}

void append_available(std::string& out, std::string_view from, std::string_view to,
                      std::string_view status) {
  append(out,
         "<presence from='{}' to='{}'>{}<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' "
         "node='u:bench' ver='q07IKJEyjvHSyhy//CH0CxmKi8w='/></presence>",
         from, to, status);
}

bool acknowledges(const Stanza& result, std::uint64_t item) {
  const auto tag = find_tag(result.content, "item");
  return !tag || item_number(tag->attribute("id")) == item;
}

std::string item_id(std::uint64_t number) {
  return fmt::format("i{}", number);
}

std::uint64_t item_number(std::string_view id) {
  return number_in(id, "i").value_or(UINT64_MAX);
}

bool holds_entry(std::string_view content, std::uint64_t number) {
  return content.find(fmt::format("{}{:010}", entry_id.substr(entry_id.rfind('>') + 1), number)) !=
         std::string_view::npos;
}

bool holds_newest(std::string_view content, std::uint64_t count, const Published& published) {
  // More than one item of ours takes in an answer.
  constexpr std::size_t item_bytes = 500;
  std::set<std::uint64_t> items;
  std::uint64_t found = 0;
  while (const auto item = take_tag(content, "item")) {
    const auto number = item_number(item->attribute("id"));
    if (!holds_entry(content.substr(0, item_bytes), number)) return false;
    items.insert(number);
    ++found;
  }
  if (items.empty()) return count == 0 || published.acknowledged == 0;
  const auto [first, last] = std::pair(*items.begin(), *items.rbegin());
  return found == items.size() && items.size() == std::min(count, last + 1) &&
         last - first + 1 == items.size() && last + 1 >= published.acknowledged &&
         last < published.asked;
}

Users::Users(std::string_view kind, std::string_view domain)
    : kind_(kind), at_domain_(fmt::format("@{}", domain)) {}

std::string Users::bare(std::uint64_t number) const {
  return fmt::format("{}{}{}", kind_, number, at_domain_);
}

std::string Users::full(std::uint64_t number) const {
  return fmt::format("{}{}{}{}", kind_, number, at_domain_, resource);
}

std::uint64_t Users::number_of(std::string_view bare) const {
  return number_in(bare, kind_, at_domain_).value_or(UINT64_MAX);
}

}  // namespace crier::bench
