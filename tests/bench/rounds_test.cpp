#include "rounds.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace crier::bench {

namespace {

Outcome round_with(double rate) {
  return {.figures = {{"rate_per_s", "/s", rate}}, .measurement = {.operations = 10}, .faults = {}};
}

Figure only_figure(const std::vector<Outcome>& rounds) {
  const auto outcome = summary(rounds);
  REQUIRE(outcome.figures.size() == 1);
  return outcome.figures.front();
}

}  // namespace

TEST_CASE("one round is shown as it is, without a range") {
  const auto figure = only_figure({round_with(5)});
  CHECK(figure.value == 5);
  CHECK_FALSE(figure.range);
}

TEST_CASE("of several rounds the median and the range are shown, in whatever order they came") {
  const auto figure = only_figure({round_with(9), round_with(1), round_with(3)});
  CHECK(figure.value == 3);
  REQUIRE(figure.range);
  CHECK(figure.range->least == 1);
  CHECK(figure.range->most == 9);
  CHECK(only_figure({round_with(4), round_with(1), round_with(3), round_with(9)}).value == 3.5);
}

TEST_CASE("a round that failed takes away no figure, and its faults count") {
  Outcome failed;
  failed.faults.error("the stream broke");
  const std::vector<Outcome> rounds{failed, round_with(2), round_with(4)};
  CHECK(only_figure(rounds).value == 3);
  CHECK(summary(rounds).faults.errors == 1);
  CHECK(summary(rounds).faults.first_error == "the stream broke");
  CHECK(summary(rounds).measurement.operations == 20);
}

TEST_CASE("when every round failed there are no figures") {
  Outcome failed;
  failed.faults.lost = 2;
  CHECK(summary(std::vector<Outcome>{failed, failed}).figures.empty());
  CHECK(summary(std::vector<Outcome>{failed, failed}).faults.lost == 4);
}

}  // namespace crier::bench
