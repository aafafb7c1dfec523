#include "usage.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace crier::bench {

namespace {

double cpu_seconds_of(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string line;
  std::getline(file, line);
  // Behind the name, which is in parentheses and may hold anything: the fields from the third on.
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(line.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// The line of /proc/pid/status that begins with `field`, in bytes.
std::size_t status_bytes(pid_t pid, std::string_view field) {
  std::ifstream file(fmt::format("/proc/{}/status", pid));
  for (std::string word; file >> word;) {
    std::size_t kibibytes = 0;
    if (word == field && file >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

}  // namespace

Usage usage_of(pid_t pid) {
  return {.cpu_seconds = cpu_seconds_of(pid),
          .peak_bytes = status_bytes(pid, "VmHWM:"),
          .resident_bytes = status_bytes(pid, "VmRSS:"),
          .anonymous_bytes = status_bytes(pid, "RssAnon:")};
}

}  // namespace crier::bench
