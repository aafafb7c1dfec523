#pragma once
/// Reading the configuration again while the service runs.

#include <string>
#include <vector>

namespace crier {

/// What has changed, by the names of the options, without the dashes in front.
struct Reload {
  /// What holds from now on.
  std::vector<std::string> applied = {};
  /// What holds from the next start on.
  std::vector<std::string> need_restart = {};

  bool empty() const { return applied.empty() && need_restart.empty(); }
};

/// One line for people, without a full stop.
std::string to_text(const Reload& reload);

}  // namespace crier
