#include "pubsub/delivery.hpp"

#include <crier/namespaces.hpp>

#include "pubsub/delivery_slice.hpp"
#include "pubsub/event_log.hpp"
#include "pubsub/subscription_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace crier {

namespace {

using Group = Deliveries::Group;
using Position = Subscriptions::Position;

/// Groups that may wait to be confirmed.
constexpr std::size_t most_in_flight = 16;

// Slices.

bool has_deliveries(const Session& session) {
  const auto& deliveries = session.deliveries;
  if (deliveries.in_flight.size() >= most_in_flight) return false;
  return deliveries.unfinished_after || !deliveries.passing.empty() || !deliveries.ready.empty() ||
         !deliveries.interrupted.empty();
}

/// After a start: nodes that the last process did not finish.
void look_for_unfinished(Turn& turn, Deliveries& deliveries) {
  constexpr std::size_t at_once = 20;
  const auto nodes = turn.store().unfinished_nodes(*deliveries.unfinished_after, at_once);
  for (const auto id : nodes)
    if (const Node* node = turn.find(id)) begin_delivery(turn, *node);
  if (nodes.size() < at_once)
    deliveries.unfinished_after.reset();
  else
    deliveries.unfinished_after = nodes.back();
}

/// After a batch that came to nothing: those who were being sent what they had missed.
void take_up_interrupted(Turn& turn, Deliveries& deliveries) {
  constexpr std::size_t at_once = 50;
  for (std::size_t i = 0; i < at_once && !deliveries.interrupted.empty(); ++i) {
    const auto found = find_subscription(turn, deliveries.interrupted.front());
    if (found && found->slot().behind) catch_up(turn, *found->node, found->at);
    deliveries.interrupted.pop_front();
  }
}

/// To itself: that way leads through the server, whatever the server's own domain is called.
void ask_whether_taken(Turn& turn, const std::string& group) {
  turn.ask("get", fmt::format("<ping xmlns='{}'/>", ns::ping),
           {QuestionKind::delivery, turn.policy().domain, group, {}});
}

template <class Key>
Key take_first(std::deque<Key>& queue) {
  const Key key = queue.front();
  queue.pop_front();
  return key;
}

/// A slice: of new events and of missed ones in turn.
void deliver(Turn& turn) {
  auto& deliveries = turn.session().deliveries;
  if (deliveries.unfinished_after) look_for_unfinished(turn, deliveries);
  take_up_interrupted(turn, deliveries);
  Slice slice{turn, deliveries, {}};
  while (!slice.full() && (!deliveries.passing.empty() || !deliveries.ready.empty())) {
    if (!deliveries.passing.empty()) pass_on(slice, take_first(deliveries.passing));
    if (slice.full() || deliveries.ready.empty()) continue;
    replay(slice, take_first(deliveries.ready));
    slice.cost += Slice::serve_cost;
  }
  if (slice.group.empty()) return;
  const auto number = ++deliveries.last_group;
  deliveries.in_flight.emplace(number, std::move(slice.group));
  ask_whether_taken(turn, std::to_string(number));
}

// What was confirmed.

void confirm(Turn& turn, Deliveries& deliveries, const Group::Taken& taken) {
  const auto replay = deliveries.replays.find(taken.subscription);
  if (replay != deliveries.replays.end() && replay->second.sent == taken.seq) {
    replay->second.in_flight = false;
    deliveries.ready.push_back(taken.subscription);
  }
  const auto flow = deliveries.flows.find(taken.node);
  const Node* node =
      flow != deliveries.flows.end() ? flow->second.node.get() : turn.find(taken.node);
  const auto at =
      node ? node->subscriptions.locate(taken.subscription, taken.at) : Subscriptions::none;
  if (at == Subscriptions::none) return;
  const auto before = node->subscriptions.taken(at);
  // Whoever has fallen back meanwhile is sent it again.
  if (!before || *before >= taken.seq || node->subscriptions.at(at).suspended) return;
  set_taken(turn, *node, at, taken.seq);
}

void confirm_pass(Turn& turn, Deliveries& deliveries, NodeId id, Seq level) {
  const auto found = deliveries.flows.find(id);
  if (found == deliveries.flows.end()) return;
  auto& flow = found->second;
  // The flow has begun anew since.
  if (level <= flow.node->level) return;
  --flow.unconfirmed;
  turn.change(*flow.node).level = level;
  trim_taken(turn, *flow.node);
  join_all(turn, deliveries, flow);
  go_on(deliveries, flow);
  if (flow.sent < flow.node->head) return begin_delivery(turn, *flow.node);
  settle(deliveries, id);
}

void confirm_group(const Answer& answer, Turn& turn) {
  auto& deliveries = turn.session().deliveries;
  std::uint64_t number = 0;
  const auto& text = answer.question.subject;
  if (answer.outcome == Answer::Outcome::silence) return ask_whether_taken(turn, text);
  std::from_chars(text.data(), text.data() + text.size(), number);
  // In order: what was sent before has arrived before. An error is an answer, too.
  while (!deliveries.in_flight.empty() && deliveries.in_flight.begin()->first <= number) {
    const auto group = std::move(deliveries.in_flight.begin()->second);
    deliveries.in_flight.erase(deliveries.in_flight.begin());
    for (const auto& taken : group.taken) confirm(turn, deliveries, taken);
    for (const auto& [node, level] : group.passed) confirm_pass(turn, deliveries, node, level);
  }
}

/// Tries again what came back, or was not confirmed by its subscriber.
void redeliver(std::int64_t subject, Turn& turn) {
  const auto found = find_subscription(turn, SubscriptionId{subject});
  if (!found) return;
  auto& subscriptions = turn.change(*found->node).subscriptions;
  subscriptions.set_suspended(found->at, false);
  if (!subscriptions.at(found->at).behind) return;
  end_durable(turn, SubscriptionId{subject});
  catch_up(turn, *found->node, found->at);
}

/// A receipt confirms what was sent before it as well. XEP-0184 §5.4
void take_receipt(const Message& message, Turn& turn) {
  const auto id = NotificationId::parse(message.payload.attribute_or("id", ""));
  if (!id || id->seq == Seq{}) return;
  const auto found = find_subscription(turn, id->subscription);
  if (!found || bare_of(found->jid()) != message.from.bare()) return;
  const Node& node = *found->node;
  const auto taken = node.subscriptions.taken(found->at);
  if (!taken || id->seq <= *taken || id->seq > node.head) return;
  set_taken(turn, node, found->at, id->seq);
  auto& replays = turn.session().deliveries.replays;
  const auto replay = replays.find(id->subscription);
  if (replay == replays.end() || id->seq < replay->second.sent) return;
  replay->second.in_flight = false;
  turn.store().clear_timer(TimerKind::redelivery, static_cast<std::int64_t>(id->subscription));
  turn.session().deliveries.ready.push_back(id->subscription);
}

}  // namespace

