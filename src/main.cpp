#include <crier/fault.hpp>

#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>

#include "cli/command.hpp"

namespace {

std::string help() {
  std::string text = "crier " CRIER_VERSION
                     ", a publish-subscribe service for any XMPP server (XEP-0060)\n\n"
                     "Usage: crier COMMAND [OPTION...]\n";
  for (const auto& group : crier::cli::command_groups()) {
    text += fmt::format("\n{}:\n", group.title);
    for (const auto& command : group.commands)
      text += fmt::format("  {:14}{}\n", command.name, command.summary);
  }
  text += "\ncrier COMMAND --help tells more about a command, crier --version the version.\n";
  return text;
}

int dispatch(int argc, char** argv) {
  const std::string_view word = argc > 1 ? argv[1] : "";
  if (word == "--version") {
    fmt::print("crier {}\n", CRIER_VERSION);
    return EX_OK;
  }
  if (word == "--help" || word == "-h" || word == "help") {
    fmt::print("{}", help());
    return EX_OK;
  }
  if (const auto* command = crier::cli::find_command(word))
    return command->make()->run(argc - 1, argv + 1);
  fmt::print(stderr, "crier: {}; see crier --help\n",
             word.empty() ? "no command was given" : fmt::format("unknown command '{}'", word));
  return EX_USAGE;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch(argc, argv);
  } catch (const crier::Fault& fault) {
    fmt::print(stderr, "crier: {}\n", fault.what());
    return fault.status();
  } catch (const std::exception& error) {
    fmt::print(stderr, "crier: {}\n", error.what());
    return EX_SOFTWARE;
  }
}
