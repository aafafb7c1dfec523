#pragma once
/// Where the password comes from. It is never an option: the process list would show it.

#include <string>

#include "cli/client_options.hpp"

namespace crier::cli {

/// The password for `account`: the first line of --password-file, else CRIER_PASSWORD, else what
/// the user types at the terminal. Throws Fault: io_error when the file can not be read, usage
/// when there is none of the three.
std::string read_password(const ClientOptions& options, const Jid& account);

}  // namespace crier::cli
