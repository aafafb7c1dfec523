#include "app/log.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace crier {

namespace {

struct Level {
  LogLevel level;
  std::string_view name;
  /// Of syslog(3).
  int priority;
};

constexpr Level levels[] = {
    {LogLevel::error, "error", 3},
    {LogLevel::warning, "warning", 4},
    {LogLevel::info, "info", 6},
    {LogLevel::debug, "debug", 7},
};

const Level& row_of(LogLevel level) {
  return levels[static_cast<int>(level)];
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view name) {
  for (const auto& row : levels)
    if (row.name == name) return row.level;
  return std::nullopt;
}

std::string log_line(LogLevel level, std::string_view message, std::optional<Time> now) {
  const auto& row = row_of(level);
  auto line = now ? fmt::format("{} {} {}\n", format_datetime(*now), row.name, message)
                  : fmt::format("<{}>{}\n", row.priority, message);
  std::replace_if(line.begin(), line.end() - 1, is_control, ' ');
  return line;
}

bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (!stream || fstat(STDERR_FILENO, &status) != 0) return false;
  return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

void Log::write(LogLevel level, std::string_view message) const {
  if (!takes(level)) return;
  using std::chrono::milliseconds;
  const auto now = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
  const auto line = log_line(level, message, journal_ ? std::nullopt : std::optional<Time>(now));
  // One call, so that lines of several processes do not mix. A log that can not be written has
  // nobody to be told.
  (void)!::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace crier
