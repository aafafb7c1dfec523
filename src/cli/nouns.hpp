#pragma once
/// The commands that talk to a service as a client.

#include <memory>

#include "cli/command.hpp"

namespace crier::cli {

/// `crier node list|show|create|configure|delete|purge`
std::unique_ptr<Subcommand> node();
/// `crier item list|show|publish|retract`
std::unique_ptr<Subcommand> item();
/// `crier subscription list|add|remove`
std::unique_ptr<Subcommand> subscription();
/// `crier affiliation list|set|remove`
std::unique_ptr<Subcommand> affiliation();
/// `crier watch`
std::unique_ptr<Subcommand> watch();

}  // namespace crier::cli
