/// `crier config`: how the service on this machine is configured.

#include <crier/fault.hpp>

#include <fmt/format.h>

#include <algorithm>
#include "app/configuration.hpp"
#include "app/options_declaration.hpp"
#include "cli/arguments.hpp"
#include "cli/client_command.hpp"
#include "cli/config_reload.hpp"
#include "cli/nouns.hpp"
#include "cli/printable.hpp"

namespace crier::cli {

namespace {

using Words = std::vector<std::string>;

Json value_of(const ConfiguredOption& option) {
  if (option.is_list) return option.values;
  return option.values.empty() ? Json() : Json(option.values.front());
}

/// Throws Fault when something is wrong, after it was printed.
void fail_on(const Configuration& configuration) {
  const auto count = configuration.problems.size();
  if (count > 0)
    throw Fault(exit_status::configuration,
                fmt::format("the configuration has {} mistake{}", count, count == 1 ? "" : "s"));
}

/// What crier serve would read. Throws Fault when the words make no sense.
Configuration read(const Words& words) {
  auto configuration = read_configuration(words);
  if (configuration.options.empty()) throw Fault(exit_status::usage, configuration.problems.at(0));
  return configuration;
}

void check(bool json, const Words& words) {
  const auto configuration = read(words);
  if (json) {
    print_json(Json{{"ok", configuration.problems.empty()},
                    {"problems", configuration.problems},
                    {"warnings", configuration.warnings}});
  } else {
    for (const auto& problem : configuration.problems) print(printable(problem) + '\n');
    for (const auto& warning : configuration.warnings)
      print("warning: " + printable(warning) + '\n');
    if (configuration.problems.empty()) print("OK\n");
  }
  fail_on(configuration);
}

void show(bool json, const Words& words) {
  const auto configuration = read(words);
  if (!json) return print(to_toml(configuration));
  auto shown = Json::array();
  for (const auto& option : configuration.options)
    shown.push_back(
        {{"option", option.name}, {"value", value_of(option)}, {"source", to_text(option.source)}});
  print_json(shown);
}

void defaults(bool json, const Words&) {
  if (!json) return print(default_toml());
  auto shown = Json::array();
  for (const auto& option : read_configuration({}).options)
    shown.push_back({{"option", option.name},
                     {"type", option.type.empty() ? "yes|no" : option.type},
                     {"default", option.standard.empty() ? Json() : Json(option.standard)},
                     {"description", option.description}});
  print_json(shown);
}

struct ConfigVerb {
  const char* name;
  const char* summary;
  const char* examples;
  bool takes_options;
  void (*run)(bool json, const Words& words);
};

constexpr ConfigVerb verbs[] = {
    {"check", "tell what is wrong with the options of crier serve, all at once",
     "  crier config check --config /etc/crier/crier.toml\n"
     "  crier config check --config /etc/crier/crier.toml && systemctl restart crier\n",
     true, check},
    {"show", "print the options that count, and where each value comes from",
     "  crier config show --config /etc/crier/crier.toml\n"
     "  crier config show --json --config /etc/crier/crier.toml | jq '.[] | "
     "select(.source==\"file\")'\n",
     true, show},
    {"defaults", "print a configuration file with all options, explained",
     "  crier config defaults > /etc/crier/crier.toml\n", false, defaults},
};

/// The options of crier serve are declared here for help and completion alone: what is wrong with
/// them is what the verbs tell, so they read the words themselves.
class Config final : public CommandFrame {
 public:
  Config() : CommandFrame("crier config", "Sees how the service on this machine is configured.") {
    require_verb();
    for (const auto& verb : verbs) {
      auto& declared = add_verb(verb.name, verb.summary, verb.examples);
      if (verb.takes_options) declare_options(declared, given_);
      Arguments(declared).add_flag("--json", json_, "print JSON").group("Output");
    }
    remote_.declare(add_verb("reload", config_reload.summary, config_reload.examples));
  }

  int run(int argc, char** argv) override {
    const std::string_view called = argc > 1 ? argv[1] : "";
    // CLI11 reads the file of --config for a whole command only.
    if (called == "reload") return make_command(config_reload)->run(argc - 1, argv + 1);
    Words words(argv + std::min(argc, 2), argv + argc);
    const auto wants_help = std::ranges::any_of(
        words, [](const auto& word) { return word == "--help" || word == "-h"; });
    const bool json = std::erase(words, "--json") > 0;
    const auto* verb = std::ranges::find(verbs, called, &ConfigVerb::name);
    const bool reads_words =
        verb != std::end(verbs) && !wants_help && (verb->takes_options || words.empty());
    if (reads_words)
      perform(fmt::format("config {}", called), [&] { verb->run(json, words); });
    else
      execute(argc, argv, [] {});
    return exit_status::ok;
  }

 private:
  GivenOptions given_;
  /// Those of `reload`, for help and completion.
  SharedOptions<Call> remote_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Subcommand> config() {
  return std::make_unique<Config>();
}

}  // namespace crier::cli
