#pragma once
/// What a crier counts, as `crier status` and `crier top` show it. docs/insight.md has the fields.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/json.hpp"
#include "cli/responses.hpp"

namespace crier::cli {

/// The ad-hoc command that tells.
inline constexpr std::string_view statistics_command = "urn:crier:command:statistics";

/// What was done for a node, or with a subscriber.
struct ActivityRow {
  /// `node`, `bouncing` or `behind`.
  std::string kind;
  std::string name;
  /// Of a subscriber: the node.
  std::string node;
  double events_per_second = 0;
  double messages_per_second = 0;
  double bytes_per_second = 0;
  double events = 0;
  double messages = 0;
  double bytes = 0;
};

/// What a service told at one time.
struct Snapshot {
  /// In the service's order.
  std::vector<std::pair<std::string, std::string>> values;
  std::vector<ActivityRow> rows;
  std::chrono::steady_clock::time_point at{};

  /// Empty, 0: the service does not tell it.
  std::string text(std::string_view name) const;
  double number(std::string_view name) const;
};

Snapshot read_statistics(const CommandAnswer& answer);

/// Everything that was told: numbers as numbers, the rows by their kinds in `nodes`, `bouncing` and
/// `behind`.
Json to_json(const Snapshot& snapshot);

/// One screen for `crier status`; rates are those since the start.
std::string status_text(const Snapshot& snapshot);

/// By what `crier top` sorts nodes.
enum class TopOrder { publishes, messages, bytes };

/// How much room there is; 0 for any.
struct ScreenSize {
  std::size_t rows = 0;
  std::size_t columns = 0;
};

/// One frame of `crier top`: at most `size.rows` lines of at most `size.columns`, each with its
/// line end. Rates are those between `before` and `now`; without `before` those since the start.
std::string top_text(const Snapshot& now, const Snapshot* before, TopOrder order, ScreenSize size);

/// `bytes` with a unit: `512 B`, `1.5 KiB`.
std::string size_text(double bytes);
/// `seconds` as `3 d 04:05:06`.
std::string duration_text(double seconds);

}  // namespace crier::cli
