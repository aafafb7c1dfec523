#include "component_connector.hpp"

#include "handshake.hpp"

#include <fmt/format.h>

#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace crier::bench {

namespace {

using namespace std::chrono_literals;

Descriptor connect_to(const std::string& server) {
  const auto colon = server.rfind(':');
  if (colon == std::string::npos)
    throw std::runtime_error(fmt::format("'{}' is not HOST:PORT", server));
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* addresses = nullptr;
  const auto status = getaddrinfo(server.substr(0, colon).c_str(), server.substr(colon + 1).c_str(),
                                  &hints, &addresses);
  if (status != 0)
    throw std::runtime_error(fmt::format("can not find {}: {}", server, gai_strerror(status)));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(addresses, freeaddrinfo);
  for (const auto* address = addresses; address; address = address->ai_next) {
    Descriptor socket(::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (connect(socket.fd(), address->ai_addr, address->ai_addrlen) == 0) return socket;
  }
  throw std::runtime_error(fmt::format("can not connect to {}: {}", server, std::strerror(errno)));
}

std::string receive_stream_id(Link& link) {
  std::string id;
  link.open(10s, [&](std::string_view& input) {
    const auto header = take_stream_header(input);
    if (header) id = header->id;
    return header.has_value();
  });
  return id;
}

void receive_welcome(Link& link, const ComponentAccount& account) {
  link.open(10s, [&](std::string_view& input) {
    Scanner scanner;
    Stanza stanza;
    if (scanner.next(input, stanza) != Scanner::Found::stanza) return false;
    if (stanza.name != "handshake")
      throw std::runtime_error(
          fmt::format("{} refuses {}: {}", account.server, account.domain, stanza.content));
    return true;
  });
}

}  // namespace

Link connect_component(const ComponentAccount& account) {
  Link link(connect_to(account.server));
  link.out() += fmt::format(
      "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
      "xmlns:stream='http://etherx.jabber.org/streams' to='{}'>",
      account.domain);
  link.flush();
  link.out() += fmt::format("<handshake>{}</handshake>",
                            handshake_of(receive_stream_id(link), account.secret));
  link.flush();
  receive_welcome(link, account);
  return link;
}

}  // namespace crier::bench
