#pragma once
/// What the operator lets accounts, domains and all together ask of the service: how often, and how
/// much of it. Rules are in the order in which they were given; of several that are about the same
/// the last that matches counts.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace crier {

/// Whom a limit is for, each of them on its own: an account (a bare JID), a domain with all its
/// accounts, or the whole service.
enum class Scope : std::uint8_t { account, domain, service };

/// What is counted by the clock.
enum class Rate : std::uint8_t {
  /// IQs that ask for something, and messages.
  requests,
  /// Items that are published.
  publishes,
  /// Bytes of the stanzas that publish, as they were received.
  bytes,
  /// Requests to see the service's presence; each of a stranger takes a row.
  presence,
};

/// So many within so long, and `burst` at once by whoever was still before.
struct RateRule {
  Rate what{};
  Scope scope{};
  /// Of bare JIDs or domains: `*` stands for anything, `?` for one character. `*` for the service.
  std::string pattern;
  /// 0: any number.
  std::uint64_t most = 0;
  std::chrono::seconds within{1};
  std::uint64_t burst = 0;
  bool operator==(const RateRule&) const = default;
};

/// What is counted as it is stored.
enum class Quantity : std::uint8_t {
  /// Nodes that were created, and still exist.
  nodes,
  subscriptions,
  /// Items that were published, by whoever published them last.
  items,
  /// Of the ids and payloads of these items; for the service what the database holds.
  bytes,
};

struct QuotaRule {
  Quantity what{};
  Scope scope{};
  /// As that of RateRule.
  std::string pattern;
  /// 0: any number.
  std::uint64_t most = 0;
  bool operator==(const QuotaRule&) const = default;
};

}  // namespace crier
