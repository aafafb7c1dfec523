#pragma once
/// What a subscriber asks of its subscription: XEP-0060 §6.3 and the registry's
/// pubsub#subscribe_options (§16.4.2).

#include <crier/content_filter.hpp>
#include <crier/presence.hpp>
#include <crier/time.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace crier {

/// What a subscription to a collection is about. XEP-0248 §6.1.
enum class SubscriptionType : std::uint8_t { items, nodes, all };

/// How far below a collection events come from; `all`: any distance. XEP-0248 §6.1.
struct Depth {
  static constexpr std::uint32_t all = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t value = 1;
  bool operator==(const Depth&) const = default;
};

/// How often a digest is sent at most.
struct DigestFrequency {
  std::chrono::milliseconds value{10'000};
  bool operator==(const DigestFrequency&) const = default;
};

/// When a lease ends; nothing: never. §12.19
struct Expiry {
  std::optional<Time> at;
  /// It ends when the subscriber goes offline. §12.5
  bool with_presence = false;
  bool operator==(const Expiry&) const = default;
};

/// How available a subscriber has to be to be notified: a bit (1 << Show) each. §6.3.3
struct ShowValues {
  static constexpr std::uint8_t any = 0x1f;
  std::uint8_t bits = any;
  bool operator==(const ShowValues&) const = default;
};

/// Which versions of an item a durable subscription gets, of those that were published while its
/// subscriber was away.
enum class Versions : std::uint8_t { last, every };

/// Who says that a durable subscription's notifications have arrived: the server, for what it has
/// taken to deliver, or the client, by receipts (XEP-0184).
enum class Acknowledgement : std::uint8_t { server, receipt };

/// The member's initial value is the option's default.
struct SubscriptionOptions {
  bool deliver = true;
  bool digest = false;
  DigestFrequency digest_frequency;
  Expiry expire;
  /// §12.8
  bool include_body = false;
  ShowValues show_values;
  /// Events wait for a subscriber who is away.
  bool durable = false;
  Versions versions = Versions::last;
  Acknowledgement acknowledgement = Acknowledgement::server;
  /// Of collections; those to a leaf are about its items.
  SubscriptionType subscription_type = SubscriptionType::nodes;
  Depth subscription_depth;
  /// §12.20
  ContentFilter filter;

  bool operator==(const SubscriptionOptions&) const = default;

  FollowsPresence follows_presence() const {
    if (expire.with_presence) return FollowsPresence::to_the_end;
    return durable ? FollowsPresence::yes : FollowsPresence::no;
  }
  /// The service has to know whether the subscriber is online.
  bool needs_presence() const {
    return follows_presence() != FollowsPresence::no || show_values.bits != ShowValues::any;
  }
};

}  // namespace crier
