#include "rounds.hpp"

#include <algorithm>
#include <vector>

namespace crier::bench {

namespace {

/// The values of the figure `key` in all rounds that have it, in ascending order.
std::vector<double> values_of(std::span<const Outcome> rounds, std::string_view key) {
  std::vector<double> values;
  for (const auto& round : rounds)
    for (const auto& figure : round.figures)
      if (figure.key == key) values.push_back(figure.value);
  std::ranges::sort(values);
  return values;
}

Figure figure_of(const Figure& like, const std::vector<double>& values) {
  const auto middle = values.size() / 2;
  const bool even = values.size() % 2 == 0;
  return {.key = like.key,
          .label = like.label,
          .value = even ? (values[middle - 1] + values[middle]) / 2 : values[middle],
          .range = Range{.least = values.front(), .most = values.back()}};
}

}  // namespace

Outcome summary(std::span<const Outcome> rounds) {
  if (rounds.size() == 1) return rounds.front();
  Outcome all;
  for (const auto& round : rounds) {
    all.measurement += round.measurement;
    all.faults += round.faults;
  }
  const auto model =
      std::ranges::find_if(rounds, [](const Outcome& round) { return !round.figures.empty(); });
  if (model == rounds.end()) return all;
  for (const auto& figure : model->figures)
    all.figures.push_back(figure_of(figure, values_of(rounds, figure.key)));
  return all;
}

}  // namespace crier::bench
