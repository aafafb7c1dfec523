/// Subscribing and unsubscribing. XEP-0060 §6.1, §6.2.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/rights.hpp"
#include "pubsub/authorize.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/permission.hpp"
#include "pubsub/subscription_entry.hpp"
#include "pubsub/subscription_form.hpp"
#include "pubsub/use_cases.hpp"

namespace crier {

namespace {

/// The entity to subscribe, which is the asker's account or, for an admin, any. §6.1.3.1.
Result<Jid> subscriber_of(const Request& request, const Policy& policy) {
  auto jid = TRY(named_jid(request.action));
  if (jid.bare() != request.from.bare() && !policy.is_admin(request.from.bare()))
    return errors::invalid_jid.because("You may only subscribe yourself.");
  return jid;
}

/// What the `<options/>` behind the request ask for; nothing when there are none. §6.3.7.
Result<std::optional<SubscriptionOptions>> requested_options(const Request& request,
                                                             const Node& node, Turn& turn) {
  const Element* options = request.companion;
  if (!options) return std::optional<SubscriptionOptions>();
  if (options->attribute("node") || options->attribute("jid"))
    return errors::bad_request.because("Only <subscribe/> names the node and the subscriber.");
  const auto form = TRY(submitted_form(*options, ns::subscribe_options));
  if (!form || form->type() == "cancel") return std::optional<SubscriptionOptions>();
  return std::optional(TRY(configured(default_options(node.config), *form, node.config, turn)));
}

/// What the JID is told of its subscription: all of it as it is. §6.1.2, §6.3.7.
Reply subscription_reply(const Node& node, Subscriptions::Position at, bool with_options) {
  const auto& slot = node.subscriptions.at(at);
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    write_subscription(out, node.key.name, node.subscriptions.jid(slot), slot.id, slot.state);
    if (!with_options) return;
    auto options = out.open("options");
    write_options(out, "result", node.subscriptions.options(at), node.config);
  })};
}

}  // namespace

Result<Reply> subscribe(const Request& request, Turn& turn) {
  TRY(is_still_here(turn, request.node));
  const Node& node = *TRY(turn.node_or_root(request));
  const Jid jid = TRY(subscriber_of(request, turn.policy()));
  TRY(may_subscribe(turn, node, jid));
  const auto options = TRY(requested_options(request, node, turn));
  const auto group = node.subscriptions.group(jid.text());
  if (!group.empty() && !turn.policy().multi_subscribe) {
    // Whoever asks again is told what is, as if it were new. §6.1.6
    const auto at = group.front();
    if (options) set_options(turn, node, at, *options);
    return subscription_reply(node, at, options.has_value());
  }
  const auto wanted = options.value_or(default_options(node.config));
  TRY(may_have(node, jid.text(), wanted));

  // An account that was approved is not asked about again.
  const bool asks =
      needs_approval(node, jid.bare(), turn.policy()) && !is_subscribed(node, jid.bare());
  const auto state = asks ? SubscriptionState::pending : SubscriptionState::subscribed;
  const auto id = add_subscription(turn, node, jid.text(), state, wanted);
  const auto at = node.subscriptions.find(jid.text(), id);
  if (asks) ask_owners(turn, node, at);
  welcome(turn, node, at);
  return subscription_reply(node, at, options.has_value());
}

Result<Reply> unsubscribe(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node_or_root(request));
  const Jid jid = TRY(named_jid(request.action));
  if (jid.bare() != request.from.bare() && !turn.policy().is_admin(request.from.bare()))
    return errors::forbidden.because("You may only end subscriptions of your own.");
  const auto at = TRY(find_subscription(request.action, node, jid, errors::not_subscribed));

  const auto id = node.subscriptions.at(at).id;
  remove_subscription(turn, node, at);
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    write_subscription(out, node.key.name, jid.text(), id, {});
  })};
}

}  // namespace crier
