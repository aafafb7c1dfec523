#pragma once
/// Host names to addresses, without blocking the loop.

#include "wire/server_address.hpp"
#include "wire/unique_fd.hpp"

#include <sys/socket.h>

#include <future>
#include <string>
#include <vector>

namespace crier {

/// An address to connect a socket to.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

/// One lookup of a host's addresses (getaddrinfo: IPv6 and IPv4, in the order of RFC 6724). An
/// address in numbers is answered at once; a name by a thread of its own, since the C library has
/// no other way, which may outlive the Lookup when the name servers do not answer.
class Lookup {
 public:
  explicit Lookup(const ServerAddress& server);

  /// Readable once the answer is there.
  int fd() const { return event_.get(); }
  /// The answer, once fd() is readable: at least one address. Throws ConnectionLost when the name
  /// has none.
  std::vector<SocketAddress> take();

 private:
  struct Answer {
    /// Of getaddrinfo; 0 when there are addresses.
    int error = 0;
    std::vector<SocketAddress> addresses;
  };
  static Answer ask(const ServerAddress& server, int flags);

  std::string host_;
  UniqueFd event_;
  std::future<Answer> answer_;
};

}  // namespace crier
