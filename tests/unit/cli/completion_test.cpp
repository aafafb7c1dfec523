#include "cli/completion.hpp"

#include <doctest/doctest.h>

using namespace crier::cli;

namespace {

bool has(const std::string& script, const std::string& part) {
  return script.find(part) != std::string::npos;
}

std::vector<DeclaredCommand> commands() {
  const DeclaredOption file{{"--config"}, "FILE", "it's a file", "", "", "Connection"};
  const DeclaredOption level{{"--level"}, "low|high", "how much", "", "", "Options"};
  DeclaredCommand verb{"show", "show it", {{"KIND", "a|b", "which", true, false}}, {level}, {},
                       "",     ""};
  return {{"crier thing", "Sees things. And more.", {}, {file}, {verb}, "", ""}};
}

}  // namespace

TEST_CASE("bash: a place for each command and verb, with the options that the verb shares") {
  const auto script = bash_completion(commands());
  CHECK(has(script, "'')\n        verbs='thing help'"));
  CHECK(has(script,
            "'thing show')\n        verbs=''\n        options='--level --config'\n"
            "        valued='--level --config'\n        files='--config'\n"
            "        choices='--level=low --level=high'\n        arguments='a b'"));
  CHECK(has(script, "complete -F _crier crier\n"));
}

TEST_CASE("zsh: the same table") {
  const auto script = zsh_completion(commands());
  CHECK(script.starts_with("#compdef crier\n"));
  CHECK(has(script, "'thing show')\n"));
}

TEST_CASE("fish: each word where it may stand, with what it means") {
  const auto script = fish_completion(commands());
  CHECK(has(script, "complete -c crier -n '__crier_at '\\'''\\''' -a 'thing' -d 'Sees things'\n"));
  CHECK(has(script, "-n '__crier_at '\\''thing'\\''' -a 'show' -d 'show it'\n"));
  CHECK(has(script, "-l config -r -F -d 'it'\\''s a file'\n"));
  CHECK(has(script, "-l level -r -a 'low high' -d 'how much'\n"));
}
