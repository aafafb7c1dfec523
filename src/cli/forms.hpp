#pragma once
/// Data forms as a client sees them: what may be set, and what is set. XEP-0004, XEP-0060 §16.4.

#include <crier/element.hpp>
#include <crier/xml_writer.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crier::cli {

struct FormField {
  std::string var;
  /// As XEP-0004 §3.3 names them; empty when the service does not say.
  std::string type;
  std::string label;
  std::vector<std::string> values;
  /// The values that may be chosen; empty for any.
  std::vector<std::string> options;
};

/// A form that a service sent, or a result; without hidden and fixed fields.
struct Form {
  std::vector<FormField> fields;
  /// The value of FORM_TYPE; empty when there is none. XEP-0068.
  std::string form_type = {};

  const FormField* field(std::string_view var) const;
  /// The first value of the field; empty when there is none.
  std::string value(std::string_view var) const;
};

/// The form inside of `parent`; one without fields when it holds none.
Form read_form(const Element& parent);

/// The items of a result, as a table. XEP-0004 §3.4.
struct FormTable {
  /// What `<reported/>` names.
  std::vector<FormField> columns;
  /// Each has as many cells as there are columns: the values of a field, which may be none.
  std::vector<std::vector<std::vector<std::string>>> rows;
};

/// The items of the form inside of `parent`; none when it has no `<reported/>`.
FormTable read_form_table(const Element& parent);

/// A field and what it shall be: what `--set` says.
struct Setting {
  std::string var;
  std::vector<std::string> values;
};

/// The settings that `texts`, each FIELD=VALUE, spell. A FIELD without `#` is one of `pubsub#`; one
/// that stands there several times gets several values. Throws Fault (usage) for what is not
/// FIELD=VALUE.
std::vector<Setting> read_settings(std::span<const std::string> texts);

/// Compares `settings` with the form that the service offers, so that a slip of the pen is found
/// before anything is changed; yes/no, true/false and on/off become what XEP-0004 wants. Throws
/// Fault (usage) for a field that neither the form nor XEP-0060 has and for a value that is not
/// offered.
void match_settings(std::vector<Setting>& settings, const Form& form);

/// Writes a form of type `submit`; `form_type` is empty for none.
void write_form(XmlWriter& out, std::string_view form_type, std::span<const Setting> settings);

}  // namespace crier::cli
