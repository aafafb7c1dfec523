// A server that copies notifications for the service: docs/copies.md.

#include "wire/loopback.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace crier;
using namespace crier::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view question =
    "<iq type='get' id='copies-1' from='pubsub.localhost' to='pubsub.localhost'>"
    "<copies xmlns='urn:crier:copies:0'/></iq>";

std::string answer(const std::string& type, const std::string& from = "pubsub.localhost",
                   int number = 1) {
  return "<iq type='" + type + "' id='copies-" + std::to_string(number) + "' from='" + from +
         "' to='pubsub.localhost'><copies xmlns='urn:crier:copies:0'/></iq>";
}

/// An event for five subscribers.
Effects event(std::uint64_t number) {
  auto node = std::make_shared<Node>();
  node->id = NodeId{1};
  node->key.host = "pubsub.localhost";
  for (int id = 1; id <= 5; ++id)
    node->subscriptions.add(SubscriptionId{id}, "user" + std::to_string(id) + "@localhost",
                            SubscriptionState::subscribed, EventNumber{0});
  Event event;
  event.number = EventNumber{number};
  event.type = "headline";
  event.xml = "<event xmlns='u:e'/>";
  Effects effects;
  effects.broadcasts.emplace_back(std::move(node), std::move(event));
  return effects;
}

std::string copied(const std::string& number) {
  return "<message to='pubsub.localhost' type='headline' from='pubsub.localhost' id='" + number +
         "-'><copies xmlns='urn:crier:copies:0'>1 user1@localhost\n2 user2@localhost\n"
         "3 user3@localhost\n4 user4@localhost\n5 user5@localhost\n</copies>"
         "<event xmlns='u:e'/></message>";
}

std::string plain(const std::string& number) {
  std::string all;
  for (int id = 1; id <= 5; ++id)
    all += "<message to='user" + std::to_string(id) +
           "@localhost' type='headline' from='pubsub.localhost' id='" + number + "-" +
           std::to_string(id) + "'><event xmlns='u:e'/></message>";
  return all;
}

/// A stream that is ready and has asked who copies.
struct Asked : Loopback {
  Asked() : Loopback({.copied = true}) {
    make_ready();
    settle();
    CHECK(taken() == question);
  }
  /// What the server got since the last time.
  std::string taken() {
    settle();
    return std::exchange(server.received, {});
  }
  std::string told(std::string_view text) {
    server.say(text);
    return taken();
  }
  std::string send(std::uint64_t number) {
    outbox.add(event(number));
    return taken();
  }
};

}  // namespace

TEST_CASE("copies: nobody is asked where the server shall not copy") {
  Loopback loopback;
  loopback.make_ready();
  loopback.settle();
  CHECK(loopback.server.received.empty());
}

TEST_CASE("copies: a server that says so gets one stanza for all") {
  Asked loopback;
  CHECK(loopback.send(1) == plain("1"));
  loopback.told(answer("result"));
  CHECK(loopback.logged("mod_crier_copies"));
  CHECK(loopback.send(2) == copied("2"));
  CHECK(loopback.stanzas.empty());
}

TEST_CASE("copies: a question that comes back, or is refused, is a no") {
  for (const auto* type : {"get", "error"}) {
    Asked loopback;
    loopback.told(answer(type));
    CHECK(loopback.send(1) == plain("1"));
    CHECK(loopback.stanzas.empty());
  }
}

TEST_CASE("copies: an answer of somebody else is none") {
  Asked loopback;
  loopback.told(answer("result", "mallory@localhost/x"));
  CHECK(loopback.stanzas == std::vector<std::string>{"copies-1"});
  CHECK(loopback.send(1) == plain("1"));
}

TEST_CASE("copies: what comes back is copied here, and what is behind it waits") {
  Asked loopback;
  loopback.told(answer("result"));
  CHECK(loopback.send(1) == copied("1"));
  CHECK(loopback.send(2) == copied("2"));
  // The module is gone: everything comes back in its order, the new question as well.
  const auto made = loopback.told(copied("1"));
  CHECK(made == plain("1") +
                    "<iq type='get' id='copies-2' from='pubsub.localhost' to='pubsub.localhost'>"
                    "<copies xmlns='urn:crier:copies:0'/></iq>");
  CHECK(loopback.logged("is gone"));
  CHECK(loopback.send(3).empty());
  CHECK(loopback.told(copied("2")) == plain("2"));
  CHECK(loopback.told("<iq type='get' id='copies-2' from='pubsub.localhost' "
                      "to='pubsub.localhost'><copies xmlns='urn:crier:copies:0'/></iq>") ==
        plain("3"));
}

TEST_CASE("copies: a server that does not answer holds nothing up for long") {
  Asked loopback;
  loopback.told(answer("result"));
  loopback.send(1);
  loopback.told(copied("1"));
  CHECK(loopback.send(2).empty());
  CHECK(loopback.stream().wake() <= loopback.now + 5s);
  loopback.pass(5s);
  CHECK(loopback.taken() == plain("2"));
  CHECK(loopback.stream().wake() > loopback.now);
}

