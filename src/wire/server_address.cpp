#include "wire/server_address.hpp"

#include <fmt/format.h>

#include <charconv>

namespace crier {

namespace {

bool is_host(std::string_view text) {
  return !text.empty() && text.find_first_of(" \t\r\n/@[]") == std::string_view::npos;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

std::optional<ServerAddress> parse_server_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return std::nullopt;
  auto host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  // A colon belongs to an IPv6 address, which needs the brackets to be told from its port.
  if (bracketed != (host.find(':') != std::string_view::npos) || !is_host(host))
    return std::nullopt;
  return ServerAddress{std::string(host), *port};
}

std::string to_text(const ServerAddress& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", ipv6 ? "[" : "", address.host, ipv6 ? "]" : "", address.port);
}

}  // namespace crier
