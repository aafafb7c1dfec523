#pragma once
/// The one place where the rates that the operator allows are asked for: before a stanza is routed.

#include <crier/element.hpp>
#include <crier/turn.hpp>

#include "pubsub/rate_limiter.hpp"

#include <cstdint>
#include <string>

namespace crier {

/// What was not let in, since the start.
struct RateCounts {
  /// Requests that were refused.
  std::uint64_t refused = 0;
  /// Messages and presence that nobody was told of.
  std::uint64_t dropped = 0;
  /// The bare JID that sent the last of them.
  std::string last = {};
};

/// Whether the stanza of so many bytes may be handled. A request that may not is answered with
/// policy-violation of the type wait (RFC 6120 §8.3.3.12); messages and presence are passed over.
/// Not limited are admins, the service itself, whoever is banned, answers, errors, presence but
/// `subscribe` and `probe`, and what servers tell of themselves: what they grant, and roster pushes
/// (XEP-0356 §4).
bool admit(const Element& stanza, std::size_t bytes, RateLimiter& limiter, RateCounts& counts,
           Turn& turn);

}  // namespace crier
