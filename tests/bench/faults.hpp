#pragma once
/// What went wrong in a scenario. A figure counts only when there is none of it.

#include <cstdint>
#include <string>

namespace crier::bench {

struct Faults {
  /// Notifications, or answers to requests, that never came.
  std::uint64_t lost = 0;
  /// Notifications that came more than once.
  std::uint64_t duplicated = 0;
  /// Notifications that came after a later one.
  std::uint64_t reordered = 0;
  /// Errors that came back, and stanzas that are not what was due.
  std::uint64_t errors = 0;
  /// What the first of the errors was, for people to read.
  std::string first_error = {};

  /// Counts one error.
  void error(std::string text) {
    if (errors++ == 0) first_error = std::move(text);
  }

  bool none() const { return lost + duplicated + reordered + errors == 0; }

  Faults& operator+=(const Faults& other) {
    lost += other.lost;
    duplicated += other.duplicated;
    reordered += other.reordered;
    if (errors == 0) first_error = other.first_error;
    errors += other.errors;
    return *this;
  }
};

}  // namespace crier::bench
