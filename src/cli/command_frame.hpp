#pragma once
/// What all commands have in common: help, errors in one line, the end of the output.

#include <functional>
#include <memory>
#include <string>

#include "cli/command.hpp"

namespace crier::cli {

/// A subcommand with its arguments, options and verbs.
class CommandFrame : public Subcommand {
 public:
  /// `name` is the whole name, such as `crier node`; `summary` a sentence.
  CommandFrame(const std::string& name, const std::string& summary);
  ~CommandFrame() override;

  const CLI::App& app() const override { return *app_; }

 protected:
  CLI::App& app() { return *app_; }
  /// The end of --help.
  void set_footer(const std::string& text);
  /// One verb must be given.
  void require_verb();
  /// The name of the verb that was given.
  std::string called_verb() const;
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

  std::unique_ptr<CLI::App> app_;
};

/// The end of a help text that shows `examples`, one a line.
std::string examples_footer(const char* examples);

}  // namespace crier::cli
