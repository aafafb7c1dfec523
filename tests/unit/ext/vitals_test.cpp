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

TEST_CASE("XEP-0012 §5 R60 the service says for how many seconds it runs, and nothing else") {
  Scene scene;
  const auto query = "<query xmlns='jabber:iq:last'/>";
  CHECK(scene.get(bob, query).payload == canonical("<query xmlns='jabber:iq:last' seconds='0'/>"));
  scene.now += std::chrono::milliseconds(123'456'999);
  CHECK(scene.get(bob, query).payload ==
        canonical("<query xmlns='jabber:iq:last' seconds='123456'/>"));
  CHECK(offers(scene, "jabber:iq:last"));
}

TEST_CASE("XEP-0012 §5 R60 after a restart the service counts from 0 again") {
  Scene scene;
  scene.now += std::chrono::hours(1);
  scene.restart();
  CHECK(scene.get(bob, "<query xmlns='jabber:iq:last'/>").payload ==
        canonical("<query xmlns='jabber:iq:last' seconds='0'/>"));
}

TEST_CASE("XEP-0202 §2 R60 the time: in UTC, to the second") {
  Scene scene;
  scene.now += std::chrono::milliseconds(3'723'999);
  CHECK(scene.get(bob, "<time xmlns='urn:xmpp:time'/>").payload ==
        canonical("<time xmlns='urn:xmpp:time'>"
                  "<tzo>+00:00</tzo><utc>2024-05-01T01:02:03Z</utc></time>"));
  CHECK(offers(scene, "urn:xmpp:time"));
}

TEST_CASE("R60 a user that the service's domain does not have is unavailable") {
  Scene scene;
  for (const auto* payload : {"<ping xmlns='urn:xmpp:ping'/>", "<query xmlns='jabber:iq:version'/>",
                              "<query xmlns='jabber:iq:last'/>", "<time xmlns='urn:xmpp:time'/>"}) {
    CAPTURE(payload);
    const auto answer = scene.send(std::string("<iq type='get' id='1' from='bob@b.example/y' "
                                               "to='nobody@pubsub.example.org'>") +
                                   payload + "</iq>");
    CHECK(answer.error == "cancel/service-unavailable");
  }
}

TEST_CASE("XEP-0199, XEP-0092, XEP-0012, XEP-0202 R60 none can be set") {
  Scene scene;
  CHECK(scene.refused_set(bob, "<query xmlns='jabber:iq:last'/>") == "modify/bad-request");
  CHECK(scene.refused_set(bob, "<time xmlns='urn:xmpp:time'/>") == "modify/bad-request");
  CHECK(scene.refused_set(bob, "<ping xmlns='urn:xmpp:ping'/>") == "modify/bad-request");
  CHECK(scene.refused_set(bob, "<query xmlns='jabber:iq:version'/>") == "modify/bad-request");
}

}  // namespace crier::test
