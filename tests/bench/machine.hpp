#pragma once
/// Where a figure was measured: without that it says nothing.

#include <cstddef>
#include <filesystem>
#include <string>

namespace crier::bench {

struct Machine {
  long cpus;
  std::string cpu_model;
  std::string kernel;
  std::size_t memory_bytes;
  /// When that was, as "2026-01-31T23:59:59Z".
  std::string time;
  /// Running processes, mean of the last minute; others on the machine show here.
  double load;
  /// What one sync of a small write costs: the median of some, in microseconds.
  double sync_microseconds;
};

/// Looks at this machine; syncs are measured in `directory`.
Machine this_machine(const std::filesystem::path& directory);

}  // namespace crier::bench
