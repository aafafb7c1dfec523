#pragma once
/// Points in time as the service keeps, stores and prints them.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crier {

/// Microseconds since 1970-01-01T00:00:00Z.
using Time = std::chrono::sys_time<std::chrono::microseconds>;

/// `time` as a DateTime in UTC with the fraction that it has: `2024-05-01T10:20:30Z`,
/// `2024-05-01T10:20:30.250000Z`. For the years 1 to 9999. XEP-0082 §3.2.
std::string format_datetime(Time time);

/// The time that a DateTime of XEP-0082 §3.2 names (any offset, any number of digits in the
/// fraction; what is finer than a microsecond is cut). The leap second 23:59:60 in UTC is the
/// second after it. Nothing when `text` is not one, or not in the years 1 to 9999.
std::optional<Time> parse_datetime(std::string_view text);

}  // namespace crier
