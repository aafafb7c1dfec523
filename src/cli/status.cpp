/// `crier status`: what the service is doing, on one screen.

#include "cli/ad_hoc.hpp"
#include "cli/client_command.hpp"
#include "cli/client_session.hpp"
#include "cli/nouns.hpp"
#include "cli/statistics.hpp"

namespace crier::cli {

namespace {

constexpr auto notes =
    "Only admins may ask, and who may use the control socket. Rates are those since the start;\n"
    "crier top shows those of this moment. With --json it is one object with every number by its\n"
    "name, and the busiest nodes and the subscribers in trouble in nodes, bouncing and behind.\n\n";

struct StatusOptions {};

void run(const Call& call, const StatusOptions&) {
  ClientSession session(call.connection);
  const auto snapshot = read_statistics(run_command(session, statistics_command, {}));
  call.json ? print_json(to_json(snapshot)) : print(status_text(snapshot));
}

void declare(Arguments arguments, StatusOptions&) {
  arguments.add_notes(notes);
}

constexpr Verb<StatusOptions> command = {
    "status",
    "show what the service is doing, on one screen",
    "  crier status\n"
    "  crier status --jid admin@example.org --service pubsub.example.org\n"
    "  crier status --json | jq .commit_p99_seconds\n",
    declare,
    run,
};

}  // namespace

std::unique_ptr<Subcommand> status() {
  return make_command(command);
}

}  // namespace crier::cli
