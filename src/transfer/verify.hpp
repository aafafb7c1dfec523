#pragma once
/// Whether a database is what it should be.

#include <crier/time.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace crier::transfer {

/// Something that is not as it should be.
struct Problem {
  /// What is wrong, with how many of them there are, and what to do about it: each one line
  /// without a full stop.
  std::string what;
  std::string mend;
};

struct Verified {
  std::vector<Problem> problems;
  /// The database is of an older version of crier's: only what SQLite knows of it was checked.
  bool is_older = false;
};

struct VerifyOptions {
  /// Every index against its table, and every payload.
  bool full = false;
  /// Told which check begins, of how many; may be empty.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};
};

/// Checks a database, or a copy of one, at one moment, also while a service runs on it: SQLite's
/// own integrity, and what crier relies on. What is left to be swept is no problem. Costs as much
/// as the database is large. Throws as Snapshot does.
Verified verify(const std::filesystem::path& database, const VerifyOptions& options);

}  // namespace crier::transfer
