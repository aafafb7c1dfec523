/// The one spelling of configurations, options and payloads.

#include <crier/element.hpp>
#include <crier/xml_writer.hpp>

#include "model/node_fields.hpp"
#include "model/subscription_fields.hpp"
#include "transfer/record.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace crier::transfer {

namespace {

constexpr std::string_view node_type = "pubsub#node_type";

/// What is said of `fields`, in the spelling of `table`; what can not be said is told to `lost`.
template <class Config>
Config read(std::span<const Field<Config>> table, const Fields& fields, std::string_view what,
            const Lost& lost) {
  Config config;
  for (const auto& [var, values] : fields) {
    const auto* field = find_field(table, var);
    if (!field || field->derived || !field->set(config, values))
      lost(fmt::format("{} {}", what, var));
  }
  return config;
}

template <class Config>
Fields written(std::span<const Field<Config>> table, const Config& config) {
  const Config defaults;
  Fields fields;
  for (const auto& field : table)
    if (!field.derived && field.get(config) != field.get(defaults))
      fields.emplace(field.var, field.get(config));
  return fields;
}

}  // namespace

Fields fields_of(const NodeConfig& config) {
  auto fields = written(node_fields(), config);
  fields.erase(std::string(node_type));
  return fields;
}

Fields fields_of(const SubscriptionOptions& options) {
  return written(subscription_fields(), options);
}

NodeConfig config_of(const NodeRecord& node) {
  auto config = read(node_fields(), node.config, {}, [](std::string_view) {});
  config.node_type = node.type;
  return config;
}

SubscriptionOptions options_of(const SubscriptionRecord& subscription) {
  return read(subscription_fields(), subscription.options, {}, [](std::string_view) {});
}

namespace {

template <class Config>
std::optional<std::string> invalid_among(std::span<const Field<Config>> table,
                                         const Fields& fields) {
  Config config;
  for (const auto& [var, values] : fields)
    if (const auto* field = find_field(table, var); field && !field->set(config, values))
      return var;
  return {};
}

}  // namespace

std::optional<std::string> invalid_field(const NodeRecord& node) {
  return invalid_among(node_fields(), node.config);
}

std::optional<std::string> invalid_field(const SubscriptionRecord& subscription) {
  return invalid_among(subscription_fields(), subscription.options);
}

void normalise(NodeRecord& node, const Lost& lost) {
  node.config.erase(std::string(node_type));
  const auto access = node.config.find("pubsub#access_model");
  if (access != node.config.end() && invalid_among(node_fields(), {*access})) {
    lost(fmt::format("the configuration {}", access->first));
    access->second = {"whitelist"};
  }
  node.config = fields_of(read(node_fields(), node.config, "the configuration", lost));
  std::ranges::sort(node.parents);
  const auto twice = std::ranges::unique(node.parents);
  node.parents.erase(twice.begin(), twice.end());
}

void normalise(SubscriptionRecord& subscription, const Lost& lost) {
  subscription.options =
      fields_of(read(subscription_fields(), subscription.options, "the option", lost));
}

std::optional<std::string> normal_payload(std::string_view xml) {
  if (xml.empty()) return std::string();
  const auto document = parse_xml(xml);
  if (!document) return {};
  return to_xml(document->root());
}

}  // namespace crier::transfer
