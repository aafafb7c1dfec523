#include <crier/statistics.hpp>

#include <algorithm>

namespace crier {

namespace {

constexpr std::array commit_bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                   0.05,   0.1,     0.25,   0.5,   1.0,    2.5,   5.0,  10.0};
constexpr std::array batch_bounds{1.0,  2.0,   4.0,   8.0,   16.0,  32.0,
                                  64.0, 128.0, 256.0, 512.0, 1024.0};
static_assert(commit_bounds.size() <= Histogram::most_bounds);

constexpr auto known_outcomes = std::to_array<std::string_view>({
    "result",
    "bad-request",
    "conflict",
    "feature-not-implemented",
    "forbidden",
    "gone",
    "internal-server-error",
    "item-not-found",
    "jid-malformed",
    "not-acceptable",
    "not-allowed",
    "not-authorized",
    "policy-violation",
    "recipient-unavailable",
    "redirect",
    "registration-required",
    "remote-server-not-found",
    "remote-server-timeout",
    "resource-constraint",
    "service-unavailable",
    "subscription-required",
    "undefined-condition",
    "unexpected-request",
    "other",
});
static_assert(known_outcomes.size() == Statistics::most_outcomes);

constexpr auto counter = Series::Kind::counter;
constexpr auto gauge = Series::Kind::gauge;
using S = Statistics;

constexpr std::array all_series{
    Series{"stream_up", gauge, "Whether the stream to the server is there", &S::stream_up},
    Series{"reconnects", counter, "Streams that were made anew", &S::reconnects},
    Series{"stanzas_received", counter, "Stanzas received", &S::stanzas_received},
    Series{"received_bytes", counter, "Bytes received", &S::bytes_received},
    Series{"sent_bytes", counter, "Bytes sent", &S::bytes_sent},
    Series{"items_published", counter, "Items published", &S::items_published},
    Series{"notifications", counter, "Notifications sent", &S::notifications},
    Series{"bounces", counter, "Notifications that came back", &S::bounces},
    Series{"events_logged", counter, "Events kept for durable subscriptions", &S::events_logged},
    Series{"commits_failed", counter, "Transactions that the disk refused", &S::commits_failed},
    Series{"storage_failing", gauge, "Whether the last write failed", &S::storage_failing},
    Series{"cache_hits", counter, "Nodes found in memory", &S::cache_hits},
    Series{"cache_misses", counter, "Nodes looked for in memory in vain", &S::cache_misses},
    Series{"cache_evictions", counter, "Nodes that made room in memory", &S::cache_evictions},
    Series{"cache_bytes", gauge, "Bytes of nodes in memory", &S::cache_bytes},
    Series{"cache_nodes", gauge, "Nodes in memory", &S::cache_nodes},
    Series{"outbox_answer_bytes", gauge, "Bytes of answers that wait to be sent",
           &S::outbox_answer_bytes},
    Series{"outbox_broadcast_bytes", gauge, "Bytes of notifications that wait to be sent",
           &S::outbox_broadcast_bytes},
    Series{"presence_resources", gauge, "Resources known to be online", &S::presence_resources},
    Series{"presence_accounts", gauge, "Accounts known to be online", &S::presence_accounts},
    Series{"subscriptions_behind", gauge, "Durable subscriptions that are catching up",
           &S::subscriptions_behind},
    Series{"nodes_behind", gauge, "Nodes with events that durable subscriptions wait for",
           &S::nodes_behind},
    Series{"waiting_requests", gauge, "Requests that wait for rosters", &S::waiting_requests},
    Series{"questions", gauge, "Questions to others that wait for their answers", &S::questions},
    Series{"traced_stanzas", counter, "Stanzas shown to somebody who traces", &S::traced},
};

}  // namespace

void Histogram::observe(double value) {
  const auto bucket = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
  buckets_[static_cast<std::size_t>(bucket)].add();
  sum_.store(sum() + value, std::memory_order_relaxed);
}

std::uint64_t Histogram::count() const {
  std::uint64_t count = 0;
  for (std::size_t bucket = 0; bucket <= bounds_.size(); ++bucket) count += in_bucket(bucket);
  return count;
}

double Histogram::quantile(double part) const {
  const auto wanted = part * static_cast<double>(count());
  double below = 0;
  for (std::size_t bucket = 0; bucket < bounds_.size(); ++bucket) {
    const auto here = static_cast<double>(in_bucket(bucket));
    if (here > 0 && below + here >= wanted) {
      const double least = bucket == 0 ? 0 : bounds_[bucket - 1];
      return least + (bounds_[bucket] - least) * (wanted - below) / here;
    }
    below += here;
  }
  return wanted > 0 ? bounds_.back() : 0;
}

Statistics::Statistics() : commit_seconds(commit_bounds), batch_stanzas(batch_bounds) {}

std::span<const std::string_view> outcomes() {
  return known_outcomes;
}

std::uint8_t outcome_of(std::string_view condition) {
  const auto found = std::ranges::find(known_outcomes, condition);
  const auto last = known_outcomes.size() - 1;
  return static_cast<std::uint8_t>(
      std::min(static_cast<std::size_t>(found - known_outcomes.begin()), last));
}

std::span<const Series> series() {
  return all_series;
}

}  // namespace crier
