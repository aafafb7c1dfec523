#pragma once
/// Which database file a command is about.

#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace crier::cli {

/// The file as it was given.
struct DatabaseOption {
  std::string database = {};
  std::string config = {};
};

/// Declares `--database`, else CRIER_DATABASE, and `--config`, else CRIER_CONFIG: the service's
/// configuration file, whose `database` counts when there is no other.
void declare_database(CLI::App& app, DatabaseOption& option);

/// The file that is meant. Throws Fault: usage when none is named, configuration when the file of
/// --config can not be read.
std::filesystem::path database_of(const DatabaseOption& option);

/// Whether the file is there. Throws Fault (no_permission) when this user can not know.
bool is_there(const std::filesystem::path& database);

}  // namespace crier::cli
