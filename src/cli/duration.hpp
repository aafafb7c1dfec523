#pragma once
/// Lengths of time, and points in time, as they are typed.

#include <crier/time.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace crier::cli {

/// A number with `s`, `m`, `h`, `d` or `w` behind it: `90s`, `30m`, `7d`. Nothing for what is not
/// one or is longer than a hundred years.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

/// A DateTime of XEP-0082, a day (`2024-05-01`, at its beginning in UTC), or how long ago it was,
/// as a duration before `now`.
std::optional<Time> parse_moment(std::string_view text, Time now);

}  // namespace crier::cli
