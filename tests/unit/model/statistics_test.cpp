#include <crier/statistics.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <set>

using namespace crier;

namespace {

constexpr std::array bounds{1.0, 2.0, 4.0};

std::vector<std::string> names(const std::vector<Busiest::Entry>& entries) {
  std::vector<std::string> found;
  for (const auto& entry : entries) found.push_back(entry.name);
  return found;
}

}  // namespace

TEST_CASE("a histogram counts a value in the first bucket whose bound is not below it") {
  Histogram histogram(bounds);
  for (const double value : {0.5, 1.0, 1.5, 4.0, 4.1, 100.0}) histogram.observe(value);
  CHECK(histogram.in_bucket(0) == 2);
  CHECK(histogram.in_bucket(1) == 1);
  CHECK(histogram.in_bucket(2) == 1);
  CHECK(histogram.in_bucket(3) == 2);
  CHECK(histogram.count() == 6);
  CHECK(histogram.sum() == doctest::Approx(111.1));
}

TEST_CASE("a quantile lies inside of its bucket, evenly") {
  Histogram histogram(bounds);
  CHECK(histogram.quantile(0.5) == 0);
  for (int i = 0; i < 4; ++i) histogram.observe(1.5);
  CHECK(histogram.quantile(0.5) == doctest::Approx(1.5));
  CHECK(histogram.quantile(1) == doctest::Approx(2));
  for (int i = 0; i < 4; ++i) histogram.observe(3);
  CHECK(histogram.quantile(0.5) == doctest::Approx(2));
  CHECK(histogram.quantile(0.75) == doctest::Approx(3));
  histogram.observe(9);
  CHECK(histogram.quantile(1) == doctest::Approx(4));
}

TEST_CASE("every condition has an outcome of its own, what is none is other; names are names") {
  CHECK(outcomes().front() == "result");
  CHECK(outcomes()[outcome_of("item-not-found")] == "item-not-found");
  CHECK(outcomes()[outcome_of("no-such-condition")] == "other");
  CHECK(outcomes().size() == Statistics::most_outcomes);
  std::set<std::string_view> seen;
  for (const auto& each : series()) {
    CHECK(seen.insert(each.name).second);
    CHECK(each.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == each.name.npos);
  }
}

TEST_CASE("the busiest names come first, with their rates and totals") {
  auto busiest = std::make_unique<Busiest>();
  for (int second = 1; second <= 100; ++second) {
    busiest->advance(second);
    busiest->add("a", {.events = 1, .messages = 20, .bytes = 2000});
    for (int i = 0; i < 5; ++i) busiest->add("b", {.events = 1});
  }
  const auto top = busiest->top(10);
  REQUIRE(names(top) == std::vector<std::string>{"a", "b"});
  CHECK(top[0].rate.events == doctest::Approx(1).epsilon(0.01));
  CHECK(top[0].rate.messages == doctest::Approx(20).epsilon(0.01));
  CHECK(top[0].total.bytes == 200'000);
  CHECK(top[1].rate.events == doctest::Approx(5).epsilon(0.01));
  CHECK(top[1].total.events == 500);
  CHECK(names(busiest->top(1)) == std::vector<std::string>{"a"});
}

TEST_CASE("what is over fades, and is left out at last") {
  auto busiest = std::make_unique<Busiest>();
  busiest->advance(1);
  busiest->add("a", {.events = 10});
  CHECK(busiest->top(1)[0].rate.events == doctest::Approx(1));
  busiest->advance(2);
  CHECK(busiest->top(1)[0].rate.events == doctest::Approx(0.9));
  busiest->advance(200);
  CHECK(busiest->top(1).empty());
}

TEST_CASE("a name is told from the same one with another detail") {
  auto busiest = std::make_unique<Busiest>();
  busiest->add("bob@b.example", {.events = 2}, "n");
  busiest->add("bob@b.example", {.events = 1}, "m");
  const auto top = busiest->top(10);
  REQUIRE(top.size() == 2);
  CHECK(top[0].detail == "n");
  CHECK(top[1].detail == "m");
}

TEST_CASE("a busy name stays in the table among any number of others") {
  auto busiest = std::make_unique<Busiest>();
  for (int i = 0; i < 100'000; ++i) {
    if (i % 1000 == 0) busiest->advance(i / 1000);
    if (i % 50 == 0) busiest->add("busy", {.events = 1});
    busiest->add(fmt::format("name {}", i), {.events = 1});
  }
  const auto top = busiest->top(1000);
  CHECK(top.size() <= 256);
  CHECK(top.front().name == "busy");
  CHECK(top.front().total.events == 2000);
}
