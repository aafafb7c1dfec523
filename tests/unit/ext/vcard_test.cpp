#include <doctest/doctest.h>

#include <algorithm>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto bob = "bob@b.example/y";

}  // namespace

TEST_CASE("XEP-0054 §3.3 R61 the service's vCard") {
  Scene scene;
  CHECK(scene.get(bob, "<vCard xmlns='vcard-temp'/>").payload ==
        canonical("<vCard xmlns='vcard-temp'><FN>crier</FN><N/><NICKNAME>crier</NICKNAME>"
                  "<DESC>Publish-subscribe service</DESC></vCard>"));
}

TEST_CASE("XEP-0054 §3.3 R61 the vCard has the name and the page that the operator gave") {
  auto policy = Scene::policy();
  policy.info.name = "News & more";
  policy.info.url = "https://example.org/?a=1&b=2";
  Scene scene(policy);
  CHECK(scene.get(bob, "<vCard xmlns='vcard-temp'/>").payload ==
        canonical("<vCard xmlns='vcard-temp'><FN>News &amp; more</FN><N/>"
                  "<NICKNAME>News &amp; more</NICKNAME>"
                  "<URL>https://example.org/?a=1&amp;b=2</URL>"
                  "<DESC>Publish-subscribe service</DESC></vCard>"));
}

TEST_CASE("XEP-0054 §4 R61 the vCard is advertised") {
  Scene scene;
  const auto answer = scene.get(bob, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
  CHECK(std::ranges::count(attributes_of(answer.xml, "feature", "var"), "vcard-temp") == 1);
}

TEST_CASE("XEP-0054 §3.2 R61 nobody changes the service's vCard, an admin neither") {
  Scene scene;
  for (const auto* who : {bob, "admin@example.org/z"})
    CHECK(scene.refused_set(who, "<vCard xmlns='vcard-temp'><FN>mine</FN></vCard>") ==
          "cancel/not-allowed");
}

TEST_CASE("XEP-0054 §3.3 R61 a user that the service's domain does not have has no vCard") {
  Scene scene;
  CHECK(scene
            .send("<iq type='get' id='1' from='bob@b.example/y' to='nobody@pubsub.example.org'>"
                  "<vCard xmlns='vcard-temp'/></iq>")
            .error == "cancel/service-unavailable");
}

}  // namespace crier::test
