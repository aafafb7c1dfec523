#pragma once
/// Why a service refused, in words. RFC 6120 §8.3, XEP-0060 §11 and the error cases of each use
/// case.

#include <crier/element.hpp>

#include <string>
#include <string_view>

#include "cli/requests.hpp"

namespace crier::cli {

/// A stanza error as it was received.
struct Refusal {
  /// `auth`, `cancel`, `continue`, `modify` or `wait`.
  std::string type = {};
  /// The defined condition, such as `item-not-found`.
  std::string condition = {};
  /// The child in the namespace pubsub#errors; empty for none.
  std::string pubsub_condition = {};
  /// The `feature` attribute of `<unsupported/>`.
  std::string feature = {};
  /// What the service says to people.
  std::string text = {};
};

/// The `<error/>` of an IQ of type error. §8.3.2
Refusal read_refusal(const Element& iq);

/// One line for the user: who refused, why, the conditions by name, and what the service says.
std::string to_text(const Refusal& refusal, std::string_view service, const Subject& about);

/// The status of exit_status.hpp that a command ends with after that refusal.
int exit_status_of(const Refusal& refusal);

}  // namespace crier::cli
