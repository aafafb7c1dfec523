#include <doctest/doctest.h>

#include <algorithm>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto bob = "bob@b.example/y";

bool offers(Scene& scene, std::string_view feature) {
  const auto answer = scene.get(bob, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
  const auto features = attributes_of(answer.xml, "feature", "var");
  return std::ranges::find(features, feature) != features.end();
}

}  // namespace

TEST_CASE("XEP-0199 §4.2 R60 a ping is answered with an empty result") {
  Scene scene;
  const auto answer = scene.get(bob, "<ping xmlns='urn:xmpp:ping'/>");
  CHECK(answer.type == "result");
  CHECK(answer.payload.empty());
  CHECK(offers(scene, "urn:xmpp:ping"));
}

TEST_CASE("XEP-0092 §2 R60 the version: a name and a version, and nothing about the machine") {
  Scene scene;
  const auto answer = scene.get(bob, "<query xmlns='jabber:iq:version'/>");
  CHECK(answer.type == "result");
  CHECK(texts_of(answer.xml, "name") == Strings{"crier"});
  CHECK(texts_of(answer.xml, "version") == Strings{CRIER_VERSION});
  CHECK(texts_of(answer.xml, "os").empty());
  CHECK(offers(scene, "jabber:iq:version"));
}

TEST_CASE("XEP-0199, XEP-0092 neither can be set") {
  Scene scene;
  CHECK(scene.refused_set(bob, "<ping xmlns='urn:xmpp:ping'/>") == "modify/bad-request");
  CHECK(scene.refused_set(bob, "<query xmlns='jabber:iq:version'/>") == "modify/bad-request");
}

}  // namespace crier::test
