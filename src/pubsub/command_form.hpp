#pragma once
/// The forms of ad-hoc commands, from and to stanzas. XEP-0050, XEP-0004, XEP-0122.
///
/// What a command asks for is a struct and a table of rows, as a node's configuration is
/// (model/fields.hpp): the table makes the form with its labels, choices, defaults and validation,
/// and reads and checks what is submitted. A command of several stages has one struct and a table
/// for each stage, in which the rows of earlier stages are hidden: so the form itself carries what
/// was said before.

#include <crier/errors.hpp>
#include <crier/jid.hpp>
#include <crier/namespaces.hpp>
#include <crier/service.hpp>
#include <crier/time.hpp>

#include "model/fields.hpp"

#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// A NodeID; empty for none.
struct NodeName {
  std::string text;
};

/// Lines of text; empty for none.
struct Lines {
  std::string text;
};

/// A whole number between bounds, which are written as texts for forms.
template <std::int64_t lowest, std::int64_t highest>
struct Bounded {
  std::int64_t value = lowest;
};

template <>
struct FieldValue<NodeName> : PlainValue {
  static Values write(const NodeName& name) {
    return name.text.empty() ? Values{} : Values{name.text};
  }
  static bool read(const Values& values, NodeName& name) {
    if (values.size() > 1) return false;
    if (values.empty() || values.front().empty()) return true;
    auto prepared = prepare_resource(values.front());
    if (prepared) name.text = std::move(*prepared);
    return prepared.has_value();
  }
};

template <>
struct FieldValue<Lines> : PlainValue {
  static constexpr std::string_view type = "text-multi";
  static Values write(const Lines& lines) {
    return lines.text.empty() ? Values{} : Values{lines.text};
  }
  static bool read(const Values& values, Lines& lines) {
    for (const auto& line : values) lines.text += (lines.text.empty() ? "" : "\n") + line;
    return true;
  }
};

/// An address: of an account, a session or a domain.
template <>
struct FieldValue<std::optional<Jid>> : PlainValue {
  static constexpr std::string_view type = "jid-single";
  static Values write(const std::optional<Jid>& jid) {
    return jid ? Values{jid->text()} : Values{};
  }
  static bool read(const Values& values, std::optional<Jid>& jid) {
    if (values.size() > 1) return false;
    if (values.empty() || values.front().empty()) return true;
    jid = Jid::parse(values.front());
    return jid.has_value();
  }
};

template <>
struct FieldValue<std::optional<Time>> : PlainValue {
  static constexpr std::string_view datatype = "xs:dateTime";
  static Values write(const std::optional<Time>& time) {
    return time ? Values{format_datetime(*time)} : Values{};
  }
  static bool read(const Values& values, std::optional<Time>& time) {
    if (values.size() > 1) return false;
    if (values.empty() || values.front().empty()) return true;
    time = parse_datetime(values.front());
    return time.has_value();
  }
};

/// The decimal digits of a number that is known when the program is compiled.
template <std::int64_t number>
struct Digits {
  static constexpr std::size_t size = [] {
    std::size_t count = 1;
    for (auto rest = number; rest >= 10; rest /= 10) ++count;
    return count;
  }();
  struct Text {
    char digits[size];
  };
  static constexpr Text text = [] {
    Text written{};
    auto rest = number;
    for (auto at = size; at > 0; --at, rest /= 10)
      written.digits[at - 1] = static_cast<char>('0' + rest % 10);
    return written;
  }();
  static constexpr std::string_view view{text.digits, size};
};

template <std::int64_t lowest, std::int64_t highest>
struct FieldValue<Bounded<lowest, highest>> : PlainValue {
  static constexpr std::string_view datatype = "xs:integer";
  static constexpr std::string_view least = Digits<lowest>::view;
  static constexpr std::string_view most = Digits<highest>::view;
  static Values write(const Bounded<lowest, highest>& number) {
    return {std::to_string(number.value)};
  }
  static bool read(const Values& values, Bounded<lowest, highest>& number) {
    if (values.size() != 1) return false;
    const std::string& text = values.front();
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number.value);
    return parsed.ec == std::errc() && parsed.ptr == end && number.value >= lowest &&
           number.value <= highest;
  }
};

/// What people read above a form.
struct FormHead {
  std::string_view form_type;
  std::string_view title;
  std::string_view instructions = {};
};

/// `<note/>`, of type info unless told. XEP-0050 §4.3
std::string command_note(std::string_view text, std::string_view type = "info");

/// A command that is done, and what there is to say about it.
CommandStage done(std::string_view text);

/// A stage that asks for the fields of `table`, filled in as `values` says.
template <class Config>
CommandStage ask_for(const FormHead& head, std::span<const Field<Config>> table,
                     const Config& values) {
  CommandStage stage{CommandStage::Status::executing};
  stage.content = written([&](XmlWriter& out) {
    auto x = out.open("x", ns::data_forms);
    x.attr("type", "form");
    out.leaf("title", head.title);
    if (!head.instructions.empty()) out.leaf("instructions", head.instructions);
    write_fields(out, "form", head.form_type, table, values);
  });
  return stage;
}

/// What the form says, defaults where it says nothing.
/// Refuses with bad-payload, naming the field: one that the table has not, a value that it can not
/// have, one that must be there and is not.
template <class Config>
Result<Config> read_form(const FormHead& head, std::span<const Field<Config>> table,
                         const DataForm& form) {
  if (!form.form_type().empty() && form.form_type() != head.form_type)
    return errors::bad_payload.because("The form has a FORM_TYPE that does not belong here.");
  auto read = TRY(apply_form(table, Config{}, form, errors::bad_payload, errors::bad_payload));
  for (const auto& row : table)
    if (row.required && row.get(read).empty())
      return errors::bad_payload.because(fmt::format("The field {} is missing.", row.var));
  return read;
}

/// A column of a result.
struct Column {
  std::string_view var;
  std::string_view label;
  std::string_view type = "text-single";
};

/// A result with many entries, each with a value for each column; `more` are fields beside them
/// that are not empty, by name and label. XEP-0004 §3.4
struct Report {
  std::vector<std::vector<std::string>> rows = {};
  struct Extra {
    std::string_view var;
    std::string_view label;
    std::string value;
  };
  std::vector<Extra> more = {};
  /// About what the rows take as XML.
  std::size_t bytes = 0;

  /// Adds a row. False, and nothing is added, when the report would become larger than a page is;
  /// one row it always has room for.
  bool add(std::vector<std::string> row, const Policy& policy);
};

/// A command that is done, with a report; `nothing` is said when that has no rows.
CommandStage done(const FormHead& head, std::span<const Column> columns, const Report& report,
                  std::string_view nothing);

}  // namespace crier
