#pragma once
/// The component's side of the component protocol. XEP-0114.

#include "link.hpp"

#include <string>

namespace crier::bench {

/// A component of a server: where that listens, and as whom to come.
struct ComponentAccount {
  /// "127.0.0.1:5347".
  std::string server;
  std::string domain;
  std::string secret;
};

/// Connects to the server and opens the stream. XEP-0114 §3.
/// Throws std::runtime_error when nobody listens there, or the server refuses.
Link connect_component(const ComponentAccount& account);

}  // namespace crier::bench
