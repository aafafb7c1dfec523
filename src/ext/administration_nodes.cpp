/// Nodes in the hands of the service's administrators, as ad-hoc commands: list, create, delete,
/// purge. XEP-0050; in the spirit of XEP-0133.

#include <crier/errors.hpp>

#include "base/glob.hpp"
#include "ext/rooms.hpp"
#include "model/node_fields.hpp"
#include "model/rights.hpp"
#include "pubsub/command_form.hpp"
#include "pubsub/names.hpp"
#include "pubsub/new_node.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/permission.hpp"
#include "pubsub/remove.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace crier {

namespace {

constexpr std::string_view list_nodes_name = "urn:crier:command:list-nodes";
constexpr std::string_view create_node_name = "urn:crier:command:create-node";
constexpr std::string_view delete_node_name = "urn:crier:command:delete-node";
constexpr std::string_view purge_node_name = "urn:crier:command:purge-node";

// List.

using PageSize = Bounded<1, 500>;
/// Names that one request looks at, however few of them match.
constexpr std::size_t looked_at = 5'000;

struct NodeListing {
  std::string filter = "*";
  NodeName after;
  PageSize max{100};
};

constexpr FormHead list_head{
    list_nodes_name, "Nodes of the service",
    "In the filter * stands for anything and ? for one character. What does not fit into a page is "
    "on the next, which begins after the last node of this one."};
constexpr std::array list_fields{
    Field<NodeListing>::of<&NodeListing::filter>("filter", "Names like"),
    Field<NodeListing>::of<&NodeListing::after>("after", "Begin after the node"),
    Field<NodeListing>::of<&NodeListing::max>("max", "Nodes in a page"),
};
constexpr std::array<Column, 6> list_columns{{{"node", "Node"},
                                              {"type", "Type"},
                                              {"items", "Items"},
                                              {"creator", "Creator", "jid-single"},
                                              {"created", "Created"},
                                              {"title", "Title"}}};

std::vector<std::string> row_of(const NodeEntry& entry) {
  const bool collection = entry.config.node_type == NodeType::collection;
  return {entry.name,    collection ? "collection" : "leaf", std::to_string(entry.item_count),
          entry.creator, format_datetime(entry.created),     entry.config.title};
}

Result<CommandStage> execute_list(const Request&, const DataForm* form, Turn& turn) {
  const std::span<const Field<NodeListing>> table(list_fields);
  if (!form) return ask_for(list_head, table, NodeListing());
  const auto wanted = TRY(read_form(list_head, table, *form));
  const auto max = static_cast<std::size_t>(wanted.max.value);
  Report report;
  Range<std::string> range{wanted.after.text, false, max};
  std::size_t looked = 0;
  for (bool more = true; more;) {
    const auto entries = turn.store().all_nodes(turn.policy().domain, range);
    more = entries.size() == range.limit;
    for (const auto& entry : entries) {
      const auto is_full = [&] {
        return report.rows.size() == max || !report.add(row_of(entry), turn.policy());
      };
      if (looked++ == looked_at || (matches_glob(wanted.filter, entry.name) && is_full())) {
        report.more.push_back({"next", "The next page begins after", *range.from});
        return done(list_head, list_columns, report, "None of the nodes looked at is like that.");
      }
      range.from = entry.name;
    }
  }
  return done(list_head, list_columns, report, "There are no such nodes.");
}

// Create.

constexpr std::string_view title = "pubsub#title";
constexpr std::string_view node_type = "pubsub#node_type";
constexpr std::string_view access_model = "pubsub#access_model";
constexpr std::string_view publish_model = "pubsub#publish_model";

struct NodeCreation {
  NodeName node;
  std::optional<Jid> owner;
  /// What is configured, by the fields' names; of the rest the service's defaults for that name
  /// hold.
  std::map<std::string_view, Values> configured = {};
};

/// The node configuration's row of that name.
template <const std::string_view& var>
const Field<NodeConfig>& row() {
  return *find_field(node_fields(), var);
}

/// The same row, for a node that is to be created.
template <const std::string_view& var>
constexpr Field<NodeCreation> configures(std::string_view type, std::string_view label) {
  return {var,
          label,
          type,
          {},
          [] { return row<var>().choices(); },
          [](const NodeCreation& creation) {
            const auto found = creation.configured.find(var);
            return found == creation.configured.end() ? Values() : found->second;
          },
          [](NodeCreation& creation, const Values& values) {
            NodeConfig trial;
            if (std::ranges::all_of(values, &std::string::empty)) return true;
            creation.configured[var] = values;
            return row<var>().set(trial, values);
          },
          nullptr};
}

constexpr FormHead create_head{create_node_name, "Create a node",
                               "A node without a name gets one. The owner is you, unless it is "
                               "said here. What is left out is as the service has it for nodes of "
                               "that name; all can be configured later."};
constexpr std::array create_fields{
    Field<NodeCreation>::of<&NodeCreation::node>("node", "Name"),
    Field<NodeCreation>::of<&NodeCreation::owner>("owner", "Owner"),
    configures<title>("text-single", "Title"),
    configures<node_type>("list-single", "Type"),
    configures<access_model>("list-single", "Who may subscribe and retrieve items"),
    configures<publish_model>("list-single", "Who may publish"),
};

/// What is configured, as a form of its own.
Result<DataForm> form_of(const NodeCreation& creation) {
  const auto document = parse_xml(written([&](XmlWriter& out) {
    auto x = out.open("x", ns::data_forms);
    x.attr("type", "submit");
    write_form_type(out, ns::node_config);
    for (const auto& [var, values] : creation.configured)
      write_field(out, var, find_field(node_fields(), var)->type, {}, values);
  }));
  return DataForm::parse(document->root());
}

Result<CommandStage> execute_creation(const Request& request, const DataForm* form, Turn& turn) {
  const std::span<const Field<NodeCreation>> table(create_fields);
  if (!form) return ask_for(create_head, table, NodeCreation());
  auto wanted = TRY(read_form(create_head, table, *form));
  const auto config = TRY(form_of(wanted));
  const Jid owner = wanted.owner ? wanted.owner->to_bare() : request.from;
  auto name = wanted.node.text.empty() ? turn.fresh_id() : std::move(wanted.node.text);
  auto plan = TRY(plan_node(turn, std::move(name), &config, request.from, owner));
  const Node& node = create_node(turn, std::move(plan), owner);
  turn.audit({.by = request.from.text(),
              .action = "create",
              .node = node.key.name,
              .new_value = std::string(owner.bare())});
  return done(fmt::format("The node {} is created; its owner is {}.", node.key.name, owner.bare()));
}

// Delete and purge, which are not to be undone.

struct Removal {
  NodeName node;
  bool confirmed = false;
};

constexpr auto removal_node = Field<Removal>::of<&Removal::node>("node", "Node").and_required();
constexpr std::array removal_fields{removal_node};
constexpr std::array confirmation_fields{
    removal_node.and_hidden(),
    Field<Removal>::of<&Removal::confirmed>("confirm", "Yes, do it").and_required(),
};

/// One of the two.
struct RemovalKind {
  std::string_view name;
  std::string_view title;
  std::string_view question;
  std::string_view done;
  Verdict (*may)(Turn&, const Node&, const Jid& who);
  void (*run)(Turn&, const Node&, const Jid& who);
};

constexpr RemovalKind deletion{
    delete_node_name,
    "Delete a node",
    "The node {} has {} items and {} subscriptions. All of that is gone when it is deleted.",
    "The node {} is deleted.",
    [](Turn& turn, const Node& node, const Jid& who) { return may_own(node, who, turn.policy()); },
    [](Turn& turn, const Node& node, const Jid& who) { remove_node(turn, node, {}, who); }};
constexpr RemovalKind purging{
    purge_node_name,
    "Purge a node",
    "The node {} has {} items and {} subscriptions. All items are gone when it is purged.",
    "All items of the node {} are gone.",
    may_purge,
    purge_items};

/// The node comes first, then the question whether that is meant; who submits both at once is not
/// asked.
Result<CommandStage> execute(const RemovalKind& kind, const Request& request, const DataForm* form,
                             Turn& turn) {
  const FormHead head{kind.name, kind.title};
  const auto first = [&](const Removal& values) {
    auto stage = ask_for(head, std::span<const Field<Removal>>(removal_fields), values);
    stage.has_next = true;
    return stage;
  };
  if (!form) return first({});
  const auto wanted =
      TRY(read_form(head, std::span<const Field<Removal>>(confirmation_fields), *form));
  if (request.action.attribute_or("action", "") == "prev") return first(wanted);
  const Node* node = turn.find(wanted.node.text);
  if (!node) return errors::item_not_found.because("There is no such node.");
  TRY(kind.may(turn, *node, request.from));
  if (!form->field("confirm")) {
    const auto question = fmt::format(fmt::runtime(kind.question), node->key.name, node->item_count,
                                      node->subscriptions.size());
    auto stage = ask_for({kind.name, kind.title, question},
                         std::span<const Field<Removal>>(confirmation_fields), wanted);
    stage.has_previous = true;
    return stage;
  }
  if (!wanted.confirmed) return done("Nothing was changed, because it was not confirmed.");
  const auto name = node->key.name;
  kind.run(turn, *node, request.from);
  return done(fmt::format(fmt::runtime(kind.done), name));
}

Result<CommandStage> execute_deletion(const Request& request, const DataForm* form, Turn& turn) {
  return execute(deletion, request, form, turn);
}

Result<CommandStage> execute_purging(const Request& request, const DataForm* form, Turn& turn) {
  return execute(purging, request, form, turn);
}

}  // namespace

void install_node_administration(Service& service) {
  constexpr auto admins = CommandLevel::admins;
  service.add_command({list_nodes_name, list_head.title, execute_list, admins});
  service.add_command({create_node_name, create_head.title, execute_creation, admins});
  service.add_command({delete_node_name, deletion.title, execute_deletion, admins, true});
  service.add_command({purge_node_name, purging.title, execute_purging, admins, true});
}

}  // namespace crier
