#pragma once
/// SIGINT and SIGTERM end a run early, and still clean up behind it.

#include <stdexcept>

namespace crier::bench {

struct Interrupted : std::runtime_error {
  Interrupted() : std::runtime_error("interrupted") {}
};

/// From here on SIGINT and SIGTERM are noticed instead of ending the process.
void notice_interruption();

/// Throws Interrupted once one of the two signals came.
void check_interruption();

}  // namespace crier::bench
