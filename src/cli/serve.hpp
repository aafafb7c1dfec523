#pragma once
/// `crier serve`: runs the service.

#include <memory>

#include "cli/command.hpp"

namespace crier::cli {

/// Runs the service until SIGTERM or SIGINT. Throws Fault when the configuration is invalid (exit
/// status 78).
std::unique_ptr<Subcommand> serve();

}  // namespace crier::cli
