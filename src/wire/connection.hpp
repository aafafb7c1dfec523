#pragma once
/// One TCP connection to the server, with TLS or without, that never blocks.

#include "wire/lookup.hpp"
#include "wire/tls.hpp"
#include "wire/unique_fd.hpp"

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace crier {

/// The connection is no more, or never was; the text says why. Caught once, by ComponentStream.
class ConnectionLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Every call may throw ConnectionLost; after that nothing more may be called. Writing to a
/// connection that the server closed must not raise SIGPIPE: whoever uses TLS ignores that signal.
class Connection {
 public:
  /// Starts to connect; fd() becomes writable when that is decided.
  explicit Connection(const SocketAddress& address);

  int fd() const { return socket_.get(); }
  /// Ends connecting, when fd() is writable.
  void finish_connect();
  /// Starts TLS on the connected socket; shake_hands() follows until it returns true.
  void secure(const TlsContext& context, const std::string& host);
  /// True when the server has proven who it is; false to be called again when events() come.
  bool shake_hands();

  /// Reads into `into` as much as there is, and returns how much that was: 0 for nothing now.
  std::size_t read(std::span<char> into);
  /// Writes of `bytes` what the socket takes, and returns how much that was: 0 for nothing now.
  std::size_t write(std::string_view bytes);
  /// Bytes wait inside of TLS, which poll() does not see.
  bool has_pending() const { return tls_ && SSL_has_pending(tls_.get()) == 1; }
  /// What TLS itself waits for, as events of poll().
  short events() const { return events_; }
  /// Nothing more will be written; reading goes on until the server has closed as well.
  void finish_writing() noexcept;

 private:
  std::size_t read_tls(std::span<char> into);
  std::size_t write_tls(std::string_view bytes);
  /// True when TLS only waits for the socket.
  bool must_wait(int result);

  UniqueFd socket_;
  // After the socket, which it uses until it goes.
  SslSession tls_;
  short events_ = 0;
};

}  // namespace crier
