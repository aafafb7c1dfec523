#pragma once
/// How a room that has no log of its own tells of what happened.

#include <functional>
#include <string_view>

namespace crier {

enum class LogLevel { error, warning, info, debug };

/// Takes one sentence for the operator, without a line end.
using Report = std::function<void(LogLevel level, std::string_view message)>;

}  // namespace crier
