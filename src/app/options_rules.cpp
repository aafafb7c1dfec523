#include "app/options_rules.hpp"

#include "model/node_fields.hpp"
#include "pubsub/node_form.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

namespace crier {

namespace {

using Words = std::vector<std::string>;

constexpr std::string_view prefix = "pubsub#";
/// As people write it: fields that are not registered have no prefix.
std::string_view short_name(std::string_view var) {
  return var.starts_with(prefix) ? var.substr(prefix.size()) : var;
}

constexpr std::string_view example_rule = "'urn:xmpp:microblog:* access_model=open'";

/// NodeIDs are prepared before they are compared, so the pattern is as well. XEP-0060 §4.6.2
std::string read_pattern(std::string_view option, const std::string& text) {
  auto pattern = prepare_resource(text);
  if (!pattern)
    refuse_option(option, fmt::format("'{}' matches no NodeID", text),
                  "write a NodeID, with * for any characters and ? for one");
  return std::move(*pattern);
}

Creators read_creators(std::string_view option, std::span<const std::string> words) {
  Creators creators;
  for (const auto& word : words) {
    if (word == "all" || word == "admins") {
      if (words.size() > 1)
        refuse_option(option, fmt::format("'{}' stands with other words", word),
                      "give it alone, or domains alone");
      creators.all = word == "all";
    } else if (auto creator = parse_domain(word)) {
      creators.domains.push_back(std::move(*creator));
    } else {
      refuse_option(option, fmt::format("'{}' is not a domain", word),
                    "write all, admins, or domains such as example.org");
    }
  }
  return creators;
}

/// Without any word the users of the domain that the service belongs to: pubsub.example.org is
/// there for those of example.org.
Creators read_all_creators(const Words& words, const std::string& domain) {
  Creators creators = read_creators("--create-nodes", words);
  const auto dot = domain.find('.');
  if (words.empty() && dot != std::string::npos) creators.domains.push_back(domain.substr(dot + 1));
  return creators;
}

std::vector<CreatorRule> read_creator_rules(const Words& texts) {
  constexpr std::string_view option = "--create-named";
  std::vector<CreatorRule> rules;
  for (const auto& text : texts) {
    const auto words = words_of(text);
    if (words.size() < 2)
      refuse_option(option, fmt::format("'{}' is not PATTERN WHO", text),
                    "write it such as 'open/* all' or 'news/* example.org'");
    rules.push_back(
        {read_pattern(option, words[0]), read_creators(option, std::span(words).subspan(1))});
  }
  return rules;
}

Words read_reserved(const Words& texts) {
  Words patterns;
  for (const auto& text : texts) patterns.push_back(read_pattern("--reserve", text));
  return patterns;
}

/// The configuration's fields that a rule can be about, without their prefix. Of what kind a node
/// is, and where it stands in the graph, is each node's own.
Words ruled_fields() {
  constexpr std::string_view of_each_node[] = {"pubsub#node_type", "pubsub#collection",
                                               "pubsub#children"};
  Words names;
  for (const auto& field : node_fields())
    if (std::ranges::find(of_each_node, field.var) == std::end(of_each_node))
      names.emplace_back(short_name(field.var));
  return names;
}

/// What `field` can be told to be, for people.
std::string choices_of(const Field<NodeConfig>& field) {
  Words values;
  for (const auto& choice : field.choices()) values.emplace_back(choice.value);
  if (field.type == "boolean") values = {"true", "false"};
  if (values.empty()) return "write a value that the field and the limits of the service allow";
  return fmt::format("choose one of {}", fmt::join(values, ", "));
}

/// `FIELD=VALUE…` for the pattern. A field that stands there again has one more value.
std::vector<NodeRule> read_settings(std::string_view option, std::string pattern,
                                    std::span<const std::string> words, bool forced) {
  std::vector<NodeRule> rules;
  const auto known = ruled_fields();
  for (const auto& word : words) {
    const auto equals = word.find('=');
    if (equals == word.npos)
      refuse_option(option, fmt::format("'{}' is not FIELD=VALUE", word),
                    fmt::format("write the rule such as {}", example_rule));
    const auto name = short_name(std::string_view(word).substr(0, equals));
    if (std::ranges::find(known, name) == known.end())
      refuse_option(option, fmt::format("there is no field '{}' for rules", name),
                    fmt::format("choose one of {}", fmt::join(known, ", ")));
    const auto var = fmt::format("{}{}", name.starts_with("x-") ? "" : prefix, name);
    auto rule = std::ranges::find(rules, var, &NodeRule::var);
    if (rule == rules.end()) rule = rules.insert(rule, {pattern, var, {}, forced});
    rule->values.push_back(word.substr(equals + 1));
  }
  return rules;
}

void check_values(std::string_view option, const NodeRule& rule, const Policy& policy) {
  const auto& field = *find_field(node_fields(), rule.var);
  NodeConfig config;
  if (field.set(config, rule.values) && within_limits(config, policy)) return;
  refuse_option(option,
                fmt::format("the field {} can not be '{}'", short_name(rule.var),
                            fmt::join(rule.values, " ")),
                choices_of(field));
}

void read_node_rules(std::string_view option, const Words& texts, bool forced, Policy& policy) {
  for (const auto& text : texts) {
    const auto words = words_of(text);
    if (words.size() < 2)
      refuse_option(option, fmt::format("'{}' is not PATTERN FIELD=VALUE", text),
                    fmt::format("write it such as {}", example_rule));
    auto rules =
        read_settings(option, read_pattern(option, words[0]), std::span(words).subspan(1), forced);
    for (auto& rule : rules) {
      check_values(option, rule, policy);
      policy.node_rules.push_back(std::move(rule));
    }
  }
}

std::set<std::string, std::less<>> read_anonymous(const Words& words) {
  std::set<std::string, std::less<>> domains;
  for (const auto& word : words) {
    auto domain = parse_domain(word);
    if (!domain)
      refuse_option("--anonymous", fmt::format("'{}' is not a domain", word),
                    "write it such as anonymous.example.org");
    domains.insert(std::move(*domain));
  }
  return domains;
}

}  // namespace

std::optional<std::string> parse_domain(std::string_view text) {
  const auto jid = Jid::parse(text);
  if (!jid || jid->domain() != jid->text()) return std::nullopt;
  return jid->text();
}

std::vector<std::string> words_of(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  std::vector<std::string> words;
  for (auto at = text.find_first_not_of(space); at != text.npos;) {
    const auto end = std::min(text.find_first_of(space, at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = text.find_first_not_of(space, end);
  }
  return words;
}

void read_rules(const GivenOptions& given, Policy& policy) {
  policy.creators = read_all_creators(given.creators, policy.domain);
  policy.creators_by_name = read_creator_rules(given.creators_by_name);
  policy.reserved = read_reserved(given.reserved);
  // What is forced comes last, and so counts.
  read_node_rules("--node-default", given.node_defaults, false, policy);
  read_node_rules("--node-force", given.node_forces, true, policy);
  policy.anonymous_domains = read_anonymous(given.anonymous);
}

}  // namespace crier
