/// Subscribing and unsubscribing. XEP-0060 §6.1, §6.2.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/rights.hpp"
#include "pubsub/acquaintance.hpp"
#include "pubsub/authorize.hpp"
#include "pubsub/node_form.hpp"
#include "pubsub/quotas.hpp"
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

/// What a subscription to the node is when nothing else is said.
SubscriptionOptions default_options(const NodeConfig& config) {
  SubscriptionOptions options;
  options.durable = config.durable;
  return options;
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

/// How many subscriptions an account has to the node, with all its resources.
std::size_t subscriptions_of(const Node& node, std::string_view bare) {
  std::size_t count = 0;
  for (auto at = node.subscriptions.find_bare(bare); at != Subscriptions::none;
       at = node.subscriptions.next_of(at, bare))
    ++count;
  return count;
}

/// Whether the JID may have one more subscription beside those in `group`. §6.1.3.7, §6.1.3.9.
Result<void> check_room(const Node& node, const Jid& jid,
                        const std::vector<Subscriptions::Position>& group, const Policy& policy) {
  for (const auto at : group)
    if (node.subscriptions.at(at).state == SubscriptionState::pending)
      return errors::pending_subscription;
  if (group.size() >= policy.max_subscriptions_per_jid ||
      subscriptions_of(node, jid.bare()) >= policy.max_subscriptions_per_account_at_node ||
      node.subscriptions.size() >= policy.max_subscriptions_per_node)
    return errors::too_many_subscriptions;
  return {};
}

/// Refuses with gone when the node has moved. §6.1.3.11.
Result<void> check_moved(const Request& request, Turn& turn) {
  if (request.node.empty() || turn.find(request.node)) return {};
  auto uri = turn.store().redirect({turn.policy().domain, request.node});
  if (!uri) return {};
  Error gone = errors::gone.because("The node has moved.");
  gone.address = std::move(*uri);
  return gone;
}

}  // namespace

Result<Reply> subscribe(const Request& request, Turn& turn) {
  TRY(check_moved(request, turn));
  const Node& node = *TRY(turn.node_or_root(request));
  const Jid jid = TRY(subscriber_of(request, turn.policy()));
  const auto known = TRY(acquaintance(turn, node, jid.bare()));
  TRY(may_subscribe(node, jid, turn.policy(), known));
  const auto options = TRY(requested_options(request, node, turn));
  const auto group = node.subscriptions.group(jid.text());
  if (!group.empty() && !turn.policy().multi_subscribe) {
    // Whoever asks again is told what is, as if it were new. §6.1.6
    const auto at = group.front();
    if (node.subscriptions.at(at).state == SubscriptionState::pending)
      return errors::pending_subscription;
    if (options) set_options(turn, node, at, *options);
    return subscription_reply(node, at, options.has_value());
  }
  TRY(check_room(node, jid, group, turn.policy()));
  TRY(check_subscription_quota(turn, jid.bare()));
  const auto wanted = options.value_or(default_options(node.config));
  TRY(check_type(node, jid.text(), wanted));

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
