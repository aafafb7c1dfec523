#include "cli/connect_alarm.hpp"

#include <csignal>

#include <unistd.h>

#include "cli/exit_status.hpp"

namespace crier::cli {

namespace {

// A signal handler can reach nothing but a global.
std::string last_words;

void give_up(int) {
  (void)!write(STDERR_FILENO, last_words.data(), last_words.size());
  _exit(exit_status::temporary);
}

}  // namespace

ConnectAlarm::ConnectAlarm(std::chrono::seconds limit, const std::string& message) {
  last_words = message + '\n';
  std::signal(SIGALRM, give_up);
  alarm(static_cast<unsigned>(limit.count()));
}

ConnectAlarm::~ConnectAlarm() {
  alarm(0);
  std::signal(SIGALRM, SIG_DFL);
}

}  // namespace crier::cli
