#include "transfer/json_line.hpp"

#include "pubsub/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace crier::transfer {

namespace {

constexpr std::array<std::string_view, std::variant_size_v<Record>> kind_names{
    "services", "redirects", "nodes", "affiliations", "subscriptions", "items", "contacts"};

/// As a roster says it, seen from the service. RFC 6121 §2.1.2.5
constexpr std::array<std::string_view, 4> roster_states{"none", "to", "from", "both"};

std::string_view roster_state(const Contact& contact) {
  return roster_states[(contact.seen ? 1u : 0u) + (contact.sees_us ? 2u : 0u)];
}

std::string_view name_of(NodeType type) {
  return type == NodeType::collection ? "collection" : "leaf";
}

// Writing.

void append_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto special = std::ranges::find_if(
        text, [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; });
    const auto plain = static_cast<std::size_t>(special - text.begin());
    out.append(text.substr(0, plain));
    if (plain == text.size()) break;
    constexpr std::string_view letters = "\"\\bfnrt", meant = "\"\\\b\f\n\r\t";
    const char c = text[plain];
    if (const auto known = meant.find(c); known != meant.npos)
      (out += '\\') += letters[known];
    else
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    text.remove_prefix(plain + 1);
  }
  out += '"';
}

/// Writes the members of one object.
class Members {
 public:
  Members(std::string& out, std::string_view record) : out_(out) {
    out_ += "{\"record\":";
    append_string(out_, record);
  }
  ~Members() { out_ += "}\n"; }
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;

  Members& operator()(std::string_view name, std::string_view value) {
    begin(name);
    append_string(out_, value);
    return *this;
  }
  Members& operator()(std::string_view name, Time value) {
    return (*this)(name, std::string_view(format_datetime(value)));
  }
  Members& operator()(std::string_view name, std::uint64_t value) {
    begin(name);
    out_ += fmt::format_int(value).c_str();
    return *this;
  }
  Members& unless_empty(std::string_view name, std::string_view value) {
    return value.empty() ? *this : (*this)(name, value);
  }
  Members& unless_empty(std::string_view name, const std::vector<std::string>& values) {
    if (values.empty()) return *this;
    begin(name);
    append(values);
    return *this;
  }
  Members& unless_empty(std::string_view name, const Fields& fields) {
    if (fields.empty()) return *this;
    begin(name);
    char separator = '{';
    for (const auto& [var, values] : fields) {
      out_ += std::exchange(separator, ',');
      append_string(out_, var);
      out_ += ':';
      append(values);
    }
    out_ += '}';
    return *this;
  }
  void flag(std::string_view name) {
    begin(name);
    out_ += "true";
  }

 private:
  void begin(std::string_view name) {
    out_ += ",\"";
    out_ += name;
    out_ += "\":";
  }
  void append(const std::vector<std::string>& values) {
    out_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out_ += ',';
      append_string(out_, values[i]);
    }
    out_ += ']';
  }

  std::string& out_;
};

void append(std::string& out, const ServiceRecord& service) {
  Members(out, "service")("jid", service.jid);
}

void append(std::string& out, const RedirectRecord& redirect) {
  Members(out, "redirect")("node", redirect.node)("uri", redirect.uri);
}

void append(std::string& out, const NodeRecord& node) {
  Members(out, "node")("node", node.node)("type", name_of(node.type))("creator", node.creator)(
      "created", node.created)
      .unless_empty("config", node.config)
      .unless_empty("parents", node.parents);
}

void append(std::string& out, const AffiliationRecord& entry) {
  Members(out, "affiliation")("node", entry.node)("jid", entry.jid)(
      "affiliation", crier::name_of(entry.affiliation));
}

void append(std::string& out, const SubscriptionRecord& entry) {
  Members members(out, "subscription");
  members("node", entry.node)("jid", entry.jid)("state", crier::name_of(entry.state));
  members.unless_empty("subid", entry.subid)("created", entry.created);
  members.unless_empty("options", entry.options);
  if (entry.behind) members("behind", *entry.behind);
}

void append(std::string& out, const ItemRecord& item) {
  Members(out, "item")("node", item.node)("id", item.id)("publisher", item.publisher)(
      "created", item.created)("published", item.published)
      .unless_empty("payload", item.payload);
}

