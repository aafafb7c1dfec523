#include "transfer/foreign/prosody_data.hpp"

#include <crier/xml_writer.hpp>

#include "model/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace crier::transfer {

namespace {

/// Prosody's own names of fields, where they are not those of XEP-0060 §16.4.4.
constexpr std::pair<std::string_view, std::string_view> renamed[] = {
    {"payload_type", "type"},
    {"notify_items", "deliver_notifications"},
    {"include_payload", "deliver_payloads"},
};

/// What holds where a configuration says nothing, and is not our default.
constexpr std::pair<const char*, const char*> defaults[] = {
    {"max_items", "20"},
};

Values scalar(const Term& term) {
  switch (term.kind) {
    case Term::Kind::text: return {term.text};
    case Term::Kind::boolean: return {term.integer != 0 ? "1" : "0"};
    case Term::Kind::integer: return {std::to_string(term.integer)};
    case Term::Kind::real: return {fmt::format("{:.0f}", term.real)};
    default: return {};
  }
}

Values values_of(const Term& term) {
  if (term.items.empty()) return scalar(term);
  Values values;
  for (const auto& item : term.items)
    for (auto& value : scalar(item)) values.push_back(std::move(value));
  return values;
}

Fields fields_of(const Term* table) {
  Fields fields;
  if (!table) return fields;
  for (const auto& [name, value] : table->members) {
    if (value.is(Term::Kind::nothing)) continue;
    const auto* other =
        std::ranges::find(renamed, name, [](const auto& each) { return each.first; });
    fields[other == std::end(renamed) ? name : std::string(other->second)] = values_of(value);
  }
  return fields;
}

/// The first owner by address: Prosody does not keep who has created a node.
std::string owner_of(const ProsodyNode& node) {
  std::string owner;
  if (!node.affiliations) return owner;
  for (const auto& [jid, affiliation] : node.affiliations->members)
    if (affiliation.says("owner") && (owner.empty() || jid < owner)) owner = jid;
  return owner;
}

/// Writes a stanza and what is in it. Attributes with a namespace have names `uri\1name`, or
/// `uri|name` where an older version has stored them.
class StanzaWriter {
 public:
  bool write(const Term& stanza, const std::string* outer_ns, bool is_root) {
    const auto* name = stanza.member("name");
    const auto* attributes = stanza.member("attr");
    if (!name || !name->is(Term::Kind::text) || !is_xml_name(name->text)) return false;
    out_ += '<' + name->text;
    const std::string* ns = outer_ns;
    if (attributes && !write_attributes(*attributes, ns, is_root)) return false;
    out_ += '>';
    for (const auto& item : stanza.items) {
      if (item.is(Term::Kind::text))
        append_text(out_, item.text);
      else if (!write(item, ns, false))
        return false;
    }
    out_ += "</" + name->text + '>';
    return true;
  }

  std::string take() { return std::move(out_); }

 private:
  bool write_attributes(const Term& attributes, const std::string*& ns, bool is_root) {
    int prefixes = 0;
    for (const auto& [key, value] : attributes.members) {
      if (!value.is(Term::Kind::text)) return false;
      // The archive puts the time there.
      if (is_root && (key == "stamp" || key == "stamp_legacy")) continue;
      auto mark = key.find('\1');
      if (mark == std::string::npos) mark = key.find('|');
      auto name = key;
      if (mark != std::string::npos) {
        const auto prefix = fmt::format("ns{}", ++prefixes);
        attribute("xmlns:" + prefix, key.substr(0, mark));
        name = prefix + ':' + key.substr(mark + 1);
      }
      if (!is_xml_name(name)) return false;
      if (key == "xmlns") {
        if (ns && *ns == value.text) continue;
        ns = &value.text;
      }
      attribute(name, value.text);
    }
    return true;
  }

  void attribute(const std::string& name, std::string_view value) {
    out_ += fmt::format(" {}='", name);
    append_attribute_value(out_, value);
    out_ += '\'';
  }

  std::string out_;
};

}  // namespace

bool carry_prosody_node(const ProsodyNode& node, std::optional<Time> created, Carrier& carrier) {
  auto config = fields_of(node.config);
  for (const auto& [name, value] : defaults) config.try_emplace(name, Values{value});
  if (!carrier.node({.name = node.name,
                     .creator = owner_of(node),
                     .created = created,
                     .config = std::move(config),
                     .parents = {}}))
    return false;
  if (node.affiliations) {
    for (const auto& [jid, affiliation] : node.affiliations->members)
      carrier.affiliation(jid, affiliation.text);
  }
  if (node.subscribers) {
    for (const auto& [jid, options] : node.subscribers->members)
      carrier.subscription({.jid = jid, .state = "subscribed", .options = fields_of(&options)});
  }
  return true;
}

std::optional<std::string> prosody_stanza_xml(const Term& stanza) {
  StanzaWriter writer;
  if (!writer.write(stanza, nullptr, true)) return {};
  return writer.take();
}

}  // namespace crier::transfer
