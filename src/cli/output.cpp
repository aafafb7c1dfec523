#include "cli/output.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/exit_status.hpp"

namespace crier::cli {

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void flush_output() {
  if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return;
  if (errno == EPIPE) throw BrokenPipe();
  throw Fault(exit_status::io_error,
              fmt::format("the output can not be written: {}", std::strerror(errno)));
}

void print_json(const Json& json) {
  print(to_text(json) + '\n');
}

void print_table(const Table& table) {
  print(to_text(table, terminal_columns()));
}

std::size_t terminal_columns() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

std::string paint(std::string text, Colour colour) {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string_view(value ? value : "");
  };
  if (colour == Colour::none || !isatty(STDOUT_FILENO) || !variable("NO_COLOR").empty() ||
      variable("TERM") == "dumb")
    return text;
  constexpr int codes[] = {0, 32, 33, 31};
  return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<std::size_t>(colour)], text);
}

void confirm(const std::string& question) {
  if (!isatty(STDIN_FILENO))
    throw Fault(exit_status::usage, "say --yes to do this without being asked");
  std::cerr << question << " [y/N] ";
  // What was read from the terminal before ended, but not the terminal.
  std::cin.clear();
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "y" && answer != "yes") throw Fault(exit_status::usage, "nothing was changed");
}

}  // namespace crier::cli
