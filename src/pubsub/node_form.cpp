#include "pubsub/node_form.hpp"

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>

#include "model/node_fields.hpp"

#include <algorithm>

namespace crier {

Result<std::optional<DataForm>> submitted_form(const Element& parent, std::string_view form_type) {
  const Element* x = parent.child("x", ns::data_forms);
  if (!x) return std::optional<DataForm>();
  auto form = TRY(DataForm::parse(*x));
  if (form.type() != "submit" && form.type() != "cancel")
    return errors::bad_request.because("The form is not of the type submit.");
  if (!form.form_type().empty() && form.form_type() != form_type)
    return errors::bad_request.because("The form has a FORM_TYPE that does not belong here.");
  return std::optional(std::move(form));
}

Result<NodeConfig> configured(NodeConfig config, const DataForm& form, const Policy& policy) {
  config = TRY(apply_form(node_fields(), std::move(config), form, errors::not_acceptable,
                          errors::not_acceptable));
  if (config.max_items.value == 0)
    return errors::not_acceptable.because("The field pubsub#max_items is 1 or more.");
  if (!config.max_items.is_max() && config.max_items.value > policy.max_items)
    return errors::not_acceptable.because(
        fmt::format("The field pubsub#max_items is at most {}.", policy.max_items));
  return config;
}

Result<void> check_preconditions(const NodeConfig& config, const DataForm& form) {
  NodeConfig wanted;
  for (const auto& submitted : form.fields()) {
    const auto* field = find_field(node_fields(), submitted.var);
    if (!field)
      return errors::precondition_not_met.because(
          fmt::format("There is no field {}.", submitted.var));
    if (!field->set(wanted, submitted.values) || field->get(wanted) != field->get(config))
      return errors::precondition_not_met.because(
          fmt::format("The node's {} is another.", submitted.var));
  }
  return {};
}

std::uint64_t capacity_of(const NodeConfig& config, const Policy& policy) {
  return std::min(config.max_items.value, policy.max_items);
}

}  // namespace crier
