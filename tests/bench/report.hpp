#pragma once
/// What a run says: a table for people, or JSON for scripts.

#include "machine.hpp"
#include "options.hpp"
#include "scenario.hpp"

#include <string>
#include <vector>

namespace crier::bench {

/// What came out of a scenario.
struct Result {
  std::string name;
  /// The summary of all rounds.
  Outcome outcome;
  std::vector<Outcome> rounds;
};

/// The lines over a table: the machine, the build, and the heads of the columns.
std::string table_head(const Machine& machine);
/// The lines of one scenario.
std::string table_row(const Result& result);

/// The line under a table: all that went wrong.
std::string table_foot(const Faults& faults);

/// All of a run, as one object.
std::string json(const Machine& machine, const Options& options,
                 const std::vector<Result>& results);

}  // namespace crier::bench
