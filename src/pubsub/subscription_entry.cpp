#include "pubsub/subscription_entry.hpp"

#include <crier/errors.hpp>

#include "model/rights.hpp"
#include "pubsub/acquaintance.hpp"
#include "pubsub/delivery.hpp"
#include "pubsub/names.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/permission.hpp"
#include "pubsub/presence_subscriptions.hpp"
#include "pubsub/roster_access.hpp"
#include "pubsub/subscription_timers.hpp"

#include <algorithm>

namespace crier {

namespace {

/// What is told of the subscription. The views are valid until the next change.
SubscriptionNews news_of(const Node& node, Subscriptions::Position at, std::string_view state) {
  const auto& slot = node.subscriptions.at(at);
  return {node.subscriptions.jid(slot), slot.id, state};
}

/// After a change of the options.
void change_durable(Turn& turn, const Node& node, Subscriptions::Position at,
                    const SubscriptionOptions& old) {
  const auto& options = node.subscriptions.options(at);
  if (options.durable && !old.durable) begin_durable(turn, node, at);
  if (options.durable || !old.durable) return;
  const auto id = node.subscriptions.at(at).id;
  turn.store().set_taken(id, {});
  end_durable(turn, id);
}

}  // namespace

Result<Jid> named_jid(const Element& element) {
  const auto text = element.attribute("jid");
  if (!text) return errors::jid_required.because("The request names no JID.");
  auto jid = Jid::parse(*text);
  if (!jid) return errors::jid_malformed.because("The JID is not a valid one.");
  return std::move(*jid);
}

Result<Subscriptions::Position> find_subscription(const Element& element, const Node& node,
                                                  const Jid& jid, const ErrorKind& missing) {
  return meant_subscription(node, jid, element.attribute("subid"), missing);
}

void write_subscription(XmlWriter& out, std::string_view node, std::string_view jid,
                        SubscriptionId id, std::optional<SubscriptionState> state) {
  auto subscription = out.open("subscription");
  if (!node.empty()) subscription.attr("node", node);
  subscription.attr("jid", jid).attr("subid", subid_of(id));
  subscription.attr("subscription", state ? name_of(*state) : "none");
  if (state != SubscriptionState::unconfigured || node.empty()) return;
  auto options = out.open("subscribe-options");
  out.open("required");
}

SubscriptionId add_subscription(Turn& turn, const Node& node, std::string_view jid,
                                SubscriptionState state, const SubscriptionOptions& options) {
  const auto id = turn.store().add_subscription(node.id, jid, state, turn.now());
  auto& subscriptions = turn.change(node).subscriptions;
  const auto at = subscriptions.add(id, jid, state, turn.next_event());
  if (options != SubscriptionOptions()) {
    set_timers(turn, id, SubscriptionOptions(), options);
    turn.store().set_subscription_options(id, options);
    subscriptions.set_options(at, options);
  }
  if (options.durable) begin_durable(turn, node, at);
  ask_for_presence(turn, node, at);
  return id;
}

void set_options(Turn& turn, const Node& node, Subscriptions::Position at,
                 const SubscriptionOptions& options) {
  const auto id = node.subscriptions.at(at).id;
  const auto old = node.subscriptions.options(at);
  // What was kept for the next digest would otherwise never be told.
  if (old.digest && !options.digest) send_digest(turn, node, at);
  set_timers(turn, id, old, options);
  turn.store().set_subscription_options(id, options);
  turn.change(node).subscriptions.set_options(at, options, turn.next_event());
  change_durable(turn, node, at, old);
  ask_for_presence(turn, node, at);
  if (node.subscriptions.at(at).state != SubscriptionState::unconfigured) return;
  set_state(turn, node, at, SubscriptionState::subscribed);
  welcome(turn, node, at);
}

void set_state(Turn& turn, const Node& node, Subscriptions::Position at, SubscriptionState state) {
  const auto id = node.subscriptions.at(at).id;
  turn.store().set_subscription_state(id, state);
  turn.change(node).subscriptions.set_state(at, state, turn.next_event());
  // A digest tells nothing of the time before.
  if (node.subscriptions.options(at).digest) begin_digest(turn, id);
  if (state == SubscriptionState::subscribed && node.subscriptions.at(at).behind)
    catch_up(turn, node, at);
  ask_for_presence(turn, node, at);
}

void welcome(Turn& turn, const Node& node, Subscriptions::Position at) {
  const auto state = node.subscriptions.at(at).state;
  if (state != SubscriptionState::subscribed) return;
  notify_owners(turn, node, news_of(node, at, name_of(state)));
  send_last_item(turn, node, at);
}

void approve(Turn& turn, const Node& node, Subscriptions::Position at) {
  send_subscription_state(turn, node, news_of(node, at, name_of(SubscriptionState::subscribed)));
  set_state(turn, node, at, SubscriptionState::subscribed);
  welcome(turn, node, at);
}

void remove_subscription(Turn& turn, const Node& node, Subscriptions::Position at) {
  const auto& slot = node.subscriptions.at(at);
  if (slot.state == SubscriptionState::subscribed)
    notify_owners(turn, node, news_of(node, at, "none"));
  set_timers(turn, slot.id, node.subscriptions.options(at), SubscriptionOptions());
  end_durable(turn, slot.id);
  turn.store().remove_subscription(slot.id);
  turn.change(node).subscriptions.remove(at);
}

void end_subscription(Turn& turn, const Node& node, Subscriptions::Position at) {
  send_subscription_state(turn, node, news_of(node, at, "none"));
  remove_subscription(turn, node, at);
}

bool reconsider(Turn& turn, const Node& node, Subscriptions::Position at) {
  const auto& slot = node.subscriptions.at(at);
  const auto bare = node.subscriptions.jid(slot).substr(0, slot.bare_length);
  const auto acquaintance = known_acquaintance(turn, node, bare);
  if (!may_stay_subscribed(node, bare, turn.policy(), acquaintance)) {
    end_subscription(turn, node, at);
    return true;
  }
  if (acquaintance == Acquaintance::unknown) {
    // It is looked at again once they are known.
    refresh_rosters(turn, node);
    return false;
  }
  if (slot.state == SubscriptionState::pending && !needs_approval(node, bare, turn.policy()))
    approve(turn, node, at);
  return false;
}

void reconsider_all(Turn& turn, const Node& node, std::string_view bare) {
  const auto& subscriptions = node.subscriptions;
  auto at = subscriptions.find_bare(bare);
  while (at != Subscriptions::none) {
    const bool gone = reconsider(turn, node, at);
    at = gone ? subscriptions.find_bare(bare) : subscriptions.next_of(at, bare);
  }
}

void reconsider_all(Turn& turn, const Node& node) {
  const auto& subscriptions = node.subscriptions;
  for (Subscriptions::Position at = 0; at < subscriptions.end(); ++at)
    while (subscriptions.at(at).live && reconsider(turn, node, at)) {
    }
}

}  // namespace crier
