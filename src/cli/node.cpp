/// `crier node`: what XEP-0060 lets entities see of nodes (§5) and owners do with them (§8).

#include <crier/fault.hpp>

#include <fmt/format.h>

#include "cli/client_command.hpp"
#include "cli/client_session.hpp"
#include "cli/exit_status.hpp"
#include "cli/node_discovery.hpp"
#include "cli/nouns.hpp"
#include "cli/printable.hpp"
#include "cli/responses.hpp"

namespace crier::cli {

namespace {

struct NodeOptions {
  std::string node;
  NodeListOptions list;
  NodeTreeOptions tree;
  std::vector<std::string> set;
  bool yes = false;
};

void declare_set(Arguments arguments, std::vector<std::string>& set, const char* description) {
  arguments.add_option("--set", set, description)
      .type_name("FIELD=VALUE")
      .one_value_each()
      .not_configurable();
}

void declare_named(Arguments arguments, NodeOptions& options) {
  arguments.add_node(options.node);
}

void declare_list(Arguments arguments, NodeOptions& options) {
  arguments.add_option("COLLECTION", options.list.collection, "only what this collection holds");
  arguments
      .add_flag("--long", options.list.detailed,
                "with type, models, subscribers and date; a request for each node")
      .not_configurable();
}

void declare_tree(Arguments arguments, NodeOptions& options) {
  arguments.add_option("COLLECTION", options.tree.root,
                       "where the tree begins; else with the service");
  arguments.add_count("--depth", options.tree.depth, "how many levels are drawn")
      .capture_default_str();
  arguments.add_count("--max", options.tree.max, "how many nodes are drawn").capture_default_str();
}

void declare_create(Arguments arguments, NodeOptions& options) {
  arguments.add_option("NODE", options.node, "its name; without it the service chooses one");
  declare_set(arguments, options.set, "configure it, as node configure does");
}

void declare_configure(Arguments arguments, NodeOptions& options) {
  arguments.add_node(options.node);
  declare_set(arguments, options.set, "the new value of a field; may be given more than once");
}

void declare_dangerous(Arguments arguments, NodeOptions& options) {
  arguments.add_node(options.node);
  arguments.add_yes(options.yes);
}

void print_done(const Call& call, const std::string& node, const char* done) {
  if (call.json)
    print_json(Json{{"node", node}, {"done", done}});
  else
    print(fmt::format("{} {}\n", done, printable(node)));
}

void list(const Call& call, const NodeOptions& options) {
  list_nodes(call, options.list);
}

void tree(const Call& call, const NodeOptions& options) {
  draw_nodes(call, options.tree);
}

Json value_of(const FormField& field) {
  if (field.type.ends_with("-multi") || field.values.size() > 1) return field.values;
  return field.values.empty() ? Json() : Json(field.values.front());
}

Json values_of(const Form& form) {
  auto json = Json::object();
  for (const auto& field : form.fields) json[field.var] = value_of(field);
  return json;
}

void add_rows(Table& table, const Form& form) {
  for (const auto& field : form.fields)
    for (const auto& value : field.values) table.rows.push_back({field.var, value, field.label});
}

/// §5.3, §5.4, and §8.2 for those who may see it
void show(const Call& call, const NodeOptions& options) {
  ClientSession session(call.connection);
  const auto info = read_node_info(session.request(discover_info(options.node)).root());
  const auto answer = session.exchange(configuration(options.node));
  const auto configured = is_error(answer) ? Form() : read_configuration(answer.root());
  if (call.json) {
    Json json{{"node", options.node}, {"type", info.type}, {"name", info.name}};
    json["metadata"] = values_of(info.metadata);
    if (!is_error(answer)) json["configuration"] = values_of(configured);
    print_json(json);
    return;
  }
  Table table{{"FIELD", "VALUE", "MEANING"}, {}};
  table.rows.push_back({"node", options.node, ""});
  table.rows.push_back({"type", info.type, ""});
  if (!info.name.empty()) table.rows.push_back({"name", info.name, ""});
  for (const auto& field : info.metadata.fields)
    if (!configured.field(field.var)) add_rows(table, Form{{field}});
  add_rows(table, configured);
  print_table(table);
}

/// §8.1
void create(const Call& call, const NodeOptions& options) {
  auto settings = read_settings(options.set);
  ClientSession session(call.connection);
  if (!settings.empty()) {
    // Services pass over fields that they do not know: a slip of the pen must be found before.
    // One that does not tell its defaults is trusted to complain.
    const auto answer = session.exchange(default_configuration());
    const auto form = is_error(answer) ? Form() : read_configuration(answer.root());
    if (!form.fields.empty()) match_settings(settings, form);
  }
  const auto answer = session.request(create_node(options.node, settings));
  const auto named = read_created_node(answer.root());
  const auto& node = named.empty() ? options.node : named;
  if (call.json)
    print_json(Json{{"node", node}, {"done", "created"}});
  else
    print(printable(node) + '\n');
}

/// §8.2
void configure(const Call& call, const NodeOptions& options) {
  auto settings = read_settings(options.set);
  if (settings.empty())
    throw Fault(exit_status::usage,
                "say what to change with --set FIELD=VALUE; crier node show lists the fields");
  ClientSession session(call.connection);
  const auto form = session.request(configuration(options.node));
  match_settings(settings, read_configuration(form.root()));
  session.request(configure_node(options.node, settings));
  print_done(call, options.node, "configured");
}

/// §8.4
void remove(const Call& call, const NodeOptions& options) {
  if (!options.yes)
    confirm(fmt::format("Delete node {} of {} with all its items and subscriptions?",
                        printable(options.node), call.connection.service.text()));
  ClientSession session(call.connection);
  session.request(delete_node(options.node));
  print_done(call, options.node, "deleted");
}

/// §8.5
void purge(const Call& call, const NodeOptions& options) {
  if (!options.yes)
    confirm(fmt::format("Remove all items from node {} of {}?", printable(options.node),
                        call.connection.service.text()));
  ClientSession session(call.connection);
  session.request(purge_node(options.node));
  print_done(call, options.node, "purged");
}

constexpr Verb<NodeOptions> verbs[] = {
    {"list", "list the nodes of the service, or of a collection",
     "  crier node list --jid me@example.org\n"
     "  crier node list --long                # what they are, and how many hear of them\n"
     "  crier node list --service pubsub.example.net --json\n",
     declare_list, list},
    {"tree", "draw the collections with the nodes in them",
     "  crier node tree\n"
     "  crier node tree blogs --depth 2\n",
     declare_tree, tree},
    {"show", "show what a node is, and its configuration to its owner",
     "  crier node show princely_musings\n", declare_named, show},
    {"create", "create a node and print its name",
     "  crier node create princely_musings\n"
     "  crier node create news --set access_model=whitelist --set max_items=100\n"
     "  crier node create                     # the service chooses a name\n",
     declare_create, create},
    {"configure", "change the configuration of a node",
     "  crier node configure news --set title='All the news' --set notify_retract=yes\n",
     declare_configure, configure},
    {"delete", "delete a node with its items and subscriptions",
     "  crier node delete princely_musings\n"
     "  crier node delete princely_musings --yes   # in a script\n",
     declare_dangerous, remove},
    {"purge", "remove all items from a node", "  crier node purge princely_musings --yes\n",
     declare_dangerous, purge},
};

}  // namespace

std::unique_ptr<Subcommand> node() {
  return make_noun("crier node", "Sees and changes the nodes of a pubsub service.", verbs);
}

}  // namespace crier::cli
