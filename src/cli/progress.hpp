#pragma once
/// How far a long work has come, on one line of a terminal.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace crier::cli {

/// The line as it is drawn: what, how much of it, and how long the rest takes when that can be
/// told; at most `columns` wide. A total of 0 is one that nobody knows: then how many a second.
std::string progress_line(const std::string& what, std::uint64_t done, std::uint64_t total,
                          std::chrono::duration<double> elapsed, std::size_t columns);

/// Draws on the standard error when that is a terminal, and nothing otherwise; the line is gone
/// when this is.
class Progress {
 public:
  /// Draws nothing at all where the command was called for `json`.
  Progress(std::string what, bool json);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Whether anything is drawn: what it costs to know the total can be saved otherwise.
  bool is_shown() const { return is_shown_; }
  void operator()(std::uint64_t done, std::uint64_t total);

 private:
  using Clock = std::chrono::steady_clock;

  std::string what_;
  bool is_shown_;
  Clock::time_point start_ = Clock::now();
  std::optional<Clock::time_point> drawn_;
};

/// A number of bytes as people read it: `512 B`, `1.5 MiB`.
std::string readable_bytes(std::uint64_t bytes);

}  // namespace crier::cli
