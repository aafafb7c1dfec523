#include "ledger.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

namespace crier::bench {

namespace {

using Arrivals = std::vector<std::pair<std::size_t, std::uint64_t>>;

/// The account of two subscribers and three items.
Faults account(const Arrivals& arrivals) {
  Ledger ledger(2);
  for (const auto& [subscriber, item] : arrivals) ledger.arrived(subscriber, item);
  CHECK(ledger.complete(3) == (ledger.close(3).lost == 0));
  return ledger.close(3);
}

}  // namespace

TEST_CASE("every item once and in order for each subscriber: no faults, whoever comes first") {
  CHECK(account({{0, 0}, {1, 0}, {1, 1}, {1, 2}, {0, 1}, {0, 2}}).none());
}

TEST_CASE("what never comes is lost, in the middle as at the end") {
  CHECK(account({{0, 0}, {0, 1}, {0, 2}}).lost == 3);
  const auto faults = account({{0, 0}, {0, 2}, {1, 0}, {1, 1}});
  CHECK(faults.lost == 2);
  CHECK(faults.reordered + faults.duplicated == 0);
}

TEST_CASE("what comes again is a duplicate, at once or later") {
  const auto faults = account({{0, 0}, {0, 0}, {0, 1}, {0, 2}, {0, 1}, {1, 0}, {1, 1}, {1, 2}});
  CHECK(faults.duplicated == 2);
  CHECK(faults.lost + faults.reordered == 0);
}

TEST_CASE("what comes after a later one is reordered and not lost") {
  const auto faults = account({{0, 1}, {0, 2}, {0, 0}, {1, 0}, {1, 2}, {1, 1}, {1, 1}});
  CHECK(faults.reordered == 2);
  CHECK(faults.duplicated == 1);
  CHECK(faults.lost == 0);
}

}  // namespace crier::bench
