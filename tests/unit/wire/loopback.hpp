#pragma once
/// A component's stream and the server that it talks to, in one thread. The server says what the
/// test says, and the clock is the test's: nothing happens but in a test's own lines.

#include "wire/component_stream.hpp"
#include "wire/server.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace crier::test {

class Loopback {
 public:
  struct Setup {
    int family = AF_INET;
    std::size_t max_pending_bytes = 4 * 1024 * 1024;
    /// With a certificate both speak TLS, and the component trusts `trusted`.
    const Certificate* certificate = nullptr;
    const Certificate* trusted = nullptr;
    bool paced = false;
    bool copied = false;
    /// The server's name, if not its address in numbers.
    std::string host = {};
  };

  Loopback() : Loopback(Setup()) {}
  explicit Loopback(const Setup& setup);

  /// Lets both sides go on until `condition` holds; false when it does not come to that.
  template <class Condition>
  bool until(Condition condition) {
    for (int step = 0; step < 2000; ++step) {
      if (condition()) return true;
      turn(5);
    }
    return false;
  }
  /// Lets both sides do what they can do without time passing.
  void settle();
  void pass(std::chrono::milliseconds time);
  /// Passes the back-off, and waits for the next connection.
  bool reconnect();
  /// Both streams are open and authenticated.
  void make_ready();

  bool logged(std::string_view part) const;
  ComponentStream& stream() { return stream_; }

  static constexpr auto absent = std::string::npos;
  static constexpr std::string_view header =
      "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
      "xmlns:stream='http://etherx.jabber.org/streams' from='pubsub.localhost' id='3BF96D32'>";

  Server server;
  ComponentStream::Instant now{std::chrono::hours(1)};
  std::vector<std::string> log;
  /// The ids of those that came, with "oversized " in front where that was told of.
  std::vector<std::string> stanzas;
  int times_ready = 0;
  int times_lost = 0;
  Outbox outbox;

 private:
  ComponentStream::Settings settings(const Setup& setup) const;
  ComponentStream::Events events();
  Report report();
  void turn(int milliseconds);

  ComponentStream stream_;
};

}  // namespace crier::test
