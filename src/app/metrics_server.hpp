#pragma once
/// What monitoring asks over HTTP: `/metrics`, `/healthz` and `/readyz`.

#include <crier/service.hpp>
#include <crier/statistics.hpp>

#include "app/log.hpp"
#include "wire/server_address.hpp"

#include <chrono>
#include <memory>
#include <span>

namespace crier {

/// Why the service is not well, in one line; empty when it is. A turn of the loop that lasts longer
/// than ten seconds is not well.
std::string ill_health(const Statistics& statistics, std::chrono::steady_clock::time_point now);

/// Why the service can not do its work now, in one line; empty when it can: its stream is there,
/// and the disk has taken what was written last.
std::string unreadiness(const Statistics& statistics);

/// Serves on a thread of its own until it is destroyed. It reads the statistics and nothing else,
/// so whoever asks, however often, does not hold up the service.
class MetricsServer {
 public:
  /// Listens at `address`. What it is given must outlive it. Throws Fault (EX_UNAVAILABLE) when it
  /// cannot listen there.
  MetricsServer(const ServerAddress& address, const Statistics& statistics,
                std::span<const Route> routes, const Log& log);
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

 private:
  struct Running;
  std::unique_ptr<Running> running_;
};

}  // namespace crier
