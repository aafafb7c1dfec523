/// Replays: what somebody has missed who is behind.

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "pubsub/delivery.hpp"
#include "pubsub/delivery_slice.hpp"
#include "pubsub/event_log.hpp"

#include <utility>

namespace crier {

namespace {

using Position = Subscriptions::Position;

/// Whoever was sent events and has not confirmed them is sent them again after so long.
constexpr std::chrono::minutes patience{5};

/// Tells that events are lost. The items that are still there follow.
void tell_gap(Slice& slice, const Node& node, Position at, Seq taken) {
  const auto& slot = node.subscriptions.at(at);
  if (slice.turn.bans().covering(bare_of(node.subscriptions.jid(slot)))) return;
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

}  // namespace

void replay(Slice& slice, SubscriptionId id) {
  const auto found = slice.deliveries.replays.find(id);
  if (found == slice.deliveries.replays.end() || found->second.in_flight) return;
  auto& replay = found->second;
  auto& flow = slice.deliveries.flows.at(replay.node);
  const Node& node = *flow.node;
  replay.at = node.subscriptions.locate(id, replay.at);
  const bool there = replay.at != Subscriptions::none && node.subscriptions.at(replay.at).behind;
  const bool reachable = there && is_reachable(slice.turn, node, replay.at);
  if (there && !reachable)
    hold(slice.turn, node.subscriptions.jid(node.subscriptions.at(replay.at)));
  if (!reachable) return end_durable(slice.turn, id);
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

}  // namespace crier
