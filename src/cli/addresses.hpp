#pragma once
/// Host names to addresses.

#include <vector>

#include "wire/server_address.hpp"

namespace crier::cli {

/// The addresses of `server` in numbers, in the order in which they should be tried (RFC 6724).
/// Waits for the name server. With `only_loopback` those of other machines are left out. Throws
/// Fault (no_host) when none remains.
std::vector<ServerAddress> addresses_of(const ServerAddress& server, bool only_loopback);

}  // namespace crier::cli
