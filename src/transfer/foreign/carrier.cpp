#include "transfer/foreign/carrier.hpp"

#include <crier/jid.hpp>

#include "pubsub/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace crier::transfer {

namespace {

constexpr std::size_t max_item_id_bytes = 1023;
/// A hundred years in seconds: items that live longer live for ever.
constexpr std::uint64_t longest_item_expire = 3'155'760'000;

/// A field of which a value that is not known must not be taken for its default.
struct Guarded {
  std::string_view var;
  std::array<std::string_view, 5> known;
  std::string_view instead;
};

constexpr Guarded guarded[] = {
    {"pubsub#access_model", {"authorize", "open", "presence", "roster", "whitelist"}, "whitelist"},
    {"pubsub#publish_model", {"publishers", "subscribers", "open"}, "publishers"},
    {"pubsub#children_association_policy", {"all", "owners", "whitelist"}, "owners"},
};

std::optional<std::string> bare_jid(std::string_view text) {
  const auto jid = Jid::parse(text);
  if (!jid) return {};
  return std::string(jid->bare());
}

/// The length of the character that `text` begins with, 0 when it is none that XML has.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t at) -> std::uint32_t {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return first >= 0x20 || first == 9 || first == 10 || first == 13;
  const std::size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (length == 0 || first > 0xf4) return 0;
  std::uint32_t character = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
    character = character << 6 | (byte(i) & 0x3fU);
  }
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = character >= 0xd800 && character < 0xe000;
  const bool is_none = character == 0xfffe || character == 0xffff || character > 0x10ffff;
  return character < least[length] || is_surrogate || is_none ? 0 : length;
}

}  // namespace

