#include "pubsub/delivery.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "pubsub/event_log.hpp"
#include "pubsub/subscription_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace crier {

namespace {

using Flow = Deliveries::Flow;
using Group = Deliveries::Group;
using Position = Subscriptions::Position;
using Replay = Deliveries::Replay;

/// What one slice sends at most, and what it costs: to look at a subscription, and to serve one.
constexpr std::size_t slice_bytes = 64 * 1024;
constexpr std::size_t slice_cost = 50'000;
constexpr std::size_t look_cost = 1;
constexpr std::size_t serve_cost = 100;
/// Groups that may wait to be confirmed.
constexpr std::size_t most_in_flight = 16;
/// Whoever was sent events and has not confirmed them is sent them again after so long; the same
/// for one whose notifications come back.
constexpr std::chrono::minutes patience{5};
/// An event that is older says when it happened.
constexpr std::chrono::seconds news{10};

/// What one slice sends.
struct Slice {
  Turn& turn;
  Deliveries& deliveries;
  Group group;
  std::size_t bytes = 0;
  std::size_t cost = 0;

  bool full() const { return bytes >= slice_bytes || cost >= slice_cost; }
  bool send(DurableEvent& event, Position at, const SubscriptionOptions& options);
};

bool is_receipted(const SubscriptionOptions& options) {
  return options.acknowledgement == Acknowledgement::receipt;
}

/// XEP-0203, XEP-0184 §5.3.
std::string extra_of(const DurableEvent& event, const SubscriptionOptions& options, Time now) {
  const bool old = event.happened + news < now;
  if (!old && !is_receipted(options)) return {};
  return written([&](XmlWriter& out) {
    if (old) out.open("delay", ns::delay).attr("stamp", format_datetime(event.happened));
    if (is_receipted(options)) out.open("request", ns::receipts);
  });
}

bool Slice::send(DurableEvent& event, Position at, const SubscriptionOptions& options) {
  std::string message;
  if (!event.broadcast.render_for(at, extra_of(event, options, turn.now()), message)) return false;
  bytes += message.size();
  turn.send(std::move(message));
  return true;
}

/// Whether notifications of the subscription go anywhere now. Whoever does not share its presence
/// is always written to: its server keeps what it can not deliver, or sends it back.
bool is_reachable(Turn& turn, const Node& node, Position at) {
  const auto& slot = node.subscriptions.at(at);
  if (slot.state != SubscriptionState::subscribed || slot.suspended) return false;
  const auto jid = node.subscriptions.jid(slot);
  const auto& presence = turn.session().presence;
  const auto shows = node.subscriptions.options(at).show_values.bits;
  if (shows != ShowValues::any) return presence.shows(jid, shows);
  if (presence.is_available(jid)) return true;
  return !node.config.presence_based_delivery &&
         !turn.store().contact(jid.substr(0, slot.bare_length)).seen;
}

Flow& flow_of(Turn& turn, const Node& node) {
  auto& flow = turn.session().deliveries.flows[node.id];
  if (!flow.node) {
    flow.node = node.shared_from_this();
    flow.sent = node.level;
  }
  return flow;
}

/// Lets go of a node where nothing is under way.
void settle(Deliveries& deliveries, NodeId id) {
  const auto found = deliveries.flows.find(id);
  if (found == deliveries.flows.end()) return;
  const auto& flow = found->second;
  if (!flow.queued && !flow.passing && flow.unconfirmed == 0 && flow.replays.empty())
    deliveries.flows.erase(found);
}

void set_taken(Turn& turn, const Node& node, Position at, std::optional<Seq> taken) {
  turn.store().set_taken(node.subscriptions.at(at).id, taken);
  turn.change(node).subscriptions.set_taken(at, taken);
}

// Passes.

/// Whether one who is behind was sent all that those were who keep up.
bool has_caught_up(const Flow& flow, const Replay& replay) {
  return !replay.in_flight && replay.sent == flow.sent;
}

/// One who has taken what those have who keep up, keeps up again.
void join(Turn& turn, Deliveries& deliveries, Flow& flow, SubscriptionId id) {
  const auto replay = deliveries.replays.find(id);
  const Node& node = *flow.node;
  if (!has_caught_up(flow, replay->second) || node.level != flow.sent) return;
  const auto at = node.subscriptions.locate(id, replay->second.at);
  if (at != Subscriptions::none) {
    if (is_receipted(node.subscriptions.options(at))) return;
    set_taken(turn, node, at, {});
  }
  deliveries.replays.erase(replay);
  flow.replays.erase(id);
}

/// Puts those in line again who have caught up with those who keep up, or can go on to.
void go_on(Deliveries& deliveries, const Flow& flow) {
  for (const auto id : flow.replays) {
    const auto& replay = deliveries.replays.at(id);
    if (!replay.in_flight && replay.sent <= flow.sent) deliveries.ready.push_back(id);
  }
}

/// Whether the next pass waits for what was sent to be confirmed, because somebody who has caught
/// up can join only then.
bool is_awaited(const Deliveries& deliveries, const Flow& flow) {
  const auto waits = [&](auto id) { return has_caught_up(flow, deliveries.replays.at(id)); };
  return flow.unconfirmed > 0 && std::ranges::any_of(flow.replays, waits);
}

/// False when there is nothing to send.
bool begin_pass(Turn& turn, Deliveries& deliveries, Flow& flow) {
  if (flow.sent >= flow.node->head || is_awaited(deliveries, flow)) return false;
  const Node& node = *flow.node;
  EventRange range{flow.sent, node.head};
  flow.versions_page.clear();
  if (node.subscriptions.every_version() > 0) {
    range.versions = true;
    auto page = events_in(turn, node, range);
    flow.versions_page = std::move(page.events);
    range.up_to = page.complete_to;
    range.versions = false;
  }
  auto page = events_in(turn, node, range);
  // The last versions are among all of them: what did not fit is left to both.
  std::erase_if(flow.versions_page,
                [&](const auto& event) { return event.seq > page.complete_to; });
  flow.page = std::move(page.events);
  flow.target = page.complete_to;
  flow.cursor = 0;
  flow.passing = true;
  return true;
}

/// One who kept up can not be reached. What it was sent is taken once it is confirmed.
void leave_behind(Slice& slice, Flow& flow, Position at) {
  const Node& node = *flow.node;
  set_taken(slice.turn, node, at, node.level);
  if (flow.sent == node.level) return;
  const auto id = node.subscriptions.at(at).id;
  slice.deliveries.replays.insert_or_assign(id, Replay{node.id, at, flow.sent, true});
  flow.replays.insert(id);
  slice.group.taken.push_back({node.id, at, id, flow.sent});
}

void serve(Slice& slice, Flow& flow, Position at) {
  const Node& node = *flow.node;
  const auto& slot = node.subscriptions.at(at);
  slice.cost += look_cost;
  if (!slot.live || !slot.durable) return;
  slice.cost += serve_cost;
  const auto& options = node.subscriptions.options(at);
  if (slot.behind) {
    // Receipts are each subscriber's own: such a one has its own cursor always.
    if (is_receipted(options)) catch_up(slice.turn, node, at);
    return;
  }
  if (!is_reachable(slice.turn, node, at)) return leave_behind(slice, flow, at);
  for (auto& event : options.versions == Versions::every ? flow.versions_page : flow.page)
    slice.send(event, at, options);
}

void end_pass(Slice& slice, Flow& flow) {
  flow.passing = false;
  flow.page.clear();
  flow.versions_page.clear();
  flow.sent = flow.target;
  ++flow.unconfirmed;
  slice.group.passed.emplace_back(flow.node->id, flow.sent);
  go_on(slice.deliveries, flow);
}

void pass_on(Slice& slice, NodeId id) {
  auto& flow = slice.deliveries.flows.at(id);
  if (!flow.passing && !begin_pass(slice.turn, slice.deliveries, flow)) {
    flow.queued = false;
    return settle(slice.deliveries, id);
  }
  while (flow.cursor < flow.node->subscriptions.end() && !slice.full())
    serve(slice, flow, flow.cursor++);
  if (flow.cursor >= flow.node->subscriptions.end()) end_pass(slice, flow);
  // Another node's turn.
  slice.deliveries.passing.push_back(id);
}

// Those who are behind.

/// Tells that events are lost. The items that are still there follow.
void tell_gap(Slice& slice, const Node& node, Position at, Seq taken) {
  const auto& slot = node.subscriptions.at(at);
  auto message = written([&](XmlWriter& out) {
    auto element = out.open("message");
    element.attr("from", node.key.host).attr("to", node.subscriptions.jid(slot));
    element.attr("id", slice.turn.fresh_id()).attr("type", "normal");
    {
      auto event = out.open("event", ns::pubsub_event);
      out.open("items").attr("node", node.key.name);
    }
    out.open("gap", ns::delivery)
        .attr("node", node.key.name)
        .attr("subid", subid_of(slot.id))
        .attr("after", std::to_string(static_cast<std::int64_t>(taken)))
        .attr("before", std::to_string(static_cast<std::int64_t>(node.log_start)));
  });
  slice.bytes += message.size();
  slice.turn.send(std::move(message));
}

void set_redelivery(Turn& turn, SubscriptionId id) {
  turn.set_timer({TimerKind::redelivery, static_cast<std::int64_t>(id), turn.now() + patience});
}

/// Sends the next events to one who is behind.
void replay(Slice& slice, SubscriptionId id) {
  const auto found = slice.deliveries.replays.find(id);
  if (found == slice.deliveries.replays.end() || found->second.in_flight) return;
  auto& replay = found->second;
  auto& flow = slice.deliveries.flows.at(replay.node);
  const Node& node = *flow.node;
  replay.at = node.subscriptions.locate(id, replay.at);
  const bool there = replay.at != Subscriptions::none && node.subscriptions.at(replay.at).behind;
  if (!there || !is_reachable(slice.turn, node, replay.at)) return end_durable(slice.turn, id);
  if (replay.sent >= flow.sent) {
    // What is under way goes on from here at its end.
    if (!flow.passing) join(slice.turn, slice.deliveries, flow, id);
    return settle(slice.deliveries, node.id);
  }
  const auto options = node.subscriptions.options(replay.at);
  if (has_gap(node, replay.sent) && !std::exchange(replay.told_of_gap, true))
    tell_gap(slice, node, replay.at, replay.sent);
  auto page =
      events_in(slice.turn, node, {replay.sent, flow.sent, options.versions == Versions::every});
  bool sent = false;
  for (auto& event : page.events) sent = slice.send(event, replay.at, options) || sent;
  replay.sent = page.complete_to;
  if (!sent) {
    // There was nothing for it.
    set_taken(slice.turn, node, replay.at, replay.sent);
    return slice.deliveries.ready.push_back(id);
  }
  replay.in_flight = true;
  if (!is_receipted(options)) slice.group.taken.push_back({node.id, replay.at, id, replay.sent});
  const auto jid = node.subscriptions.jid(node.subscriptions.at(replay.at));
  if (is_receipted(options) || !slice.turn.session().presence.is_available(jid))
    set_redelivery(slice.turn, id);
}

// Slices.

bool has_deliveries(const Session& session) {
  const auto& deliveries = session.deliveries;
  if (deliveries.in_flight.size() >= most_in_flight) return false;
  return deliveries.unfinished_after || !deliveries.passing.empty() || !deliveries.ready.empty();
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
  Slice slice{turn, deliveries, {}};
  while (!slice.full() && (!deliveries.passing.empty() || !deliveries.ready.empty())) {
    if (!deliveries.passing.empty()) pass_on(slice, take_first(deliveries.passing));
    if (slice.full() || deliveries.ready.empty()) continue;
    replay(slice, take_first(deliveries.ready));
    slice.cost += serve_cost;
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
  const Node* node = turn.find(taken.node);
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
  --flow.unconfirmed;
  turn.change(*flow.node).level = std::max(flow.node->level, level);
  trim_taken(turn, *flow.node);
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
