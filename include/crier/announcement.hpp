#pragma once
/// What the operator has to say to all subscribers.

#include <crier/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace crier {

/// A message that is on its way to every bare JID that is subscribed to any node.
struct Announcement {
  std::int64_t id = 0;
  /// Of the messages: `headline` or `normal`. RFC 6121 §5.2.2
  std::string type = "headline";
  std::string subject = {};
  std::string body = {};
  /// It means nothing any more then.
  std::optional<Time> until = {};
  /// The last JID that was looked at, in the order of bytes.
  std::string after = {};
  /// The last bare JID that was told because of one of its resources.
  std::string told = {};
  bool operator==(const Announcement&) const = default;
};

}  // namespace crier
