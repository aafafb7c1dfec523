#include "cli/database_option.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <fstream>
#include <system_error>

#include "cli/ad_hoc.hpp"
#include "cli/client_options.hpp"
#include "cli/client_session.hpp"
#include "cli/control_stream.hpp"
#include "cli/exit_status.hpp"
#include "cli/printable.hpp"
#include "cli/statistics.hpp"
#include "wire/control_path.hpp"

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

/// The database of the service that listens at the socket `control`.
std::string database_behind(const std::string& control) {
  auto connection = connection_of({.control = control});
  introduce(connection);
  ClientSession session(connection);
  return read_statistics(run_command(session, statistics_command, {})).text("database");
}

}  // namespace

void declare_database(Arguments arguments, DatabaseOption& option) {
  arguments.add_option("--database", option.database, "the service's database")
      .type_name("FILE")
      .envname("CRIER_DATABASE")
      .group("Database");
  arguments
      .add_option("--config", option.config,
                  "the service's configuration, which names its database")
      .type_name("FILE")
      .envname("CRIER_CONFIG")
      .group("Database");
  arguments
      .add_option("--control", option.control,
                  "the control socket of the running service, which is asked when no other option "
                  "names the database; else where it is by default")
      .type_name("FILE")
      .envname("CRIER_CONTROL")
      .group("Database");
}

std::filesystem::path database_of(const DatabaseOption& option) {
  if (!option.database.empty()) return option.database;
  if (!option.config.empty()) return database_in(option.config);
  const auto control = option.control.empty() ? find_control_path() : option.control;
  if (!control.empty()) return database_behind(control);
  throw Fault(exit_status::usage,
              "which database? no service runs here that would say it; give --database FILE, or "
              "--config with the service's configuration file");
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
