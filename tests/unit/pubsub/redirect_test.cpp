#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example/y";
constexpr auto uri = "xmpp:other.example?;node=new&amp;x";

std::string deletion(std::string_view to) {
  return pubsub_owner(fmt::format("<delete node='n'><redirect uri='{}'/></delete>", to));
}

std::string subscription() {
  return pubsub(fmt::format("<subscribe node='n' jid='{}'/>", bob));
}

}  // namespace

TEST_CASE("§8.4.1 A227 the redirection stands in the event") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  CHECK(scene.set(alice, deletion(uri)).type == "result");
  CHECK(scene.events(bob) ==
        Strings{event(fmt::format("<delete node='n'><redirect uri='{}'/></delete>", uri))});
}

TEST_CASE("§6.1.3.11 A079 subscribing to what has moved: modify/gone with the URI inside") {
  Scene scene;
  scene.create(alice, "n");
  scene.set(alice, deletion(uri));
  CHECK(scene.refused_set(bob, subscription()) == "modify/gone");
  scene.restart();
  const auto answer = scene.set(bob, subscription());
  CHECK(answer.error == "modify/gone");
  CHECK(texts_of(answer.xml, "gone") == Strings{"xmpp:other.example?;node=new&x"});
}

TEST_CASE("§8.4 gone until the NodeID is created again, and not after") {
  Scene scene;
  scene.create(alice, "n");
  scene.set(alice, deletion(uri));
  scene.create(alice, "n");
  CHECK(scene.subscribe(bob, "n").type == "result");
  scene.remove(alice, "n");
  CHECK(scene.refused_set(bob, subscription()) == "cancel/item-not-found");
}

TEST_CASE("a node that is made by publishing ends the redirection too") {
  Scene scene;
  scene.create(alice, "n");
  scene.set(alice, deletion(uri));
  CHECK(scene.publish(alice, "n", "1").type == "result");
  CHECK(scene.subscribe(bob, "n").type == "result");
}

TEST_CASE("§8.4.1 A227 a redirection to what is no XMPP URI is refused, and nothing is deleted") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto& bad : {std::string("http://a.example/"), std::string(), std::string("n"),
                          "xmpp:" + std::string(5000, 'x')})
    CHECK(scene.refused_set(alice, deletion(bad)) == "modify/bad-request");
  CHECK(scene.refused_set(alice, pubsub_owner("<delete node='n'><redirect/></delete>")) ==
        "modify/bad-request");
}

TEST_CASE("§8.4.1 other requests to what has moved are about a node that is not there") {
  Scene scene;
  scene.create(alice, "n");
  scene.set(alice, deletion(uri));
  CHECK(scene.items(bob, "n").error == "cancel/item-not-found");
  CHECK(scene.unsubscribe(bob, "n").error == "cancel/item-not-found");
}

}  // namespace crier::test
