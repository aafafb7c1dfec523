#pragma once
/// Which database file a command is about.

#include <filesystem>
#include <string>

#include "cli/arguments.hpp"

namespace crier::cli {

/// The file as it was given.
struct DatabaseOption {
  std::string database = {};
  std::string config = {};
  std::string control = {};
};

/// Declares `--database`, else CRIER_DATABASE; `--config`, else CRIER_CONFIG: the service's
/// configuration file, whose `database` counts when there is no other; and `--control`, else
/// CRIER_CONTROL: the socket of the running service, which is asked when neither is given.
void declare_database(Arguments arguments, DatabaseOption& option);

/// The file that is meant. Throws Fault: usage when none is named and no service runs here,
/// configuration when the file of --config can not be read, and as ClientSession does.
std::filesystem::path database_of(const DatabaseOption& option);

/// Whether the file is there. Throws Fault (no_permission) when this user can not know.
bool is_there(const std::filesystem::path& database);

}  // namespace crier::cli
