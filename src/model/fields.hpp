#pragma once
/// Form fields as rows of a table. One row says everything about a field: its name, type, label,
/// choices, and where its value lies in the structure that it configures. The form, its
/// validation, what is stored, preconditions and the command line's options all read the same row;
/// a new field is one more row. XEP-0060 §16.4, XEP-0004 §3.3.

#include <crier/error.hpp>
#include <crier/form.hpp>
#include <crier/node_config.hpp>
#include <crier/xml_writer.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// One value that a list field can take.
struct Choice {
  std::string_view value;
  std::string_view label;
  /// Another spelling that is understood; empty for none.
  std::string_view also = {};
};

/// A choice of a field that is not offered.
struct Withheld {
  std::string_view var;
  std::string_view value;
  bool operator==(const Withheld&) const = default;
};

using Values = std::vector<std::string>;

/// How a C++ type stands in a form: the field's type, its datatype for validation (XEP-0122; empty
/// where the type says it all), its texts, and back.
/// `read` gives false for values that the type does not have.
template <class T>
struct FieldValue;

/// What most types say.
struct PlainValue {
  static constexpr std::string_view type = "text-single";
  static constexpr std::string_view datatype = {};
  /// The bounds of the value; empty for none. XEP-0122 §3.2.3
  static constexpr std::string_view least = {};
  static constexpr std::string_view most = {};
  static std::span<const Choice> choices() { return {}; }
};

/// The choices of an enumeration, in the order of its enumerators from 0.
template <class Enum>
struct Choices;

template <>
struct FieldValue<bool> : PlainValue {
  static constexpr std::string_view type = "boolean";
  static Values write(bool value) { return {value ? "1" : "0"}; }
  static bool read(const Values& values, bool& value) {
    if (values.size() != 1) return false;
    const std::string& text = values.front();
    value = text == "1" || text == "true";
    return value || text == "0" || text == "false";
  }
};

template <>
struct FieldValue<std::string> : PlainValue {
  static Values write(const std::string& value) { return value.empty() ? Values{} : Values{value}; }
  static bool read(const Values& values, std::string& value) {
    if (values.size() > 1) return false;
    value = values.empty() ? "" : values.front();
    return true;
  }
};

template <>
struct FieldValue<Count> : PlainValue {
  static constexpr std::string_view datatype = "pubsub:integer-or-max";
  static Values write(Count count) {
    return {count.is_max() ? "max" : std::to_string(count.value)};
  }
  static bool read(const Values& values, Count& count) {
    if (values.size() != 1) return false;
    const std::string& text = values.front();
    if (text == "max") {
      count = {};
      return true;
    }
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, count.value);
    return parsed.ec == std::errc() && parsed.ptr == end && !count.is_max();
  }
};

template <>
struct FieldValue<Values> : PlainValue {
  static constexpr std::string_view type = "text-multi";
  static Values write(const Values& list) { return list; }
  static bool read(const Values& values, Values& list) {
    list = values;
    std::erase(list, "");
    return true;
  }
};

/// The root has no name: to be its child alone is one empty value. XEP-0248 §7.2.1
template <>
struct FieldValue<Parents> : PlainValue {
  static constexpr std::string_view type = "text-multi";
  static Values write(const Parents& parents) {
    return parents.names.empty() ? Values{""} : parents.names;
  }
  static bool read(const Values& values, Parents& parents);
};

template <>
struct FieldValue<Children> : PlainValue {
  static constexpr std::string_view type = "text-multi";
  static Values write(const Children& children) { return children.names; }
  static bool read(const Values& values, Children& children);
};

template <>
struct FieldValue<JidList> : PlainValue {
  static constexpr std::string_view type = "jid-multi";
  static Values write(const JidList& list) { return list.jids; }
  static bool read(const Values& values, JidList& list);
};

/// Groups are their users' own: any name may be submitted.
template <>
struct FieldValue<GroupList> : PlainValue {
  static constexpr std::string_view type = "list-multi";
  static constexpr std::string_view datatype = "xs:string";
  static Values write(const GroupList& groups) { return groups.names; }
  static bool read(const Values& values, GroupList& groups);
};

