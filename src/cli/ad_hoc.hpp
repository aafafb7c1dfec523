#pragma once
/// Ad-hoc commands of a service, as a client executes them. XEP-0050.

#include <span>
#include <string_view>

#include "cli/forms.hpp"
#include "cli/requests.hpp"
#include "cli/responses.hpp"

namespace crier::cli {

class ClientSession;

/// Starts the ad-hoc command `command` and returns what the service answers: the form of its first
/// stage, or, of a command without one, its result. `about` is what refusals speak of.
/// Throws Fault: unavailable when the service has no such command; the refusal in words; what notes
/// of type error say (refused).
CommandAnswer start_command(ClientSession& session, std::string_view command,
                            const Subject& about = {});

/// Submits the form of the stage `stage`, filled in. `settings` are whole field names. Throws Fault
/// as start_command does, and unavailable when the form has no such field: then the service is of
/// another version.
CommandAnswer submit_stage(ClientSession& session, std::string_view command,
                           const CommandAnswer& stage, std::span<const Setting> settings,
                           const Subject& about = {});

/// Executes a command of one stage: starts it, and submits its form with `settings`. Throws Fault
/// as those do.
CommandAnswer run_command(ClientSession& session, std::string_view command,
                          std::span<const Setting> settings, const Subject& about = {});

}  // namespace crier::cli
