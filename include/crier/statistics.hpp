#pragma once
/// What the running service counts: for its operator, in the form of numbers that say nothing of
/// any single user.
///
/// The protocol thread writes, others read: a counter is one word that is stored without a lock.
/// The number of series is fixed, whatever clients do; what is known of single nodes and JIDs lies
/// in two small tables that only the protocol thread reads.

#include <crier/busiest.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace crier {

/// A number that one thread at a time changes, and any thread may read.
class Counter {
 public:
  void add(std::uint64_t count = 1) { set(value() + count); }
  void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// How often values lay between which bounds. One thread at a time observes, any may read.
class Histogram {
 public:
  static constexpr std::size_t most_bounds = 16;

  /// `bounds` are the upper bounds of the buckets, growing, with static storage; at most
  /// `most_bounds`. Above the last one is another bucket.
  explicit Histogram(std::span<const double> bounds) : bounds_(bounds) {}

  void observe(double value);
  std::span<const double> bounds() const { return bounds_; }
  /// How many lay in that bucket; `bucket` is bounds().size() for those above the last bound.
  std::uint64_t in_bucket(std::size_t bucket) const { return buckets_[bucket].value(); }
  std::uint64_t count() const;
  double sum() const { return sum_.load(std::memory_order_relaxed); }
  /// The value below which that part of all lies, 0 to 1, as far as the buckets tell: inside of a
  /// bucket values are taken to lie evenly; the last bound for those above it; 0 without values.
  double quantile(double part) const;

 private:
  std::span<const double> bounds_;
  std::array<Counter, most_bounds + 1> buckets_;
  std::atomic<double> sum_{0};
};

/// What one request was, by its place in Service::routes(), and what came of it.
struct CountedRequest {
  std::uint8_t route;
  std::uint8_t outcome;
};

/// Sizes that are looked up when somebody asks; in bytes.
struct Sizes {
  std::uint64_t database = 0;
  std::uint64_t wal = 0;
  std::uint64_t resident = 0;
};

struct Statistics {
  /// What is no request of the table, or the table has no room for.
  static constexpr std::size_t other_route = 63;
  static constexpr std::size_t most_routes = other_route + 1;
  static constexpr std::size_t most_outcomes = 24;

  Statistics();

  /// Requests that were answered, by what they were and what came of them, see outcomes().
  std::array<std::array<Counter, most_outcomes>, most_routes> requests;

  // What happened, since the start.
  Counter stanzas_received;
  Counter bytes_received;
  Counter bytes_sent;
  Counter items_published;
  Counter notifications;
  Counter bounces;
  Counter events_logged;
  Counter commits_failed;
  Counter reconnects;
  Counter cache_hits;
  Counter cache_misses;
  Counter cache_evictions;
  Counter traced;

  // What is now.
  Counter stream_up;
  Counter outbox_answer_bytes;
  Counter outbox_broadcast_bytes;
  Counter cache_bytes;
  Counter cache_nodes;
  Counter presence_resources;
  Counter presence_accounts;
  Counter subscriptions_behind;
  Counter nodes_behind;
  Counter waiting_requests;
  Counter questions;
  /// The last write was refused by the disk: 1, else 0.
  Counter storage_failing;
  /// Since when the turn lasts that is under way, in nanoseconds of the steady clock; 0 while the
  /// loop waits for something to happen.
  Counter busy_since;
  /// In seconds since 1970.
  Counter started;

  /// In seconds; of the transactions that wrote something.
  Histogram commit_seconds;
  /// Stanzas that shared a transaction.
  Histogram batch_stanzas;

  // For the protocol thread alone.
  /// Nodes by what is published and what their subscribers are sent.
  Busiest nodes;
  /// Subscribers by notifications that came back; the detail is the node.
  Busiest bouncing;

  // Set once, before any thread begins.
  std::string server;
  std::string database;
  /// Any thread may call it.
  std::function<Sizes()> sizes = [] { return Sizes(); };
};

/// The names of what can come of a request: "result", the conditions of RFC 6120 §8.3.3, "other".
std::span<const std::string_view> outcomes();
/// The place of a stanza error's condition among them.
std::uint8_t outcome_of(std::string_view condition);
/// The outcome of a request that was granted.
inline constexpr std::uint8_t granted = 0;

/// One number of Statistics that has no label.
struct Series {
  enum class Kind { counter, gauge };
  /// In words of a-z with `_` between them, the unit at the end.
  std::string_view name;
  Kind kind;
  /// What it counts, for people.
  std::string_view help;
  Counter Statistics::*value;
};

/// All of them, in the order in which they are shown.
std::span<const Series> series();

}  // namespace crier
