#pragma once
/// What a subscriber asks of its subscription: XEP-0060 §6.3 and the registry's
/// pubsub#subscribe_options (§16.4.2).

#include <crier/content_filter.hpp>
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
  bool operator==(const Expiry&) const = default;
};

/// The member's initial value is the option's default.
struct SubscriptionOptions {
  bool deliver = true;
  bool digest = false;
  DigestFrequency digest_frequency;
  Expiry expire;
  /// §12.8
  bool include_body = false;
  /// Of collections; those to a leaf are about its items.
  SubscriptionType subscription_type = SubscriptionType::nodes;
  Depth subscription_depth;
  /// §12.20
  ContentFilter filter;

  bool operator==(const SubscriptionOptions&) const = default;
};

}  // namespace crier
