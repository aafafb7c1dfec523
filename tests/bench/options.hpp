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
  /// "HOST:PORT" of a server that serves both the service and, as a component, the users.
  std::optional<std::string> connect;
  /// The service's JID.
  std::string service = "pubsub.localhost";
  std::string secret = "bench";
  /// At which all users live.
  std::string users = "bench.localhost";
  /// Of that domain, as a component.
  std::string users_secret = "bench";
  /// Whether to be the service that does nothing, in place of measuring one.
  bool ceiling = false;
  /// The process of the service, when somebody else started it.
  pid_t pid = 0;
  /// The process of the server.
  pid_t server_pid = 0;
  /// Where databases lie.
  std::filesystem::path directory;
  bool keep = false;
  bool json = false;
};

/// Reads the command line; `exit_status` is set when nothing is left to do (help, a mistake).
Options read_options(int argc, char** argv, std::optional<int>& exit_status);

}  // namespace crier::bench
