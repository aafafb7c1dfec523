/// Configuring nodes. XEP-0060 §8.2, §8.3.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/node_fields.hpp"
#include "model/rights.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/subscription_entry.hpp"
#include "pubsub/use_cases.hpp"

namespace crier {

namespace {

/// Lets go of the items that the new configuration has no room for. §8.2
void fit_items(Turn& turn, Node& node) {
  const auto capacity = node.config.persist_items ? capacity_of(node.config, turn.policy()) : 0;
  if (node.item_count <= capacity) return;
  // The rows are swept later, however many there are; the mark alone makes them gone.
  const auto displaced = turn.store().displaced(node, capacity);
  node.first_seq = Seq{static_cast<std::int64_t>(*displaced) + 1};
  node.item_count = capacity;
  turn.store().save_counts(node);
}

/// Ends the subscriptions of those whom the access model does not let in any more. §14.3
void end_lost_subscriptions(Turn& turn, const Node& node) {
  const auto& subscriptions = *node.subscriptions;
  for (Subscriptions::Position at = 0; at < subscriptions.end(); ++at) {
    const auto& slot = subscriptions.at(at);
    const auto bare = subscriptions.jid(slot).substr(0, slot.bare_length);
    if (slot.live && !may_stay_subscribed(node, bare, turn.policy()))
      end_subscription(turn, node, at);
  }
}

}  // namespace

Result<Reply> configuration(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node(request));
  TRY(may_own(node, request.from, turn.policy()));
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub_owner);
    auto configure = out.open("configure");
    configure.attr("node", node.key.name);
    write_form(out, "form", ns::node_config, node_fields(), node.config);
  })};
}

Result<Reply> configure(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node(request));
  TRY(may_own(node, request.from, turn.policy()));
  const auto form = TRY(submitted_form(request.action, ns::node_config));
  if (!form) return errors::bad_request.because("The request holds no form.");
  if (form->type() == "cancel") return Reply{};
  const auto config = TRY(configured(node.config, *form, turn.policy()));

  const auto old_model = node.config.access_model;
  Node& changed = turn.change(node);
  changed.config = config;
  turn.store().save_config(changed);
  fit_items(turn, changed);
  if (changed.config.access_model != old_model) end_lost_subscriptions(turn, changed);
  return Reply{};
}

Result<Reply> default_configuration(const Request& request, Turn&) {
  const auto type = request.action.attribute_or("type", "leaf");
  if (type == "collection") return errors::collections_unsupported;
  if (type != "leaf") return errors::bad_request.because("The type of a node is leaf.");
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub_owner);
    auto defaults = out.open("default");
    write_form(out, "form", ns::node_config, node_fields(), NodeConfig());
  })};
}

}  // namespace crier
