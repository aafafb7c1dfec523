#pragma once
/// Ctrl-C for commands that have something to put in order before they end.

#include <csignal>

namespace crier::cli {

/// While one lives, SIGINT and SIGTERM interrupt what waits, and are noted instead of ending the
/// process. The second one ends it.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// The signal that came; 0 for none.
  int signal() const;

 private:
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
};

}  // namespace crier::cli
