#pragma once
/// Data forms as a service reads and writes them. XEP-0004.

#include <crier/element.hpp>
#include <crier/error.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

class XmlWriter;

/// A form that somebody submitted. XEP-0004 §3.
class DataForm {
 public:
  struct Field {
    std::string var;
    std::vector<std::string> values;
  };

  /// Reads an `<x xmlns='jabber:x:data'/>`.
  /// Refuses with bad-request a form whose fields have no `var` or stand there twice.
  static Result<DataForm> parse(const Element& x);

  /// `submit`, `cancel`, `form` or `result`. XEP-0004 §3.1.
  const std::string& type() const { return type_; }
  /// The value of FORM_TYPE, empty when there is none. XEP-0068.
  const std::string& form_type() const { return form_type_; }
  /// All fields but FORM_TYPE, in the order of the form.
  const std::vector<Field>& fields() const { return fields_; }
  /// The field of that name, or null.
  const Field* field(std::string_view var) const;

 private:
  std::string type_;
  std::string form_type_;
  std::vector<Field> fields_;
};

/// Writes a `<field/>`; an empty label is left out. XEP-0004 §3.2.
void write_field(XmlWriter& out, std::string_view var, std::string_view type,
                 std::string_view label, std::span<const std::string> values);
/// The same with one value.
void write_field(XmlWriter& out, std::string_view var, std::string_view type,
                 std::string_view label, std::string_view value);
/// Writes the field FORM_TYPE. XEP-0068 §3.
void write_form_type(XmlWriter& out, std::string_view form_type);

}  // namespace crier