void append(std::string& out, const ContactRecord& entry) {
  Members members(out, "contact");
  members("jid", entry.jid)("subscription", roster_state(entry.contact));
  if (entry.contact.asked) members.flag("ask");
}

// Reading.

/// The value of one member, once.
template <class Value>
class Once {
 public:
  void set(const JsonReader& json, Value value) {
    if (value_) json.fail("this member is there twice");
    value_ = std::move(value);
  }
  bool has_value() const { return value_.has_value(); }
  Value value_or(Value missing) { return value_ ? std::move(*value_) : std::move(missing); }
  Value required(std::string_view name) {
    if (!value_) throw Malformed(fmt::format("the member {} is missing", name));
    return std::move(*value_);
  }

 private:
  std::optional<Value> value_;
};

Time read_time(JsonReader& json) {
  const auto time = parse_datetime(json.string());
  if (!time) json.fail("this is not a time such as 2026-05-01T10:20:30Z");
  return *time;
}

std::vector<std::string> read_texts(JsonReader& json) {
  std::vector<std::string> texts;
  json.array([&] { texts.push_back(json.string()); });
  return texts;
}

Fields read_fields(JsonReader& json) {
  Fields fields;
  json.object([&](const std::string& var) {
    if (!fields.emplace(var, read_texts(json)).second) json.fail("this field is there twice");
  });
  return fields;
}

constexpr std::array<std::string_view, 14> text_members{
    "jid",   "node", "uri",     "type",      "creator", "affiliation",  "state",
    "subid", "id",   "payload", "publisher", "format",  "subscription", "record"};

/// All members that a line may have; which of them a record needs, says what makes it.
struct RawLine {
  std::array<Once<std::string>, text_members.size()> texts;
  Once<Time> created, published;
  Once<Fields> config, options;
  Once<std::vector<std::string>> parents;
  Once<std::uint64_t> version, behind;
  Once<bool> ask;
  std::array<Once<std::uint64_t>, kind_names.size()> counts;
  /// How many members there are, and how many of those were asked for.
  std::size_t given = 0;
  std::size_t used = 0;

  Once<std::string>& at(std::string_view name) {
    return texts[std::ranges::find(text_members, name) - text_members.begin()];
  }
  std::string text(std::string_view name) {
    ++used;
    return at(name).required(name);
  }
  std::string optional_text(std::string_view name) {
    used += at(name).has_value();
    return at(name).value_or({});
  }
  template <class Value>
  Value take(Once<Value>& member, std::string_view name) {
    ++used;
    return member.required(name);
  }
  template <class Value>
  Value take_or(Once<Value>& member, Value missing) {
    used += member.has_value();
    return member.value_or(std::move(missing));
  }
};

bool read_other(JsonReader& json, const std::string& name, RawLine& raw) {
  if (name == "created") return raw.created.set(json, read_time(json)), true;
  if (name == "published") return raw.published.set(json, read_time(json)), true;
  if (name == "config") return raw.config.set(json, read_fields(json)), true;
  if (name == "options") return raw.options.set(json, read_fields(json)), true;
  if (name == "parents") return raw.parents.set(json, read_texts(json)), true;
  if (name == "version") return raw.version.set(json, json.number()), true;
  if (name == "behind") return raw.behind.set(json, json.number()), true;
  if (name == "ask") return raw.ask.set(json, json.boolean()), true;
  const auto kind = std::ranges::find(kind_names, name);
  if (kind == kind_names.end()) return false;
  raw.counts[kind - kind_names.begin()].set(json, json.number());
  return true;
}

RawLine read_raw(std::string_view line) {
  RawLine raw;
  JsonReader json(line);
  json.object([&](const std::string& name) {
    ++raw.given;
    const auto text = std::ranges::find(text_members, name);
    if (text != text_members.end())
      raw.texts[text - text_members.begin()].set(json, json.string());
    else if (!read_other(json, name, raw))
      json.fail(fmt::format("there is no member {}", name));
  });
  json.end();
  return raw;
}

