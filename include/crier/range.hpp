#pragma once
/// A part of a list.

#include <cstddef>
#include <optional>

namespace crier {

/// At most `limit` entries next to `from`, in the one direction or the other, the nearest first. An
/// id is a place in the order of the list, whether or not its entry is there.
template <class Id>
struct Range {
  /// The range begins behind it; nothing: at the list's start, or at its end when it goes
  /// backwards.
  std::optional<Id> from = {};
  bool backwards = false;
  std::size_t limit = 0;
};

}  // namespace crier
