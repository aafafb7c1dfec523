#pragma once
/// What is on its way to durable subscriptions: where each node and each subscriber stands, and
/// what the server has not confirmed yet. src/pubsub/delivery.cpp moves it on.

#include <crier/broadcast.hpp>
#include <crier/ids.hpp>
#include <crier/node.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace crier {

/// An event as durable subscriptions get it.
struct DurableEvent {
  Seq seq;
  Time happened;
  Broadcast broadcast;
};

struct Deliveries {
  /// A node with events that somebody has not taken.
  struct Flow {
    std::shared_ptr<const Node> node;
    /// Those who keep up were sent all events up to here; the server may not have confirmed it.
    Seq sent;
    /// A pass sends the events of a page to all who keep up, from slot to slot. After it they were
    /// sent all up to `target`.
    bool passing = false;
    Seq target{};
    Subscriptions::Position cursor = 0;
    std::vector<DurableEvent> page;
    /// The same for those who want every version of items.
    std::vector<DurableEvent> versions_page;
    bool queued = false;
    /// Ends of passes that are not confirmed.
    std::size_t unconfirmed = 0;
    /// Those behind that are being sent what they have missed.
    std::unordered_set<SubscriptionId> replays;
  };

  /// A subscription that is behind, and available.
  struct Replay {
    NodeId node;
    Subscriptions::Position at;
    /// It was sent all events up to here.
    Seq sent;
    /// A group of its events waits to be confirmed.
    bool in_flight = false;
    bool told_of_gap = false;
  };

  /// What stands in front of a question to the server.
  struct Group {
    /// Subscriptions that have taken all up to there, once it is confirmed.
    struct Taken {
      NodeId node;
      Subscriptions::Position at;
      SubscriptionId subscription;
      Seq seq;
    };
    std::vector<Taken> taken;
    /// Nodes where a pass ended.
    std::vector<std::pair<NodeId, Seq>> passed;
    bool empty() const { return taken.empty() && passed.empty(); }
  };

  std::unordered_map<NodeId, Flow> flows;
  std::unordered_map<SubscriptionId, Replay> replays;
  /// Whose turn it is.
  std::deque<NodeId> passing;
  std::deque<SubscriptionId> ready;
  /// Those of replays that a batch which came to nothing has ended.
  std::deque<SubscriptionId> interrupted;
  /// Accounts (bare JIDs) that are online and show what some subscription of theirs does not want.
  std::unordered_set<std::string> held;
  /// By number, those that wait to be confirmed.
  std::map<std::uint64_t, Group> in_flight;
  std::uint64_t last_group = 0;
  /// Nodes of which the store says that they are not finished are looked for behind this one;
  /// nothing: there are none left to be looked for.
  std::optional<NodeId> unfinished_after;
};

}  // namespace crier
