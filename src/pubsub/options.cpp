/// Subscription options. XEP-0060 §6.3, §6.4.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>

#include "pubsub/node_form.hpp"
#include "pubsub/permission.hpp"
#include "pubsub/subscription_entry.hpp"
#include "pubsub/subscription_form.hpp"
#include "pubsub/use_cases.hpp"

namespace crier {

namespace {

/// The subscription that the request names, which must be the asker's. §6.3.4.
Result<Subscriptions::Position> named_subscription(const Request& request, const Node& node,
                                                   const Policy& policy) {
  const Jid jid = TRY(named_jid(request.action));
  if (jid.bare() != request.from.bare() && !policy.is_admin(request.from.bare()))
    return errors::forbidden.because("You may only configure subscriptions of your own.");
  return find_subscription(request.action, node, jid, errors::no_such_subscription);
}

}  // namespace

Result<Reply> subscription_options(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node_or_root(request));
  const auto at = TRY(named_subscription(request, node, turn.policy()));
  const auto& slot = node.subscriptions.at(at);
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    auto options = out.open("options");
    if (!node.key.name.empty()) options.attr("node", node.key.name);
    options.attr("jid", node.subscriptions.jid(slot)).attr("subid", subid_of(slot.id));
    write_options(out, "form", node.subscriptions.options(at), node.config);
  })};
}

Result<Reply> configure_subscription(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node_or_root(request));
  const auto at = TRY(named_subscription(request, node, turn.policy()));
  const auto form = TRY(submitted_form(request.action, ns::subscribe_options));
  if (!form) return errors::bad_request.because("The request holds no form.");
  if (form->type() == "cancel") return Reply{};
  const auto& old = node.subscriptions.options(at);
  const auto options = TRY(configured(old, *form, node.config, turn));
  if (options.subscription_type != old.subscription_type ||
      options.subscription_depth != old.subscription_depth)
    TRY(may_have(node, node.subscriptions.jid(node.subscriptions.at(at)), options, at));

  set_options(turn, node, at, options);
  return Reply{};
}

Result<Reply> default_subscription_options(const Request& request, Turn& turn) {
  // Without a node those of a leaf. §6.4.1
  NodeConfig config;
  if (!request.node.empty()) config = TRY(turn.node(request))->config;
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    auto defaults = out.open("default");
    if (!request.node.empty()) defaults.attr("node", request.node);
    // As the example of §6.4.2 has it.
    write_options(out, "result", SubscriptionOptions(), config);
  })};
}

}  // namespace crier
