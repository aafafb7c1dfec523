#include <crier/form.hpp>

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <fmt/format.h>

#include <unordered_set>

namespace crier {

namespace {

DataForm::Field read_field(const Element& element, std::string_view var) {
  DataForm::Field field{std::string(var), {}};
  for (const auto& child : element.children())
    if (child.is("value", ns::data_forms)) field.values.push_back(child.text());
  return field;
}

}  // namespace

Result<DataForm> DataForm::parse(const Element& x) {
  DataForm form;
  form.type_ = x.attribute_or("type", "");
  std::unordered_set<std::string_view> known;
  for (const auto& child : x.children()) {
    if (!child.is("field", ns::data_forms)) continue;
    const auto var = child.attribute("var");
    if (!var) return errors::bad_request.because("A field of the form has no name.");
    if (!known.insert(*var).second)
      return errors::bad_request.because(fmt::format("The field {} stands there twice.", *var));
    auto field = read_field(child, *var);
    if (*var != "FORM_TYPE")
      form.fields_.push_back(std::move(field));
    else if (!field.values.empty())
      form.form_type_ = field.values.front();
  }
  return form;
}

const DataForm::Field* DataForm::field(std::string_view var) const {
  for (const auto& field : fields_)
    if (field.var == var) return &field;
  return nullptr;
}

void write_field(XmlWriter& out, std::string_view var, std::string_view type,
                 std::string_view label, std::span<const std::string> values) {
  auto field = out.open("field");
  field.attr("var", var).attr("type", type);
  if (!label.empty()) field.attr("label", label);
  for (const auto& value : values) out.leaf("value", value);
}

void write_field(XmlWriter& out, std::string_view var, std::string_view type,
                 std::string_view label, std::string_view value) {
  const std::string only(value);
  write_field(out, var, type, label, std::span(&only, 1));
}

void write_form_type(XmlWriter& out, std::string_view form_type) {
  write_field(out, "FORM_TYPE", "hidden", {}, form_type);
}

}  // namespace crier
