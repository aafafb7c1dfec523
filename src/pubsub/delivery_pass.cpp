/// Passes: new events, to those who keep up.

#include "pubsub/delivery.hpp"
#include "pubsub/delivery_slice.hpp"
#include "pubsub/event_log.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace crier {

namespace {

using Flow = Deliveries::Flow;
using Position = Subscriptions::Position;
using Replay = Deliveries::Replay;

/// Whether one who is behind was sent all that those were who keep up.
bool has_caught_up(const Flow& flow, const Replay& replay) {
  return !replay.in_flight && replay.sent == flow.sent;
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
  hold(slice.turn, node.subscriptions.jid(node.subscriptions.at(at)));
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
  slice.cost += Slice::look_cost;
  if (!slot.live || !slot.durable) return;
  slice.cost += Slice::serve_cost;
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

}  // namespace

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

void join_all(Turn& turn, Deliveries& deliveries, Flow& flow) {
  if (flow.passing || flow.unconfirmed > 0) return;
  std::vector<SubscriptionId> joining;
  for (const auto id : flow.replays)
    if (has_caught_up(flow, deliveries.replays.at(id))) joining.push_back(id);
  for (const auto id : joining) join(turn, deliveries, flow, id);
}

void go_on(Deliveries& deliveries, const Flow& flow) {
  for (const auto id : flow.replays) {
    const auto& replay = deliveries.replays.at(id);
    if (!replay.in_flight && replay.sent <= flow.sent) deliveries.ready.push_back(id);
  }
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

}  // namespace crier
