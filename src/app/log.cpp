#include "app/log.hpp"

#include "wire/unique_fd.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

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

constexpr std::array<std::string_view, log_modules> modules{"service",  "stream",  "storage",
                                                            "delivery", "control", "metrics"};

constexpr std::pair<std::string_view, LogFormat> formats[] = {
    {"auto", LogFormat::automatic},
    {"human", LogFormat::human},
    {"json", LogFormat::json},
    {"journald", LogFormat::journald},
};

const Level& row_of(LogLevel level) {
  return levels[static_cast<int>(level)];
}

std::string_view name_of(LogModule module) {
  return modules[static_cast<std::size_t>(module)];
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string one_line(std::string_view message) {
  std::string line(message);
  std::ranges::replace_if(line, is_control, ' ');
  return line;
}

/// How many bytes the character of UTF-8 has that `text` begins with; 0 when it is none.
std::size_t character_at(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = first < 0x80                    ? 1
                           : first >= 0xc2 && first < 0xe0 ? 2
                           : first >= 0xe0 && first < 0xf0 ? 3
                           : first >= 0xf0 && first < 0xf5 ? 4
                                                           : 0;
  if (size == 0 || size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  return size;
}

/// `text`, which has no control characters, as a string of JSON; what is not UTF-8, such as a
/// file's name may be, becomes a question mark. RFC 8259 §7.
std::string json_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const auto size = character_at(text);
    if (size == 0)
      out += '?';
    else if (text.front() == '"' || text.front() == '\\')
      (out += '\\') += text.front();
    else
      out += text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return out += '"';
}

std::string human_line(const LogEvent& event) {
  const bool named = event.module != LogModule::service;
  return fmt::format("{} {} {}{}{}\n", format_datetime(event.now), row_of(event.level).name,
                     named ? name_of(event.module) : "", named ? ": " : "",
                     one_line(event.message));
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view name) {
  for (const auto& row : levels)
    if (row.name == name) return row.level;
  return std::nullopt;
}

std::optional<LogLevels> parse_log_levels(std::string_view text) {
  LogLevel usual = LogLevel::info;
  std::array<std::optional<LogLevel>, log_modules> named;
  while (true) {
    const auto comma = text.find(',');
    const auto part = text.substr(0, comma);
    const auto equals = part.find('=');
    const auto level = parse_log_level(part.substr(equals == part.npos ? 0 : equals + 1));
    if (!level) return std::nullopt;
    if (equals == part.npos) {
      usual = *level;
    } else {
      const auto module = std::ranges::find(modules, part.substr(0, equals));
      if (module == modules.end()) return std::nullopt;
      named[static_cast<std::size_t>(module - modules.begin())] = level;
    }
    if (comma == text.npos) break;
    text.remove_prefix(comma + 1);
  }
  LogLevels found(usual);
  for (std::size_t module = 0; module < log_modules; ++module)
    if (named[module]) found.of[module] = *named[module];
  return found;
}

std::optional<LogFormat> parse_log_format(std::string_view name) {
  for (const auto& [known, format] : formats)
    if (known == name) return format;
  return std::nullopt;
}

std::string log_line(LogFormat format, const LogEvent& event) {
  if (format == LogFormat::journald)
    return fmt::format("<{}>{}\n", row_of(event.level).priority, one_line(event.message));
  if (format != LogFormat::json) return human_line(event);
  return fmt::format(R"({{"time":"{}","level":"{}","module":"{}","message":{}}})"
                     "\n",
                     format_datetime(event.now), row_of(event.level).name, name_of(event.module),
                     json_string(one_line(event.message)));
}

std::string journal_fields(const LogEvent& event) {
  return fmt::format("MESSAGE={}\nPRIORITY={}\nSYSLOG_IDENTIFIER=crier\nCRIER_MODULE={}\n",
                     one_line(event.message), row_of(event.level).priority, name_of(event.module));
}

bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (!stream || fstat(STDERR_FILENO, &status) != 0) return false;
  return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

Log::Log(LogLevels most, LogFormat format, std::string journal)
    : most_(most), format_(format), journal_(std::move(journal)) {
  if (format_ == LogFormat::automatic)
    format_ = stderr_is_journal() ? LogFormat::journald : LogFormat::human;
}

bool Log::send_to_journal(const LogEvent& event) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (journal_.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, journal_.c_str(), journal_.size() + 1);
  const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return false;
  const auto fields = journal_fields(event);
  const auto sent =
      ::sendto(socket.get(), fields.data(), fields.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
               reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return sent == static_cast<ssize_t>(fields.size());
}

void Log::write(LogLevel level, std::string_view message, LogModule module) const {
  if (!takes(level, module)) return;
  using std::chrono::milliseconds;
  const LogEvent event{level, module, message,
                       std::chrono::floor<milliseconds>(std::chrono::system_clock::now())};
  if (format_ == LogFormat::journald && send_to_journal(event)) return;
  const auto line = log_line(format_, event);
  // One call, so that lines of several processes do not mix. A log that can not be written has
  // nobody to be told.
  (void)!::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace crier
