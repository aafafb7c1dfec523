#include "model/capability_hash_input.hpp"

#include <crier/namespaces.hpp>

#include <algorithm>
#include <compare>
#include <utility>
#include <vector>

namespace crier {

namespace {

struct Identity {
  std::string_view category;
  std::string_view type;
  std::string_view language;
  std::string_view name;
  auto operator<=>(const Identity&) const = default;
};

/// A disco#info result, taken apart; identities and features are sorted. All are views of it.
struct DiscoInfo {
  std::vector<Identity> identities;
  std::vector<std::string_view> features;
  std::vector<const Element*> forms;
  /// There is an element of another kind.
  bool extended = false;
};

std::string_view language_of(const Element& identity, IdentityLanguage where) {
  for (const Element* at = &identity; at; at = at->parent) {
    if (const auto language = at->attribute("lang", ns::xml)) return *language;
    if (where == IdentityLanguage::own) break;
  }
  return {};
}

/// Adds a child of the query. False when it lacks what it must have. XEP-0030 §3.1.
bool add(DiscoInfo& info, const Element& child, IdentityLanguage where) {
  if (child.is("identity", ns::disco_info)) {
    const auto category = child.attribute("category");
    const auto type = child.attribute("type");
    if (!category || !type) return false;
    info.identities.push_back(
        {*category, *type, language_of(child, where), child.attribute_or("name", "")});
  } else if (child.is("feature", ns::disco_info)) {
    const auto var = child.attribute("var");
    if (!var) return false;
    info.features.push_back(*var);
  } else if (child.is("x", ns::data_forms)) {
    info.forms.push_back(&child);
  } else {
    info.extended = true;
  }
  return true;
}

/// Nothing when an identity has no category or type, or a feature no name.
std::optional<DiscoInfo> read_info(const Element& query, IdentityLanguage where) {
  DiscoInfo info;
  for (const auto& child : query.children())
    if (!add(info, child, where)) return {};
  std::ranges::sort(info.identities);
  std::ranges::sort(info.features);
  return info;
}

/// Whether something stands twice in what is sorted.
template <class List>
bool has_twins(const List& list) {
  return std::ranges::adjacent_find(list) != list.end();
}

bool is_field(const Element& element) {
  return element.is("field", ns::data_forms);
}

bool is_form_type(const Element& field) {
  return field.attribute_or("var", "") == "FORM_TYPE";
}

/// The values of a field, sorted.
std::vector<std::string> values_of(const Element& field) {
  std::vector<std::string> values;
  for (const auto& child : field.children())
    if (child.is("value", ns::data_forms)) values.push_back(child.text());
  std::ranges::sort(values);
  return values;
}

/// The values of the form's FORM_TYPE, sorted; none when it has no FORM_TYPE, or one that people
/// would be shown. XEP-0068 §3.
std::vector<std::string> form_types(const Element& form) {
  for (const auto& field : form.children())
    if (is_field(field) && is_form_type(field))
      return field.attribute_or("type", "") == "hidden" ? values_of(field)
                                                        : std::vector<std::string>();
  return {};
}

// XEP-0115

/// In a word the separator stays the reference that it is in XML (XEP-0115 §5.1). All else stands
/// for itself, as in Prosody and slixmpp; aioxmpp makes references of '&' and '>' too.
void append_word(std::string& out, std::string_view word, char separator = '<') {
  for (const char c : word) {
    if (c == '<')
      out += "&lt;";
    else
      out += c;
  }
  out += separator;
}

void append_identity(std::string& out, const Identity& identity) {
  append_word(out, identity.category, '/');
  append_word(out, identity.type, '/');
  append_word(out, identity.language, '/');
  append_word(out, identity.name);
}

void append_form(std::string& out, const Element& form) {
  std::vector<std::pair<std::string_view, std::vector<std::string>>> fields;
  for (const auto& field : form.children())
    if (is_field(field) && !is_form_type(field))
      fields.emplace_back(field.attribute_or("var", ""), values_of(field));
  std::ranges::sort(fields);
  for (const auto& [var, values] : fields) {
    append_word(out, var);
    for (const auto& value : values) append_word(out, value);
  }
}

/// Appends the forms, without those that have no FORM_TYPE. False when one has several, or two have
/// the same. XEP-0115 §5.4 step 3.5, 3.6.
bool append_forms(std::string& out, const std::vector<const Element*>& forms) {
  std::vector<std::pair<std::string, const Element*>> typed;
  for (const Element* form : forms) {
    auto types = form_types(*form);
    if (types.empty()) continue;
    if (types.front() != types.back()) return false;
    typed.emplace_back(std::move(types.front()), form);
  }
  std::ranges::sort(typed);
  const auto type_of = [](const auto& form) { return form.first; };
  if (std::ranges::adjacent_find(typed, {}, type_of) != typed.end()) return false;
  for (const auto& [type, form] : typed) {
    append_word(out, type);
    append_form(out, *form);
  }
  return true;
}

// XEP-0390

/// What ends a field, an entry of fields, a form, and a part. XEP-0390 §4.1.
constexpr char unit_separator = 0x1f;
constexpr char record_separator = 0x1e;
constexpr char group_separator = 0x1d;
constexpr char file_separator = 0x1c;

/// `parts` from the least to the greatest, and what ends them.
std::string joined(std::vector<std::string> parts, char end) {
  std::ranges::sort(parts);
  std::string text;
  for (const auto& part : parts) text += part;
  return text += end;
}

std::string unit(std::string_view text) {
  return std::string(text) += unit_separator;
}

std::string features_string(const DiscoInfo& info) {
  std::vector<std::string> features;
  for (const auto feature : info.features) features.push_back(unit(feature));
  return joined(std::move(features), file_separator);
}

std::string identities_string(const DiscoInfo& info) {
  std::vector<std::string> identities;
  for (const auto& [category, type, language, name] : info.identities)
    identities.push_back(unit(category) + unit(type) + unit(language) + unit(name) +
                         record_separator);
  return joined(std::move(identities), file_separator);
}

/// Whether the form holds a FORM_TYPE, as it must, and no table. XEP-0390 §4.1 step 2, 3.
bool is_extension(const Element* form) {
  if (form->child("reported", ns::data_forms) || form->child("item", ns::data_forms)) return false;
  int named = 0;
  for (const auto& child : form->children()) named += is_field(child) && is_form_type(child);
  return named == 1 && form_types(*form).size() == 1;
}

std::string field_string(const Element& field) {
  std::vector<std::string> values;
  for (const auto& value : values_of(field)) values.push_back(unit(value));
  return unit(field.attribute_or("var", "")) + joined(std::move(values), record_separator);
}

std::string extensions_string(const DiscoInfo& info) {
  std::vector<std::string> forms;
  for (const Element* form : info.forms) {
    std::vector<std::string> fields;
    for (const auto& field : form->children())
      if (is_field(field)) fields.push_back(field_string(field));
    forms.push_back(joined(std::move(fields), group_separator));
  }
  return joined(std::move(forms), file_separator);
}

}  // namespace

std::optional<std::string> verification_string(const Element& query) {
  const auto info = read_info(query, IdentityLanguage::own);
  if (!info || has_twins(info->identities) || has_twins(info->features)) return {};
  std::string text;
  for (const auto& identity : info->identities) append_identity(text, identity);
  for (const auto feature : info->features) append_word(text, feature);
  if (!append_forms(text, info->forms)) return {};
  return text;
}

std::optional<std::string> capability_hash_input(const Element& query, IdentityLanguage where) {
  const auto info = read_info(query, where);
  if (!info || info->extended || !std::ranges::all_of(info->forms, is_extension)) return {};
  return features_string(*info) + identities_string(*info) + extensions_string(*info);
}

}  // namespace crier
