#pragma once
/// The last resort against a server, or a name server, that never answers: libstrophe looks up
/// names and shakes hands (TLS) in calls that wait for ever and can not be interrupted.

#include <chrono>
#include <string>

namespace crier::cli {

/// Ends the process with status `temporary` and `message` on stderr when it lives for longer than
/// `limit`. One at a time.
class ConnectAlarm {
 public:
  ConnectAlarm(std::chrono::seconds limit, const std::string& message);
  ~ConnectAlarm();
  ConnectAlarm(const ConnectAlarm&) = delete;
  ConnectAlarm& operator=(const ConnectAlarm&) = delete;
};

}  // namespace crier::cli
