#include "wire/outbox.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace crier;

namespace {

std::shared_ptr<Node> audience(int size) {
  auto all = std::make_shared<Node>();
  all->key.host = "pubsub.localhost";
  for (int i = 0; i < size; ++i)
    all->subscriptions.add(SubscriptionId{i + 1}, "user" + std::to_string(i) + "@localhost",
                           SubscriptionState::subscribed, EventNumber{0});
  return all;
}

Broadcast event(int node, std::uint64_t number, const std::shared_ptr<Node>& all,
                const std::string& payload = "") {
  auto audience = std::make_shared<Node>(*all);
  audience->id = NodeId{node};
  Event event;
  event.number = EventNumber{number};
  event.type = "headline";
  event.xml = "<event n='" + std::to_string(node) + "." + std::to_string(number) + "'>" + payload +
              "</event>";
  return Broadcast(std::move(audience), std::move(event));
}

/// The same for an item that is stored, with that number.
Broadcast stored_event(int node, std::int64_t seq, const std::shared_ptr<Node>& all) {
  auto audience = std::make_shared<Node>(*all);
  audience->id = NodeId{node};
  Event event;
  event.number = EventNumber{1};
  event.type = "headline";
  event.xml = "<event>" + std::string(300, 'x') + "</event>";
  event.first = event.last = Seq{seq};
  return Broadcast(std::move(audience), std::move(event));
}

template <class... Broadcasts>
Effects effects(std::vector<std::string> stanzas, Broadcasts... broadcasts) {
  Effects effects{std::move(stanzas), {}};
  (effects.broadcasts.push_back(std::move(broadcasts)), ...);
  return effects;
}

/// All that comes out, by a stream that takes `at_once` bytes each time.
std::string drain(Outbox& outbox, std::size_t at_once = 1 << 20) {
  std::string out;
  for (auto bytes = outbox.next(); !bytes.empty(); bytes = outbox.next()) {
    out += bytes.substr(0, at_once);
    outbox.sent(std::min(bytes.size(), at_once));
  }
  return out;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

struct Box {
  std::vector<std::string> log;
  Outbox outbox{[this](LogLevel, std::string_view line) { log.emplace_back(line); }};
};

}  // namespace

TEST_CASE("an outbox gives answers in their order, and broadcasts after them") {
  Box box;
  box.outbox.add(effects({"<a/>", "<b/>"}, event(1, 1, audience(2))));
  box.outbox.add(effects({"<c/>"}));
  CHECK(drain(box.outbox) ==
        "<a/><b/><c/>"
        "<message to='user0@localhost' type='headline' from='pubsub.localhost' id='1-1'>"
        "<event n='1.1'></event></message>"
        "<message to='user1@localhost' type='headline' from='pubsub.localhost' id='1-2'>"
        "<event n='1.1'></event></message>");
  CHECK(box.outbox.empty());
}

TEST_CASE("an answer overtakes a fan-out that is under way") {
  Box box;
  box.outbox.add(effects({}, event(1, 1, audience(10'000))));
  box.outbox.sent(box.outbox.next().size());
  box.outbox.add(std::string("<answer/>"));
  CHECK(box.outbox.next().starts_with("<answer/><message"));
}

TEST_CASE("the events of one node leave in the order of publication, for every subscriber") {
  Box box;
  const auto all = audience(700);
  for (std::uint64_t number = 1; number <= 5; ++number)
    box.outbox.add(effects({}, event(1, number, all)));
  const auto out = drain(box.outbox, 1000);
  CHECK(count(out, "<message ") == 5 * 700);
  std::size_t last = 0;
  for (int number = 1; number <= 5; ++number) {
    const auto n = "n='1." + std::to_string(number) + "'";
    CHECK(count(out, n) == 700);
    CHECK(out.find(n) > last);
    last = out.rfind(n);
  }
}

TEST_CASE("a fan-out to many does not hold up the event of another node") {
  Box box;
  box.outbox.add(effects({}, event(1, 1, audience(100'000)), event(1, 2, audience(100'000))));
  box.outbox.add(effects({}, event(2, 3, audience(1)), event(3, 4, audience(1))));
  const auto out = drain(box.outbox);
  constexpr auto turn = Outbox::quantum_bytes + 1000;
  CHECK(out.find("n='2.3'") < turn);
  CHECK(out.find("n='3.4'") < turn);
  CHECK(count(out, "<message ") == 200'002);
}

TEST_CASE("two fan-outs share the stream") {
  Box box;
  box.outbox.add(effects({}, event(1, 1, audience(50'000)), event(2, 2, audience(50'000))));
  const auto out = drain(box.outbox);
  const auto half = out.substr(0, out.size() / 2);
  CHECK(count(half, "n='1.1'") > 20'000);
  CHECK(count(half, "n='2.2'") > 20'000);
}

TEST_CASE("a broadcast to nobody leaves nothing behind") {
  Box box;
  box.outbox.add(effects({}, event(1, 1, audience(0)), event(1, 2, audience(0))));
  CHECK_FALSE(box.outbox.empty());
  CHECK(box.outbox.next().empty());
  CHECK(box.outbox.empty());
}

TEST_CASE("broadcasts go on however many answers there are") {
  Box box;
  const std::string answer(Outbox::buffer_bytes, 'a');
  box.outbox.add(effects({answer, answer, answer}, event(1, 1, audience(3))));
  CHECK(box.outbox.next().find("<event") != std::string_view::npos);
}

TEST_CASE("others have their turn when nobody wants what many might") {
  Box box;
  const auto nobody = audience(static_cast<int>(Outbox::most_looked_at));
  for (std::uint32_t at = 0; at < nobody->subscriptions.end(); ++at)
    nobody->subscriptions.set_suspended(at, true);
  box.outbox.add(effects({}, event(1, 1, nobody), event(1, 2, nobody)));
  CHECK(box.outbox.next().empty());
  CHECK(box.outbox.has_next(1));
  CHECK(box.outbox.next().empty());
  CHECK(box.outbox.empty());
}

TEST_CASE("what waits costs its payload, not its recipients") {
  Box box;
  box.outbox.add(effects({}, event(1, 1, audience(100'000), std::string(1000, 'x'))));
  CHECK(box.outbox.pending_bytes() > 1000);
  CHECK(box.outbox.pending_bytes() < 2000);
  box.outbox.add(std::string(500, 'a'));
  CHECK(box.outbox.pending_bytes() > 1500);
  (void)box.outbox.next();
  CHECK(box.outbox.pending_bytes() < Outbox::buffer_bytes + 4000);
  drain(box.outbox);
  CHECK(box.outbox.pending_bytes() == 0);
}

TEST_CASE("an answer that is bigger than the buffer passes whole") {
  Box box;
  const std::string big(3 * Outbox::buffer_bytes, 'x');
  box.outbox.add(effects({"<a/>", big, "<b/>"}));
  CHECK(drain(box.outbox, 5000) == "<a/>" + big + "<b/>");
}

TEST_CASE("a lost stream: the stanza that was cut off is sent again whole, and all behind it") {
  Box box;
  box.outbox.add(effects({"<one/>", "<two/>", "<three/>"}));
  (void)box.outbox.next();
  box.outbox.sent(8);
  CHECK(box.outbox.inside_stanza());
  box.outbox.interrupted();
  CHECK_FALSE(box.outbox.inside_stanza());
  CHECK(drain(box.outbox) == "<two/><three/>");
  CHECK(box.log.empty());
}

TEST_CASE("a lost stream between two stanzas: nothing is sent twice, nothing is lost") {
  Box box;
  box.outbox.add(effects({"<one/>", "<two/>"}));
  (void)box.outbox.next();
  box.outbox.sent(6);
  CHECK_FALSE(box.outbox.inside_stanza());
  box.outbox.interrupted();
  CHECK(drain(box.outbox) == "<two/>");
}

TEST_CASE("a lost stream at each byte: every stanza arrives whole at least on one of both") {
  const std::string all = "<one/><two></two><three/>";
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    Box box;
    box.outbox.add(effects({"<one/>", "<two></two>", "<three/>"}));
    (void)box.outbox.next();
    box.outbox.sent(cut);
    box.outbox.interrupted();
    const auto rest = drain(box.outbox);
    CHECK(all.ends_with(rest));
    CHECK(all.size() - rest.size() <= cut);
    CHECK((rest.empty() || rest.starts_with("<one") || rest.starts_with("<two>") ||
           rest.starts_with("<three")));
  }
}

TEST_CASE("a stanza that two streams in a row were cut off in is dropped, and told of") {
  Box box;
  box.outbox.add(effects({"<good/>", "<message to='a@b'>poison</message>", "<after/>"}));
  (void)box.outbox.next();
  box.outbox.sent(15);
  box.outbox.interrupted();
  (void)box.outbox.next();
  box.outbox.sent(20);
  box.outbox.interrupted();
  REQUIRE(box.log.size() == 1);
  CHECK(box.log[0].find("<message to='a@b'>") != std::string::npos);
  CHECK(drain(box.outbox) == "<after/>");
}

TEST_CASE("only cuts in a row count: a stanza that came through once cut is forgiven") {
  Box box;
  box.outbox.add(effects({"<one/>", "<two/>"}));
  (void)box.outbox.next();
  box.outbox.sent(2);
  box.outbox.interrupted();
  (void)box.outbox.next();
  box.outbox.sent(8);
  box.outbox.interrupted();
  CHECK(drain(box.outbox) == "<two/>");
  box.outbox.add(std::string("<three/>"));
  (void)box.outbox.next();
  box.outbox.sent(2);
  box.outbox.interrupted();
  CHECK(drain(box.outbox) == "<three/>");
  CHECK(box.log.empty());
}

TEST_CASE("a stream that dies before it took anything does not forgive the cut before it") {
  Box box;
  box.outbox.add(effects({"<poison/>", "<after/>"}));
  (void)box.outbox.next();
  box.outbox.sent(3);
  box.outbox.interrupted();
  box.outbox.interrupted();
  (void)box.outbox.next();
  box.outbox.sent(3);
  box.outbox.interrupted();
  CHECK(drain(box.outbox) == "<after/>");
  CHECK(box.log.size() == 1);
}

TEST_CASE(
    "what the stream has not taken of stored items is unfinished, from where the buffer begins") {
  Box box;
  // A buffer holds the messages to some 250 subscribers.
  box.outbox.add(effects({}, stored_event(1, 7, audience(1000)), stored_event(2, 8, audience(2)),
                         event(3, 1, audience(1000))));
  CHECK(box.outbox.unfinished() ==
        std::vector<Fanout>{{NodeId{1}, Seq{7}, Seq{7}, {}}, {NodeId{2}, Seq{8}, Seq{8}, {}}});
  const auto first = box.outbox.next();
  // Node 2's are rendered, and have not left.
  box.outbox.sent(first.size() - 1);
  CHECK(box.outbox.unfinished().size() == 2);
  box.outbox.sent(1);
  auto unfinished = box.outbox.unfinished();
  REQUIRE(unfinished.size() == 1);
  CHECK(unfinished[0].node == NodeId{1});
  const auto begun = unfinished[0].next;
  CHECK(begun > SubscriptionId{1});
  box.outbox.sent(box.outbox.next().size() / 2);
  CHECK(box.outbox.unfinished()[0].next == begun);
  box.outbox.interrupted();
  CHECK(box.outbox.unfinished()[0].next == begun);
  drain(box.outbox);
  CHECK(box.outbox.unfinished().empty());
}

TEST_CASE("a lost stream: of a stanza that the server was to copy, messages are sent") {
  Box box;
  const auto copied_event = [](std::uint64_t number) {
    Event event;
    event.number = EventNumber{number};
    event.type = "headline";
    event.xml = "<event xmlns='u:e'/>";
    return Broadcast(audience(5), std::move(event));
  };
  box.outbox.add(effects({}, copied_event(1)));
  const auto plain = drain(box.outbox);
  box.outbox.set_copier(Copier::server);
  for (const std::size_t cut : {1, 40, 200}) {
    box.outbox.add(effects({"<iq id='before'/>"}, copied_event(1), copied_event(2)));
    const std::string copied(box.outbox.next());
    const auto first = copied.find("<message");
    const auto second = copied.find("<message", first + 1);
    REQUIRE(copied.find("<copies", second) != std::string::npos);
    box.outbox.sent(first + cut);
    CHECK(box.outbox.inside_stanza());
    box.outbox.interrupted();
    // The messages were not cut: the next stream may end in the first.
    REQUIRE(!box.outbox.next().empty());
    box.outbox.sent(5);
    box.outbox.interrupted();
    CHECK(drain(box.outbox, 10) == plain + copied.substr(second));
    CHECK(box.log.empty());
  }
}

TEST_CASE("what came back leaves before any broadcast, however many answers there are") {
  Box box;
  box.outbox.add(effects({}, event(1, 1, audience(5))));
  for (int number = 0; number < 3; ++number) {
    box.outbox.add(std::string(Outbox::buffer_bytes, 'a'));
    box.outbox.add_returned("<message id='back'/>");
  }
  const auto out = drain(box.outbox);
  CHECK(count(out, "'back'") == 3);
  CHECK(out.rfind("'back'") < out.find("<event"));
}
