#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include <crier/capabilities.hpp>
#include "ext/rooms.hpp"
#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto bob = "bob@b.example/y";

std::string disco(std::string_view what, std::string_view node) {
  return fmt::format("<query xmlns='http://jabber.org/protocol/disco#{}' node='{}'/>", what, node);
}

/// The hashes that the service would tell in its presence, the best first.
std::vector<CapsHash> told_by(const Service& service) {
  const auto presence = parse_xml(fmt::format("<presence>{}</presence>", service.capabilities()));
  REQUIRE(presence);
  return hashes_of(presence->root());
}

/// A policy with all that a service can say of itself.
Policy talkative() {
  auto policy = Scene::policy();
  policy.info.name = "What's new at <Example & Sons>, Würzburg";
  policy.info.contacts["admin"] = {"mailto:admin@example.org", "https://example.org/?a=1&b=2"};
  return policy;
}

/// `<query/>` in an answer, without its node.
std::string content(const Answer& answer) {
  const auto start = answer.xml.find('>', answer.xml.find("<query")) + 1;
  return answer.xml.substr(start, answer.xml.find("</query>") - start);
}

}  // namespace

TEST_CASE("XEP-0115 §7, XEP-0390 §5.1 entity capabilities are told of") {
  Scene scene;
  const auto answer = scene.get(bob, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
  const auto features = attributes_of(answer.xml, "feature", "var");
  CHECK(std::ranges::count(features, "http://jabber.org/protocol/caps") == 1);
  CHECK(std::ranges::count(features, "urn:xmpp:caps") == 1);
}

TEST_CASE("XEP-0115 §6.1, XEP-0390 §5.4 what the service tells in its presence") {
  const auto service = make_service(Scene::policy());
  const auto hashes = told_by(service);
  REQUIRE(hashes.size() == 3);
  CHECK(canonical(fmt::format("<presence>{}</presence>", service.capabilities())) ==
        canonical(fmt::format("<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' "
                              "node='https://crier.im' ver='{}'/><c xmlns='urn:xmpp:caps'>"
                              "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>{}</hash>"
                              "<hash xmlns='urn:xmpp:hashes:2' algo='sha3-256'>{}</hash></c>"
                              "</presence>",
                              hashes[2].hash, hashes[0].hash, hashes[1].hash)));
}

TEST_CASE("XEP-0115 §6.2, XEP-0390 §5.5 each hash is that of the disco#info on its node") {
  for (const auto& policy : {Scene::policy(), talkative()}) {
    Scene scene(policy);
    const auto plain = scene.get(bob, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
    for (const auto& hash : told_by(make_service(policy))) {
      CAPTURE(hash.node);
      const auto answer = scene.get(bob, disco("info", hash.node));
      CHECK(attributes_of(answer.xml, "query", "node") == Strings{hash.node});
      CHECK(content(answer) == content(plain));
      const auto iq = parse_xml(answer.xml);
      REQUIRE(iq);
      CHECK(matches(hash, *iq->root().first_child()));
    }
  }
}

TEST_CASE("XEP-0115 §5.1 who says another thing of itself has another hash") {
  const auto one = told_by(make_service(Scene::policy()));
  const auto other = told_by(make_service(talkative()));
  REQUIRE(one.size() == other.size());
  for (std::size_t i = 0; i < one.size(); ++i) CHECK(one[i].hash != other[i].hash);
}

TEST_CASE("XEP-0115 §6.2 the node of a hash is none that is listed, has items or can be created") {
  Scene scene;
  for (const auto& hash : told_by(make_service(Scene::policy()))) {
    CAPTURE(hash.node);
    const auto items = scene.get(bob, disco("items", hash.node));
    CHECK(items.payload == canonical(disco("items", hash.node)));
    CHECK(scene.refused_set(bob, pubsub(fmt::format("<create node='{}'/>", hash.node))) ==
          "cancel/conflict");
  }
  const auto list = scene.get(bob, "<query xmlns='http://jabber.org/protocol/disco#items'/>");
  CHECK(attributes_of(list.xml, "item", "node").empty());
}

TEST_CASE("XEP-0390 §5.5 the node of a hash that is not the service's: cancel/item-not-found") {
  Scene scene;
  for (const auto* node : {"urn:xmpp:caps#sha-256.u79ZroNJbdSWhdSp311mddz44oHHPsEBntQ5b1jqBSY=",
                           "urn:xmpp:caps#", "https://crier.im", "https://crier.im#x"})
    CHECK(scene.refused_get(bob, disco("info", node)) == "cancel/item-not-found");
}

}  // namespace crier::test
