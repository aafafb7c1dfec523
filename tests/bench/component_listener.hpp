#pragma once
/// The server's side of the component protocol. XEP-0114.

#include "descriptor.hpp"
#include "link.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace crier::bench {

/// Waits on a port of 127.0.0.1 for a component to connect.
class ComponentListener {
 public:
  /// Listens on `port`, on any free one when it is 0. Throws std::runtime_error.
  explicit ComponentListener(std::uint16_t port);

  std::uint16_t port() const { return port_; }

  /// The next component that connects as `domain` and knows `secret`. Asks `go_on` ten times a
  /// second whether to wait any longer; that may throw. Throws std::runtime_error when none came
  /// within `timeout`, or one that is refused. XEP-0114 §3.
  Link accept(std::string_view domain, std::string_view secret, std::chrono::seconds timeout,
              const std::function<void()>& go_on);

 private:
  Descriptor socket_;
  std::uint16_t port_ = 0;
};

}  // namespace crier::bench
