#pragma once
/// The log: one line an event, on stderr.
///
/// A line is `TIME LEVEL MODULE: message` with the time in UTC, the module only if it is not the
/// service itself. For machines it is an object of JSON. Where stderr is the journal the same goes
/// there as fields, by its native protocol (systemd.journal-fields(7)), and if that can not be, as
/// `<PRIORITY>message` (sd-daemon(3)).

#include <crier/time.hpp>

#include "wire/report.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace crier {

/// What an event is about.
enum class LogModule { service, stream, storage, delivery, control, metrics };
inline constexpr std::size_t log_modules = 6;

enum class LogFormat { automatic, human, json, journald };

/// What is logged: up to that level; of some modules more or less.
struct LogLevels {
  LogLevels(LogLevel most) { of.fill(most); }  // NOLINT: a level is one for all modules
  std::array<LogLevel, log_modules> of;
  bool operator==(const LogLevels&) const = default;
};

/// The level of that name: error, warning, info or debug.
std::optional<LogLevel> parse_log_level(std::string_view name);

/// The levels that `text` spells: `LEVEL`, `MODULE=LEVEL`, or several of them with commas between.
/// A level without module is that of all modules that are not named; without one it is info.
/// Nothing for anything else.
std::optional<LogLevels> parse_log_levels(std::string_view text);

/// The format of that name: auto, human, json or journald.
std::optional<LogFormat> parse_log_format(std::string_view name);

/// Something that happened.
struct LogEvent {
  LogLevel level;
  LogModule module;
  std::string_view message;
  Time now;
};

/// One line with its line end, as `format` has it; as people read it when that is automatic.
/// Control characters in the message, line ends among them, become spaces, so that whoever has a
/// hand in a message can not write lines of his own.
std::string log_line(LogFormat format, const LogEvent& event);

/// The same as a datagram of the journal's native protocol.
std::string journal_fields(const LogEvent& event);

/// stderr is connected to the journal: JOURNAL_STREAM names its device and inode. systemd.exec(5).
bool stderr_is_journal();

class Log {
 public:
  static constexpr const char* journal_socket = "/run/systemd/journal/socket";

  /// Passes over what is less urgent than `most`. `journal` is where the journal listens.
  explicit Log(LogLevels most, LogFormat format = LogFormat::automatic,
               std::string journal = journal_socket);

  void set_level(LogLevels most) { most_ = most; }
  void write(LogLevel level, std::string_view message, LogModule module = LogModule::service) const;
  /// For what costs something to put into words.
  bool takes(LogLevel level, LogModule module = LogModule::service) const {
    return level <= most_.of[static_cast<std::size_t>(module)];
  }

 private:
  bool send_to_journal(const LogEvent& event) const;

  LogLevels most_;
  LogFormat format_;
  std::string journal_;
};

}  // namespace crier
