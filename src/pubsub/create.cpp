/// Creating nodes. XEP-0060 §8.1.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/service.hpp>
#include <crier/xml_writer.hpp>

#include "pubsub/new_node.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/permission.hpp"
#include "pubsub/roster_access.hpp"
#include "pubsub/use_cases.hpp"

namespace crier {

namespace {

/// What the companion configures; nothing when the defaults shall do. §8.1.2, §8.1.3.
Result<std::optional<DataForm>> requested_form(const Request& request) {
  if (!request.companion) return std::optional<DataForm>();
  if (request.companion->attribute("node"))
    return errors::bad_request.because("Only <create/> names the node.");
  auto form = TRY(submitted_form(*request.companion, ns::node_config));
  if (form && form->type() == "cancel") form.reset();
  return form;
}

}  // namespace

Result<NewNode> plan_node(Turn& turn, std::string name, const DataForm* form, const Jid& who,
                          const Jid& owner) {
  const Policy& policy = turn.policy();
  TRY(may_create(turn, who, name));
  NewNode plan{std::move(name), {}, {}};
  plan.config = default_config(plan.name, policy);
  if (form) plan.config = TRY(configured(plan.config, *form, plan.name, policy));
  TRY(check_access_model(turn, NodeConfig(), plan.config, owner));
  plan.graph = TRY(plan_graph(turn, plan.name, NodeConfig(), plan.config, who));
  return plan;
}

Result<NewNode> plan_node(Turn& turn, std::string name, const DataForm* form, const Jid& who) {
  return plan_node(turn, std::move(name), form, who, who);
}

const Node& create_node(Turn& turn, NewNode plan, const Jid& owner) {
  auto node = std::make_shared<Node>();
  node->key = {turn.policy().domain, std::move(plan.name)};
  node->config = std::move(plan.config);
  node->creator = owner.bare();
  node->created = turn.now();
  turn.store().create(*node);
  turn.store().set_affiliation(node->id, owner.bare(), Affiliation::owner);
  node->set_affiliation(owner.bare(), Affiliation::owner);
  const Node& created = turn.add(std::move(node));
  apply(turn, plan.graph);
  notify_created(turn, created);
  return created;
}

Result<Reply> create(const Request& request, Turn& turn) {
  const auto form = TRY(requested_form(request));
  auto plan = TRY(plan_node(turn, request.node.empty() ? turn.fresh_id() : request.node,
                            form ? &*form : nullptr, request.from));
  const Node& node = create_node(turn, std::move(plan), request.from);

  // The name is told if it is not the one that was asked for. §8.1.1
  if (request.action.attribute_or("node", "") == node.key.name) return Reply{};
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    out.open("create").attr("node", node.key.name);
  })};
}

}  // namespace crier
