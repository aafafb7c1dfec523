#include <crier/taps.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

using namespace crier;
using namespace std::chrono_literals;

namespace {

constexpr Time start{std::chrono::sys_days{std::chrono::year{2024} / 5 / 1}};
constexpr auto domain = "pubsub.example.org";

Tap tap(std::string address, bool is_node = false) {
  return {.asker = "admin@example.org/x",
          .address = std::move(address),
          .is_node = is_node,
          .until = start + 60s};
}

void receive(Taps& taps, std::string_view xml, Time now = start) {
  const auto stanza = parse_xml(xml);
  REQUIRE(stanza);
  taps.received(stanza->root(), now);
}

std::size_t shown(Taps& taps, Time now = start) {
  return taps.take(now, domain, false).size();
}

std::string publish(std::string_view from, std::string_view node, std::string_view id = "1") {
  return fmt::format(
      "<iq xmlns='jabber:component:accept' type='set' from='{}' to='pubsub.example.org' id='{}'>"
      "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='{}'/></pubsub></iq>",
      from, id, node);
}

}  // namespace

TEST_CASE("XEP-0297 §3.1 a stanza is forwarded as of jabber:client, with its time") {
  Taps taps;
  CHECK_FALSE(taps.armed());
  CHECK(taps.arm(tap("bob@b.example")));
  receive(taps, publish("bob@b.example/x", "n"));
  taps.sent("<iq type='result' from='pubsub.example.org' to='bob@b.example/x' id='1'/>", nullptr,
            start + 1s);
  const auto messages = taps.take(start + 1s, domain, false);
  REQUIRE(messages.size() == 2);
  CHECK(messages[0] ==
        "<message from='pubsub.example.org' to='admin@example.org/x' type='headline' "
        "id='crier-trace-1'><trace xmlns='urn:crier:trace:0' jid='bob@b.example' "
        "direction='received' bytes='" +
            std::to_string(publish("bob@b.example/x", "n").size()) +
            "'/><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' "
            "stamp='2024-05-01T00:00:00Z'/><iq xmlns='jabber:client' type='set' "
            "from='bob@b.example/x' to='pubsub.example.org' id='1'><pubsub "
            "xmlns='http://jabber.org/protocol/pubsub'><publish node='n'/></pubsub></iq>"
            "</forwarded></message>");
  CHECK(messages[1].find("direction='sent'") != std::string::npos);
  CHECK(messages[1].find("<iq xmlns='jabber:client' type='result'") != std::string::npos);
}

TEST_CASE("a bare JID is traced with all its resources, a full one alone, others not at all") {
  for (const auto& [address, count] : {std::pair("bob@b.example", 4), {"bob@b.example/x", 2}}) {
    Taps taps;
    taps.arm(tap(address));
    for (const auto* jid : {"bob@b.example/x", "bob@b.example/y", "bob@b.example.org/x",
                            "alice@b.example/x", "b.example"}) {
      receive(taps, publish(jid, "n"));
      taps.sent(fmt::format("<iq type='result' to='{}' id='1'/>", jid), nullptr, start);
    }
    CHECK(shown(taps) == count);
  }
}

TEST_CASE("a node is traced: requests, their answers even if they do not name it, and its events") {
  Taps taps;
  taps.arm(tap("n", true));
  receive(taps, publish("bob@b.example/x", "n", "1"));
  receive(taps, publish("bob@b.example/x", "m", "2"));
  taps.sent("<iq type='result' to='bob@b.example/x' id='1'/>", nullptr, start);
  taps.sent("<iq type='result' to='bob@b.example/x' id='2'/>", nullptr, start);
  const std::string n = "n";
  const std::string m = "m";
  taps.sent("<message to='carol@c.example' id='a-1'/>", &n, start);
  taps.sent("<message to='carol@c.example' id='a-1'/>", &m, start);
  CHECK(shown(taps) == 3);
}

