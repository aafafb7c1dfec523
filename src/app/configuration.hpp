#pragma once
/// The configuration of `crier serve` for people to look at: each option with where its value comes
/// from, everything that is wrong with it at once, and as a file that --config reads.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/options.hpp"

namespace crier {

enum class ConfigurationSource { standard, file, environment, command_line };

/// `default`, `file`, `environment` or `command line`.
std::string_view to_text(ConfigurationSource source);

/// An option as it is declared, with the value that counts.
struct ConfiguredOption {
  /// Without dashes in front.
  std::string name;
  std::string description;
  /// What a value is, such as FILE; empty for a flag.
  std::string type;
  /// It may have several values.
  bool is_list = false;
  /// The text of the default; empty when there is none. `false` for a flag.
  std::string standard;
  /// As they were written; empty when there is no value.
  std::vector<std::string> values;
  ConfigurationSource source = ConfigurationSource::standard;
};

struct Configuration {
  /// What --config or CRIER_CONFIG names; empty for none.
  std::string file;
  /// In the order of `crier serve --help`.
  std::vector<ConfiguredOption> options;
  /// CRIER_SECRET is the secret.
  bool secret_in_environment = false;
  /// What is wrong, a line each.
  std::vector<std::string> problems;
  /// What is allowed but not wise, a line each.
  std::vector<std::string> warnings;
  /// What `crier serve` would run with; nothing when there are problems.
  std::optional<Options> checked;
};

/// The configuration that `crier serve` would have with `words` behind it, here and now.
Configuration read_configuration(std::span<const std::string> words);

/// The configuration as a file (TOML) that --config reads, with a comment for each option that
/// says where its value comes from. Options without a value are left out, and so is a secret.
std::string to_toml(const Configuration& configuration);

/// All options with their help as a file (TOML); the values are the defaults, or what a value is,
/// and stand there as comments.
std::string default_toml();

}  // namespace crier
