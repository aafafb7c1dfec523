#pragma once
/// Where the XMPP server listens for components, as the operator writes it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crier {

/// A host and a port, not looked up yet.
struct ServerAddress {
  /// A name, an IPv4 address, or an IPv6 address without brackets.
  std::string host;
  std::uint16_t port = 0;
};

/// The address that `HOST:PORT` or `[IPV6]:PORT` spells; nothing when `text` is neither, or the
/// port is not one of 1 to 65535.
std::optional<ServerAddress> parse_server_address(std::string_view text);

/// `address` as parse_server_address reads it.
std::string to_text(const ServerAddress& address);

}  // namespace crier
