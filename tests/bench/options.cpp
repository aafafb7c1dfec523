#include "options.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

namespace crier::bench {

namespace {

/// The names of all scenarios or, without `all`, of those that run unasked.
std::vector<std::string> scenario_names(bool all) {
  std::vector<std::string> names;
  for (const auto& scenario : scenarios())
    if (all || scenario.usual) names.emplace_back(scenario.name);
  return names;
}

std::string footer() {
  std::string text =
      "Options behind -- are given to crier serve.\n\nScenarios (* when none is named):\n";
  for (const auto& scenario : scenarios())
    text +=
        fmt::format("  {:<18}{} {}\n", scenario.name, scenario.usual ? '*' : ' ', scenario.summary);
  text +=
      "Exit status: 0 when every figure counts; 1 when anything was lost, duplicated or "
      "reordered,\n"
      "or an error came back; 64 for a wrong command line; 69 when the service does not run.";
  return text;
}

}  // namespace

Options read_options(int argc, char** argv, std::optional<int>& exit_status) {
  Options options;
  options.crier = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "crier";
  options.directory = std::filesystem::temp_directory_path();
  options.scenarios = scenario_names(false);
  double warm_up = options.span.warm_up.count();
  double seconds = options.span.measured.count();

  CLI::App app("Measures a pubsub component: plays its server and all users on loopback.");
  app.footer(footer());
  app.add_option("--crier", options.crier, "The crier to start")->capture_default_str();
  app.add_option("--scenario", options.scenarios, "What to measure")
      ->check(CLI::IsMember(scenario_names(true)));
  app.add_option("--seconds", seconds, "How long each scenario is measured")
      ->check(CLI::Range(0.001, 1e6))
      ->capture_default_str();
  app.add_option("--warm-up", warm_up, "Seconds before that, which do not count")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  app.add_option("--rounds", options.rounds,
                 "How often each scenario is measured, in turn with the others; medians are shown")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--count", options.span.count,
                 "Operations to measure, in place of a time and without warm-up");
  app.add_option("--subscribers", options.subscribers,
                 "Subscribers of a fan-out (1,000; fanout-publish: 100,000; come-online: 50,000)")
      ->check(CLI::Range(1, 10'000'000));
  app.add_option("--store-items", options.store.items, "Items of a big store")
      ->check(CLI::Range(100, 1'000'000'000))
      ->capture_default_str();
  app.add_option("--store-subscriptions", options.store.subscriptions,
                 "Subscriptions to other nodes in a big store")
      ->check(CLI::Range(0, 100'000'000))
      ->capture_default_str();
  app.add_option("--directory", options.directory, "Where the databases lie")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  auto* sync_delay = app.add_option("--sync-delay", options.sync_delay,
                                    "Milliseconds that every sync takes longer, as on a slow disk")
                         ->check(CLI::Range(0.0, 60'000.0))
                         ->capture_default_str();
  app.add_flag("--keep", options.keep, "Keep database and log of each scenario");
  app.add_flag("--json", options.json, "Print JSON");
  auto* listen = app.add_option("--listen", options.listen,
                                "Start nothing: wait on this port for any component")
                     ->excludes(sync_delay);
  auto* connect = app.add_option("--connect", options.connect,
                                 "Play the users alone, as a component of the server HOST:PORT")
                      ->excludes(listen)
                      ->excludes(sync_delay);
  app.add_option("--service,--domain", options.service, "The service's JID")->capture_default_str();
  app.add_option("--secret", options.secret, "The component's secret");
  app.add_option("--users-domain", options.users, "Where the users live")->capture_default_str();
  app.add_option("--users-secret", options.users_secret, "That domain's secret")->needs(connect);
  app.add_flag("--ceiling", options.ceiling,
               "Measure nothing: be the fastest service that there can be behind the server")
      ->needs(connect);
  app.add_option("--pid", options.pid, "The service's process, to measure its cost");
  app.add_option("--server-pid", options.server_pid, "The server's process, likewise (JSON only)")
      ->needs(connect);
  // Split here, because CLI11 takes the -- behind a list, such as --scenario's, for the list's end.
  char** const end = argv + argc;
  char** const own_end = std::find(argv, end, std::string_view("--"));
  if (own_end != end) options.serve_options.assign(own_end + 1, end);
  try {
    app.parse(static_cast<int>(own_end - argv), argv);
  } catch (const CLI::ParseError& error) {
    exit_status = app.exit(error) == 0 ? 0 : EX_USAGE;
  }
  options.span.warm_up = std::chrono::duration<double>(warm_up);
  options.span.measured = std::chrono::duration<double>(seconds);
  return options;
}

}  // namespace crier::bench
