#pragma once
/// The frame of the commands `crier NOUN VERB`: options, help, connection, what goes wrong.
///
/// A noun is a table of verbs. A verb declares its arguments and options with CLI11 and runs on a
/// checked connection; help, and later completion and manual pages, come from the declarations.

#include <CLI/CLI.hpp>

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "cli/client_options.hpp"
#include "cli/exit_status.hpp"
#include "cli/json.hpp"
#include "cli/table.hpp"

namespace crier::cli {

/// A command as it was called.
struct Call {
  Connection connection;
  bool json = false;
  /// --timeout was given.
  bool has_timeout = false;
};

/// A verb of a noun whose verbs share the struct `Options` for what they are told.
template <class Options>
struct Verb {
  const char* name;
  /// One line, without a full stop.
  const char* summary;
  /// Commands with a line each that says what they do, for the end of --help.
  const char* examples;
  void (*declare)(CLI::App& verb, Options& options);
  /// Done when it returns. Throws Fault.
  void (*run)(const Call& call, const Options& options);
};

/// `crier NOUN` with its options and its verbs.
class ClientCommand {
 public:
  /// `name` is the whole name, such as `crier node`.
  ClientCommand(const std::string& name, const std::string& summary);

  CLI::App& app() { return app_; }
  /// Declares a verb.
  CLI::App& add_verb(const char* name, const char* summary, const char* examples);
  /// Reads the arguments and calls `run`, or prints the help that is asked for. Throws Fault with
  /// the command's name in front.
  void execute(int argc, char** argv, const std::function<void(const Call&)>& run);

 private:
  bool parse(int argc, char** argv);
  Call call() const;
  std::string name() const;

  ClientOptions options_;
  CLI::App app_;
};

/// Runs the noun `name` with the verb that is called. Throws Fault.
template <class Options>
int run_noun(const char* name, const char* summary, std::span<const Verb<Options>> verbs, int argc,
             char** argv) {
  ClientCommand command(name, summary);
  command.app().require_subcommand(1);
  Options options;
  for (const auto& verb : verbs)
    verb.declare(command.add_verb(verb.name, verb.summary, verb.examples), options);
  command.execute(argc, argv, [&](const Call& call) {
    const auto& called = command.app().get_subcommands().front()->get_name();
    for (const auto& verb : verbs)
      if (called == verb.name) verb.run(call, options);
  });
  return exit_status::ok;
}

/// Declares the argument NODE.
void declare_node(CLI::App& app, std::string& node);

/// Declares the option `name`, a number above 0.
void declare_count(CLI::App& app, const char* name, int& count, const char* description);

/// Prints `text` as it is.
void print(std::string_view text);
/// Brings out what was printed; who reads from a pipe may wait for it. Throws when nobody reads the
/// pipe any more, and Fault (io_error) when the output can not be written.
void flush_output();
/// Prints one line of JSON.
void print_json(const Json& json);
/// Prints the table, no wider than the terminal.
void print_table(const Table& table);

/// Asks `question` on the terminal; returns when the answer is yes. Throws Fault (usage) when it
/// is not, or there is no terminal to ask.
void confirm(const std::string& question);

}  // namespace crier::cli
