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

Result<void> check_preconditions(const NodeConfig& config, const DataForm& form,
                                 const Policy& policy) {
  const auto resolved = [&](NodeConfig open) {
    open.max_items = {capacity_of(open, policy)};
    return open;
  };
  NodeConfig wanted;
  for (const auto& submitted : form.fields()) {
    const auto& field = *find_field(node_fields(), submitted.var);
    if (!field.set(wanted, submitted.values) ||
        field.get(resolved(wanted)) != field.get(resolved(config)))
      return errors::precondition_not_met.because(
          fmt::format("The node's {} is another.", submitted.var));
  }
  return {};
}

Result<DataForm> publish_options(const Element& options) {
  auto form = TRY(submitted_form(options, ns::publish_options));
  if (!form) return errors::bad_request.because("The options hold no form.");
  for (const auto& submitted : form->fields())
    if (!find_field(node_fields(), submitted.var))
      return errors::precondition_not_met.because(
          fmt::format("There is no field {}.", submitted.var));
  return std::move(*form);
}

std::uint64_t capacity_of(const NodeConfig& config, const Policy& policy) {
  return std::min(config.max_items.value, policy.max_items);
}

}  // namespace crier
