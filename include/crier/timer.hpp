#pragma once
/// What shall happen by itself, later. Timers are kept in the store, so that a restart loses none.

#include <crier/time.hpp>

#include <cstdint>

namespace crier {

/// What a timer is for. These numbers are in databases.
enum class TimerKind : std::uint8_t {
  /// Items of a node go; the subject is a NodeId.
  item_expiry = 0,
  /// A lease comes near its end, or ends; the subject is a SubscriptionId.
  lease_notice = 1,
  lease_end = 2,
  /// A digest is due; the subject is a SubscriptionId.
  digest = 3,
  /// Events of a durable subscription that came back are sent again, or those of a plain one are
  /// sent again at all; the subject is a SubscriptionId.
  redelivery = 4,
  /// Events of a node that were kept for long enough go; the subject is a NodeId.
  event_expiry = 5,
  /// Subscriptions that end with presence end when nothing was heard of it since the stream is
  /// there; the subject is the SubscriptionId that they come after.
  absence = 6,
  /// Bans expire; the subject is 0.
  ban_expiry = 7,
};

/// There is one timer of each kind for a subject.
struct Timer {
  TimerKind kind;
  std::int64_t subject;
  Time due;
};

}  // namespace crier
