#include <crier/form.hpp>

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>

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

}  // namespace crier
