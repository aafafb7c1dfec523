#pragma once
/// The stream between the benchmark and its peer, a component or a server, after the handshake.

#include "descriptor.hpp"
#include "scanner.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace crier::bench {

/// The peer ended the stream, or the connection.
struct StreamEnded : std::runtime_error {
  StreamEnded() : std::runtime_error("the peer closed the stream") {}
};

/// Writes what scenarios ask and hands them what comes, with as few system calls and copies as
/// possible: one write for all that was asked in between, one read of up to 256 KiB at a time.
/// All members throw StreamEnded, std::runtime_error when the stream broke, and Interrupted.
class Link {
 public:
  using OnStanza = std::function<void(const Stanza&)>;

  explicit Link(Descriptor socket);

  /// Where to append what shall be sent with the next exchange.
  std::string& out() { return out_; }

  /// Sends what waits, as far as the peer takes it, and hands over the stanzas of one read. Waits
  /// for either for at most `timeout`; what `on_stanza` asks is sent before it returns, as far as
  /// the peer takes it. The views of a stanza are valid during the call only. What the peer asks
  /// (pings) is answered here and not handed on, unless hand_on_requests was called.
  void exchange(std::chrono::milliseconds timeout, const OnStanza& on_stanza);

  /// From now on, what the peer asks is handed on as anything else.
  void hand_on_requests() { answers_ = false; }

  /// Before the first stanza: reads until `take` has what it needs off the front of the input,
  /// which it says by returning true. Throws after `timeout`.
  void open(std::chrono::milliseconds timeout, const std::function<bool(std::string_view&)>& take);

  /// Sends all of out().
  void flush();

  /// Waits until the peer, which was told to, ends the stream, and ends it too. RFC 6120 §4.4.
  /// Throws std::runtime_error after `timeout`.
  void close(std::chrono::milliseconds timeout);

  /// Ends the stream, and waits until the peer has ended it too. RFC 6120 §4.4.
  /// Throws std::runtime_error after `timeout`.
  void end(std::chrono::milliseconds timeout);

 private:
  void await_end(std::chrono::milliseconds timeout);
  void send_some();
  /// Waits until there is something to do. False after `timeout`.
  bool wait(std::chrono::milliseconds timeout) const;
  /// Reads once; false when nothing is there.
  bool read_some();
  void hand_over(const OnStanza& on_stanza);
  void answer(const Stanza& request);

  static constexpr std::size_t read_bytes = 256 * 1024;

  Descriptor socket_;
  Scanner scanner_;
  std::string out_;
  std::size_t sent_ = 0;
  bool answers_ = true;
  /// The bytes from in_begin_ to in_end_ were read and not yet handed over.
  std::size_t in_size_ = 2 * read_bytes;
  std::unique_ptr<char[]> in_;
  std::size_t in_begin_ = 0;
  std::size_t in_end_ = 0;
  /// Behind what open() took, more was read.
  bool ahead_ = false;
};

}  // namespace crier::bench
