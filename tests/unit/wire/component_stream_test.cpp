#include "wire/component_stream.hpp"

#include "wire/handshake.hpp"
#include "wire/loopback.hpp"

#include <doctest/doctest.h>

using namespace crier;
using namespace crier::test;
using namespace std::chrono_literals;

TEST_CASE("§3 the component opens a stream, proves that it knows the secret, and is ready") {
  Loopback loopback;
  REQUIRE(loopback.until([&] { return loopback.server.received.ends_with(">"); }));
  CHECK(loopback.server.received ==
        "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
        "xmlns:stream='http://etherx.jabber.org/streams' to='pubsub.localhost'>");
  loopback.server.received.clear();
  loopback.server.say(Loopback::header);
  REQUIRE(loopback.until([&] { return loopback.server.received.ends_with("</handshake>"); }));
  CHECK(loopback.server.received ==
        "<handshake>" + handshake_digest("3BF96D32", "hush") + "</handshake>");
  CHECK_FALSE(loopback.stream().ready());
  loopback.server.say("<handshake/><message id='1' xmlns='jabber:component:accept'/>");
  REQUIRE(loopback.until([&] { return loopback.stanzas.size() == 1; }));
  CHECK(loopback.stream().ready());
  CHECK(loopback.times_ready == 1);
}

TEST_CASE("the component connects over IPv6") {
  Loopback loopback({.family = AF_INET6});
  if (!loopback.server.usable()) return;
  loopback.make_ready();
}

TEST_CASE("stanzas that come before the handshake is answered are not taken") {
  Loopback loopback;
  REQUIRE(loopback.until([&] { return !loopback.server.received.empty(); }));
  loopback.server.say(Loopback::header);
  loopback.server.say("<message id='early'/><handshake/><message id='late'/>");
  REQUIRE(loopback.until([&] { return loopback.stream().ready(); }));
  loopback.settle();
  CHECK(loopback.stanzas == std::vector<std::string>{"late"});
}

TEST_CASE("only iq, message and presence of the stream's namespace are stanzas") {
  Loopback loopback;
  loopback.make_ready();
  loopback.server.say(
      "<iq id='1'/><message id='2'/><presence id='3'/><handshake/>"
      "<iq id='4' xmlns='jabber:client'/><iq id='5' xmlns='u:other'/><log id='6'/>");
  loopback.settle();
  CHECK(loopback.stanzas == std::vector<std::string>{"1", "2", "3", "4"});
}

