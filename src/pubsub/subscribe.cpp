/// Subscribing and unsubscribing. XEP-0060 §6.1, §6.2.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/rights.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/subscription_entry.hpp"
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

Reply subscription_reply(const Node& node, std::string_view jid, SubscriptionId id,
                         SubscriptionState state) {
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    write_subscription(out, node.key.name, jid, id, state);
  })};
}

}  // namespace

Result<Reply> subscribe(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node(request));
  const Jid jid = TRY(subscriber_of(request, turn.policy()));
  TRY(may_subscribe(node, jid, turn.policy()));
  const auto& subscriptions = *node.subscriptions;
  if (const auto at = subscriptions.find(jid.text()); at != Subscriptions::none) {
    // Whoever asks again is told what is, as if it were new. §6.1.6
    const auto& slot = subscriptions.at(at);
    if (slot.state == SubscriptionState::pending) return errors::pending_subscription;
    return subscription_reply(node, jid.text(), slot.id, slot.state);
  }
  if (subscriptions.size() >= turn.policy().max_subscriptions_per_node)
    return errors::too_many_subscriptions;

  const auto state = SubscriptionState::subscribed;
  const auto id = add_subscription(turn, node, jid.text(), state);
  send_last_item(turn, node, jid.text());
  return subscription_reply(node, jid.text(), id, state);
}

Result<Reply> unsubscribe(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node(request));
  const Jid jid = TRY(named_jid(request.action));
  if (jid.bare() != request.from.bare() && !turn.policy().is_admin(request.from.bare()))
    return errors::forbidden.because("You may only end subscriptions of your own.");
  const auto at = node.subscriptions->find(jid.text());
  if (at == Subscriptions::none) return errors::not_subscribed;
  TRY(check_subid(request.action, node.subscriptions->at(at)));

  const auto id = node.subscriptions->at(at).id;
  remove_subscription(turn, node, at);
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    write_subscription(out, node.key.name, jid.text(), id, {});
  })};
}

}  // namespace crier
