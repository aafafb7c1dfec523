#pragma once
/// The subcommands of `crier`, and how `main` finds one.

#include <memory>
#include <span>
#include <string_view>

namespace CLI {
class App;
}

namespace crier::cli {

/// What a subcommand is: its declaration, and what it does. Help, completion and manual pages are
/// made of the declaration.
class Subcommand {
 public:
  Subcommand() = default;
  virtual ~Subcommand() = default;
  Subcommand(const Subcommand&) = delete;
  Subcommand& operator=(const Subcommand&) = delete;

  /// Its arguments, options and verbs, with `crier NAME` as the name. Nothing has run.
  virtual const CLI::App& app() const = 0;
  /// Runs it and returns the exit status (sysexits). `argv[0]` is the name of the subcommand, the
  /// arguments behind it follow. A Fault and any other exception may pass: `main` catches both.
  virtual int run(int argc, char** argv) = 0;
};

/// One subcommand, such as `serve` or `node`.
struct Command {
  std::string_view name;
  /// One line for `crier --help`, without a full stop.
  std::string_view summary;
  std::unique_ptr<Subcommand> (*make)();
};

/// Commands that belong together in `crier --help`.
struct CommandGroup {
  /// Empty for commands that are not told of.
  std::string_view title;
  std::span<const Command> commands;
};

/// All subcommands in the order of `crier --help`.
std::span<const CommandGroup> command_groups();

/// The subcommand of that name; null when there is none.
const Command* find_command(std::string_view name);

}  // namespace crier::cli
