#include "cli/duration.hpp"

#include <charconv>
#include <cstdint>
#include <string>

namespace crier::cli {

namespace {

constexpr std::int64_t longest = std::int64_t{36'525} * 24 * 3600;

struct Unit {
  char letter;
  std::int64_t seconds;
};

constexpr Unit units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 24 * 3600}, {'w', 7 * 24 * 3600}};

}  // namespace

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  if (text.size() < 2) return {};
  for (const auto& unit : units) {
    if (text.back() != unit.letter) continue;
    std::int64_t number = 0;
    const char* end = text.data() + text.size() - 1;
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end) return {};
    if (number < 0 || number > longest / unit.seconds) return {};
    return std::chrono::seconds(number * unit.seconds);
  }
  return {};
}

std::optional<Time> parse_moment(std::string_view text, Time now) {
  if (const auto ago = parse_duration(text)) return now - *ago;
  if (text.size() == 10) return parse_datetime(std::string(text) + "T00:00:00Z");
  return parse_datetime(text);
}

}  // namespace crier::cli
