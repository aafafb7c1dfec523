#pragma once
/// `crier serve`: runs the service.

namespace crier::cli {

/// Runs the service until SIGTERM or SIGINT; returns 0 then. Throws Fault when the configuration
/// is invalid (exit status 78).
int serve(int argc, char** argv);

}  // namespace crier::cli
