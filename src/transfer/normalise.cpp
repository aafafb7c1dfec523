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

void normalise(NodeRecord& node, const Lost& lost) {
  node.config.erase("pubsub#node_type");
  const auto table = node_fields();
  node.config = written(table, read(table, node.config, "the configuration", lost));
  node.config.erase("pubsub#node_type");
  std::ranges::sort(node.parents);
  const auto twice = std::ranges::unique(node.parents);
  node.parents.erase(twice.begin(), twice.end());
}

void normalise(SubscriptionRecord& subscription, const Lost& lost) {
  const auto table = subscription_fields();
  subscription.options = written(table, read(table, subscription.options, "the option", lost));
}

std::optional<std::string> normal_payload(std::string_view xml) {
  if (xml.empty()) return std::string();
  const auto document = parse_xml(xml);
  if (!document) return {};
  return to_xml(document->root());
}

}  // namespace crier::transfer
