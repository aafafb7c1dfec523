#pragma once
/// `crier config reload`.

#include "cli/client_command.hpp"

namespace crier::cli {

/// The verb's line in --help, and its examples.
extern const char* const reload_summary;
extern const char* const reload_examples;

/// Lets the service read its configuration again, and prints what has changed. Throws Fault
/// (configuration) when it is wrong and nothing has changed.
void reload_configuration(const Call& call);

}  // namespace crier::cli
