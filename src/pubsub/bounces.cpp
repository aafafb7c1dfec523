#include "pubsub/bounces.hpp"

#include <crier/broadcast.hpp>

#include "pubsub/delivery.hpp"
#include "pubsub/subscription_entry.hpp"
#include "pubsub/subscription_place.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace crier {

namespace {

/// What is tried again, and how long after a notification came back: twice as long each time.
constexpr std::chrono::minutes first_retry{1};
constexpr std::chrono::hours longest_retry{6};
constexpr std::uint64_t most_doublings = 12;

/// Conditions that say, whatever the type, that what the notification was for is gone for good.
constexpr std::array<std::string_view, 2> final_conditions{"gone", "item-not-found"};

Time::duration retry_after(std::uint64_t count) {
  const auto doublings = std::min(count - std::min<std::uint64_t>(count, 1), most_doublings);
  return std::min<Time::duration>(first_retry * (1 << doublings), longest_retry);
}

/// What a server says that has nobody online to deliver to, and keeps nothing for later. RFC 6121
/// §8.5.2.2
constexpr std::array<std::string_view, 2> away_conditions{"service-unavailable",
                                                          "recipient-unavailable"};

bool is_one_of(std::string_view condition, std::span<const std::string_view> conditions) {
  return std::ranges::find(conditions, condition) != conditions.end();
}

/// Whether the error counts towards the end of the subscription. One of type `wait` says that the
/// same will go through later, and a durable subscription is there for those who are away.
bool counts(const Bounce& bounce, bool durable) {
  if (is_one_of(bounce.condition, final_conditions)) return true;
  if (durable && is_one_of(bounce.condition, away_conditions)) return false;
  return bounce.type != "wait";
}

/// Nothing is sent for a while, and what came back comes again if it can.
void suspend(Turn& turn, const FoundSubscription& found, Seq lost, Time::duration duration) {
  const auto id = found.slot().id;
  if (found.slot().durable && lost != Seq{})
    fall_back(turn, *found.node, found.at, lost);
  else
    turn.change(*found.node).subscriptions.set_suspended(found.at, true);
  turn.set_timer({TimerKind::redelivery, static_cast<std::int64_t>(id), turn.now() + duration});
}

void take_bounce(const Bounce& bounce, Turn& turn) {
  const auto id = NotificationId::parse(bounce.id);
  if (!id) return;
  const auto found = find_subscription(turn, id->subscription);
  // Only the subscribed JID, or its account's server, can say that it is not there.
  if (!found || bare_of(found->jid()) != bounce.from.bare()) return;
  turn.statistics().bounces.add();
  turn.statistics().bouncing.add(found->jid(), {.events = 1}, found->node->key.name);
  const Policy& policy = turn.policy();
  auto bounces = turn.store().bounces(id->subscription);
  if (bounces.first + policy.bounce_period <= turn.now()) bounces = {0, turn.now()};
  // Many that were on their way at once are one.
  if (found->slot().suspended) {
    if (found->slot().durable && id->seq != Seq{})
      fall_back(turn, *found->node, found->at, id->seq);
    return;
  }
  if (counts(bounce, found->slot().durable)) ++bounces.count;
  turn.store().set_bounces(id->subscription, bounces);
  if (bounces.count >= policy.max_bounces) {
    turn.store().set_bounces(id->subscription, {});
    return remove_subscription(turn, *found->node, found->at);
  }
  suspend(turn, *found, id->seq, retry_after(bounces.count));
}

}  // namespace

void install_bounces(Service& service) {
  service.add_bounce(take_bounce);
}

}  // namespace crier
