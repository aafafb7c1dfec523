#include "wire/tls.hpp"

#include <crier/fault.hpp>

#include "wire/loopback.hpp"

#include <poll.h>
#include <sysexits.h>

#include <csignal>

using namespace crier;
using namespace crier::test;

namespace {

/// As the program does.
const auto ignored = std::signal(SIGPIPE, SIG_IGN);

}  // namespace

TEST_CASE("a stream over TLS, with a server that proves to be the address that was configured") {
  const Certificate certificate("IP:127.0.0.1");
  Loopback loopback({.certificate = &certificate, .trusted = &certificate});
  loopback.make_ready();
  loopback.server.say("<iq id='1'/>");
  REQUIRE(loopback.until([&] { return loopback.stanzas.size() == 1; }));
}

TEST_CASE("a stream over TLS, with a server that proves to be the host of that name") {
  const Certificate certificate("DNS:localhost");
  Loopback loopback({.certificate = &certificate, .trusted = &certificate, .host = "localhost"});
  loopback.make_ready();
}

TEST_CASE("a server that proves to be another, or nobody, gets no stream and no handshake") {
  const Certificate other("DNS:other.example,IP:127.0.0.2");
  const Certificate stranger("IP:127.0.0.1");
  for (const auto* certificate : {&other, &stranger}) {
    Loopback loopback({.certificate = certificate, .trusted = &other});
    REQUIRE(loopback.until([&] { return !loopback.log.empty(); }));
    CHECK(loopback.logged("TLS: "));
    CHECK(loopback.logged("check --tls, --tls-ca and the server's certificate"));
    loopback.settle();
    CHECK(loopback.server.received.empty());
  }
}

TEST_CASE("a server that does not speak TLS is told of") {
  Loopback plain;
  const Certificate certificate("IP:127.0.0.1");
  ComponentStream::Settings settings;
  settings.domain = "pubsub.localhost";
  settings.server = plain.server.address();
  settings.tls.emplace(certificate.file());
  settings.random = [] { return std::uint64_t{0}; };
  std::vector<std::string> log;
  const auto report = [&](LogLevel, std::string_view line) { log.emplace_back(line); };
  Outbox outbox(report);
  ComponentStream stream(std::move(settings), outbox, {{}, {}, {}, report});
  const auto turn = [&] {
    pollfd polled{stream.fd(), stream.events(), 0};
    ::poll(&polled, 1, 5);
    stream.advance(polled.revents, plain.now);
    plain.server.step();
  };
  for (int step = 0; step < 200 && plain.server.received.empty(); ++step) turn();
  plain.server.say("<stream:stream><stream:error/></stream:stream>");
  for (int step = 0; step < 200 && log.empty(); ++step) turn();
  REQUIRE_FALSE(log.empty());
  CHECK(log[0].find("check --tls") != std::string::npos);
}

TEST_CASE("much in both directions over TLS, whole and in order") {
  const Certificate certificate("IP:127.0.0.1");
  Loopback loopback({.certificate = &certificate, .trusted = &certificate});
  loopback.make_ready();
  std::string all;
  for (int number = 0; number < 100; ++number) {
    const auto stanza =
        "<message id='" + std::to_string(number) + "'>" + std::string(100'000, 'x') + "</message>";
    all += stanza;
    loopback.outbox.add(stanza);
  }
  std::string said;
  for (int number = 0; number < 1000; ++number)
    said += "<iq id='" + std::to_string(number) + "'><a>" + std::string(150, 'y') + "</a></iq>";
  loopback.server.say(said);
  loopback.server.reading = false;
  loopback.settle();
  loopback.server.reading = true;
  REQUIRE(loopback.until([&] {
    return loopback.server.received.size() >= all.size() && loopback.stanzas.size() == 1000;
  }));
  CHECK(loopback.server.received == all);
  CHECK(loopback.stanzas[999] == "999");
}

TEST_CASE("a stream over TLS is closed as one without") {
  const Certificate certificate("IP:127.0.0.1");
  Loopback loopback({.certificate = &certificate, .trusted = &certificate});
  loopback.make_ready();
  loopback.outbox.add(std::string("<message/>"));
  loopback.stream().close(loopback.now, std::chrono::seconds(5));
  REQUIRE(loopback.until([&] { return loopback.server.closed; }));
  CHECK(loopback.server.received == "<message/></stream:stream>");
  loopback.server.hang_up();
  REQUIRE(loopback.until([&] { return loopback.stream().closed(); }));
}

TEST_CASE("--tls-ca without certificates is refused, with the way to mend it") {
  try {
    const TlsContext context("/nowhere");
    FAIL("not refused");
  } catch (const Fault& fault) {
    CHECK(fault.status() == EX_CONFIG);
    CHECK(std::string(fault.what()).starts_with("--tls-ca: no certificate can be read from /now"));
  }
}
