#include "cli/addresses.hpp"

#include <crier/fault.hpp>

#include <fmt/format.h>

#include <memory>

#include <netdb.h>
#include <sys/socket.h>

#include "cli/client_options.hpp"
#include "cli/exit_status.hpp"
#include "cli/printable.hpp"

namespace crier::cli {

std::vector<ServerAddress> addresses_of(const ServerAddress& server, bool only_loopback) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(server.host.c_str(), nullptr, &hints, &found))
    throw Fault(exit_status::no_host, fmt::format("the host {} is not known: {}",
                                                  printable(server.host), gai_strerror(error)));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  std::vector<ServerAddress> addresses;
  for (const auto* at = found; at; at = at->ai_next) {
    char numbers[NI_MAXHOST];
    if (getnameinfo(at->ai_addr, at->ai_addrlen, numbers, sizeof numbers, nullptr, 0,
                    NI_NUMERICHOST) != 0)
      continue;
    if (!only_loopback || is_loopback(numbers)) addresses.push_back({numbers, server.port});
  }
  if (addresses.empty())
    throw Fault(exit_status::no_host,
                fmt::format("the host {} has no address that may be used", printable(server.host)));
  return addresses;
}

}  // namespace crier::cli