TEST_CASE("§4.6 a node is traced when it is asked by the resource of the service") {
  Taps taps;
  taps.arm(tap("n", true));
  receive(taps,
          "<iq type='get' from='bob@b.example/x' to='pubsub.example.org/n' id='1'><query "
          "xmlns='http://jabber.org/protocol/disco#info'/></iq>");
  CHECK(shown(taps) == 1);
}

TEST_CASE("of more than so many a second the rest is counted, and told with the next one") {
  Taps taps;
  taps.arm(tap("bob@b.example"));
  for (std::size_t i = 0; i < Taps::most_each_second + 7; ++i)
    receive(taps, publish("bob@b.example/x", "n"));
  CHECK(shown(taps) == Taps::most_each_second);
  receive(taps, publish("bob@b.example/x", "n"), start + 1s);
  CHECK(taps.take(start + 1s, domain, false).at(0).find("missed='7'") != std::string::npos);
  const auto last = taps.take(start + 60s, domain, false);
  REQUIRE(last.size() == 1);
  CHECK(last[0].find("direction='end' shown='101' missed='7'") != std::string::npos);
  CHECK_FALSE(taps.armed());
}

TEST_CASE("what waits for a slow asker is bounded in bytes") {
  Taps taps;
  taps.arm(tap("bob@b.example"));
  const std::string payload(20'000, 'x');
  for (int second = 0; second < 10; ++second)
    for (std::size_t i = 0; i < Taps::most_each_second; ++i)
      receive(taps, fmt::format("<message from='bob@b.example/x'>{}</message>", payload),
              start + std::chrono::seconds(second));
  CHECK(taps.take(start, domain, true).empty());
  std::size_t bytes = 0;
  for (const auto& message : taps.take(start, domain, false)) bytes += message.size();
  CHECK(bytes < Taps::most_waiting_bytes + 100'000);
  CHECK(bytes > Taps::most_waiting_bytes);
}

TEST_CASE("of a very big stanza the start tag is shown") {
  Taps taps;
  taps.arm(tap("bob@b.example"));
  receive(taps, fmt::format("<message from='bob@b.example/x' id='big'><a>{}</a></message>",
                            std::string(Taps::most_stanza_bytes, 'x')));
  const auto message = taps.take(start, domain, false).at(0);
  CHECK(message.size() < 1000);
  CHECK(message.find("id='big'/></forwarded>") != std::string::npos);
  CHECK(parse_xml(message));
}

TEST_CASE("secrets are not shown") {
  Taps taps;
  taps.arm(tap("bob@b.example"));
  receive(taps, "<iq from='bob@b.example/x'><a><password>hunter2</password></a></iq>");
  CHECK(taps.take(start, domain, false).at(0).find("hunter2") == std::string::npos);
}

TEST_CASE("what shows is never shown, and when it comes back the trace ends") {
  Taps taps;
  taps.arm(tap("admin@example.org"));
  receive(taps, publish("admin@example.org/x", "n"));
  for (const auto& message : taps.take(start, domain, false)) taps.sent(message, nullptr, start);
  CHECK(shown(taps) == 0);
  receive(taps, "<message type='error' from='admin@example.org/x' id='crier-trace-1'/>");
  CHECK(shown(taps) == 1);
  CHECK_FALSE(taps.armed());
  // Nobody hides behind such an id.
  taps.arm(tap("bob@b.example"));
  receive(taps, "<message type='error' from='bob@b.example/x' id='crier-trace-1'/>");
  CHECK(shown(taps) == 1);
}

TEST_CASE("taps are bounded; the same one again takes the place of the first") {
  Taps taps;
  for (std::size_t i = 0; i < Taps::most; ++i) CHECK(taps.arm(tap(fmt::format("{}@b.example", i))));
  CHECK_FALSE(taps.arm(tap("more@b.example")));
  CHECK(taps.arm(tap("0@b.example")));
  taps.disarm("somebody@example.org/x");
  CHECK(shown(taps) == 0);
  taps.disarm("admin@example.org/x");
  CHECK(shown(taps) == Taps::most);
  CHECK(taps.size() == 0);
}
