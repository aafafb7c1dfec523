#pragma once
/// A service of the benchmark's own, with the stream to it.

#include "component_listener.hpp"
#include "link.hpp"
#include "service_process.hpp"

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace crier::bench {

class RunningService {
 public:
  using Clock = std::chrono::steady_clock;

  /// Starts it and accepts its stream; the port in `options` is the listener's. Throws
  /// std::runtime_error.
  RunningService(const ServiceProcess::Options& options, ComponentListener& listener);

  /// One more like this, on an empty database.
  std::unique_ptr<RunningService> another() const;

  /// The same object for as long as this one lives.
  Link& link() { return *link_; }
  /// Another one after restart().
  pid_t pid() const { return process_.pid(); }
  /// Secret, database and log.
  const std::filesystem::path& directory() const { return process_.directory(); }
  /// When its program was last started.
  Clock::time_point started() const { return started_; }
  /// When its handshake was accepted after that.
  Clock::time_point ready() const { return ready_; }

  /// Ends it and starts it again on its database. Throws std::runtime_error.
  void restart();
  /// Asks it to end and waits for that. Throws std::runtime_error when it does not, or not well.
  void end();
  /// What became of it; nothing while it runs.
  std::optional<std::string> how_it_ended() { return process_.how_it_ended(); }

 private:
  void accept();

  ServiceProcess::Options options_;
  ComponentListener& listener_;
  Clock::time_point started_ = Clock::now();
  ServiceProcess process_;
  Clock::time_point ready_;
  std::optional<Link> link_;
};

}  // namespace crier::bench
