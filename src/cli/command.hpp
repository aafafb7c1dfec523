#pragma once
/// The subcommands of `crier`, and how `main` finds one.

#include <span>
#include <string_view>

namespace crier::cli {

/// One subcommand, such as `serve` or `node`.
struct Command {
  std::string_view name;
  /// One line for `crier --help`, without a full stop.
  std::string_view summary;
  /// Runs it and returns the exit status (sysexits). `argv[0]` is the name of the subcommand, the
  /// arguments behind it follow. A Fault and any other exception may pass: `main` catches both.
  int (*run)(int argc, char** argv);
};

/// All subcommands in the order of `crier --help`.
std::span<const Command> commands();

}  // namespace crier::cli
