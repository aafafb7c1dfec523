#include <crier/known_capabilities.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <malloc.h>

namespace crier::test {

namespace {

using State = KnownCapabilities::State;

constexpr std::size_t plenty = 1 << 20;
constexpr Time now{};

std::string info(std::string_view inside) {
  return fmt::format("<query xmlns='http://jabber.org/protocol/disco#info'>{}</query>", inside);
}

/// The disco#info of a client that is interested in the node.
std::string client(std::string_view node) {
  return info(fmt::format("<feature var='u:client'/><feature var='{}+notify'/>", node));
}

CapsHash hash_of(std::string_view query) {
  const auto document = parse_xml(query);
  REQUIRE(document);
  return *caps_hash("sha-1", "u:software", document->root());
}

/// Who was asked in the end; empty for nobody.
std::string asked(const std::optional<CapsQuestion>& question) {
  return question ? question->to : "";
}

/// A table that some resources tell hashes to.
struct Table : KnownCapabilities {
  explicit Table(std::size_t max_idle_bytes = plenty) : KnownCapabilities(max_idle_bytes) {}

  bool announced(CapsId id, std::string_view jid, Time at = now) {
    return announce(id, {std::string(jid), "u:software#x"}, at);
  }
  /// A resource comes online, is asked and answers.
  CapsId learn(std::string_view query, std::string_view jid = "a@a.example/x") {
    const auto id = acquire(hash_of(query));
    announced(id, jid);
    CHECK(answered(id, jid, query).empty());
    return id;
  }
  std::string answered(CapsId id, std::string_view jid, std::string_view query, Time at = now) {
    const auto document = parse_xml(query);
    REQUIRE(document);
    return asked(answer(id, jid, document->root(), at));
  }
  std::string failed(CapsId id, std::string_view jid, Time at = now) {
    return asked(fail(id, jid, at));
  }
  std::string released(CapsId id, std::string_view jid, Time at = now) {
    return asked(release(id, jid, at));
  }
};

}  // namespace

TEST_CASE("XEP-0115 §5.4 one of those who tell a hash is asked; its answer holds for all") {
  Table table;
  const auto query = client("news");
  const auto id = table.acquire(hash_of(query));
  CHECK(table.state(id) == State::unknown);
  CHECK(table.announced(id, "a@a.example/x"));
  CHECK(table.acquire(hash_of(query)) == id);
  CHECK_FALSE(table.announced(id, "b@b.example/y"));
  CHECK(table.state(id) == State::asked);
  CHECK_FALSE(table.is_interested(id, "news"));

  CHECK(table.answered(id, "a@a.example/x", query).empty());
  CHECK(table.state(id) == State::known);
  CHECK(table.is_interested(id, "news"));
  CHECK_FALSE(table.is_interested(id, "other"));
  CHECK(table.acquire(hash_of(query)) == id);
  CHECK_FALSE(table.announced(id, "c@c.example/z"));
}

TEST_CASE("a hash is one with the same algorithm and protocol, whatever node it is told with") {
  Table table;
  const CapsHash hash{CapsHash::Protocol::caps, "sha-1", "h", "u:a#h"};
  auto other_node = hash;
  other_node.node = "u:b#h";
  auto other_algorithm = hash;
  other_algorithm.algorithm = "sha-256";
  auto other_protocol = hash;
  other_protocol.protocol = CapsHash::Protocol::caps2;
  const auto id = table.acquire(hash);
  CHECK(table.acquire(other_node) == id);
  CHECK(table.acquire(other_algorithm) != id);
  CHECK(table.acquire(other_protocol) != id);
  CHECK(table.size() == 3);
  CHECK(table.find(other_node) == id);
  CHECK_FALSE(table.find({CapsHash::Protocol::caps, "sha-1", "g", ""}));
}

TEST_CASE("§9.2 who is interested in a node is found by the node") {
  Table table;
  const auto a = table.learn(client("news"));
  const auto b = table.learn(info("<feature var='news+notify'/><feature var='tune+notify'/>"));
  CHECK(table.interested_in("news") == std::set{a, b});
  CHECK(table.interested_in("tune") == std::set{b});
  CHECK(table.interested_in("mood").empty());
  CHECK(table.interests(b) == std::vector<std::string_view>{"news", "tune"});
}

TEST_CASE("XEP-0115 §5.4 step 3.9: after a wrong answer, or none, the next one is asked") {
  Table table;
  const auto query = client("news");
  const auto id = table.acquire(hash_of(query));
  CHECK(table.announced(id, "a@a.example/x"));
  CHECK_FALSE(table.announced(id, "b@b.example/y"));
  CHECK_FALSE(table.announced(id, "c@c.example/z"));
  CHECK(table.answered(id, "a@a.example/x", client("mine")) == "b@b.example/y");
  CHECK(table.interested_in("mine").empty());
  CHECK(table.failed(id, "b@b.example/y") == "c@c.example/z");
  CHECK(table.answered(id, "c@c.example/z", query).empty());
  CHECK(table.state(id) == State::known);
}

TEST_CASE("the next one is asked for the node that it told the hash with") {
  Table table;
  const auto id = table.acquire(hash_of(client("news")));
  CHECK(table.announce(id, {"a@a.example/x", "u:a#h"}, now));
  CHECK_FALSE(table.announce(id, {"b@b.example/y", "u:b#h"}, now));
  const auto next = table.fail(id, "a@a.example/x", now);
  REQUIRE(next);
  CHECK(next->node == "u:b#h");
}

TEST_CASE("who is not asked can do nothing but give the right answer") {
  Table table;
  const auto query = client("news");
  const auto id = table.acquire(hash_of(query));
  table.announced(id, "a@a.example/x");
  table.announced(id, "b@b.example/y");
  CHECK(table.failed(id, "b@b.example/y").empty());
  CHECK(table.answered(id, "b@b.example/y", client("mine")).empty());
  CHECK(table.failed(id, "a@a.example/x") == "b@b.example/y");
  // The answer that comes late is one.
  CHECK(table.answered(id, "a@a.example/x", query).empty());
  CHECK(table.state(id) == State::known);
  CHECK(table.failed(id, "b@b.example/y").empty());
  CHECK(table.answered(id, "b@b.example/y", client("mine")).empty());
  CHECK(table.state(id) == State::known);
}

TEST_CASE("when nobody is left to ask, the next one to announce the hash is asked") {
  Table table;
  const auto id = table.acquire(hash_of(client("news")));
  CHECK(table.announced(id, "a@a.example/x"));
  CHECK(table.failed(id, "a@a.example/x").empty());
  CHECK(table.state(id) == State::unknown);
  CHECK(table.announced(id, "a@a.example/x"));
}

TEST_CASE("a hash that several could not answer for is given up, and asked for again later") {
  Table table;
  const auto query = client("news");
  const auto id = table.acquire(hash_of(query));
  for (int i = 0; i < KnownCapabilities::max_tries; ++i) {
    CHECK(table.state(id) == State::unknown);
    const auto jid = fmt::format("a{}@a.example/x", i);
    CHECK(table.announced(id, jid));
    CHECK(table.failed(id, jid).empty());
  }
  CHECK(table.state(id) == State::given_up);
  const auto rested = now + KnownCapabilities::rest;
  CHECK_FALSE(table.announced(id, "b@b.example/y", rested - std::chrono::microseconds(1)));
  CHECK(table.announced(id, "b@b.example/y", rested));
  CHECK(table.answered(id, "b@b.example/y", query).empty());
  CHECK(table.state(id) == State::known);
}

TEST_CASE("an account waits with one resource, and few wait") {
  Table table;
  const auto query = client("news");
  const auto id = table.acquire(hash_of(query));
  CHECK(table.announced(id, "mallory@a.example/0"));
  for (int i = 0; i < 10; ++i) table.announced(id, fmt::format("mallory@a.example/{}", i));
  const auto bytes = table.bytes();
  table.announced(id, "b@b.example/y");
  CHECK(table.bytes() > bytes);
  CHECK(table.failed(id, "mallory@a.example/0") == "mallory@a.example/1");
  CHECK(table.failed(id, "mallory@a.example/1") == "b@b.example/y");
  for (int i = 0; i < 100; ++i) table.announced(id, fmt::format("c{}@c.example/z", i));
  const auto most = table.bytes();
  table.announced(id, "d@d.example/z");
  CHECK(table.bytes() == most);
}

TEST_CASE("who goes is not asked any more") {
  Table table;
  const auto query = client("news");
  const auto id = table.acquire(hash_of(query));
  for (int others = 0; others < 3; ++others) CHECK(table.acquire(hash_of(query)) == id);
  for (const auto* jid : {"a@a.example/x", "b@b.example/y", "c@c.example/z", "d@d.example/z"})
    table.announced(id, jid);
  CHECK(table.released(id, "b@b.example/y").empty());
  CHECK(table.released(id, "a@a.example/x") == "c@c.example/z");
  CHECK(table.failed(id, "c@c.example/z") == "d@d.example/z");
}

TEST_CASE("what the last one leaves unknown is forgotten, what is known stays for the next") {
  Table table;
  const auto known = table.learn(client("news"));
  const auto unknown = table.acquire(hash_of(client("tune")));
  table.announced(unknown, "a@a.example/x");
  CHECK(table.released(known, "a@a.example/x").empty());
  CHECK(table.released(unknown, "a@a.example/x").empty());
  CHECK(table.size() == 1);
  CHECK(table.idle_bytes() == table.bytes());
  // An answer that comes too late.
  CHECK(table.answered(unknown, "a@a.example/x", client("tune")).empty());
  CHECK(table.interested_in("tune").empty());

  CHECK(table.acquire(hash_of(client("news"))) == known);
  CHECK(table.idle_bytes() == 0);
  CHECK_FALSE(table.announced(known, "b@b.example/y"));
  CHECK(table.is_interested(known, "news"));
}

TEST_CASE("of what nobody refers to, as much is kept as there is room for, the last first") {
  Table measured;
  measured.learn(client("node 0"));
  Table table(3 * measured.bytes());
  std::vector<CapsId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(table.learn(client(fmt::format("node {}", i))));
  const auto all = table.bytes();
  for (const int i : {0, 1, 2}) CHECK(table.released(ids[i], "a@a.example/x").empty());
  CHECK(table.bytes() == all);
  // The first one is used again.
  CHECK(table.acquire(hash_of(client("node 0"))) == ids[0]);
  CHECK(table.released(ids[0], "a@a.example/x").empty());
  for (const int i : {3, 4}) CHECK(table.released(ids[i], "a@a.example/x").empty());
  CHECK(table.size() == 3);
  CHECK(table.bytes() <= 3 * measured.bytes());
  for (const int i : {0, 3, 4}) CHECK(table.find(hash_of(client(fmt::format("node {}", i)))));
  for (const int i : {1, 2}) {
    CHECK_FALSE(table.find(hash_of(client(fmt::format("node {}", i)))));
    CHECK(table.interested_in(fmt::format("node {}", i)).empty());
  }
}

TEST_CASE(
    "nothing that somebody refers to goes, however little room there is; ids are used again") {
  Table table(0);
  const auto id = table.learn(client("news"));
  CHECK(table.acquire(hash_of(client("news"))) == id);
  CHECK(table.released(id, "a@a.example/x").empty());
  CHECK(table.is_interested(id, "news"));
  CHECK(table.released(id, "b@b.example/y").empty());
  CHECK(table.size() == 0);
  CHECK(table.bytes() == 0);
  CHECK(table.interested_in("news").empty());
  CHECK(table.acquire(hash_of(client("tune"))) == id);
  CHECK(table.state(id) == State::unknown);
}

TEST_CASE("100,000 resources with 20 hashes take what 20 resources take") {
  Table table;
  std::vector<CapsHash> hashes;
  for (int i = 0; i < 20; ++i) {
    const auto query = client(fmt::format("node {}", i));
    hashes.push_back(hash_of(query));
    table.learn(query);
  }
  std::vector<CapsId> kept(100'000);
  const auto counted = table.bytes();
  const auto before = mallinfo2().uordblks;
  int questions = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    kept[i] = table.acquire(hashes[i % hashes.size()]);
    questions += table.announced(kept[i], "somebody@a.example/with-a-resource");
  }
  CHECK(questions == 0);
  CHECK(table.bytes() == counted);
  CHECK(mallinfo2().uordblks < before + 1'000);
  CHECK(table.size() == 20);
}

TEST_CASE("100,000 resources that tell one hash at once: one is asked, few are remembered") {
  Table table;
  const auto hash = hash_of(client("news"));
  int questions = 0;
  for (int i = 0; i < 100'000; ++i)
    questions += table.announced(table.acquire(hash), fmt::format("a{}@a.example/x", i));
  CHECK(questions == 1);
  CHECK(table.bytes() < 2'000);
}

}  // namespace crier::test
