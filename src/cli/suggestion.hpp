#pragma once
/// What a mistyped word was meant to be.

#include <span>
#include <string>
#include <string_view>

namespace crier::cli {

/// How many letters must be added, removed, replaced or swapped with their neighbour to get from
/// one to the other.
std::size_t edit_distance(std::string_view one, std::string_view other);

/// `; did you mean "WORD"?` with the nearest of `known`; empty when none is near.
std::string suggestion(std::string_view word, std::span<const std::string> known);

}  // namespace crier::cli
