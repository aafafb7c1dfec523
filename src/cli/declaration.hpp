#pragma once
/// A command as it declares itself, as plain values: what manual pages and completion are made of.

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace crier::cli {

/// An option.
struct DeclaredOption {
  /// With their dashes; the last one is the longest.
  std::vector<std::string> names;
  /// What its value is, such as FILE; empty for a flag.
  std::string value;
  std::string description;
  /// Its default as text; empty when there is none.
  std::string standard;
  /// Its variable in the environment; empty when there is none.
  std::string variable;
  /// The heading that it stands under.
  std::string group;
};

/// An argument, which has a place instead of a name.
struct DeclaredArgument {
  std::string name;
  /// What it is, such as FILE or `yes|no`; empty for any text.
  std::string value;
  std::string description;
  bool required = false;
  bool repeated = false;
};

/// A command, or a verb of one.
struct DeclaredCommand {
  /// `crier node` for a command, `create` for its verb.
  std::string name;
  std::string summary;
  std::vector<DeclaredArgument> arguments;
  std::vector<DeclaredOption> options;
  std::vector<DeclaredCommand> verbs;
  /// Lines, as they stand at the end of --help; empty when there are none.
  std::string notes;
  std::string examples;
};

/// What `app` declares, without what is hidden.
DeclaredCommand read_declaration(const CLI::App& app);

/// The words that `value`, such as `yes|no|WORD`, names: `yes` and `no`.
std::vector<std::string> choices_in(const std::string& value);

/// Whether a value that is called so is the name of a file or a directory.
bool is_file(const std::string& value);

}  // namespace crier::cli
