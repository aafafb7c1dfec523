#include "pubsub/subscription_entry.hpp"

#include <crier/errors.hpp>

#include "pubsub/names.hpp"
#include "pubsub/notify.hpp"

namespace crier {

Result<Jid> named_jid(const Element& element) {
  const auto text = element.attribute("jid");
  if (!text) return errors::jid_required;
  auto jid = Jid::parse(*text);
  if (!jid) return errors::jid_malformed;
  return std::move(*jid);
}

Result<void> check_subid(const Element& element, const Subscriptions::Slot& subscription) {
  const auto subid = element.attribute("subid");
  if (subid && *subid != subid_of(subscription.id)) return errors::invalid_subid;
  return {};
}

void write_subscription(XmlWriter& out, std::string_view node, std::string_view jid,
                        SubscriptionId id, std::optional<SubscriptionState> state) {
  auto subscription = out.open("subscription");
  if (!node.empty()) subscription.attr("node", node);
  subscription.attr("jid", jid).attr("subid", subid_of(id));
  subscription.attr("subscription", state ? name_of(*state) : "none");
}

SubscriptionId add_subscription(Turn& turn, const Node& node, std::string_view jid,
                                SubscriptionState state) {
  const auto id = turn.store().add_subscription(node.id, jid, state, turn.now());
  turn.change(node).subscriptions->add(id, jid, state, turn.next_event());
  return id;
}

void remove_subscription(Turn& turn, const Node& node, Subscriptions::Position at) {
  turn.store().remove_subscription(node.subscriptions->at(at).id);
  turn.change(node).subscriptions->remove(at);
}

void end_subscription(Turn& turn, const Node& node, Subscriptions::Position at) {
  const auto& slot = node.subscriptions->at(at);
  const std::string jid(node.subscriptions->jid(slot));
  const auto subid = subid_of(slot.id);
  remove_subscription(turn, node, at);
  send_subscription_state(turn, node, jid, subid, "none");
}

}  // namespace crier
