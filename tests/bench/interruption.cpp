#include "interruption.hpp"

#include <csignal>

namespace crier::bench {

namespace {

// A signal handler reaches nothing but globals.
volatile std::sig_atomic_t interrupted = 0;

}  // namespace

void notice_interruption() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = 1; };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void check_interruption() {
  if (interrupted != 0) throw Interrupted();
}

}  // namespace crier::bench
