#pragma once
/// Who works on the database file itself.

#include <crier/time.hpp>

#include <string>

namespace crier::transfer {

/// Work that the audit log tells of.
struct LocalWork {
  /// The user, as local_user() says it; empty for work that leaves no entry.
  std::string user = {};
  /// The file that is imported or restored, as text for a client.
  std::string source = {};
  Time now{};
};

}  // namespace crier::transfer
