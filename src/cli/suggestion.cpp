#include "cli/suggestion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace crier::cli {

namespace {

/// Nobody misspells a longer word, and the cost grows with both lengths.
constexpr std::size_t max_length = 40;

}  // namespace

std::size_t edit_distance(std::string_view one, std::string_view other) {
  // Optimal string alignment; the rows before the last and the last are enough.
  std::vector<std::size_t> before(other.size() + 1), last(other.size() + 1), row(other.size() + 1);
  for (std::size_t j = 0; j <= other.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const auto replaced = last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped =
          i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[other.size()];
}

std::string suggestion(std::string_view word, std::span<const std::string> known) {
  if (word.empty() || word.size() > max_length) return "";
  const auto distance = [&](const std::string& each) {
    // A beginning that was not finished is as near as one slip.
    return each.starts_with(word) ? 1 : edit_distance(word, each);
  };
  const auto nearest = std::ranges::min_element(known, {}, distance);
  const auto allowed = std::max<std::size_t>(1, word.size() / 3);
  if (nearest == known.end() || distance(*nearest) > allowed) return "";
  return fmt::format("; did you mean \"{}\"?", *nearest);
}

}  // namespace crier::cli
