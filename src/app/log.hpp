#pragma once
/// The log: one line an event, on stderr.
///
/// A line is `TIME LEVEL message`, the time in UTC. Where stderr is the journal, which keeps time
/// and level itself, it is `<PRIORITY>message` (sd-daemon(3)).

#include <crier/time.hpp>

#include "wire/report.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace crier {

/// The level of that name: error, warning, info or debug.
std::optional<LogLevel> parse_log_level(std::string_view name);

/// One line with its line end. Control characters in `message`, line ends among them, become
/// spaces, so that whoever has a hand in a message can not write lines of his own. Nothing in
/// `now` when the journal reads the line.
std::string log_line(LogLevel level, std::string_view message, std::optional<Time> now);

/// stderr is connected to the journal: JOURNAL_STREAM names its device and inode. systemd.exec(5).
bool stderr_is_journal();

class Log {
 public:
  /// Passes over what is less urgent than `most`.
  explicit Log(LogLevel most) : most_(most), journal_(stderr_is_journal()) {}

  void write(LogLevel level, std::string_view message) const;
  /// For what costs something to put into words.
  bool takes(LogLevel level) const { return level <= most_; }
  void set_level(LogLevel most) { most_ = most; }

 private:
  LogLevel most_;
  bool journal_;
};

}  // namespace crier
