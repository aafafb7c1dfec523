/// `crier doctor`: what keeps the service on this machine from working.

#include <crier/fault.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "app/diagnosis.hpp"
#include "app/options_declaration.hpp"
#include "cli/arguments.hpp"
#include "cli/client_command.hpp"
#include "cli/nouns.hpp"
#include "cli/printable.hpp"

namespace crier::cli {

namespace {

/// Read when nothing else is said.
constexpr auto usual_file = "/etc/crier/crier.toml";

std::string value_of(const Configuration& configuration, std::string_view name) {
  for (const auto& option : configuration.options)
    if (option.name == name && !option.values.empty()) return option.values.front();
  return "";
}

Findings serving(const std::string& database, std::optional<int> process) {
  if (database.empty()) return {};
  if (!process)
    return {{"service", Health::warning, "it does not run at this moment",
             "start it, when the rest is in order: systemctl start crier, or crier serve"}};
  return {{"service", Health::ok,
           *process > 0 ? fmt::format("it runs as process {}", *process) : "it runs"}};
}

Findings diagnose(const Configuration& configuration) {
  const auto database = value_of(configuration, "database");
  const auto process = serving_process(database);
  const auto& checked = configuration.checked;
  const auto wanted = checked ? checked->node_cache_bytes + checked->outbox_bytes : 0;
  Findings findings;
  for (auto&& part :
       {diagnose_configuration(configuration),
        diagnose_secret(
            configuration.secret_in_environment ? "" : value_of(configuration, "secret-file")),
        diagnose_database(database), serving(database, process),
        diagnose_server(value_of(configuration, "server"), checked, process.has_value()),
        diagnose_dns(value_of(configuration, "domain")), diagnose_machine(database, wanted)})
    findings.insert(findings.end(), part.begin(), part.end());
  return findings;
}

Colour colour_of(Health health) {
  constexpr Colour colours[] = {Colour::green, Colour::none, Colour::yellow, Colour::red};
  return colours[static_cast<std::size_t>(health)];
}

void print_findings(const Findings& findings, bool json) {
  if (json) {
    auto all = Json::array();
    for (const auto& finding : findings)
      all.push_back({{"check", finding.check},
                     {"result", to_text(finding.health)},
                     {"found", finding.what},
                     {"advice", finding.advice.empty() ? Json() : Json(finding.advice)}});
    return print_json(all);
  }
  for (const auto& finding : findings) {
    print(paint(fmt::format("{:8}", to_text(finding.health)), colour_of(finding.health)) +
          fmt::format("{:19}{}\n", finding.check, printable(finding.what)));
    if (!finding.advice.empty()) print(fmt::format("{:27}-> {}\n", "", printable(finding.advice)));
  }
}

/// As crier config, it reads the words itself: mistakes there are a finding.
class Doctor final : public CommandFrame {
 public:
  Doctor()
      : CommandFrame("crier doctor",
                     "Looks at all that the service on this machine needs, and says what to do. "
                     "Takes the options of crier serve.") {
    declare_options(app(), given_);
    Arguments(app()).add_flag("--json", json_, "print JSON").group("Output");
    set_footer(fmt::format(
        "Without options and CRIER_CONFIG it reads {}, if that is there. Changes\n"
        "nothing. The handshake with the server is tried when the service does not "
        "run.\nEnds with status 1 when something is wrong (FAIL).\n\n{}",
        usual_file,
        examples_footer("  crier doctor --config /etc/crier/crier.toml\n"
                        "  crier doctor --json | jq '.[] | select(.result != \"ok\")'\n")));
  }

  int run(int argc, char** argv) override {
    std::vector<std::string> words(argv + 1, argv + argc);
    const auto wants_help = std::ranges::any_of(
        words, [](const auto& word) { return word == "--help" || word == "-h"; });
    const bool json = std::erase(words, "--json") > 0;
    if (wants_help)
      execute(argc, argv, [] {});
    else
      perform("doctor", [&] { examine(words, json); });
    return exit_status::ok;
  }

 private:
  static void examine(std::vector<std::string> words, bool json) {
    const char* variable = std::getenv("CRIER_CONFIG");
    if (words.empty() && !(variable && *variable) && std::filesystem::exists(usual_file))
      words = {"--config", usual_file};
    const auto configuration = read_configuration(words);
    if (configuration.options.empty())
      throw Fault(exit_status::usage, configuration.problems.at(0));
    const auto findings = diagnose(configuration);
    print_findings(findings, json);
    const auto failures = std::ranges::count(findings, Health::failure, &Finding::health);
    if (failures > 0)
      throw Fault(exit_status::refused,
                  fmt::format("{} of {} checks failed", failures, findings.size()));
  }

  GivenOptions given_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Subcommand> doctor() {
  return std::make_unique<Doctor>();
}

}  // namespace crier::cli
