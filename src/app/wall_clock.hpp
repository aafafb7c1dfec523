#pragma once
/// The time of day, for what is not allowed to look at a clock by itself.

#include <crier/time.hpp>

namespace crier {

inline Time wall_clock() {
  return std::chrono::floor<Time::duration>(std::chrono::system_clock::now());
}

}  // namespace crier
