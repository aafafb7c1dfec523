#include "cli/forms.hpp"

#include <crier/fault.hpp>
#include <crier/namespaces.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/exit_status.hpp"
#include "cli/printable.hpp"

namespace crier::cli {

namespace {

/// The registered fields of a node's configuration, without `pubsub#`. §16.4.4, XEP-0248 §12.2.
/// Services know more of them than their forms show.
constexpr std::string_view registered[] = {
    "access_model",
    "body_xslt",
    "children",
    "children_association_policy",
    "children_max",
    "collection",
    "contact",
    "dataform_xslt",
    "deliver_notifications",
    "deliver_payloads",
    "description",
    "item_expire",
    "itemreply",
    "language",
    "max_items",
    "max_payload_size",
    "node_type",
    "notification_type",
    "notify_config",
    "notify_delete",
    "notify_retract",
    "notify_sub",
    "persist_items",
    "presence_based_delivery",
    "publish_model",
    "publish_node_full",
    "purge_offline",
    "roster_groups_allowed",
    "send_last_published_item",
    "subscribe",
    "tempsub",
    "title",
    "type",
};

FormField read_field(const Element& element) {
  FormField field;
  field.var = element.attribute_or("var", "");
  field.type = element.attribute_or("type", "");
  field.label = element.attribute_or("label", "");
  for (const auto& child : element.children()) {
    if (child.is("value", ns::data_forms)) field.values.push_back(child.text());
    if (!child.is("option", ns::data_forms)) continue;
    if (const auto* value = child.child("value", ns::data_forms))
      field.options.push_back(value->text());
  }
  return field;
}

std::string full_name(std::string_view field) {
  // Names that are not registered begin with x-. XEP-0068 §3.4
  const bool qualified = field.find('#') != std::string_view::npos || field.starts_with("x-");
  return qualified ? std::string(field) : "pubsub#" + std::string(field);
}

/// As it may be given to --set.
std::string short_name(std::string_view var) {
  return printable(var.starts_with("pubsub#") ? var.substr(7) : var);
}

std::string known_fields(const Form& form) {
  std::vector<std::string> names;
  for (const auto& field : form.fields) names.push_back(short_name(field.var));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string boolean_value(const Setting& setting, const std::string& value) {
  for (const auto yes : {"1", "true", "yes", "on"})
    if (value == yes) return "1";
  for (const auto no : {"0", "false", "no", "off"})
    if (value == no) return "0";
  throw Fault(exit_status::usage, fmt::format("--set {}: it is yes or no, not \"{}\"",
                                              short_name(setting.var), printable(value)));
}

void match_values(Setting& setting, const FormField& field) {
  for (auto& value : setting.values) {
    if (field.type == "boolean") value = boolean_value(setting, value);
    const bool offered = field.options.empty() || std::ranges::count(field.options, value) > 0;
    // A list-multi or list-single is closed; the other types may offer and still take anything.
    if (offered || !field.type.starts_with("list-")) continue;
    throw Fault(exit_status::usage,
                fmt::format("--set {}: it is one of {}, not \"{}\"", short_name(setting.var),
                            printable(fmt::format("{}", fmt::join(field.options, ", "))),
                            printable(value)));
  }
}

}  // namespace

const FormField* Form::field(std::string_view var) const {
  for (const auto& field : fields)
    if (field.var == var) return &field;
  return nullptr;
}

std::string Form::value(std::string_view var) const {
  const auto* found = field(var);
  return found && !found->values.empty() ? found->values.front() : std::string();
}

Form read_form(const Element& parent) {
  Form form;
  const auto* x = parent.child("x", ns::data_forms);
  if (!x) return form;
  for (const auto& child : x->children()) {
    if (!child.is("field", ns::data_forms)) continue;
    auto field = read_field(child);
    if (field.var == "FORM_TYPE" && !field.values.empty()) form.form_type = field.values.front();
    if (field.var.empty() || field.var == "FORM_TYPE") continue;
    if (field.type == "hidden" || field.type == "fixed") continue;
    form.fields.push_back(std::move(field));
  }
  return form;
}

FormTable read_form_table(const Element& parent) {
  FormTable table;
  const auto* x = parent.child("x", ns::data_forms);
  const auto* reported = x ? x->child("reported", ns::data_forms) : nullptr;
  if (!reported) return table;
  for (const auto& child : reported->children())
    if (child.is("field", ns::data_forms)) table.columns.push_back(read_field(child));
  for (const auto& item : x->children()) {
    if (!item.is("item", ns::data_forms)) continue;
    auto& row = table.rows.emplace_back(table.columns.size());
    for (const auto& child : item.children()) {
      if (!child.is("field", ns::data_forms)) continue;
      auto field = read_field(child);
      const auto column = std::ranges::find(table.columns, field.var, &FormField::var);
      if (column == table.columns.end()) continue;
      row[static_cast<std::size_t>(column - table.columns.begin())] = std::move(field.values);
    }
  }
  return table;
}

std::vector<Setting> read_settings(std::span<const std::string> texts) {
  std::vector<Setting> settings;
  for (const auto& text : texts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      throw Fault(exit_status::usage, fmt::format("--set {}: it must be FIELD=VALUE, such as "
                                                  "access_model=open",
                                                  printable(text)));
    auto var = full_name(std::string_view(text).substr(0, equals));
    const auto known = std::ranges::find(settings, var, &Setting::var);
    auto& setting = known != settings.end() ? *known : settings.emplace_back(Setting{var, {}});
    setting.values.push_back(text.substr(equals + 1));
  }
  return settings;
}

void match_settings(std::vector<Setting>& settings, const Form& form) {
  for (auto& setting : settings) {
    const auto* field = form.field(setting.var);
    if (!field && std::ranges::count(registered, short_name(setting.var)) > 0) continue;
    if (!field)
      throw Fault(exit_status::usage,
                  fmt::format("--set {}: the service has no such field; it has {}",
                              short_name(setting.var), known_fields(form)));
    match_values(setting, *field);
  }
}

void write_form(XmlWriter& out, std::string_view form_type, std::span<const Setting> settings) {
  auto x = out.open("x", ns::data_forms);
  x.attr("type", "submit");
  if (!form_type.empty()) {
    auto field = out.open("field");
    field.attr("var", "FORM_TYPE").attr("type", "hidden");
    out.leaf("value", form_type);
  }
  for (const auto& setting : settings) {
    auto field = out.open("field");
    field.attr("var", setting.var);
    for (const auto& value : setting.values) out.leaf("value", value);
  }
}

}  // namespace crier::cli
