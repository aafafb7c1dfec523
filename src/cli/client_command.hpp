#pragma once
/// The commands `crier NOUN VERB` and `crier COMMAND`, those on a connection to a service and those
/// on this machine alone.
///
/// A noun is a table of verbs. A verb declares its arguments and options and runs on a
/// checked connection. Help, completion and manual pages come from the declarations.

#include <memory>
#include <span>
#include <string>

#include "cli/arguments.hpp"
#include "cli/client_options.hpp"
#include "cli/command_frame.hpp"
#include "cli/exit_status.hpp"
#include "cli/output.hpp"

namespace crier::cli {

/// A command as it was called.
struct Call {
  Connection connection;
  bool json = false;
  /// --timeout was given.
  bool has_timeout = false;
};

/// A command that needs no connection, as it was called.
struct LocalCall {
  bool json = false;
};

/// A verb of a noun whose verbs share the struct `Options` for what they are told, or a command
/// without verbs. `How` is Call or LocalCall.
template <class Options, class How = Call>
struct Verb {
  const char* name;
  /// One line, without a full stop.
  const char* summary;
  /// Commands with a line each that says what they do, for the end of --help.
  const char* examples;
  void (*declare)(Arguments arguments, Options& options);
  /// Done when it returns. Throws Fault.
  void (*run)(const How& how, const Options& options);
};

/// The options that all commands share that are called by a Call, or by a LocalCall.
template <class How>
class SharedOptions;

template <>
class SharedOptions<Call> {
 public:
  void declare(CLI::App& app) { declare_client_options(app, options_); }
  Call read() const;

 private:
  ClientOptions options_;
};

template <>
class SharedOptions<LocalCall> {
 public:
  void declare(Arguments arguments);
  LocalCall read() const { return {json_}; }

 private:
  bool json_ = false;
};

/// A command with verbs.
template <class Options, class How>
class NounCommand final : public CommandFrame {
 public:
  NounCommand(const std::string& name, const char* summary,
              std::span<const Verb<Options, How>> verbs)
      : CommandFrame(name, summary), verbs_(verbs) {
    shared_.declare(app());
    require_verb();
    for (const auto& verb : verbs)
      verb.declare(add_verb(verb.name, verb.summary, verb.examples), options_);
  }

  int run(int argc, char** argv) override {
    execute(argc, argv, [this] {
      const auto called = called_verb();
      for (const auto& verb : verbs_)
        if (called == verb.name) verb.run(shared_.read(), options_);
    });
    return exit_status::ok;
  }

 private:
  std::span<const Verb<Options, How>> verbs_;
  SharedOptions<How> shared_;
  Options options_;
};

/// A command without verbs.
template <class Options, class How>
class PlainCommand final : public CommandFrame {
 public:
  explicit PlainCommand(const Verb<Options, How>& command)
      : CommandFrame(std::string("crier ") + command.name, command.summary), command_(command) {
    shared_.declare(app());
    set_footer(examples_footer(command.examples));
    command.declare(app(), options_);
  }

  int run(int argc, char** argv) override {
    execute(argc, argv, [this] { command_.run(shared_.read(), options_); });
    return exit_status::ok;
  }

 private:
  const Verb<Options, How> command_;
  SharedOptions<How> shared_;
  Options options_;
};

/// The noun `name` with its verbs, a table that lives as long as the program.
template <class Options, class How, std::size_t count>
std::unique_ptr<Subcommand> make_noun(const char* name, const char* summary,
                                      const Verb<Options, How> (&verbs)[count]) {
  return std::make_unique<NounCommand<Options, How>>(name, summary, verbs);
}

/// A command without verbs.
template <class Options, class How>
std::unique_ptr<Subcommand> make_command(const Verb<Options, How>& command) {
  return std::make_unique<PlainCommand<Options, How>>(command);
}

}  // namespace crier::cli
