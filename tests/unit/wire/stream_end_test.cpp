// How a stream is closed when the service stops.

#include "wire/loopback.hpp"

#include <doctest/doctest.h>

using namespace crier;
using namespace crier::test;
using namespace std::chrono_literals;

TEST_CASE("a stream that is closed sends what waits, then its end, and waits for the server's") {
  Loopback loopback;
  loopback.make_ready();
  std::string all;
  for (int number = 0; number < 100; ++number) {
    const auto stanza = "<message>" + std::string(100'000, 'x') + "</message>";
    loopback.outbox.add(stanza);
    all += stanza;
  }
  loopback.stream().close(loopback.now, 5s);
  REQUIRE(loopback.until([&] { return loopback.server.closed; }));
  CHECK(loopback.server.received == all + "</stream:stream>");
  CHECK_FALSE(loopback.stream().closed());
  loopback.server.say("<iq id='too-late'/></stream:stream>");
  REQUIRE(loopback.until([&] { return loopback.stream().closed(); }));
  CHECK(loopback.stanzas.empty());
  CHECK(loopback.log.empty());
}

TEST_CASE("a server that does not close its side holds up the end for a second only") {
  Loopback loopback;
  loopback.make_ready();
  loopback.stream().close(loopback.now, 5s);
  REQUIRE(loopback.until([&] { return loopback.server.closed; }));
  loopback.settle();
  CHECK_FALSE(loopback.stream().closed());
  loopback.pass(1s);
  CHECK(loopback.stream().closed());
}

TEST_CASE("a server that takes nothing holds up the end for as long as was said") {
  Loopback loopback;
  loopback.make_ready();
  loopback.server.reading = false;
  for (int number = 0; number < 4; ++number)
    loopback.outbox.add("<message>" + std::string(8'000'000, 'x') + "</message>");
  loopback.stream().close(loopback.now, 5s);
  loopback.settle();
  loopback.pass(4s);
  CHECK_FALSE(loopback.stream().closed());
  loopback.pass(1s);
  CHECK(loopback.stream().closed());
  CHECK(loopback.logged("bytes could not be sent"));
}

TEST_CASE("a stream that is not ready is closed at once") {
  Loopback loopback;
  loopback.stream().close(loopback.now, 5s);
  CHECK(loopback.stream().closed());
  CHECK(loopback.stream().fd() == -1);
}

TEST_CASE("a connection that breaks while the stream is closed ends it") {
  Loopback loopback;
  loopback.make_ready();
  loopback.stream().close(loopback.now, 5s);
  loopback.server.hang_up();
  REQUIRE(loopback.until([&] { return loopback.stream().closed(); }));
}