void begin_delivery(Turn& turn, const Node& node) {
  // The store knows of it until the stream is there.
  if (!turn.session().up) return;
  auto& deliveries = turn.session().deliveries;
  auto& flow = flow_of(turn, node);
  if (std::exchange(flow.queued, true)) return;
  deliveries.passing.push_back(node.id);
}

void begin_durable(Turn& turn, const Node& node, Position at) {
  const auto& options = node.subscriptions.options(at);
  if (options.versions == Versions::every && node.subscriptions.every_version() == 1)
    keep_versions(turn, node);
  if (node.subscriptions.durable() == 1) {
    // Nothing was noted before, because it was for nobody.
    Node& changed = turn.change(node);
    changed.head = changed.level = turn.store().next_seq();
    end_delivery(turn, node);
  }
  if (node.level < node.head || is_receipted(options)) set_taken(turn, node, at, node.head);
  // What it joins late it catches up with.
  if (node.level < node.head) catch_up(turn, node, at);
}

void catch_up(Turn& turn, const Node& node, Position at) {
  const auto& slot = node.subscriptions.at(at);
  const auto taken = node.subscriptions.taken(at);
  if (!taken || !turn.session().up) return;
  auto& deliveries = turn.session().deliveries;
  auto& flow = flow_of(turn, node);
  const auto [place, is_new] = deliveries.replays.try_emplace(slot.id);
  if (is_new) {
    place->second = {node.id, at, *taken};
    flow.replays.insert(slot.id);
  }
  if (!place->second.in_flight) deliveries.ready.push_back(slot.id);
}

void fall_back(Turn& turn, const Node& node, Position at, Seq lost) {
  const auto& slot = node.subscriptions.at(at);
  const Seq before{static_cast<std::int64_t>(lost) - 1};
  const auto taken = node.subscriptions.taken(at);
  end_durable(turn, slot.id);
  set_taken(turn, node, at, taken ? std::min(*taken, before) : before);
  turn.change(node).subscriptions.set_suspended(at, true);
}

void end_durable(Turn& turn, SubscriptionId subscription) {
  auto& deliveries = turn.session().deliveries;
  const auto replay = deliveries.replays.find(subscription);
  if (replay == deliveries.replays.end()) return;
  const auto node = replay->second.node;
  deliveries.replays.erase(replay);
  deliveries.flows.at(node).replays.erase(subscription);
  settle(deliveries, node);
}

void end_delivery(Turn& turn, const Node& node) {
  auto& deliveries = turn.session().deliveries;
  const auto found = deliveries.flows.find(node.id);
  if (found == deliveries.flows.end()) return;
  for (const auto id : found->second.replays) deliveries.replays.erase(id);
  std::erase(deliveries.passing, node.id);
  deliveries.flows.erase(found);
}

void install_delivery(Service& service) {
  service.add_stream([](Turn& turn) { turn.session().deliveries.unfinished_after = NodeId{}; });
  service.add_task({has_deliveries, deliver});
  service.add_answer(QuestionKind::delivery, confirm_group);
  service.add_timer(TimerKind::redelivery, redeliver);
  service.add_message(ns::receipts, "received", take_receipt);
}

}  // namespace crier
