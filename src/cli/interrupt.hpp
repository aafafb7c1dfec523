#pragma once
/// Ctrl-C for commands that have something to put in order before they end.

#include <csignal>

namespace crier::cli {

/// A signal that has ended some work: once order is made the process ends by it.
struct Interrupted {
  int signal;
};

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
  /// Throws Interrupted when a signal came.
  void check() const;

 private:
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
  struct sigaction old_hangup_ {};
};

}  // namespace crier::cli
