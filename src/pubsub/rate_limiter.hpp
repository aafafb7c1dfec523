#pragma once
/// How often somebody may ask: token buckets for accounts, domains and the service as a whole.
///
/// A bucket holds `burst` tokens at most and gets `most` new ones within each `within`. All that is
/// remembered of one is when it will be full again: what is missing now is what comes in until
/// then. Whoever wants more at once than a bucket holds waits until it is full, and then owes the
/// rest, so that nothing is refused for ever.

#include <crier/error.hpp>
#include <crier/jid.hpp>
#include <crier/limits.hpp>
#include <crier/time.hpp>

#include <algorithm>
#include <array>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace crier {

/// What one stanza takes, by Rate.
using Demand = std::array<std::uint64_t, 4>;

class RateLimiter {
 public:
  /// Of more buckets those go that are full, or will be soonest: a full one is as good as none.
  static constexpr std::size_t most_buckets = 100'000;

  /// Keeps at least 32 buckets: one stanza needs 12 of them at once.
  explicit RateLimiter(std::size_t most = most_buckets) : most_(std::max<std::size_t>(most, 32)) {}

  /// Takes what `demand` says from all buckets that `rules` give to the sender, or nothing. Between
  /// two clear() the rules are the same; when `now` is before the last one all buckets are full.
  /// O(1) for a sender that was seen lately, else O(rules).
  /// Refuses with too_many_requests and when to come again.
  Result<void> take(std::span<const RateRule> rules, const Jid& from, const Demand& demand,
                    Time now);
  /// The rules are others: all buckets are full.
  void clear();

  std::size_t size() const { return buckets_.size(); }

 private:
  using Nanoseconds = std::chrono::sys_time<std::chrono::nanoseconds>;

  struct Key {
    Rate what;
    Scope scope;
    /// A bare JID, a domain, or empty for the service.
    std::string_view of;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::string_view>()(key.of) * 31 + static_cast<std::size_t>(key.what) * 4 +
             static_cast<std::size_t>(key.scope);
    }
  };
  struct Bucket {
    Rate what;
    Scope scope;
    std::string of;
    /// Which of the rules matches; nothing: there is no limit.
    std::optional<std::size_t> rule;
    Nanoseconds full_at{};

    Key key() const { return {what, scope, of}; }
  };
  using Buckets = std::list<Bucket>;

  Bucket& bucket(std::span<const RateRule> rules, const Key& key, Nanoseconds now);
  void evict(Nanoseconds now);

  std::size_t most_;
  /// Most recently used first.
  Buckets buckets_;
  std::unordered_map<Key, Buckets::iterator, KeyHash> by_key_;
  Nanoseconds last_{};
};

}  // namespace crier
