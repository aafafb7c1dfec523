#include "app/dice.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace crier;

TEST_CASE("dice do not fall the same way twice, however many are fetched at a time") {
  Dice dice;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(dice());
  CHECK(seen.size() == 1000);
}
