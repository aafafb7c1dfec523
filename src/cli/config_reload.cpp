#include "cli/config_reload.hpp"

#include <crier/fault.hpp>
#include <crier/reload.hpp>

#include <fmt/format.h>

#include "cli/ad_hoc.hpp"
#include "cli/client_session.hpp"
#include "cli/printable.hpp"

namespace crier::cli {

namespace {

constexpr std::string_view command = "urn:crier:command:reload";

/// A note of type error, which is all that can be wrong with this command but the right to execute
/// it, tells of a wrong configuration.
CommandAnswer execute(ClientSession& session) {
  try {
    return start_command(session, command);
  } catch (const Fault& fault) {
    if (fault.status() != exit_status::refused) throw;
    throw Fault(exit_status::configuration, fmt::format("nothing has changed: {}", fault.what()));
  }
}

std::vector<std::string> names_in(const Form& form, std::string_view var) {
  const auto* field = form.field(var);
  return field ? field->values : std::vector<std::string>();
}

void declare_none(Arguments, ReloadOptions&) {}

void reload(const Call& call, const ReloadOptions&) {
  ClientSession session(call.connection);
  const auto answer = execute(session);
  const Reload changes{names_in(answer.form, "applied"), names_in(answer.form, "restart")};
  if (call.json)
    print_json(Json{{"applied", changes.applied}, {"restart", changes.need_restart}});
  else
    print(printable(to_text(changes)) + '\n');
}

}  // namespace

const Verb<ReloadOptions, Call> config_reload = {
    "config reload", "let the running service read its configuration again",
    "  crier config reload --control /run/crier/control\n"
    "  crier config reload --jid admin@example.org --json\n",
    declare_none, reload};

}  // namespace crier::cli
