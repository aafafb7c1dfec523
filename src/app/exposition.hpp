#pragma once
/// The statistics as text that Prometheus reads.

#include <crier/service.hpp>
#include <crier/statistics.hpp>

#include <span>
#include <string>
#include <string_view>

namespace crier {

/// What `/metrics` is written in.
enum class Exposition {
  /// The text format 0.0.4 of Prometheus.
  prometheus,
  /// OpenMetrics 1.0.
  openmetrics,
};

/// The media type of that format.
std::string_view media_type(Exposition format);

/// All series, with a help text and a type each. Of requests there are those that were answered,
/// and of every route those that were granted: at most as many as the table of Statistics has
/// room for. Any thread may call it.
std::string expose(const Statistics& statistics, std::span<const Route> routes, Exposition format);

}  // namespace crier