NodeType read_type(const std::string& name) {
  for (const auto type : {NodeType::leaf, NodeType::collection})
    if (name == name_of(type)) return type;
  throw Malformed("the type of a node is leaf or collection");
}

Record node_in(RawLine& raw) {
  return NodeRecord{.node = raw.text("node"),
                    .type = read_type(raw.text("type")),
                    .creator = raw.text("creator"),
                    .created = raw.take(raw.created, "created"),
                    .config = raw.take_or(raw.config, {}),
                    .parents = raw.take_or(raw.parents, {})};
}

Record affiliation_in(RawLine& raw) {
  const auto affiliation = affiliation_named(raw.text("affiliation"));
  if (!affiliation || *affiliation == Affiliation::none)
    throw Malformed("there is no such affiliation");
  return AffiliationRecord{raw.text("node"), raw.text("jid"), *affiliation};
}

Record subscription_in(RawLine& raw) {
  const auto state = subscription_state_named(raw.text("state"));
  if (!state) throw Malformed("a subscription is pending, unconfigured or subscribed");
  SubscriptionRecord entry{.node = raw.text("node"),
                           .jid = raw.text("jid"),
                           .state = *state,
                           .subid = raw.optional_text("subid"),
                           .created = raw.take(raw.created, "created"),
                           .options = raw.take_or(raw.options, {})};
  if (raw.behind.has_value()) entry.behind = raw.take(raw.behind, "behind");
  return entry;
}

Record item_in(RawLine& raw) {
  return ItemRecord{.node = raw.text("node"),
                    .id = raw.text("id"),
                    .publisher = raw.text("publisher"),
                    .created = raw.take(raw.created, "created"),
                    .published = raw.take(raw.published, "published"),
                    .payload = raw.optional_text("payload")};
}

Record contact_in(RawLine& raw) {
  const auto found = std::ranges::find(roster_states, raw.text("subscription"));
  if (found == roster_states.end()) throw Malformed("a subscription is none, to, from or both");
  const auto state = static_cast<std::size_t>(found - roster_states.begin());
  return ContactRecord{raw.text("jid"),
                       {.sees_us = (state & 2u) != 0,
                        .seen = (state & 1u) != 0,
                        .asked = raw.take_or(raw.ask, false)}};
}

Line header_in(RawLine& raw) {
  if (raw.text("format") != "crier") throw Malformed("this is not an export of crier's");
  return Header{raw.take(raw.version, "version")};
}

Line trailer_in(RawLine& raw) {
  Trailer trailer;
  for (std::size_t kind = 0; kind < kind_names.size(); ++kind)
    trailer.counts[kind] = raw.take(raw.counts[kind], kind_names[kind]);
  return trailer;
}

Line line_in(RawLine& raw, const std::string& kind) {
  if (kind == "item") return item_in(raw);
  if (kind == "subscription") return subscription_in(raw);
  if (kind == "affiliation") return affiliation_in(raw);
  if (kind == "node") return node_in(raw);
  if (kind == "redirect") return RedirectRecord{raw.text("node"), raw.text("uri")};
  if (kind == "service") return ServiceRecord{raw.text("jid")};
  if (kind == "contact") return contact_in(raw);
  if (kind == "header") return header_in(raw);
  if (kind == "end") return trailer_in(raw);
  throw Malformed(fmt::format("there is no record {}", kind));
}

}  // namespace

std::span<const std::string_view, std::variant_size_v<Record>> kinds() {
  return kind_names;
}

void append_header(std::string& out) {
  Members(out, "header")("format", "crier")("version", format_version);
}

void append_line(std::string& out, const Record& record) {
  std::visit([&](const auto& of_its_kind) { append(out, of_its_kind); }, record);
}

void append_trailer(std::string& out, const Counts& counts) {
  Members members(out, "end");
  for (std::size_t kind = 0; kind < counts.size(); ++kind) members(kind_names[kind], counts[kind]);
}

Line read_line(std::string_view line) {
  auto raw = read_raw(line);
  const auto kind = raw.text("record");
  auto read = line_in(raw, kind);
  if (raw.used != raw.given) throw Malformed(fmt::format("a {} has no such member", kind));
  return read;
}

}  // namespace crier::transfer
