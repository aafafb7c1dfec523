#include "cli/client_command.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/control_stream.hpp"
#include "cli/exit_status.hpp"

#include "cli/password.hpp"
#include "cli/printable.hpp"

namespace crier::cli {

namespace {

constexpr auto help_end =
    "Options count in this order: command line, environment, file of --config.\n"
    "Exit status: 0 done; 1 refused by the service; 64 wrong command line; 65 wrong input;\n"
    "68 host unknown or unreachable; 69 service unavailable; 74 file or output; 75 try later;\n"
    "77 permission, password or certificate; 78 configuration file.";

/// The help of a command: its own options, then those that all verbs of a noun share, each group
/// once.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(31); }

  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode) const override {
    const auto positionals =
        app->get_options([](const CLI::Option* option) { return option->get_positional(); });
    auto text = usage(app, name, positionals) + '\n' + sentence(app->get_description());
    if (!positionals.empty()) text += make_group("Arguments", true, positionals);
    text += make_subcommands(app, CLI::AppFormatMode::Normal) + group(app, "Options");
    text += group(app->get_parent() ? app->get_parent() : app, "Connection");
    return text + '\n' + make_footer(app);
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text;
    if (option->get_type_size() != 0 && !option->get_positional())
      text += " " + option->get_type_name();
    if (!option->get_envname().empty()) text += " (" + option->get_envname() + ")";
    return text;
  }

 private:
  std::string usage(const CLI::App* app, const std::string& name,
                    const std::vector<const CLI::Option*>& positionals) const {
    auto text = "Usage: " + name;
    if (!app->get_subcommands({}).empty()) text += " VERB";
    for (const auto* option : positionals) text += " " + make_option_usage(option);
    return text + " [OPTION...]\n";
  }

  std::string group(const CLI::App* app, const std::string& name) const {
    const auto options = app->get_options([&](const CLI::Option* option) {
      return option->get_group() == name && !option->get_positional();
    });
    return !options.empty() ? make_group(name, false, options) : "";
  }

  /// The summary of a verb, as it stands in a list, as a sentence.
  static std::string sentence(std::string summary) {
    if (summary.empty()) return summary;
    summary.front() = static_cast<char>(std::toupper(summary.front()));
    return summary + (summary.ends_with('.') ? "\n" : ".\n");
  }
};

int status_of(const CLI::ParseError& error) {
  const bool in_file =
      dynamic_cast<const CLI::FileError*>(&error) || dynamic_cast<const CLI::ConfigError*>(&error);
  return in_file ? exit_status::configuration : exit_status::usage;
}

/// The word that was given for a verb is none, or there is no word at all.
Fault no_verb(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> names;
  for (const auto* verb : app.get_subcommands({})) names.push_back(verb->get_name());
  const std::string_view word = argc > 1 ? argv[1] : "";
  const auto problem = word.empty() || word.starts_with('-')
                           ? std::string("a verb is missing")
                           : fmt::format("\"{}\" is not a verb", printable(word));
  return {exit_status::usage, fmt::format("{}; there are {}", problem, fmt::join(names, ", "))};
}

/// What CLI11 has to say, in one line.
std::string text_of(const CLI::ParseError& error) {
  std::string text = error.what();
  std::replace(text.begin(), text.end(), '\n', ' ');
  constexpr std::string_view conversion = "Could not convert: ";
  if (text.starts_with(conversion))
    return printable(text.substr(conversion.size())) + " is not a value for it";
  return (dynamic_cast<const CLI::FileError*>(&error) ? "--config: " : "") + printable(text);
}

/// Whoever read the output has gone.
struct BrokenPipe {};

std::size_t terminal_columns() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

}  // namespace

ClientCommand::ClientCommand(const std::string& name, const std::string& summary)
    : app_(summary, name) {
  app_.formatter(std::make_shared<HelpFormatter>());
  app_.get_formatter()->label("Subcommands", "Verbs");
  app_.set_help_flag("-h,--help", "print this help");
  app_.footer(help_end);
  declare_client_options(app_, options_);
}

CLI::App& ClientCommand::add_verb(const char* name, const char* summary, const char* examples) {
  auto* verb = app_.add_subcommand(name, summary)->fallthrough()->group("Verbs");
  verb->footer(fmt::format("Examples:\n{}\n{}", examples, help_end));
  return *verb;
}

void ClientCommand::execute(int argc, char** argv, const std::function<void(const Call&)>& run) {
  try {
    if (parse(argc, argv)) run(call());
    flush_output();
  } catch (const BrokenPipe&) {
    // As any program ends whose output goes to `head`; only after order was made.
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
  } catch (const Fault& fault) {
    throw Fault(fault.status(), fmt::format("{}: {}", name(), fault.what()));
  } catch (const CLI::ParseError& error) {
    throw Fault(status_of(error),
                fmt::format("{}: {}; see crier {} --help", name(), text_of(error), name()));
  }
}

/// Returns false when help was asked for, which is then printed.
bool ClientCommand::parse(int argc, char** argv) {
  try {
    app_.parse(argc, argv);
    return true;
  } catch (const CLI::CallForHelp&) {
    print(app_.help());
    return false;
  } catch (const CLI::ParseError&) {
    if (app_.get_require_subcommand_min() > app_.get_subcommands().size())
      throw no_verb(app_, argc, argv);
    throw;
  }
}

Call ClientCommand::call() const {
  Call call{connection_of(options_), options_.json, options_.timeout.has_value()};
  if (call.connection.control.empty())
    call.connection.password = read_password(options_, call.connection.account);
  else
    introduce(call.connection);
  return call;
}

/// As it was called, without `crier`: `node create`.
std::string ClientCommand::name() const {
  auto name = app_.get_name().substr(app_.get_name().find(' ') + 1);
  for (const auto* verb : app_.get_subcommands()) name += ' ' + verb->get_name();
  return name;
}

void declare_node(CLI::App& app, std::string& node) {
  app.add_option("NODE", node, "the node's name")->required();
}

void declare_count(CLI::App& app, const char* name, int& count, const char* description) {
  app.add_option(name, count, description)
      ->type_name("N")
      ->configurable(false)
      ->check([](const std::string& text) {
        return text.empty() || text.front() == '-' || text.find_first_not_of('0') == text.npos
                   ? "it is a number above 0"
                   : "";
      });
}

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void flush_output() {
  if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return;
  if (errno == EPIPE) throw BrokenPipe();
  throw Fault(exit_status::io_error,
              fmt::format("the output can not be written: {}", std::strerror(errno)));
}

void print_json(const Json& json) {
  print(to_text(json) + '\n');
}

void print_table(const Table& table) {
  print(to_text(table, terminal_columns()));
}

void confirm(const std::string& question) {
  if (!isatty(STDIN_FILENO))
    throw Fault(exit_status::usage, "say --yes to do this without being asked");
  std::cerr << question << " [y/N] ";
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "y" && answer != "yes") throw Fault(exit_status::usage, "nothing was changed");
}

}  // namespace crier::cli
