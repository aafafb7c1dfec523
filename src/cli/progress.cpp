#include "cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

namespace crier::cli {

namespace {

constexpr std::chrono::milliseconds between_drawings{100};
/// What was quick enough needs no line, and what has hardly begun can not be told the end of.
constexpr std::chrono::milliseconds before_first{300};
constexpr std::size_t widest_bar = 30;
constexpr std::size_t usual_columns = 80;

std::string readable_time(std::chrono::duration<double> time) {
  const auto seconds = static_cast<std::uint64_t>(time.count() + 0.5);
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

std::size_t columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                         : usual_columns;
}

}  // namespace

std::string progress_line(const std::string& what, std::uint64_t done, std::uint64_t total,
                          std::chrono::duration<double> elapsed, std::size_t columns) {
  if (total == 0 && done > 0) {
    const auto rate = static_cast<double>(done) / std::max(elapsed.count(), 0.001);
    return fmt::format("{} {} so far, {:.0f} a second", what, done, rate).substr(0, columns);
  }
  const double part =
      total == 0 ? 1.0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  auto text = fmt::format("{} {:3.0f} %", what, part * 100);
  if (part > 0 && part < 1)
    text += fmt::format(", {} left", readable_time(elapsed * (1 - part) / part));
  if (text.size() >= columns) return text.substr(0, columns);
  const auto room = std::min(widest_bar, columns - text.size());
  if (room < 8) return text;
  const auto bar = room - 3;
  const auto full = static_cast<std::size_t>(part * static_cast<double>(bar));
  return fmt::format("[{}{}] {}", std::string(full, '#'), std::string(bar - full, ' '), text);
}

Progress::Progress(std::string what, bool json)
    : what_(std::move(what)), is_shown_(!json && isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void Progress::operator()(std::uint64_t done, std::uint64_t total) {
  if (!is_shown_) return;
  const auto now = Clock::now();
  if (drawn_ ? now - *drawn_ < between_drawings : now - start_ < before_first) return;
  drawn_ = now;
  const auto line = progress_line(what_, done, total, now - start_, columns() - 1);
  std::fputs(("\r\x1b[K" + line).c_str(), stderr);
  std::fflush(stderr);
}

std::string readable_bytes(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

}  // namespace crier::cli
