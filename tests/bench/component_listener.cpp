#include "component_listener.hpp"

#include "handshake.hpp"
#include "interruption.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <random>
#include <stdexcept>

namespace crier::bench {

namespace {

using namespace std::chrono_literals;

[[noreturn]] void fail(std::string_view what) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

void refuse(Link& link, std::string_view condition, const std::string& why) {
  link.out() += fmt::format(
      "<stream:error><{} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
      "</stream:stream>",
      condition);
  link.flush();
  throw std::runtime_error(why);
}

void open_stream(Link& link, std::string_view domain, std::string_view secret) {
  std::string to;
  std::string ns;
  link.open(10s, [&](std::string_view& input) {
    const auto header = take_stream_header(input);
    if (header) {
      to = header->to;
      ns = header->ns;
    }
    return header.has_value();
  });
  std::random_device random;
  const auto stream_id = fmt::format("{:08x}{:08x}", random(), random());
  link.out() += fmt::format(
      "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
      "xmlns:stream='http://etherx.jabber.org/streams' from='{}' id='{}'>",
      to, stream_id);
  if (ns != "jabber:component:accept")
    refuse(link, "invalid-namespace", fmt::format("a stream in the namespace '{}' came", ns));
  if (to != domain)
    refuse(link, "host-unknown", fmt::format("a component for '{}' came, not '{}'", to, domain));
  link.flush();

  std::string handshake;
  link.open(10s, [&](std::string_view& input) {
    Scanner scanner;
    Stanza stanza;
    if (scanner.next(input, stanza) != Scanner::Found::stanza) return false;
    if (stanza.name == "handshake") handshake = stanza.content;
    return true;
  });
  if (handshake != handshake_of(stream_id, secret))
    refuse(link, "not-authorized", "the component's handshake is wrong");
  link.out() += "<handshake/>";
  link.flush();
}

}  // namespace

ComponentListener::ComponentListener(std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int on = 1;
  setsockopt(socket_.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  if (bind(socket_.fd(), generic, length) != 0 || listen(socket_.fd(), 4) != 0)
    fail(fmt::format("can not listen on 127.0.0.1:{}", port));
  if (getsockname(socket_.fd(), generic, &length) != 0) fail("getsockname");
  port_ = ntohs(address.sin_port);
}

Link ComponentListener::accept(std::string_view domain, std::string_view secret,
                               std::chrono::seconds timeout, const std::function<void()>& go_on) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (std::chrono::steady_clock::now() < deadline) {
    check_interruption();
    go_on();
    pollfd entry{.fd = socket_.fd(), .events = POLLIN, .revents = 0};
    if (poll(&entry, 1, 100) <= 0) continue;
    Descriptor connection(accept4(socket_.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    if (connection.fd() < 0) fail("accept");
    Link link(std::move(connection));
    open_stream(link, domain, secret);
    return link;
  }
  throw std::runtime_error(
      fmt::format("no component connected to 127.0.0.1:{} within {} s", port_, timeout.count()));
}

}  // namespace crier::bench
