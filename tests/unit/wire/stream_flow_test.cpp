// What flows through a stream, and what is kept when it breaks.

#include "wire/loopback.hpp"

#include <doctest/doctest.h>
#include <poll.h>

#include <algorithm>
#include <cstdio>

using namespace crier;
using namespace crier::test;
using namespace std::chrono_literals;

namespace {

std::string stanza(int number, std::size_t size) {
  return "<message id='" + std::to_string(number) + "'>" + std::string(size, 'x') + "</message>";
}

}  // namespace

TEST_CASE("a server that reads slowly gets everything, in order, whole") {
  Loopback loopback;
  loopback.make_ready();
  loopback.server.reading = false;
  std::string all;
  for (int number = 0; number < 400; ++number) {
    all += stanza(number, 100'000);
    loopback.outbox.add(stanza(number, 100'000));
  }
  loopback.settle();
  CHECK_FALSE(loopback.outbox.empty());
  loopback.server.reading = true;
  REQUIRE(loopback.until([&] { return loopback.server.received.size() >= all.size(); }));
  CHECK(loopback.server.received == all);
  CHECK(loopback.outbox.empty());
}

TEST_CASE("the stanza that a dying stream cut off is sent again whole, and all behind it") {
  Loopback loopback;
  loopback.make_ready();
  loopback.server.reading = false;
  for (int number = 0; number < 400; ++number) loopback.outbox.add(stanza(number, 100'000));
  loopback.settle();
  REQUIRE(loopback.outbox.inside_stanza());
  const auto waiting = loopback.outbox.pending_bytes();
  loopback.server.hang_up();
  REQUIRE(loopback.until([&] { return !loopback.stream().ready(); }));
  CHECK(loopback.outbox.pending_bytes() > waiting);
  loopback.server.reading = true;
  REQUIRE(loopback.reconnect());
  loopback.make_ready();
  REQUIRE(loopback.until([&] { return loopback.outbox.empty(); }));
  const auto last = stanza(399, 100'000);
  REQUIRE(loopback.until([&] { return loopback.server.received.ends_with(last); }));
  // It begins with a whole stanza, and none after that is missing.
  int number = 0;
  REQUIRE(std::sscanf(loopback.server.received.c_str(), "<message id='%d'>", &number) == 1);
  std::string rest;
  for (; number < 400; ++number) rest += stanza(number, 100'000);
  CHECK(loopback.server.received == rest);
}

TEST_CASE("what comes in while the stream breaks is taken, and the server's reason is told") {
  Loopback loopback;
  loopback.make_ready();
  loopback.server.say(
      "<iq id='1'/><stream:error>"
      "<system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
  loopback.server.hang_up();
  for (int number = 0; number < 100; ++number) loopback.outbox.add(stanza(number, 100'000));
  REQUIRE(loopback.until([&] { return !loopback.stream().ready(); }));
  CHECK(loopback.stanzas == std::vector<std::string>{"1"});
  CHECK(loopback.logged("system-shutdown"));
}

TEST_CASE("a server that closes is found at once, and connected to again") {
  Loopback loopback;
  loopback.make_ready();
  loopback.server.hang_up();
  REQUIRE(loopback.until([&] { return !loopback.stream().ready(); }));
  CHECK(loopback.logged("the server closed the connection; next try in 100 ms"));
  loopback.pass(100ms);
  REQUIRE(loopback.until([&] { return loopback.server.connections == 2; }));
  loopback.make_ready();
  CHECK(loopback.times_ready == 2);
}

TEST_CASE("a stream that never lives long does not begin the back-off anew") {
  Loopback loopback;
  for (const auto* wait : {"100 ms", "200 ms", "400 ms"}) {
    loopback.make_ready();
    loopback.log.clear();
    loopback.server.hang_up();
    REQUIRE(loopback.until([&] { return !loopback.log.empty(); }));
    CHECK(loopback.logged(std::string("next try in ") + wait));
    REQUIRE(loopback.reconnect());
  }
  loopback.make_ready();
  loopback.pass(15s);
  loopback.log.clear();
  loopback.server.hang_up();
  REQUIRE(loopback.until([&] { return !loopback.log.empty(); }));
  CHECK(loopback.logged("next try in 100 ms"));
}

TEST_CASE("while too much waits to be sent nothing is read, and then again") {
  Loopback loopback({.max_pending_bytes = 64 * 1024});
  loopback.make_ready();
  loopback.server.reading = false;
  for (int number = 0; number < 2; ++number) loopback.outbox.add(stanza(number, 8'000'000));
  loopback.settle();
  REQUIRE(loopback.outbox.pending_bytes() > 4 * 64 * 1024);
  loopback.server.say("<iq id='1'/>");
  loopback.settle();
  CHECK((loopback.stream().events() & POLLIN) == 0);
  loopback.pass(1s);
  loopback.settle();
  CHECK(loopback.stanzas.empty());
  loopback.server.reading = true;
  REQUIRE(loopback.until([&] { return loopback.stanzas.size() == 1; }));
}

TEST_CASE("when both sides wait for the other to read, the component reads on for a while") {
  Loopback loopback({.max_pending_bytes = 8'000'000});
  loopback.make_ready();
  loopback.server.reading = false;
  for (int number = 0; number < 2; ++number) loopback.outbox.add(stanza(number, 8'000'000));
  loopback.settle();
  REQUIRE(loopback.outbox.pending_bytes() > 8'000'000);
  REQUIRE((loopback.stream().events() & POLLIN) == 0);
  loopback.server.say("<iq id='1'/>");
  loopback.settle();
  CHECK(loopback.stanzas.empty());
  CHECK(loopback.stream().wake() - loopback.now <= 200ms);
  loopback.pass(200ms);
  REQUIRE(loopback.until([&] { return loopback.stanzas.size() == 1; }));
  loopback.settle();
  CHECK((loopback.stream().events() & POLLIN) == 0);
}

TEST_CASE("a server that takes what is written is alive, even if it says nothing") {
  Loopback loopback;
  loopback.make_ready();
  loopback.server.reading = false;
  for (int number = 0; number < 4; ++number) loopback.outbox.add(stanza(number, 8'000'000));
  loopback.settle();
  loopback.pass(25s);
  loopback.server.reading = true;
  REQUIRE(loopback.until([&] { return loopback.outbox.empty(); }));
  loopback.pass(25s);
  loopback.settle();
  CHECK(loopback.server.received.ends_with("</message>"));
  CHECK(loopback.stream().ready());
}

TEST_CASE("what is on its way is probed; an answer in the stream's name is no probe of ours") {
  Loopback loopback({.paced = true});
  loopback.make_ready();
  for (int number = 0; number < 3; ++number) loopback.outbox.add(stanza(number, 100'000));
  REQUIRE(loopback.until([&] { return loopback.outbox.empty(); }));
  loopback.settle();
  const auto probe = loopback.server.received.find(
      "<iq type='get' id='flow-1' from='pubsub.localhost' "
      "to='pubsub.localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
  REQUIRE(probe != Loopback::absent);
  CHECK(loopback.server.received.find("flow-2") == Loopback::absent);
  CHECK(loopback.stream().is_slack());

  // It comes back as it is, or answered.
  loopback.server.say(
      "<iq type='get' id='flow-1' from='pubsub.localhost' to='pubsub.localhost'/>"
      "<iq type='result' id='flow-1' from='alice@localhost/a' to='pubsub.localhost'/>");
  REQUIRE(loopback.until([&] { return !loopback.stanzas.empty(); }));
  CHECK(loopback.stanzas == std::vector<std::string>{"flow-1"});
  for (int number = 0; number < 20; ++number) loopback.outbox.add(stanza(number, 100'000));
  loopback.settle();
  CHECK_FALSE(loopback.stream().is_slack());
  CHECK(loopback.stream().wake() <= loopback.now + FlowWindow::patience);
  loopback.pass(FlowWindow::patience);
  CHECK(loopback.stream().is_slack());
  CHECK(loopback.stream().wake() > loopback.now);
}

namespace {

/// The presence of many, more than is read at once.
std::string crowd() {
  std::string presence;
  for (int number = 0; number < 3'000; ++number) {
    const auto id = std::to_string(number);
    presence += "<presence from='user" + id + "@localhost/r' id='" + id + "'/>";
  }
  return presence;
}

}  // namespace

TEST_CASE("a request passes the presence of others that came before it; nothing is lost") {
  Loopback loopback;
  loopback.make_ready();
  loopback.server.say(crowd() + "<iq from='owner@localhost/r' id='request'/>" +
                      "<iq from='user7@localhost/r' id='behind'/>");
  REQUIRE(loopback.until([&] { return loopback.stanzas.size() == 3'002; }));
  const auto place = [&](std::string_view id) {
    return std::find(loopback.stanzas.begin(), loopback.stanzas.end(), id) -
           loopback.stanzas.begin();
  };
  CHECK(place("request") < 1'500);
  CHECK(place("behind") == 3'001);
}

TEST_CASE("what let others pass is taken before the stream's error, and then the stream rests") {
  Loopback loopback;
  loopback.make_ready();
  loopback.server.say(crowd() +
                      "<stream:error><system-shutdown "
                      "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                      "</stream:stream>");
  REQUIRE(loopback.until([&] { return loopback.times_lost == 1; }));
  CHECK(loopback.stanzas.size() == 3'000);
  CHECK(loopback.logged("system-shutdown"));
  CHECK(loopback.stream().wake() > loopback.now);
}

TEST_CASE("what stands aside of a stream that is broken off is forgotten with it") {
  Loopback loopback;
  loopback.make_ready();
  loopback.server.say(crowd() + "<iq from='a@localhost/r' id='1'></wrong>");
  REQUIRE(loopback.until([&] { return loopback.times_lost == 1; }));
  CHECK(loopback.stream().wake() > loopback.now);
  loopback.server.hang_up();
  REQUIRE(loopback.reconnect());
  loopback.make_ready();
  loopback.stanzas.clear();
  loopback.server.say("<iq from='a@localhost/r' id='2'/>");
  REQUIRE(loopback.until([&] { return !loopback.stanzas.empty(); }));
  CHECK(loopback.stanzas == std::vector<std::string>{"2"});
}

TEST_CASE("while too much waits to be sent what stands aside waits as well") {
  Loopback loopback({.max_pending_bytes = 8'000'000});
  loopback.make_ready();
  loopback.server.say(crowd());
  REQUIRE(loopback.until([&] { return !loopback.stanzas.empty(); }));
  loopback.server.reading = false;
  for (int number = 0; number < 2; ++number) loopback.outbox.add(stanza(number, 8'000'000));
  loopback.settle();
  const auto taken = loopback.stanzas.size();
  REQUIRE(taken < 1'000);
  loopback.settle();
  CHECK(loopback.stanzas.size() == taken);
  // Then as much as is taken at once, to get out of a deadlock.
  loopback.pass(200ms);
  loopback.settle();
  CHECK(loopback.stanzas.size() > taken);
  CHECK(loopback.stanzas.size() < taken + 500);
  loopback.server.reading = true;
  REQUIRE(loopback.until([&] { return loopback.stanzas.size() == 3'000; }));
}

TEST_CASE("what let others pass is taken before a broken connection is told") {
  Loopback loopback;
  loopback.make_ready();
  loopback.server.say(crowd() + "<iq from='owner@localhost/r' id='request'/>");
  loopback.server.hang_up();
  REQUIRE(loopback.until([&] { return loopback.times_lost == 1; }));
  CHECK(loopback.stanzas.size() == 3'001);
  CHECK(loopback.stanzas.back() == "2999");
}