/// A list without an end: any language tag may be submitted.
template <>
struct FieldValue<Language> : PlainValue {
  static constexpr std::string_view type = "list-single";
  static constexpr std::string_view datatype = "xs:language";
  static std::span<const Choice> choices();
  static Values write(const Language& language);
  static bool read(const Values& values, Language& language);
};

template <class Enum>
requires std::is_enum_v<Enum>
struct FieldValue<Enum> : PlainValue {
  static constexpr std::string_view type = "list-single";
  static std::span<const Choice> choices() { return Choices<Enum>::list; }
  static Values write(Enum value) {
    return {std::string(Choices<Enum>::list[static_cast<std::size_t>(value)].value)};
  }
  static bool read(const Values& values, Enum& value) {
    if (values.size() != 1) return false;
    for (std::size_t i = 0; i < choices().size(); ++i) {
      const auto& choice = choices()[i];
      if (choice.value != values.front() && (choice.also.empty() || choice.also != values.front()))
        continue;
      value = static_cast<Enum>(i);
      return true;
    }
    return false;
  }
};

/// One field of a form that configures a `Config`.
template <class Config>
struct Field {
  std::string_view var;
  std::string_view label;
  std::string_view type;
  std::string_view datatype;
  std::span<const Choice> (*choices)();
  Values (*get)(const Config&);
  /// False, and nothing changed, when the values are none that the field can have.
  bool (*set)(Config&, const Values&);
  /// What refuses a value that the field can not have; null for what the form's use says.
  const ErrorKind* invalid;
  /// Another name that is understood; empty for none.
  std::string_view also = {};
  /// The value follows from something else that is stored.
  bool derived = false;
  std::string_view least = {};
  std::string_view most = {};
  /// The form is nothing without a value of it. XEP-0004 §3.2
  bool required = false;

  /// The row of the member that `member` points at.
  /// Several pointers lead to a member of a member.
  template <auto... member>
  static constexpr Field of(std::string_view var, std::string_view label,
                            const ErrorKind* invalid = nullptr) {
    using Value = std::remove_cvref_t<decltype((std::declval<Config>().*....*member))>;
    return {var,
            label,
            FieldValue<Value>::type,
            FieldValue<Value>::datatype,
            &FieldValue<Value>::choices,
            [](const Config& config) { return FieldValue<Value>::write((config.*....*member)); },
            [](Config& config, const Values& values) {
              Value value{};
              if (!FieldValue<Value>::read(values, value)) return false;
              (config.*....*member) = std::move(value);
              return true;
            },
            invalid,
            {},
            false,
            FieldValue<Value>::least,
            FieldValue<Value>::most};
  }
  /// The same row, which must have a value.
  constexpr Field and_required() const {
    Field field = *this;
    field.required = true;
    return field;
  }
  /// The same row, which nobody sees: it carries what was said before. XEP-0004 §3.3
  constexpr Field and_hidden() const {
    Field field = *this;
    field.type = "hidden";
    return field;
  }
  /// The same row, whose value is not stored with the others.
  constexpr Field and_derived() const {
    Field field = *this;
    field.derived = true;
    return field;
  }
  /// The same row, which understands another name as well.
  constexpr Field known_as(std::string_view name) const {
    Field field = *this;
    field.also = name;
    return field;
  }
};

/// The row of that name, or null.
template <class Config>
const Field<Config>* find_field(std::span<const Field<Config>> table, std::string_view var) {
  for (const auto& field : table)
    if (field.var == var || (!field.also.empty() && field.also == var)) return &field;
  return nullptr;
}

/// `config` with the fields of `form` put in; a field that the form leaves out keeps its value.
/// Refuses with `unknown` a field that no row has, and with `invalid` a value that the field can
/// not take.
template <class Config>
Result<Config> apply_form(std::span<const Field<Config>> table, Config config, const DataForm& form,
                          const ErrorKind& unknown, const ErrorKind& invalid) {
  for (const auto& submitted : form.fields()) {
    const auto* field = find_field(table, submitted.var);
    if (!field) return unknown.because(fmt::format("There is no field {}.", submitted.var));
    if (!field->set(config, submitted.values))
      return (field->invalid ? *field->invalid : invalid)
          .because(fmt::format("The field {} cannot have this value.", submitted.var));
  }
  return config;
}

