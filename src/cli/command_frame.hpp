#pragma once
/// What all commands have in common: help, errors in one line, the end of the output.

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

#include "cli/command.hpp"

namespace crier::cli {

/// A subcommand of which the arguments, options and verbs are declared with CLI11.
class CommandFrame : public Subcommand {
 public:
  /// `name` is the whole name, such as `crier node`; `summary` a sentence.
  CommandFrame(const std::string& name, const std::string& summary);

  const CLI::App& app() const override { return app_; }

 protected:
  CLI::App& app() { return app_; }
  /// Declares a verb; `examples` are commands with a line each that says what they do.
  CLI::App& add_verb(const char* name, const char* summary, const char* examples);
  /// Reads the arguments and calls `work`, or prints the help that is asked for. Throws Fault with
  /// the command's name in front.
  void execute(int argc, char** argv, const std::function<void()>& work);
  /// Calls `work` of a command that has read its arguments itself, and is called `name` in
  /// messages.
  static void perform(const std::string& name, const std::function<void()>& work);

 private:
  bool parse(int argc, char** argv);
  std::string name() const;

  CLI::App app_;
};

/// The end of a help text that shows `examples`, one a line.
std::string examples_footer(const char* examples);

/// Declares the argument NODE.
void declare_node(CLI::App& app, std::string& node);

/// Declares the option `name`, a number above 0.
CLI::Option* declare_count(CLI::App& app, const char* name, int& count, const char* description);

/// Declares `--yes` of commands that are dangerous: who gives it is not asked.
void declare_yes(CLI::App& app, bool& yes);

}  // namespace crier::cli
