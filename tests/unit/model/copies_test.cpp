/// One stanza for many recipients: docs/copies.md.

#include "model/copies.hpp"

#include <crier/broadcast.hpp>

#include "model/audience.hpp"
#include "strings.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace crier::test {

namespace {

Strings many(int count) {
  Strings jids;
  for (int i = 0; i < count; ++i) jids.push_back(fmt::format("user{}@example.org/balcony", i));
  return jids;
}

Broadcast make(std::shared_ptr<const Node> node, const std::string& payload = "<e xmlns='u:e'/>") {
  Event event;
  event.number = EventNumber{7};
  event.type = "headline";
  event.xml =
      "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='n'><item "
      "id='1'>" +
      payload + "</item></items></event>";
  event.names_subscriptions = true;
  return {std::move(node), std::move(event)};
}

/// The stanzas that a stream would be given, in pieces of at least `full` bytes.
Strings stanzas(Broadcast broadcast, Copier copier, std::size_t full = 1) {
  Strings all;
  for (bool done = false; !done;) {
    std::string out;
    std::vector<std::size_t> starts;
    done = broadcast.render(
        out, full, [&](std::size_t at) { starts.push_back(at); }, copier);
    starts.push_back(out.size());
    for (std::size_t i = 0; i + 1 < starts.size(); ++i)
      all.push_back(out.substr(starts[i], starts[i + 1] - starts[i]));
  }
  return all;
}

/// What becomes of them where a server makes the copies.
Strings copied(const Strings& stanzas) {
  Strings all;
  for (const auto& xml : stanzas) {
    const auto document = parse_xml(xml);
    REQUIRE_MESSAGE(document, xml);
    const auto messages = copies::made_of(document->root());
    all.insert(all.end(), messages.begin(), messages.end());
    if (messages.empty()) all.push_back(xml);
  }
  return all;
}

}  // namespace

TEST_CASE("copies: one stanza to the service itself names whom the event is for") {
  const auto all = stanzas(
      make(audience_of({"romeo@example.org", "juliet@example.org/balcony", "nurse@example.org"})),
      Copier::server);
  CHECK(all == Strings{"<message to='pubsub.example.org' type='headline' "
                       "from='pubsub.example.org' id='7-'><copies xmlns='urn:crier:copies:0'>"
                       "1 romeo@example.org\n2 juliet@example.org/balcony\n3 nurse@example.org\n"
                       "</copies><event xmlns='http://jabber.org/protocol/pubsub#event'>"
                       "<items node='n'><item id='1'><e xmlns='u:e'/></item></items></event>"
                       "</message>"});
}

TEST_CASE("copies: what is made of them is what the service makes itself, in the same order") {
  // So many that the last stanza would name a single one as well.
  for (const int count : {1, 2, 3, 4, 50, 127, 128, 129, 130, 131, 132, 133, 134, 1000}) {
    const auto node = audience_of(many(count));
    const auto plain = stanzas(make(node), Copier::service);
    for (const std::size_t full : {1, 5'000, 1'000'000})
      CHECK(copied(stanzas(make(node), Copier::server, full)) == plain);
  }
}

TEST_CASE("copies: addresses with characters that XML escapes arrive as they are") {
  const auto node = audience_of({"o'neil@b", "a@b/<&> \"x\" y", "c@d/é ü"});
  CHECK(copied(stanzas(make(node), Copier::server)) == stanzas(make(node), Copier::service));
}

TEST_CASE("copies: a stanza stays short, and each recipient is counted") {
  auto broadcast = make(audience_of(many(1000)));
  std::string out;
  std::vector<std::size_t> starts;
  CHECK(broadcast.render(
      out, 1'000'000, [&](std::size_t at) { starts.push_back(at); }, Copier::server));
  CHECK(broadcast.told() == 1000);
  CHECK(starts.size() > 1);
  CHECK(starts.size() < 20);
  starts.push_back(out.size());
  for (std::size_t i = 0; i + 1 < starts.size(); ++i)
    CHECK(starts[i + 1] - starts[i] < copies::list_bytes + 1'000);
}

TEST_CASE("copies: few recipients and large events are not worth it") {
  const auto is_plain = [](const Strings& stanzas) { return copied(stanzas) == stanzas; };
  CHECK(is_plain(stanzas(make(audience_of(many(2))), Copier::server)));
  const auto large = "<e xmlns='u:e'>" + std::string(copies::most_bytes_copied, 'x') + "</e>";
  CHECK(is_plain(stanzas(make(audience_of(many(50)), large), Copier::server)));
  CHECK_FALSE(is_plain(stanzas(make(audience_of(many(3))), Copier::server)));
}

TEST_CASE("copies: who has several subscriptions gets a message of its own, at its place") {
  const auto node = audience_of({"a@b", "c@d", "e@f", "c@d", "g@h"});
  const auto plain = stanzas(make(node), Copier::service);
  const auto all = stanzas(make(node), Copier::server);
  CHECK(plain.size() == 4);
  CHECK(all.size() == 3);
  CHECK(copied(all) == plain);
}

TEST_CASE("copies: nothing is made of any other message, nor of a line that names nobody") {
  CHECK(copies::made_of(parse_xml("<message from='a@b'><body>1 c@d\n</body></message>")->root())
            .empty());
  CHECK(
      copies::made_of(
          parse_xml("<message><copies xmlns='urn:crier:copies:0'>1\n\n</copies></message>")->root())
          .empty());
}

}  // namespace crier::test
