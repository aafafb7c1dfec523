#include "cli/overview.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/exit_status.hpp"
#include "cli/output.hpp"
#include "cli/printable.hpp"
#include "cli/suggestion.hpp"

namespace crier::cli {

const std::string_view first_steps =
    "crier node create news\n"
    "crier watch news                            # in another terminal: prints what comes\n"
    "echo '{\"title\": \"Hello\"}' | crier item publish news\n"
    "crier explain stranger@example.net publish news     # may he, and if not: why?\n"
    "crier backup copy.db                        # while it all goes on\n";

namespace {

Fault unknown_command(std::string_view word) {
  if (word.empty()) return {exit_status::usage, "no command was given; see crier --help"};
  std::vector<std::string> names;
  for (const auto& group : command_groups())
    for (const auto& command : group.commands) names.emplace_back(command.name);
  const auto meant = suggestion(word, names);
  return {exit_status::usage, fmt::format("\"{}\" is not a command{}", printable(word),
                                          meant.empty() ? "; see crier --help" : meant)};
}

int run_command(int argc, char** argv) {
  const std::string_view word = argc > 0 ? argv[0] : "";
  const auto* command = find_command(word);
  if (!command) throw unknown_command(word);
  return command->make()->run(argc, argv);
}

/// `crier help NOUN VERB` is `crier NOUN VERB --help`.
int help(std::vector<char*> words) {
  std::string flag = "--help";
  words.push_back(flag.data());
  const auto count = static_cast<int>(words.size());
  words.push_back(nullptr);
  return run_command(count, words.data());
}

}  // namespace

std::string overview() {
  std::string text = "crier " CRIER_VERSION
                     ", a publish-subscribe service for any XMPP server (XEP-0060)\n\n"
                     "Usage: crier COMMAND [VERB] [ARGUMENT...] [OPTION...]\n"
                     "       crier help COMMAND [VERB]     the same as --help behind it\n";
  for (const auto& group : command_groups()) {
    if (group.title.empty()) continue;
    text += fmt::format("\n{}:\n", group.title);
    for (const auto& command : group.commands)
      text += fmt::format("  {:14}{}\n", command.name, command.summary);
  }
  text += "\nFirst steps:\n";
  for (std::string_view rest = first_steps; !rest.empty();) {
    const auto end = rest.find('\n') + 1;
    text += fmt::format("  {}", rest.substr(0, end));
    rest.remove_prefix(end);
  }
  return text +
         "\nOn the machine of the service, that is all. From elsewhere, or at another service, say "
         "who\n"
         "you are: --jid me@example.org --service pubsub.example.org, or CRIER_JID and "
         "CRIER_SERVICE.\n"
         "\nWith --json a command prints JSON. An error is one line on the standard error, and a\n"
         "status that is not 0; what each status means stands at the end of every --help.\n";
}

int run_program(int argc, char** argv) {
  const std::string_view word = argc > 1 ? argv[1] : "";
  const bool asks_for_help = word == "--help" || word == "-h" || word == "help";
  if (word == "help" && argc > 2) return help({argv + 2, argv + argc});
  if (word == "--version") print("crier " CRIER_VERSION "\n");
  if (asks_for_help) print(overview());
  if (word == "--version" || asks_for_help) {
    flush_output();
    return exit_status::ok;
  }
  return run_command(argc - 1, argv + 1);
}

}  // namespace crier::cli
