#pragma once
/// Several measurements of one scenario, as one.

#include "scenario.hpp"

#include <span>

namespace crier::bench {

/// Of each figure the median and the range, the middle two's mean when their number is even; of the
/// measurements and of all that went wrong the sum. `rounds` is not empty; figures are those of the
/// first round that has any. A single round is what it is.
Outcome summary(std::span<const Outcome> rounds);

}  // namespace crier::bench
