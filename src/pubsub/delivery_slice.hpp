#pragma once
/// A slice of delivery: what is sent between two batches, and what all of its parts need.

#include <crier/deliveries.hpp>
#include <crier/turn.hpp>

#include <optional>

namespace crier {

/// What one slice sends.
struct Slice {
  Turn& turn;
  Deliveries& deliveries;
  Deliveries::Group group;
  std::size_t bytes = 0;
  /// What it has cost to look at subscriptions, and to serve them.
  std::size_t cost = 0;

  static constexpr std::size_t look_cost = 1;
  static constexpr std::size_t serve_cost = 100;

  bool full() const;
  /// Sends an event to one subscription; false when it wants nothing of it. An event that is old
  /// says when it happened; a receipt is asked for where one counts. XEP-0203, XEP-0184 §5.3
  bool send(DurableEvent& event, Subscriptions::Position at, const SubscriptionOptions& options);
};

/// Whether the client's word counts that a notification has arrived.
bool is_receipted(const SubscriptionOptions& options);

/// Whether notifications of the subscription go anywhere now. Whoever does not share its presence
/// is always written to: its server keeps what it can not deliver, or sends it back.
bool is_reachable(Turn& turn, const Node& node, Subscriptions::Position at);

/// Somebody who is online can not be reached: when its presence changes it may be.
void hold(Turn& turn, std::string_view jid);

/// The node's flow, begun where those are who keep up.
Deliveries::Flow& flow_of(Turn& turn, const Node& node);
/// Lets go of a node where nothing is under way.
void settle(Deliveries& deliveries, NodeId id);

/// What a durable subscription has taken, in memory and store alike.
void set_taken(Turn& turn, const Node& node, Subscriptions::Position at, std::optional<Seq> taken);

// delivery_pass.cpp

/// Goes on with the node's pass, or begins one if there is something to send.
void pass_on(Slice& slice, NodeId id);
/// One who has taken what those have who keep up, keeps up again.
void join(Turn& turn, Deliveries& deliveries, Deliveries::Flow& flow, SubscriptionId id);
/// The same for all of whom that is true, where no pass is under way or waits to be confirmed.
void join_all(Turn& turn, Deliveries& deliveries, Deliveries::Flow& flow);
/// Puts those in line again who have caught up with those who keep up, or can go on to.
void go_on(Deliveries& deliveries, const Deliveries::Flow& flow);

// delivery_replay.cpp

/// Sends the next events to one who is behind.
void replay(Slice& slice, SubscriptionId id);

}  // namespace crier
