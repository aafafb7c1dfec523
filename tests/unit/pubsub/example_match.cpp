#include "pubsub/example_match.hpp"

#include <crier/namespaces.hpp>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace crier::test {

namespace {

constexpr std::string_view white_space = " \t\r\n";

/// Stands for any value.
constexpr std::string_view anything = "*";

struct Named {
  std::string_view element;
  std::string_view name;
};

/// Attributes that an answer may have although the example has none.
constexpr Named extra_attributes[] = {
    {"iq", "id"},         {"iq", "to"},         {"message", "id"},
    {"message", "type"},  {"identity", "name"}, {"subscription", "subid"},
    {"options", "subid"},
};

/// Elements that an answer may have although the example has none.
constexpr Named extra_children[] = {{"error", "text"}, {"publish", "item"}};

/// Where the order of the children says something: of items (§12.1), of conditions (§11).
constexpr std::string_view ordered[] = {"items", "error"};

bool listed(std::span<const Named> list, std::string_view element, std::string_view name) {
  return std::ranges::any_of(
      list, [&](const Named& each) { return each.element == element && each.name == name; });
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(white_space);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(white_space) - begin + 1);
}

bool is_stanza(const Element& element) {
  return element.ns.empty() && (element.name == "iq" || element.name == "message");
}

bool leaves_content_open(const Element& expected) {
  return expected.child("content", any_ns) != nullptr;
}

bool attributes_match(const Element& expected, const Element& actual, Generated& generated) {
  for (const auto& each : expected.attributes) {
    const auto value = actual.attribute(each.name, each.ns);
    if (!value) return false;
    const bool made_up = is_stanza(expected) && each.name == "id";
    if (!made_up && !generated.is(each.value, *value)) return false;
  }
  return std::ranges::all_of(actual.attributes, [&](const Attribute& each) {
    return expected.attribute(each.name, each.ns) ||
           listed(extra_attributes, actual.name, each.name);
  });
}

/// `true` and `false` in the one spelling, other values as they are. XEP-0004 §3.3.
std::string_view plain_boolean(std::string_view value) {
  if (value == "true") return "1";
  return value == "false" ? "0" : value;
}

/// The `<value/>` in `parent`.
std::vector<std::string> values_of(const Element& parent) {
  std::vector<std::string> values;
  for (const auto& child : parent.children())
    if (child.is("value", ns::data_forms))
      values.emplace_back(plain_boolean(trimmed(child.text())));
  return values;
}

std::vector<std::string> options_of(const Element& field) {
  std::vector<std::string> options;
  for (const auto& child : field.children())
    if (child.is("option", ns::data_forms))
      std::ranges::move(values_of(child), std::back_inserter(options));
  return options;
}

/// Whether `actual` has the same values in any order.
bool values_match(const std::vector<std::string>& expected, std::vector<std::string> actual,
                  Generated& generated) {
  for (const auto& value : expected) {
    const auto found = std::ranges::find_if(
        actual, [&](const std::string& each) { return generated.is(value, each); });
    if (found == actual.end()) return false;
    actual.erase(found);
  }
  return actual.empty();
}

bool field_matches(const Element& expected, const Element& actual, Generated& generated) {
  const auto type = expected.attribute("type");
  const auto actual_type = actual.attribute("type");
  if (type && actual_type && type != actual_type) return false;
  const auto values = values_of(expected);
  const bool open = values.empty() || values.front() == anything;
  if (!open && !values_match(values, values_of(actual), generated)) return false;
  const auto offered = options_of(actual);
  return std::ranges::all_of(options_of(expected), [&](const std::string& option) {
    return std::ranges::find(offered, option) != offered.end();
  });
}

const Element* field_named(const Element& form, std::string_view var) {
  for (const auto& field : form.children())
    if (field.name == "field" && field.attribute_or("var", "") == var) return &field;
  return nullptr;
}

/// Each field of the example is in the form; what people read is the service's own.
bool form_matches(const Element& expected, const Element& actual, Generated& generated) {
  if (expected.attribute("type") != actual.attribute("type")) return false;
  for (const auto& field : expected.children()) {
    if (field.name != "field") continue;
    const auto* found = field_named(actual, field.attribute_or("var", ""));
    if (!found || !field_matches(field, *found, generated)) return false;
  }
  return true;
}

/// Each child that is expected is there, and nothing that may not be.
bool children_match(const Element& expected, const Element& actual, Generated& generated) {
  std::vector<const Element*> left;
  for (const auto& child : actual.children()) left.push_back(&child);
  const bool in_order = std::ranges::find(ordered, expected.name) != std::end(ordered);
  auto from = left.begin();
  for (const auto& child : expected.children()) {
    if (child.ns == any_ns) continue;
    const auto found = std::find_if(
        from, left.end(), [&](const Element* each) { return matches(child, *each, generated); });
    if (found == left.end()) return false;
    const auto next = left.erase(found);
    from = in_order ? next : left.begin();
  }
  if (leaves_content_open(expected) || expected.ns == ns::disco_info) return true;
  return std::ranges::all_of(
      left, [&](const Element* each) { return listed(extra_children, expected.name, each->name); });
}

bool element_matches(const Element& expected, const Element& actual, Generated& generated) {
  if (!actual.is(expected.name, expected.ns)) return false;
  if (expected.is("x", ns::data_forms)) return form_matches(expected, actual, generated);
  if (!attributes_match(expected, actual, generated)) return false;
  const bool same_text = generated.is(trimmed(expected.text()), trimmed(actual.text()));
  return (same_text || leaves_content_open(expected)) &&
         children_match(expected, actual, generated);
}

}  // namespace

Generated::Generated(std::string_view printed) {
  while (!(printed = trimmed(printed)).empty()) {
    const auto end = std::min(printed.find_first_of(white_space), printed.size());
    printed_.emplace(printed.substr(0, end));
    printed.remove_prefix(end);
  }
}

bool Generated::is(std::string_view printed, std::string_view actual) {
  if (printed == anything) return true;
  if (!printed_.contains(printed)) return printed == actual;
  if (const auto known = made_.find(printed); known != made_.end()) return known->second == actual;
  if (std::ranges::any_of(made_, [&](const auto& each) { return each.second == actual; }))
    return false;
  made_.emplace(printed, actual);
  return true;
}

std::string Generated::filled_in(std::string stanza) const {
  for (const auto& [printed, made] : made_)
    for (auto at = stanza.find(printed); at != stanza.npos;
         at = stanza.find(printed, at + made.size()))
      stanza.replace(at, printed.size(), made);
  return stanza;
}

bool matches(const Element& expected, const Element& actual, Generated& generated) {
  auto trial = generated;
  if (!element_matches(expected, actual, trial)) return false;
  generated = std::move(trial);
  return true;
}

}  // namespace crier::test
