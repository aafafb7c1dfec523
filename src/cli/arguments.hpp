#pragma once
/// How a command declares its arguments, options and flags. The words are CLI11's, without its
/// headers, which take seconds to compile in each file.

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace crier::cli {

/// One that was declared, to say more of it.
class Argument {
 public:
  explicit Argument(CLI::Option& option) : option_(option) {}

  Argument required();
  /// What its value is, such as FILE or `yes|no`.
  Argument type_name(const char* name);
  /// A configuration file can not give it.
  Argument not_configurable();
  /// Each time that it is given it takes one value.
  Argument one_value_each();
  /// Its value is one of these.
  Argument one_of(const std::vector<std::string>& values);
  /// Not without, or not with, the option of that name.
  Argument needs(const char* name);
  Argument excludes(const char* name);
  /// The variable in the environment that counts where it is not given.
  Argument envname(const char* name);
  /// The heading that it stands under.
  Argument group(const char* title);
  /// Help tells the value that is there now.
  Argument capture_default_str();

 private:
  CLI::Option& option_;
};

/// Where a command, or a verb of one, declares what it takes. What is given goes to the values,
/// which must live as long as the command.
class Arguments {
 public:
  Arguments(CLI::App& app) : app_(app) {}  // NOLINT: it stands for it.

  /// An argument (`FILE`) or an option (`--file`).
  Argument add_option(const char* name, std::string& value, const std::string& description);
  /// As many as are given.
  Argument add_option(const char* name, std::vector<std::string>& values, const char* description);
  /// An option that is a number above 0.
  Argument add_count(const char* name, int& count, const char* description);
  Argument add_flag(const char* name, bool& value, const char* description);
  /// The argument NODE.
  void add_node(std::string& node);
  /// `--yes` of commands that are dangerous: who gives it is not asked.
  void add_yes(bool& yes);
  /// Lines for the end of --help, before what is there.
  void add_notes(const std::string& notes);

 private:
  CLI::App& app_;
};

}  // namespace crier::cli