/// What the values of a field of that type must be, when there is more to say than the type does.
/// XEP-0122 §3.
void write_validation(XmlWriter& out, std::string_view type, std::string_view datatype,
                      std::string_view least = {}, std::string_view most = {});

template <class Config>
void write_fields(XmlWriter& out, std::string_view type, std::string_view form_type,
                  std::span<const Field<Config>> table, const Config& config,
                  std::span<const std::string_view> fixed = {},
                  std::span<const Withheld> withheld = {});

/// Writes the form of `config`: `type` is "form", with labels and choices for somebody to fill in,
/// or "result", with the values alone. Fields in `fixed` offer no other choice than the one they
/// have, and none offers what is in `withheld`, unless it has it. XEP-0004 §3.1, XEP-0068.
template <class Config>
void write_form(XmlWriter& out, std::string_view type, std::string_view form_type,
                std::span<const Field<Config>> table, const Config& config,
                std::span<const std::string_view> fixed = {},
                std::span<const Withheld> withheld = {}) {
  auto x = out.open("x", "jabber:x:data");
  x.attr("type", type);
  write_fields(out, type, form_type, table, config, fixed, withheld);
}

/// The fields of that form.
template <class Config>
void write_fields(XmlWriter& out, std::string_view type, std::string_view form_type,
                  std::span<const Field<Config>> table, const Config& config,
                  std::span<const std::string_view> fixed, std::span<const Withheld> withheld) {
  write_form_type(out, form_type);
  for (const auto& row : table) {
    auto field = out.open("field");
    field.attr("var", row.var).attr("type", row.type);
    const bool is_shown = type == "form" && row.type != "hidden";
    if (is_shown) field.attr("label", row.label);
    const auto values = row.get(config);
    for (const auto& value : values) out.leaf("value", value);
    if (!is_shown) continue;
    if (row.required) out.open("required");
    write_validation(out, row.type, row.datatype, row.least, row.most);
    const bool is_fixed = std::ranges::find(fixed, row.var) != fixed.end();
    for (const auto& choice : row.choices()) {
      const bool is_chosen = std::ranges::find(values, choice.value) != values.end();
      const bool is_withheld =
          std::ranges::find(withheld, Withheld{row.var, choice.value}) != withheld.end();
      if ((is_fixed || is_withheld) && !is_chosen) continue;
      auto option = out.open("option");
      option.attr("label", choice.label);
      out.leaf("value", choice.value);
    }
  }
}

/// `config` as text for the store: a line `var value…` for each field that differs from its
/// default, values separated by tabs; tab, line end and backslash are written \t, \n, \\.
template <class Config>
std::string to_stored(std::span<const Field<Config>> table, const Config& config);

/// The configuration that `text` holds, defaults where it says nothing. Fields that no row has any
/// more are passed over.
template <class Config>
Config from_stored(std::span<const Field<Config>> table, std::string_view text);

/// `values` as one stored line's tail, and back.
std::string join_stored(const Values& values);
Values split_stored(std::string_view text);

template <class Config>
std::string to_stored(std::span<const Field<Config>> table, const Config& config) {
  const Config defaults;
  std::string text;
  for (const auto& field : table) {
    if (field.derived) continue;
    const Values values = field.get(config);
    if (values != field.get(defaults))
      text += fmt::format("{}\t{}\n", field.var, join_stored(values));
  }
  return text;
}

template <class Config>
Config from_stored(std::span<const Field<Config>> table, std::string_view text) {
  Config config;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto tab = std::min(line.find('\t'), line.size());
    if (const auto* field = find_field(table, line.substr(0, tab)))
      field->set(config, split_stored(line.substr(std::min(tab + 1, line.size()))));
  }
  return config;
}

}  // namespace crier
