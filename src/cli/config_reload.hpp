#pragma once
/// `crier config reload`, the verb that talks to the service.

#include <memory>

#include "cli/client_command.hpp"

namespace crier::cli {

struct ReloadOptions {};

/// The verb as a command of its own: lets the service read its configuration again, and prints what
/// has changed. Ends with the status `configuration` when that is wrong and nothing has changed.
extern const Verb<ReloadOptions, Call> config_reload;

}  // namespace crier::cli
