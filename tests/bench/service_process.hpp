#pragma once
/// A `crier serve` of the benchmark's own, with all that it leaves behind.

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crier::bench {

/// A directory that is gone with this object, unless it is kept.
class TemporaryDirectory {
 public:
  /// Makes it inside of `parent`; only its owner can look into it. Throws std::runtime_error.
  TemporaryDirectory(const std::filesystem::path& parent, bool keep);
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  bool keep_;
};

class ServiceProcess {
 public:
  struct Options {
    /// The binary.
    std::filesystem::path crier;
    std::string domain;
    std::string secret;
    /// Of the server on 127.0.0.1.
    std::uint16_t port;
    /// Where the directory for secret, database and log is made, and whether it stays.
    std::filesystem::path directory;
    bool keep;
    /// By how many milliseconds each sync takes longer.
    double sync_delay;
    /// Given to `crier serve` behind ours.
    std::vector<std::string> more;
  };

  /// Starts it; it connects in its own time. Throws std::runtime_error.
  explicit ServiceProcess(const Options& options);
  ServiceProcess(const ServiceProcess&) = delete;
  ServiceProcess& operator=(const ServiceProcess&) = delete;
  /// Kills it when it still runs.
  ~ServiceProcess();

  /// Starts it again on the same database; it must have ended. Throws std::runtime_error.
  void start();

  pid_t pid() const { return pid_; }
  /// Secret, database and log.
  const std::filesystem::path& directory() const { return directory_.path(); }

  /// What became of it, with the end of its log; nothing while it runs.
  std::optional<std::string> how_it_ended();

  /// Asks it to end, by SIGTERM.
  void ask_to_end() const;
  /// Waits for its end. Throws std::runtime_error when it needs more than 20 seconds or does not
  /// end with status 0.
  void wait_for_end();

 private:
  /// "crier", what it did, and the end of its log.
  std::string describe(std::string_view what) const;

  Options options_;
  TemporaryDirectory directory_;
  /// -1 when it has ended.
  pid_t pid_ = -1;
  /// As waitpid told it.
  int status_ = 0;
};

}  // namespace crier::bench