bool is_xml_text(std::string_view text) {
  while (!text.empty()) {
    const auto length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_xml_name(std::string_view text) {
  return !text.empty() && text.find_first_of(" \t\r\n<>&'\"/=") == std::string_view::npos &&
         is_xml_text(text);
}

std::optional<Time> time_of(std::int64_t microseconds) {
  constexpr std::int64_t end = 253'402'300'800'000'000;
  if (microseconds < 0 || microseconds >= end) return {};
  return Time(std::chrono::microseconds(microseconds));
}

std::optional<Time> time_of_microseconds(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return {};
  return time_of(number);
}

std::optional<Time> time_of_seconds(std::string_view text) {
  const auto point = std::min(text.find('.'), text.size());
  if (point == 0) return {};
  std::string digits(text.substr(0, point));
  auto fraction = std::string(text.substr(std::min(point + 1, text.size())));
  fraction.resize(6, '0');
  return time_of_microseconds(digits + fraction);
}

void Carrier::service(std::string_view host) {
  host_ = host;
  sink_.take(ServiceRecord{host_});
}

Fields Carrier::fields(Fields found, std::string_view what) {
  Fields fields;
  for (auto& [name, values] : found) {
    const auto var =
        name.starts_with("pubsub#") || name.starts_with("x-") ? name : "pubsub#" + name;
    if (std::ranges::all_of(values, is_xml_text))
      fields.emplace(var, std::move(values));
    else
      lose(fmt::format("{} {}", what, var));
  }
  return fields;
}

void Carrier::close(Fields& config) {
  for (const auto& [var, known, instead] : guarded) {
    const auto field = config.find(std::string(var));
    if (field == config.end()) continue;
    const auto value = field->second.size() == 1 ? field->second.front() : "";
    if (!value.empty() && std::ranges::find(known, value) != known.end()) continue;
    lose(fmt::format("{}={} of a node, which is {} now", var, value, instead));
    field->second = {std::string(instead)};
  }
}

/// Counts are at least 1 here. A node that keeps 0 items keeps none.
void Carrier::check_counts(Fields& config) {
  for (const auto* var : {"pubsub#max_items", "pubsub#max_payload_size", "pubsub#item_expire",
                          "pubsub#children_max"}) {
    const auto field = config.find(var);
    if (field == config.end() || field->second.size() != 1) continue;
    const auto& text = field->second.front();
    std::uint64_t value = 1;
    std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_for_ever = field->first == "pubsub#item_expire" && value > longest_item_expire;
    if (value > 0 && !is_for_ever) continue;
    if (field->first == "pubsub#max_items")
      config["pubsub#persist_items"] = {"0"};
    else if (!is_for_ever)
      lose(fmt::format("the configuration {}=0", var));
    config.erase(field);
  }
}

bool Carrier::node(ForeignNode found) {
  const auto name = prepare_resource(found.name);
  if (!name) {
    lose("a node whose name no NodeID can have, with all that it has");
    return false;
  }
  creator_ = bare_jid(found.creator).value_or(host_);
  NodeRecord record{.node = *name,
                    .type = found.type,
                    .creator = creator_,
                    .created = found.created.value_or(Time()),
                    .config = fields(std::move(found.config), "the configuration"),
                    .parents = {}};
  close(record.config);
  check_counts(record.config);
  for (const auto& parent : found.parents) {
    if (const auto prepared = prepare_resource(parent)) record.parents.push_back(*prepared);
  }
  normalise(record, [&](std::string_view what) { lose(what); });
  node_ = record.node;
  created_ = record.created;
  const auto config = config_of(record);
  keeps_items_ = record.type == NodeType::leaf && config.persist_items;
  surplus_ = found.items > config.max_items.value ? found.items - config.max_items.value : 0;
  sink_.take(std::move(record));
  return true;
}

void Carrier::affiliation(std::string_view jid, std::string_view name) {
  if (name == "none") return;
  const auto bare = bare_jid(jid);
  const auto affiliation = affiliation_named(name);
  if (!bare || !affiliation)
    return lose(bare ? fmt::format("the affiliation {}", is_xml_text(name) ? name : "?")
                     : "an affiliation of what is no JID");
  sink_.take(AffiliationRecord{node_, *bare, *affiliation});
}

void Carrier::subscription(ForeignSubscription found) {
  if (found.state == "none") return;
  const auto jid = Jid::parse(found.jid);
  const auto state = subscription_state_named(found.state);
  if (!jid) return lose("a subscription of what is no JID");
  if (!state) return lose("a subscription in a state that there is not");
  SubscriptionRecord record{
      .node = node_,
      .jid = jid->text(),
      .state = *state,
      .subid = subid_of(SubscriptionId{static_cast<std::int64_t>(++subscriptions_)}),
      .created = created_,
      .options = fields(std::move(found.options), "the option"),
      .behind = {}};
  normalise(record, [&](std::string_view what) { lose(what); });
  sink_.take(std::move(record));
}

void Carrier::tell(ReadProgress progress, std::uint64_t items) {
  progress_ = std::move(progress);
  items_expected_ = items;
}

void Carrier::item(ForeignItem found) {
  carry(std::move(found));
  count_item();
}

void Carrier::lose_item(std::string_view what) {
  lose(what);
  count_item();
}

void Carrier::count_item() {
  if (progress_) progress_(++items_, items_expected_);
}

void Carrier::carry(ForeignItem found) {
  if (!keeps_items_) return lose("an item of a node that keeps none");
  if (surplus_ > 0) {
    --surplus_;
    return lose("an item beyond those that its node keeps");
  }
  if (found.id.empty() || found.id.size() > max_item_id_bytes || !is_xml_text(found.id))
    return lose("an item with an id that no item can have");
  const auto payload = found.payload ? normal_payload(*found.payload) : std::nullopt;
  if (!payload) return lose("an item whose payload is not well-formed XML");
  if (payload->size() > max_stored_bytes) return lose("an item larger than a database can hold");
  auto publisher = bare_jid(found.publisher);
  if (!publisher) lose("the publisher of an item, which is the node's creator now");
  const auto created = found.created ? *found.created : found.published.value_or(Time());
  sink_.take(ItemRecord{.node = node_,
                        .id = std::move(found.id),
                        .publisher = publisher.value_or(creator_),
                        .created = created,
                        .published = found.published.value_or(created),
                        .payload = *payload});
}

void Carrier::lose(std::string_view what, std::uint64_t times) {
  for (std::uint64_t i = 0; i < times; ++i) sink_.lose(what);
}

}  // namespace crier::transfer
