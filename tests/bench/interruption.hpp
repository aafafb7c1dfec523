#pragma once
/// SIGINT and SIGTERM end a run early, and still clean up behind it.

#include <exception>

namespace crier::bench {

/// No runtime_error: what fails is one scenario, what is interrupted is the run.
struct Interrupted : std::exception {
  const char* what() const noexcept override { return "interrupted"; }
};

/// From here on SIGINT and SIGTERM are noticed instead of ending the process.
void notice_interruption();

/// Throws Interrupted once one of the two signals came.
void check_interruption();

}  // namespace crier::bench
