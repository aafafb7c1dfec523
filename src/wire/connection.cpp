#include "wire/connection.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace crier {

namespace {

/// What the kernel may hold that was not sent yet. The stanzas of one queue before those of the
/// next: what is buffered here stands in front of every answer, and is lost with the connection.
constexpr int max_unsent_bytes = 128 * 1024;

constexpr char closed_by_server[] = "the server closed the connection";

[[noreturn]] void lost(std::string_view what, int error) {
  throw ConnectionLost(fmt::format("{}: {}", what, std::strerror(error)));
}

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

void set_option(int fd, int level, int name, int value) {
  // An option that the kernel does not know costs speed, nothing else.
  (void)setsockopt(fd, level, name, &value, sizeof value);
}

}  // namespace

Connection::Connection(const SocketAddress& address)
    : socket_(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  if (!socket_) lost("no socket to be had", errno);
  set_option(fd(), IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(fd(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, max_unsent_bytes);
  const auto* target = reinterpret_cast<const sockaddr*>(&address.storage);
  if (::connect(fd(), target, address.size) != 0 && errno != EINPROGRESS)
    lost("no connection", errno);
}

void Connection::finish_connect() {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(fd(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error != 0) lost("no connection", error);
}

void Connection::secure(const TlsContext& context, const std::string& host) {
  tls_ = context.connect(fd(), host);
  events_ = POLLOUT;
}

bool Connection::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(tls_.get());
  if (result == 1) {
    events_ = 0;
    return true;
  }
  if (!must_wait(result)) throw ConnectionLost("TLS: " + tls_error(tls_.get()));
  return false;
}

bool Connection::must_wait(int result) {
  const int error = SSL_get_error(tls_.get(), result);
  events_ = error == SSL_ERROR_WANT_WRITE ? POLLOUT : error == SSL_ERROR_WANT_READ ? POLLIN : 0;
  return events_ != 0;
}

std::size_t Connection::read(std::span<char> into) {
  if (tls_) return read_tls(into);
  const auto count = ::recv(fd(), into.data(), into.size(), 0);
  if (count > 0) return static_cast<std::size_t>(count);
  if (count == 0) throw ConnectionLost(closed_by_server);
  if (would_block(errno)) return 0;
  lost("the connection broke", errno);
}

std::size_t Connection::read_tls(std::span<char> into) {
  // One call yields one record of at most 16 KiB.
  std::size_t count = 0;
  events_ = 0;
  while (count < into.size()) {
    ERR_clear_error();
    const auto room = static_cast<int>(into.size() - count);
    const int result = SSL_read(tls_.get(), into.data() + count, room);
    if (result > 0) {
      count += static_cast<std::size_t>(result);
      continue;
    }
    // What was read before the end is told first; the end is found again by the next call.
    if (must_wait(result) || count > 0) break;
    if (SSL_get_shutdown(tls_.get()) & SSL_RECEIVED_SHUTDOWN)
      throw ConnectionLost(closed_by_server);
    throw ConnectionLost("TLS: " + tls_error(tls_.get()));
  }
  // The caller asks for readability by itself, when it wants to read.
  events_ &= POLLOUT;
  return count;
}

std::size_t Connection::write(std::string_view bytes) {
  if (tls_) return write_tls(bytes);
  const auto count = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0) return static_cast<std::size_t>(count);
  if (would_block(errno)) return 0;
  lost("the connection broke", errno);
}

std::size_t Connection::write_tls(std::string_view bytes) {
  std::size_t count = 0;
  events_ = 0;
  while (count < bytes.size()) {
    ERR_clear_error();
    const auto size = static_cast<int>(std::min<std::size_t>(bytes.size() - count, 1 << 20));
    const int result = SSL_write(tls_.get(), bytes.data() + count, size);
    if (result > 0) {
      count += static_cast<std::size_t>(result);
      continue;
    }
    if (must_wait(result) || count > 0) break;
    throw ConnectionLost("TLS: " + tls_error(tls_.get()));
  }
  return count;
}

void Connection::finish_writing() noexcept {
  if (tls_) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
  }
  ::shutdown(fd(), SHUT_WR);
}

}  // namespace crier
