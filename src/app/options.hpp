#pragma once
/// What `crier serve` can be told: on the command line, in the environment, in a file. Each option
/// is declared once, in options.cpp.

#include <crier/policy.hpp>

#include "app/log.hpp"
#include "wire/server_address.hpp"

#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace crier {

/// The configuration of the service, checked.
struct Options {
  ServerAddress server;
  /// Shared with the server. Never logged.
  std::string secret;
  std::string database;
  /// The control socket; empty for none.
  std::string control;
  /// It was asked for: not to have it is an error.
  bool needs_control = false;
  /// Whose members may use it; empty for nobody but root and the service's own user.
  std::string control_group;
  LogLevels log_level = LogLevel::info;
  LogFormat log_format = LogFormat::automatic;
  /// Where metrics are served over HTTP; nothing: nowhere.
  std::optional<ServerAddress> metrics = {};
  bool tls = false;
  /// PEM; empty for the system's authorities.
  std::string tls_ca;
  /// The server copies notifications, if it can (docs/copies.md).
  bool server_copies = true;
  std::size_t max_stanza_bytes = 0;
  std::size_t node_cache_bytes = 0;
  std::size_t outbox_bytes = 0;
  Policy policy;
  /// What is allowed but not wise, for the log.
  std::vector<std::string> warnings;
  /// What was given for each option, by its name without dashes: what has changed is told by that.
  std::map<std::string, std::string> words = {};
};

/// The options that the command line gives; after it the environment counts (CRIER_DOMAIN for
/// --domain, and so on), then the file that --config names, then the default. `argv[0]` is passed
/// over. Nothing when help was asked for, which is then written to `out`.
/// Throws Fault (EX_CONFIG) with one line that names the option and the way to mend it.
std::optional<Options> read_options(int argc, const char* const* argv, std::ostream& out);

}  // namespace crier
