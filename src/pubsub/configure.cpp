/// Configuring nodes. XEP-0060 §8.2, §8.3.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/node_fields.hpp"
#include "model/rights.hpp"
#include "pubsub/acquaintance.hpp"
#include "pubsub/graph.hpp"
#include "pubsub/interests.hpp"
#include "pubsub/item_expiry.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/roster_access.hpp"
#include "pubsub/subscription_entry.hpp"
#include "pubsub/use_cases.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace crier {

namespace {

/// Lets go of the items that the new configuration has no room for. §8.2
void fit_items(Turn& turn, Node& node) {
  const auto& config = node.config;
  const bool keeps = config.persist_items && config.node_type == NodeType::leaf;
  const auto capacity = keeps ? capacity_of(config, turn.policy()) : 0;
  if (node.item_count <= capacity) return;
  // The rows are swept later, however many there are; the mark alone makes them gone.
  const auto displaced = turn.store().displaced(node, capacity);
  node.first_seq = Seq{static_cast<std::int64_t>(*displaced) + 1};
  node.item_count = capacity;
  turn.store().save_counts(node);
}

/// Whether another set of entities gets in than before.
bool lets_others_in(const NodeConfig& config, const NodeConfig& old) {
  return config.access_model != old.access_model ||
         config.roster_groups_allowed != old.roster_groups_allowed;
}

/// The form of `config`, of the node that the request names, for its asker; what the operator has
/// set is not to be chosen, nor what takes rosters that the service does not see.
void write_config(XmlWriter& out, const NodeConfig& config, const Request& request, Turn& turn) {
  const Policy& policy = turn.policy();
  std::vector<Withheld> withheld;
  if (!grants_roster(turn, request.from)) withheld.push_back({"pubsub#access_model", "roster"});
  write_form(out, "form", ns::node_config, node_fields(config.node_type), shown(config, policy),
             forced_fields(request.node, policy), withheld);
}

/// Puts into the audit log which fields were changed, and how they were before.
void audit_changes(Turn& turn, const Node& node, const NodeConfig& old, const Jid& who) {
  const auto text = [](const Values& values) { return fmt::format("{}", fmt::join(values, "\n")); };
  for (const auto& field : node_fields()) {
    const auto was = field.get(old);
    const auto is = field.get(node.config);
    if (was == is) continue;
    turn.audit({.by = who.text(),
                .action = "configure",
                .node = node.key.name,
                .subject = std::string(field.var),
                .old_value = text(was),
                .new_value = text(is)});
  }
}

/// XEP-0248 §8.1.
Error root_is_the_services() {
  return errors::not_allowed.because("The root belongs to the service.");
}

}  // namespace

Result<Reply> configuration(const Request& request, Turn& turn) {
  if (request.names_root()) return root_is_the_services();
  const Node& node = *TRY(turn.node(request));
  TRY(may_own(node, request.from, turn.policy()));
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub_owner);
    auto configure = out.open("configure");
    configure.attr("node", node.key.name);
    write_config(out, node.config, request, turn);
  })};
}

Result<Reply> configure(const Request& request, Turn& turn) {
  if (request.names_root()) return root_is_the_services();
  const Node& node = *TRY(turn.node(request));
  TRY(may_own(node, request.from, turn.policy()));
  const auto form = TRY(submitted_form(request.action, ns::node_config));
  if (!form) return errors::bad_request.because("The request holds no form.");
  if (form->type() == "cancel") return Reply{};
  const auto config = TRY(configured(node.config, *form, node.key.name, turn.policy()));
  TRY(check_access_model(turn, node.config, config, request.from));
  const auto graph = TRY(plan_graph(turn, node.key.name, node.config, config, request.from));
  if (lets_others_in(config, node.config)) TRY(know_acquaintances(turn, node, config));

  const auto old = node.config;
  Node& changed = turn.change(node);
  changed.config = config;
  // Until the graph changes, its events rise as they did.
  changed.config.collection = old.collection;
  turn.store().save_config(changed);
  fit_items(turn, changed);
  apply(turn, graph);
  if (config.item_expire != old.item_expire) schedule_expiry(turn, changed);
  if (lets_others_in(config, old)) {
    reconsider_all(turn, changed);
    welcome_admitted(turn, changed, old);
  }
  audit_changes(turn, changed, old, request.from);
  if (config.notify_config && config != old) notify_configured(turn, changed);
  return Reply{};
}

Result<Reply> default_configuration(const Request& request, Turn& turn) {
  const auto type = request.action.attribute_or("type", "leaf");
  auto config = default_config(request.node, turn.policy());
  if (type == "collection")
    config.node_type = NodeType::collection;
  else if (type != "leaf")
    return errors::bad_request.because("The type of a node is leaf or collection.");
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub_owner);
    auto defaults = out.open("default");
    if (!request.node.empty()) defaults.attr("node", request.node);
    write_config(out, config, request, turn);
  })};
}

}  // namespace crier
