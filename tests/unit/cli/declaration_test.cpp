#include "cli/declaration.hpp"

#include <doctest/doctest.h>
#include <CLI/CLI.hpp>

using namespace crier::cli;

TEST_CASE("read_declaration: arguments, options, verbs and what stands at the end of the help") {
  CLI::App app("Sees things.", "crier thing");
  std::string name, file;
  int count = 3;
  std::vector<std::string> ids;
  bool yes = false;
  app.add_option("--file", file, "what to read")->type_name("FILE")->envname("CRIER_FILE");
  auto* verb = app.add_subcommand("show", "show a thing");
  verb->add_option("NAME", name, "its name")->required();
  verb->add_option("ID", ids, "its ids");
  verb->add_option("--count", count, "how many")->type_name("N")->capture_default_str();
  verb->add_flag("--yes", yes, "do not ask");
  verb->footer("A note.\n\nExamples:\n  crier thing show x\n");

  const auto thing = read_declaration(app);
  CHECK(thing.name == "crier thing");
  CHECK(thing.summary == "Sees things.");
  REQUIRE(thing.options.size() == 2);
  CHECK(thing.options[0].names == std::vector<std::string>{"-h", "--help"});
  CHECK(thing.options[0].value.empty());
  CHECK(thing.options[1].value == "FILE");
  CHECK(thing.options[1].variable == "CRIER_FILE");

  REQUIRE(thing.verbs.size() == 1);
  const auto& show = thing.verbs[0];
  CHECK(show.notes == "A note.");
  CHECK(show.examples == "  crier thing show x");
  REQUIRE(show.arguments.size() == 2);
  CHECK(show.arguments[0].name == "NAME");
  CHECK(show.arguments[0].required);
  CHECK_FALSE(show.arguments[0].repeated);
  CHECK(show.arguments[1].repeated);
  CHECK(show.options[1].standard == "3");
  CHECK(show.options[2].value.empty());
}

TEST_CASE("choices_in: words in small letters, where there is a choice") {
  CHECK(choices_in("bash|zsh|fish") == std::vector<std::string>{"bash", "zsh", "fish"});
  CHECK(choices_in("all|admins|DOMAIN") == std::vector<std::string>{"all", "admins"});
  CHECK(choices_in("word").empty());
}