TEST_CASE("a refused stream is told of in one line, without the secret, and tried again") {
  for (const std::string condition : {"not-authorized", "host-unknown", "conflict"}) {
    CAPTURE(condition);
    Loopback loopback;
    REQUIRE(loopback.until([&] { return !loopback.server.received.empty(); }));
    loopback.server.say(Loopback::header);
    loopback.server.say("<stream:error><" + condition +
                        " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                        "</stream:stream>");
    REQUIRE(loopback.until([&] { return !loopback.log.empty(); }));
    CHECK(loopback.log.size() == 1);
    CHECK(loopback.logged("the server ended the stream: " + condition));
    CHECK_FALSE(loopback.logged("hush"));
    CHECK_FALSE(loopback.logged(handshake_digest("3BF96D32", "hush")));
    REQUIRE(loopback.until([&] { return loopback.server.closed; }));
    CHECK(loopback.server.received.ends_with("</stream:stream>"));
    loopback.server.hang_up();
    REQUIRE(loopback.reconnect());
    loopback.make_ready();
  }
}

TEST_CASE("a stanza over the limit is told of by its header, and the stream goes on") {
  Loopback loopback;
  loopback.make_ready();
  loopback.server.say("<iq id='big'><a>" + std::string(30'000, 'x') + "</a></iq><iq id='next'/>");
  REQUIRE(loopback.until([&] { return loopback.stanzas.size() == 2; }));
  CHECK(loopback.stanzas == std::vector<std::string>{"oversized big", "next"});
  CHECK(loopback.stream().ready());
}

TEST_CASE("what is not well-formed ends the stream with a stream error, and the next one is good") {
  Loopback loopback;
  loopback.make_ready();
  loopback.server.say("<iq id='1'/><iq id='2'></message><iq id='3'/>");
  REQUIRE(loopback.until([&] { return loopback.server.closed; }));
  CHECK(loopback.stanzas == std::vector<std::string>{"1"});
  CHECK(loopback.server.received.find("<stream:error><not-well-formed ") == 0);
  CHECK(loopback.server.received.ends_with("</stream:error></stream:stream>"));
  CHECK(loopback.logged("not-well-formed"));
  loopback.server.hang_up();
  REQUIRE(loopback.reconnect());
  loopback.make_ready();
}

TEST_CASE("a port that does not speak XMPP is told of with a hint to --server") {
  Loopback loopback;
  REQUIRE(loopback.until([&] { return !loopback.server.received.empty(); }));
  loopback.server.say("<html>");
  REQUIRE(loopback.until([&] { return !loopback.log.empty(); }));
  CHECK(loopback.logged("--server"));
}

TEST_CASE("a port for clients is told of as such") {
  Loopback loopback;
  REQUIRE(loopback.until([&] { return !loopback.server.received.empty(); }));
  loopback.server.say(
      "<stream:stream xmlns='jabber:client' id='1' "
      "xmlns:stream='http://etherx.jabber.org/streams'><stream:error>"
      "<host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
  REQUIRE(loopback.until([&] { return !loopback.log.empty(); }));
  CHECK(loopback.logged("not for components, but for jabber:client; correct --server"));
  loopback.settle();
  CHECK(loopback.server.received.find("<handshake>") == Loopback::absent);
}

TEST_CASE("a server that does not answer is left after a while, whatever it was asked") {
  Loopback loopback;
  REQUIRE(loopback.until([&] { return !loopback.server.received.empty(); }));
  loopback.pass(9s);
  CHECK(loopback.log.empty());
  loopback.pass(2s);
  CHECK(loopback.logged("no answer in time"));
  loopback.server.hang_up();
  REQUIRE(loopback.reconnect());
  loopback.server.say(Loopback::header);
  REQUIRE(loopback.until(
      [&] { return loopback.server.received.find("<handshake>") != Loopback::absent; }));
  loopback.log.clear();
  loopback.pass(11s);
  CHECK(loopback.logged("no answer in time"));
}

TEST_CASE("a server that is not there: tried again for ever, with more and more time between") {
  Loopback loopback;
  loopback.server.stop_listening();
  REQUIRE(loopback.until([&] { return !loopback.log.empty(); }));
  CHECK(loopback.logged("Connection refused; check that the server runs"));
  CHECK(loopback.logged("next try in 100 ms"));
  for (const auto* wait : {"200 ms", "400 ms", "800 ms", "1600 ms", "3200 ms", "6400 ms",
                           "12800 ms", "25600 ms", "30000 ms", "30000 ms"}) {
    loopback.log.clear();
    loopback.pass(loopback.stream().wake() - loopback.now < 1ms ? 0ms : 30s);
    REQUIRE(loopback.until([&] { return !loopback.log.empty(); }));
    CAPTURE(loopback.log.front());
    CHECK(loopback.logged(std::string("next try in ") + wait));
  }
}

TEST_CASE("the back-off is up to a half shorter by chance, and begins anew after success") {
  Backoff backoff;
  CHECK(backoff.next(0) == 100ms);
  CHECK(backoff.next(100) == 100ms);
  CHECK(backoff.next(50) == 350ms);
  for (int i = 0; i < 20; ++i) {
    const auto wait = backoff.next(static_cast<std::uint64_t>(i) * 7919);
    CHECK(wait > 0ms);
    CHECK(wait <= Backoff::most);
  }
  backoff.reset();
  CHECK(backoff.next(0) == 100ms);
}

TEST_CASE("an idle stream is pinged; any answer counts, and silence ends it") {
  Loopback loopback;
  loopback.make_ready();
  loopback.pass(29s);
  loopback.settle();
  CHECK(loopback.server.received.empty());
  loopback.pass(1s);
  REQUIRE(loopback.until([&] { return !loopback.server.received.empty(); }));
  CHECK(loopback.server.received ==
        "<iq type='get' id='ping-1' from='pubsub.localhost' to='localhost'>"
        "<ping xmlns='urn:xmpp:ping'/></iq>");
  loopback.server.say("<iq type='error' id='ping-1'/>");
  REQUIRE(loopback.until([&] { return loopback.stanzas.size() == 1; }));
  loopback.pass(29s);
  CHECK(loopback.stream().ready());
  loopback.pass(1s);
  CHECK(loopback.stream().ready());
  loopback.pass(20s);
  CHECK_FALSE(loopback.stream().ready());
  CHECK(loopback.logged("no sign of life"));
}