TEST_CASE("copies: what somebody else sends in that form is a message as any other") {
  Asked loopback;
  loopback.told(
      "<message from='mallory@localhost/x' to='pubsub.localhost' id='m'>"
      "<copies xmlns='urn:crier:copies:0'>1 user1@localhost\n</copies></message>");
  CHECK(loopback.stanzas == std::vector<std::string>{"m"});
  CHECK(loopback.outbox.empty());
}

TEST_CASE("copies: on the next stream it is asked anew, and nothing passes before the answer") {
  Asked loopback;
  loopback.told(answer("result"));
  loopback.server.hang_up();
  REQUIRE(loopback.until([&] { return !loopback.stream().ready(); }));
  loopback.outbox.add(event(1));
  REQUIRE(loopback.reconnect());
  loopback.make_ready();
  const auto asked = loopback.taken();
  CHECK(asked.starts_with("<iq type='get' id='copies-2'"));
  CHECK(asked.find("<message") == Loopback::absent);
  CHECK(loopback.told(answer("result", "pubsub.localhost", 2)) == copied("1"));
}

TEST_CASE("copies: an answer to another question, or one that says nothing, is no yes") {
  Asked loopback;
  loopback.told(answer("result", "pubsub.localhost", 7));
  CHECK(loopback.send(1) == plain("1"));
  loopback.told("<iq type='result' id='copies-1' from='pubsub.localhost' to='pubsub.localhost'/>");
  CHECK(loopback.send(2) == plain("2"));
  loopback.told(answer("result"));
  CHECK(loopback.send(3) == plain("3"));
}

TEST_CASE("copies: nothing is copied when the service would not read what may come back") {
  Asked loopback;
  loopback.stream().set_limits({.max_stanza_bytes = 300'000}, 4'000'000);
  loopback.told(answer("result"));
  CHECK(loopback.send(1) == plain("1"));
}

TEST_CASE("copies: all that came back leaves before any later event") {
  Asked loopback;
  loopback.told(answer("result"));
  loopback.send(1);
  // More answers than leave at once stand in front of what comes back.
  for (int number = 0; number < 4; ++number) loopback.outbox.add(std::string(90'000, ' '));
  loopback.outbox.add(event(2));
  const auto all = loopback.told(copied("1") + answer("get", "pubsub.localhost", 2));
  const auto rest = loopback.taken();
  const auto sent = all + rest;
  CHECK(sent.find(plain("1")) < sent.find("id='2-"));
  CHECK(sent.find("id='2-") != Loopback::absent);
}

TEST_CASE("copies: what shall come back is read, however much waits to be sent") {
  Loopback loopback({.max_pending_bytes = 1'000, .copied = true});
  loopback.make_ready();
  loopback.server.say(answer("result"));
  loopback.settle();
  loopback.outbox.add(event(1));
  loopback.settle();
  loopback.server.received.clear();
  loopback.server.say(copied("1"));
  loopback.settle();
  for (std::uint64_t number = 2; number < 5; ++number) loopback.outbox.add(event(number));
  REQUIRE(loopback.outbox.pending_bytes() > 1'000);
  loopback.server.say(answer("get", "pubsub.localhost", 2));
  loopback.settle();
  CHECK(loopback.server.received.find(plain("1")) != Loopback::absent);
  CHECK(loopback.server.received.ends_with(plain("4")));
}

TEST_CASE("copies: the stream ends when what may come back has, and has left again") {
  for (const bool is_gone : {false, true}) {
    Asked loopback;
    loopback.told(answer("result"));
    loopback.send(1);
    loopback.stream().close(loopback.now, 5s);
    loopback.outbox.add(event(2));
    const auto asked = loopback.taken();
    CHECK(asked.starts_with("<iq type='get' id='copies-2'"));
    CHECK(asked.find("</stream") == Loopback::absent);
    const auto back = is_gone ? copied("1") + answer("get", "pubsub.localhost", 2)
                              : answer("result", "pubsub.localhost", 2);
    CHECK(loopback.told(back) == (is_gone ? plain("1") : "") + plain("2") + "</stream:stream>");
    // It is too late for more.
    CHECK(loopback.told(copied("3")).empty());
  }
}

TEST_CASE("copies: a server that does not answer does not keep the stream from its end") {
  Asked loopback;
  loopback.told(answer("result"));
  loopback.send(1);
  loopback.stream().close(loopback.now, 5s);
  loopback.settle();
  loopback.pass(5s);
  REQUIRE(loopback.until([&] { return loopback.stream().closed(); }));
}

TEST_CASE("copies: while stanzas are shown each is made here") {
  Asked loopback;
  loopback.told(answer("result"));
  int shown = 0;
  loopback.outbox.set_tap([&](std::string_view, const std::string*) { ++shown; });
  CHECK(loopback.send(1) == plain("1"));
  CHECK(shown == 5);
  loopback.outbox.set_tap({});
  CHECK(loopback.send(2) == copied("2"));
}
