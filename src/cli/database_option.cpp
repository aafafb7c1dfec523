#include "cli/database_option.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <fstream>
#include <system_error>

#include "cli/exit_status.hpp"

#include "cli/printable.hpp"

namespace crier::cli {

namespace {

std::string database_in(const std::string& config) {
  const auto refuse = [&](std::string_view why) {
    throw Fault(exit_status::configuration, fmt::format("--config: {} {}", printable(config), why));
  };
  std::ifstream file(config);
  if (!file) refuse("can not be read");
  try {
    for (const auto& entry : CLI::ConfigTOML().from_config(file))
      if (entry.parents.empty() && entry.name == "database" && entry.inputs.size() == 1)
        return entry.inputs.front();
  } catch (const CLI::ParseError& error) {
    refuse(printable(error.what()));
  }
  refuse("names no database; add database = \"FILE\", or give --database FILE");
  return {};
}

}  // namespace

void declare_database(CLI::App& app, DatabaseOption& option) {
  app.add_option("--database", option.database, "the service's database")
      ->type_name("FILE")
      ->envname("CRIER_DATABASE")
      ->group("Database");
  app.add_option("--config", option.config, "the service's configuration, which names its database")
      ->type_name("FILE")
      ->envname("CRIER_CONFIG")
      ->group("Database");
}

std::filesystem::path database_of(const DatabaseOption& option) {
  if (!option.database.empty()) return option.database;
  if (!option.config.empty()) return database_in(option.config);
  throw Fault(exit_status::usage,
              "which database? give --database FILE, or --config with the service's "
              "configuration file");
}

bool is_there(const std::filesystem::path& database) {
  std::error_code error;
  const bool is_there = std::filesystem::exists(database, error);
  if (!error) return is_there;
  throw Fault(exit_status::no_permission,
              fmt::format("the database {} can not be looked at: {}; use the service's user, or "
                          "root",
                          printable(database.native()), error.message()));
}

}  // namespace crier::cli
