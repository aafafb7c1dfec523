#pragma once
/// The command line of crier-bench.

#include "scenario.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace crier::bench {

struct Options {
  /// The binary that is started, unless another component is awaited.
  std::filesystem::path crier;
  /// Given to `crier serve` behind what it needs.
  std::vector<std::string> serve_options;
  std::vector<std::string> scenarios;
  Span span;
  /// How often each scenario is measured.
  unsigned rounds = 1;
  /// By how many milliseconds each sync of the service takes longer.
  double sync_delay = 0;
  std::optional<std::uint64_t> subscribers;
  Prefill store;
  /// A component that somebody else starts connects to this port.
  std::optional<std::uint16_t> listen;
  std::string domain = "pubsub.localhost";
  std::string secret = "bench";
  /// The process of that component.
  pid_t pid = 0;
  /// Where databases lie.
  std::filesystem::path directory;
  bool keep = false;
  bool json = false;
};

/// Reads the command line; `exit_status` is set when nothing is left to do (help, a mistake).
Options read_options(int argc, char** argv, std::optional<int>& exit_status);

}  // namespace crier::bench
