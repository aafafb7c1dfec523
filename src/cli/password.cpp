#include "cli/password.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "cli/exit_status.hpp"
#include "cli/interrupt.hpp"
#include "cli/printable.hpp"
#include "wire/unique_fd.hpp"

namespace crier::cli {

namespace {

std::string first_line_of(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!file.is_open() || (!std::getline(file, line) && !file.eof()))
    throw Fault(exit_status::io_error, fmt::format("--password-file {}: it can not be read: {}",
                                                   printable(path), std::strerror(errno)));
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

/// The terminal without echo, for as long as this lives.
class EchoOff {
 public:
  explicit EchoOff(int terminal) : terminal_(terminal) {
    tcgetattr(terminal_, &before_);
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= static_cast<tcflag_t>(ECHONL);
    tcsetattr(terminal_, TCSAFLUSH, &silent);
  }
  ~EchoOff() { tcsetattr(terminal_, TCSAFLUSH, &before_); }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;

 private:
  int terminal_;
  termios before_{};
};

/// What the user types up to the end of the line; Ctrl-C ends the process, with the echo on again.
std::string type_in(int terminal, const std::string& prompt) {
  if (write(terminal, prompt.data(), prompt.size()) < 0) return {};
  std::string typed;
  int signal = 0;
  {
    const Interrupt interrupt;
    const EchoOff echo_off(terminal);
    char byte = 0;
    while (read(terminal, &byte, 1) == 1 && byte != '\n') typed += byte;
    signal = interrupt.signal();
  }
  if (signal != 0) std::raise(signal);
  return typed;
}

}  // namespace

std::string read_password(const ClientOptions& options, const Jid& account) {
  if (!options.password_file.empty()) return first_line_of(options.password_file);
  if (const char* password = std::getenv("CRIER_PASSWORD")) return password;
  // The terminal itself, since the standard input may be what is to be published.
  const UniqueFd terminal(open("/dev/tty", O_RDWR | O_CLOEXEC));
  if (terminal.get() < 0)
    throw Fault(exit_status::usage,
                "there is no password: give --password-file FILE or set CRIER_PASSWORD");
  return type_in(terminal.get(), fmt::format("Password for {}: ", account.bare()));
}

}  // namespace crier::cli
