#include "cli/ad_hoc.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>

#include "cli/client_session.hpp"
#include "cli/exit_status.hpp"
#include "cli/printable.hpp"
#include "cli/refusal.hpp"

namespace crier::cli {

namespace {

/// What services answer to whom they offer no such command. XEP-0050 §2.4
bool says_unknown(const Refusal& refusal) {
  return refusal.condition == "item-not-found" || refusal.condition == "service-unavailable" ||
         refusal.condition == "feature-not-implemented";
}

Fault not_offered(std::string_view command) {
  return {exit_status::unavailable,
          fmt::format("the service does not offer this (the ad-hoc command {}); it is not a crier, "
                      "or an older one",
                      command)};
}

/// The answer, unless a note says that the command has failed. XEP-0050 §4.3
CommandAnswer checked(const Document& iq) {
  auto answer = read_command_answer(iq.root());
  const auto errors = answer.notes_of("error");
  if (!errors.empty())
    throw Fault(exit_status::refused, fmt::format("the service says: {}", printable(errors)));
  return answer;
}

}  // namespace

CommandAnswer start_command(ClientSession& session, std::string_view command,
                            const Subject& about) {
  const auto request = execute_command(command, about);
  const auto answer = session.exchange(request);
  if (is_error(answer) && says_unknown(read_refusal(answer.root()))) throw not_offered(command);
  if (is_error(answer)) throw session.refused(answer, request);
  return checked(answer);
}

CommandAnswer submit_stage(ClientSession& session, std::string_view command,
                           const CommandAnswer& stage, std::span<const Setting> settings,
                           const Subject& about) {
  for (const auto& setting : settings)
    if (!stage.form.field(setting.var))
      throw Fault(exit_status::unavailable,
                  fmt::format("the service's command {} has no field {}; it is of another version",
                              command, printable(setting.var)));
  return checked(session.request(
      submit_command(command, stage.session, stage.form.form_type, settings, about)));
}

CommandAnswer run_command(ClientSession& session, std::string_view command,
                          std::span<const Setting> settings, const Subject& about) {
  const auto stage = start_command(session, command, about);
  if (!stage.is_executing()) return stage;
  return submit_stage(session, command, stage, settings, about);
}

}  // namespace crier::cli
