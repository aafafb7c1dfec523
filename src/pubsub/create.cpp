/// Creating nodes. XEP-0060 §8.1.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/rights.hpp"
#include "pubsub/new_node.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/use_cases.hpp"

namespace crier {

namespace {

/// The configuration that the companion asks for, on top of the defaults. §8.1.2, §8.1.3.
Result<NodeConfig> requested_config(const Request& request, const Policy& policy) {
  NodeConfig config;
  if (!request.companion) return config;
  if (request.companion->attribute("node"))
    return errors::bad_request.because("Only <create/> names the node.");
  const auto form = TRY(submitted_form(*request.companion, ns::node_config));
  if (!form || form->type() == "cancel") return config;
  return configured(config, *form, policy);
}

}  // namespace

const Node& create_node(Turn& turn, std::string name, const NodeConfig& config, const Jid& owner) {
  auto node = std::make_unique<Node>();
  node->key = {turn.policy().domain, std::move(name)};
  node->config = config;
  node->creator = owner.bare();
  node->created = turn.now();
  turn.store().create(*node);
  turn.store().set_affiliation(node->id, owner.bare(), Affiliation::owner);
  node->affiliations.emplace(owner.bare(), Affiliation::owner);
  return turn.add(std::move(node));
}

Result<Reply> create(const Request& request, Turn& turn) {
  TRY(may_create(request.from, turn.policy()));
  if (!request.node.empty() && turn.find(request.node))
    return errors::conflict.because("A node of that name exists already.");
  const auto config = TRY(requested_config(request, turn.policy()));
  const bool instant = request.node.empty();
  const Node& node =
      create_node(turn, instant ? turn.fresh_id() : request.node, config, request.from);

  // The name is told if it is not the one that was asked for. §8.1.1
  if (request.action.attribute_or("node", "") == node.key.name) return Reply{};
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    out.open("create").attr("node", node.key.name);
  })};
}

}  // namespace crier
