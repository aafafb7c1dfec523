#pragma once
/// The schema's numbered steps: schema/*.sql, compiled in by scripts/embed-migrations.

#include <span>
#include <string_view>

namespace crier {

/// Statement n makes a database of version n one of version n + 1; 0 is an empty database.
std::span<const std::string_view> migrations();

}  // namespace crier
