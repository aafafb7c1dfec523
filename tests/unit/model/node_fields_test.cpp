#include "model/node_fields.hpp"

#include <crier/errors.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

namespace crier::test {

TEST_CASE("§16.4.4 the defaults of the configuration are those that are documented") {
  const std::map<std::string_view, Values> documented{
      {"pubsub#title", {}},
      {"pubsub#description", {}},
      {"pubsub#access_model", {"open"}},
      {"pubsub#publish_model", {"publishers"}},
      {"pubsub#max_items", {"max"}},
      {"pubsub#publish_node_full", {"retract-oldest"}},
      {"pubsub#persist_items", {"1"}},
      {"pubsub#deliver_payloads", {"1"}},
      {"pubsub#notify_retract", {"1"}},
      {"pubsub#notify_delete", {"1"}},
      // on_sub_and_presence only where last-published is advertised, §4.3.
      {"pubsub#send_last_published_item", {"never"}},
      {"pubsub#node_type", {"leaf"}},
  };
  for (const auto& [var, values] : documented) {
    CAPTURE(std::string(var));
    const auto* field = find_field(node_fields(), var);
    REQUIRE(field);
    CHECK(field->get(NodeConfig()) == values);
  }
}

TEST_CASE("§16.4.4 fields have the types of the registry") {
  const std::map<std::string_view, std::string_view> registered{
      {"pubsub#title", "text-single"},        {"pubsub#description", "text-single"},
      {"pubsub#access_model", "list-single"}, {"pubsub#publish_model", "list-single"},
      {"pubsub#max_items", "text-single"},    {"pubsub#publish_node_full", "list-single"},
      {"pubsub#persist_items", "boolean"},    {"pubsub#deliver_payloads", "boolean"},
      {"pubsub#notify_retract", "boolean"},   {"pubsub#notify_delete", "boolean"},
      {"pubsub#node_type", "list-single"},    {"pubsub#send_last_published_item", "list-single"},
  };
  for (const auto& [var, type] : registered) {
    CAPTURE(std::string(var));
    REQUIRE(find_field(node_fields(), var));
    CHECK(find_field(node_fields(), var)->type == type);
  }
}

TEST_CASE("every row of the table stands there once, with a name and a label") {
  for (const auto& field : node_fields()) {
    CAPTURE(std::string(field.var));
    CHECK((field.var.starts_with("pubsub#") || field.var.starts_with("x-")));
    CHECK_FALSE(field.label.empty());
    CHECK(std::ranges::count(node_fields(), field.var, &Field<NodeConfig>::var) == 1);
  }
}

TEST_CASE("every choice of a list can be set, is what is set then, and is stored") {
  for (const auto& field : node_fields()) {
    for (const auto& choice : field.choices()) {
      CAPTURE(std::string(field.var));
      CAPTURE(std::string(choice.value));
      CHECK_FALSE(choice.label.empty());
      NodeConfig config;
      CHECK(field.set(config, {std::string(choice.value)}));
      CHECK(field.get(config) == Values{std::string(choice.value)});
      CHECK(from_stored(node_fields(), to_stored(node_fields(), config)) == config);
    }
  }
}

TEST_CASE("every boolean takes both values, is what is set then, and is stored") {
  for (const auto& field : node_fields()) {
    if (field.type != "boolean") continue;
    for (const auto* value : {"0", "1"}) {
      CAPTURE(std::string(field.var));
      NodeConfig config;
      CHECK(field.set(config, {value}));
      CHECK(field.get(config) == Values{value});
      CHECK(from_stored(node_fields(), to_stored(node_fields(), config)) == config);
    }
  }
}

TEST_CASE("a row changes its own member only") {
  for (const auto& field : node_fields()) {
    CAPTURE(std::string(field.var));
    const Values other =
        field.type == "boolean"      ? Values{"0"}
        : field.choices().size() > 1 ? Values{std::string(field.choices()[1].value)}
        : field.choices().size() > 0 ? Values{std::string(field.choices()[0].value)}
                                     : Values{"7"};
    NodeConfig config;
    REQUIRE(field.set(config, other));
    for (const auto& each : node_fields())
      if (each.var != field.var) CHECK(each.get(config) == each.get(NodeConfig()));
  }
}

TEST_CASE("no field but a text takes nonsense, and none changes by it") {
  for (const auto& field : node_fields()) {
    if (field.get(NodeConfig()).empty() || field.type == "text-multi") continue;
    CAPTURE(std::string(field.var));
    NodeConfig config;
    CHECK_FALSE(field.set(config, {"nonsense"}));
    CHECK_FALSE(field.set(config, {}));
    CHECK(config == NodeConfig());
  }
}

TEST_CASE("§8.1.2 A203 an access model of the registry is served, or refused by its own error") {
  const auto* field = find_field(node_fields(), "pubsub#access_model");
  REQUIRE(field->invalid);
  CHECK(*field->invalid == errors::unsupported_access_model);
}

TEST_CASE("titles and descriptions are stored whatever is in them") {
  NodeConfig config;
  config.title = "a\tb\nc\\d 'e' <f> & \xf0\x9f\x98\x80";
  config.description = "\n\n\t\\t\\";
  CHECK(from_stored(node_fields(), to_stored(node_fields(), config)) == config);
}

}  // namespace crier::test
