/// crier-bench: measures crier, or any pubsub component, from the server's side of the stream, or
/// any pubsub service behind or in a server from its users' side.
///
/// Every scenario gets a service of its own on an empty database, so that none is the other's
/// history; a service that somebody else started (--listen, --connect) plays all of them in one
/// stream.

#include "ceiling.hpp"
#include "component_connector.hpp"
#include "component_listener.hpp"
#include "interruption.hpp"
#include "machine.hpp"
#include "options.hpp"
#include "report.hpp"
#include "rounds.hpp"
#include "running_service.hpp"
#include "scenario.hpp"

#include <fmt/format.h>
#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

namespace crier::bench {

namespace {

using namespace std::chrono_literals;

const Scenario& scenario_named(std::string_view name) {
  return *std::ranges::find(scenarios(), name, &Scenario::name);
}

Outcome failure(std::string what) {
  Outcome outcome;
  outcome.faults.error(std::move(what));
  return outcome;
}

class Run {
 public:
  explicit Run(const Options& options)
      : options_(options),
        machine_(this_machine(options.directory)),
        listener_(options.listen.value_or(0)) {}

  /// Returns the exit status.
  int run() {
    if (!options_.json) print(table_head(machine_));
    for (const auto& name : options_.scenarios) results_.push_back({name, {}, {}});
    for (unsigned round = 1; round <= options_.rounds; ++round)
      for (auto& result : results_) {
        result.rounds.push_back(outcome_of(scenario_named(result.name)));
        result.outcome = summary(result.rounds);
        if (!options_.json && round == options_.rounds) print(table_row(result));
      }
    Faults all;
    for (const auto& result : results_) all += result.outcome.faults;
    print(options_.json ? json(machine_, options_, results_) : table_foot(all));
    if (link_ && options_.connect) link_->end(10s);
    return all.none() ? 0 : 1;
  }

 private:
  static void print(const std::string& text) {
    fmt::print("{}", text);
    std::fflush(stdout);
  }

  Outcome outcome_of(const Scenario& scenario) {
    if (!options_.listen && !options_.connect) return with_own_service(scenario);
    if (!link_) link_ = options_.connect ? connect() : accept();
    try {
      return play(scenario, *link_, {.service = options_.pid, .server = options_.server_pid});
    } catch (const std::runtime_error& error) {
      link_.reset();  // it may come back
      return failure(error.what());
    }
  }

  Outcome with_own_service(const Scenario& scenario) {
    RunningService service({.crier = options_.crier,
                            .domain = options_.service,
                            .secret = options_.secret,
                            .port = listener_.port(),
                            .directory = options_.directory,
                            .keep = options_.keep,
                            .sync_delay = options_.sync_delay,
                            .more = options_.serve_options},
                           listener_);
    if (options_.keep) fmt::print(stderr, "{}: {}\n", scenario.name, service.directory().string());
    try {
      auto outcome = play(scenario, service.link(), {.service = service.pid()}, &service);
      service.end();
      return outcome;
    } catch (const std::runtime_error& error) {
      std::this_thread::sleep_for(100ms);  // a stream breaks a little before its process has ended
      check_interruption();
      return failure(service.how_it_ended().value_or(error.what()));
    }
  }

  Link connect() const {
    return connect_component(
        {.server = *options_.connect, .domain = options_.users, .secret = options_.users_secret});
  }

  Link accept() {
    return listener_.accept(options_.service, options_.secret, 600s, [] {});
  }

  Outcome play(const Scenario& scenario, Link& link, Pids pid,
               RunningService* own = nullptr) const {
    Stage stage{.link = link,
                .service = options_.service,
                .users = options_.users,
                .nodes = fmt::format("bench-{}", getpid()),
                .span = options_.span,
                .subscribers = options_.subscribers,
                .store = options_.store,
                .pid = pid,
                .disposable = !options_.listen && !options_.connect,
                .own = own};
    return scenario.run(stage);
  }

  const Options& options_;
  Machine machine_;
  ComponentListener listener_;
  /// To the service that is not ours.
  std::optional<Link> link_;
  std::vector<Result> results_;
};

void be_ceiling(const Options& options) {
  auto link = connect_component(
      {.server = *options.connect, .domain = options.service, .secret = options.secret});
  fmt::print("ready: {} via {}\n", options.service, *options.connect);
  std::fflush(stdout);
  serve_ceiling(link, options.service);
}

}  // namespace

}  // namespace crier::bench

int main(int argc, char** argv) {
  using namespace crier::bench;
  std::optional<int> exit_status;
  const auto options = read_options(argc, argv, exit_status);
  if (exit_status) return *exit_status;
  notice_interruption();
  try {
    if (!options.ceiling) return Run(options).run();
    be_ceiling(options);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "crier-bench: {}\n", error.what());
    return EX_UNAVAILABLE;
  }
}
