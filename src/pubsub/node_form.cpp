#include "pubsub/node_form.hpp"

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>

#include "base/glob.hpp"
#include "model/node_fields.hpp"

#include <algorithm>

namespace crier {

namespace {

/// A hundred years, in seconds.
constexpr std::uint64_t longest_item_expire = 3'155'760'000;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether the values mean the same: those of a multi field have no order, and language tags no
/// case (RFC 5646 §2.1.1).
bool same_values(const Field<NodeConfig>& field, Values one, Values other) {
  if (field.type.ends_with("-multi")) {
    std::ranges::sort(one);
    std::ranges::sort(other);
  }
  if (field.datatype == "xs:language")
    for (auto* values : {&one, &other})
      for (auto& value : *values) std::ranges::transform(value, value.begin(), lower);
  return one == other;
}

/// Refuses what is otherwise than the operator has set it; it may be repeated.
Result<void> check_forced(const NodeConfig& config, std::string_view name, const Policy& policy) {
  const auto forced = forced_fields(name, policy);
  if (forced.empty()) return {};
  // What is set is within the limits: that was checked at start.
  const auto wanted = within_limits(forced_config(config, name, policy), policy);
  for (const auto var : forced) {
    const auto& field = *find_field(node_fields(), var);
    if (!same_values(field, field.get(config), field.get(wanted.value())))
      return errors::not_acceptable.because(
          fmt::format("The administrators have set {} for this node.", var));
  }
  return {};
}

}  // namespace

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

NodeConfig default_config(std::string_view name, const Policy& policy) {
  NodeConfig config;
  for (const auto& rule : policy.node_rules)
    if (matches_glob(rule.pattern, name))
      find_field(node_fields(), rule.var)->set(config, rule.values);
  return config;
}

NodeConfig forced_config(NodeConfig config, std::string_view name, const Policy& policy) {
  for (const auto& rule : policy.node_rules)
    if (rule.forced && matches_glob(rule.pattern, name))
      find_field(node_fields(), rule.var)->set(config, rule.values);
  return config;
}

std::vector<std::string_view> forced_fields(std::string_view name, const Policy& policy) {
  std::vector<std::string_view> vars;
  for (const auto& rule : policy.node_rules)
    if (rule.forced && matches_glob(rule.pattern, name)) vars.push_back(rule.var);
  return vars;
}

Result<NodeConfig> configured(NodeConfig config, const DataForm& form, std::string_view name,
                              const Policy& policy) {
  config = TRY(apply_form(node_fields(), std::move(config), form, errors::not_acceptable,
                          errors::not_acceptable));
  config = TRY(within_limits(std::move(config), policy));
  TRY(check_forced(config, name, policy));
  return config;
}

Result<NodeConfig> within_limits(NodeConfig config, const Policy& policy) {
  const struct {
    std::string_view var;
    Count value;
    std::uint64_t most;
  } counts[] = {
      {"pubsub#max_items", config.max_items, policy.max_items},
      {"pubsub#max_payload_size", config.max_payload_size, policy.max_payload_size},
      {"pubsub#children_max", config.children_max, policy.max_children},
      {"pubsub#item_expire", config.item_expire, longest_item_expire},
  };
  for (const auto& count : counts)
    if (count.value.value == 0 || (!count.value.is_max() && count.value.value > count.most))
      return errors::not_acceptable.because(
          fmt::format("The field {} is at least 1 and at most {}.", count.var, count.most));
  // What is as much as the service allows stays so when the service allows more.
  if (config.max_payload_size.value == policy.max_payload_size) config.max_payload_size = {};
  return config;
}

NodeConfig shown(NodeConfig config, const Policy& policy) {
  config.max_payload_size = {max_payload_of(config, policy)};
  return config;
}

Result<void> check_preconditions(const NodeConfig& config, const DataForm& form,
                                 const Policy& policy) {
  const auto resolved = [&](NodeConfig open) {
    open.max_items = {capacity_of(open, policy)};
    return shown(std::move(open), policy);
  };
  NodeConfig wanted;
  const auto actual = resolved(config);
  for (const auto& submitted : form.fields()) {
    const auto& field = *find_field(node_fields(), submitted.var);
    if (!field.set(wanted, submitted.values) ||
        !same_values(field, field.get(resolved(wanted)), field.get(actual)))
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

std::uint64_t max_payload_of(const NodeConfig& config, const Policy& policy) {
  return std::min<std::uint64_t>(config.max_payload_size.value, policy.max_payload_size);
}

std::uint64_t capacity_of(const NodeConfig& config, const Policy& policy) {
  return std::min(config.max_items.value, policy.max_items);
}

}  // namespace crier
