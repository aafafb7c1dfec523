#include "app/node_rules.hpp"

#include <crier/fault.hpp>

#include "app/options_check.hpp"
#include "model/node_fields.hpp"

#include <fmt/format.h>

#include <sstream>

namespace crier {

namespace {

/// What can be the same for many nodes: not which collections they are in.
bool is_for_many(const Field<NodeConfig>& field) {
  return !field.derived && field.var != "pubsub#node_type";
}

NodeRule read_setting(std::string_view option, const std::string& pattern,
                      const std::string& setting, bool forced) {
  const auto equals = setting.find('=');
  if (equals == std::string::npos)
    refuse_option(option, fmt::format("'{}' is not FIELD=VALUE", setting),
                  "write it such as 'urn:xmpp:microblog:* access_model=open'");
  std::string var = setting.substr(0, equals);
  if (!var.starts_with("pubsub#")) var.insert(0, "pubsub#");
  const auto* field = find_field(node_fields(), var);
  if (!field || !is_for_many(*field))
    refuse_option(option, fmt::format("nodes have no field {} that could be set so", var),
                  "choose one of those in docs/protocol.md");
  NodeRule rule{pattern, std::string(field->var), {setting.substr(equals + 1)}, forced};
  NodeConfig config;
  if (!field->set(config, rule.values))
    refuse_option(option, fmt::format("the field {} cannot be '{}'", var, rule.values.front()),
                  "choose a value that docs/protocol.md lists");
  return rule;
}

}  // namespace

std::vector<NodeRule> read_node_rules(std::string_view option,
                                      const std::vector<std::string>& texts, bool forced) {
  std::vector<NodeRule> rules;
  for (const auto& text : texts) {
    std::istringstream words(text);
    std::string pattern, setting;
    words >> pattern;
    const auto before = rules.size();
    while (words >> setting) rules.push_back(read_setting(option, pattern, setting, forced));
    if (rules.size() == before)
      refuse_option(option, fmt::format("'{}' sets no field", text),
                    "write it such as 'urn:xmpp:microblog:* access_model=open'");
  }
  return rules;
}

}  // namespace crier
