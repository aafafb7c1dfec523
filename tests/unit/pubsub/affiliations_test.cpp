#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

Answer own(Scene& scene, std::string_view from, std::string_view attributes = "",
           std::string_view behind = "") {
  return scene.get(from, pubsub(fmt::format("<affiliations {}/>{}", attributes, behind)));
}

Answer list(Scene& scene, std::string_view from, std::string_view behind = "") {
  return scene.get(from, pubsub_owner("<affiliations node='n'/>" + std::string(behind)));
}

/// An owner's change of node n, of entries "jid affiliation".
std::string change(const Strings& entries) {
  std::string inside;
  for (const auto& entry : entries) {
    const auto space = entry.find(' ');
    inside += fmt::format("<affiliation jid='{}' affiliation='{}'/>", entry.substr(0, space),
                          entry.substr(space + 1));
  }
  return pubsub_owner("<affiliations node='n'>" + inside + "</affiliations>");
}

/// "jid affiliation" of each entry of the owner's list.
Strings listed(Scene& scene) {
  const auto answer = list(scene, alice);
  auto entries = attributes_of(answer.xml, "affiliation", "jid");
  const auto affiliations = attributes_of(answer.xml, "affiliation", "affiliation");
  REQUIRE(entries.size() == affiliations.size());
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i] += " " + affiliations[i];
  std::ranges::sort(entries);
  return entries;
}

}  // namespace

TEST_CASE("§5.7 A060 the affiliations of the bare JID at all nodes, and no others") {
  Scene scene;
  for (const auto* node : {"a", "b", "c"}) scene.create(alice, node);
  scene.affiliate(alice, "b", bob, "publish-only");
  scene.affiliate(alice, "c", bob, "outcast");
  scene.affiliate(alice, "a", "bobby@b.example", "member");
  const auto answer = own(scene, "bob@b.example/x");
  CHECK(attributes_of(answer.xml, "affiliation", "node") == Strings{"b", "c"});
  CHECK(attributes_of(answer.xml, "affiliation", "affiliation") ==
        Strings{"publish-only", "outcast"});
  CHECK(attributes_of(own(scene, alice).xml, "affiliation", "affiliation") ==
        Strings{"owner", "owner", "owner"});
}

TEST_CASE("§5.7 A061 no affiliations: an empty list, no error") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(own(scene, bob).payload == canonical(pubsub("<affiliations/>")));
  const auto at_node = own(scene, bob, "node='n'");
  CHECK(at_node.type == "result");
  CHECK(attributes_of(at_node.xml, "affiliation", "node").empty());
}

TEST_CASE("§5.7 A062 with a node, the affiliation to it alone") {
  Scene scene;
  for (const auto* node : {"a", "b"}) scene.create(alice, node);
  const auto answer = own(scene, alice, "node='b'");
  CHECK(attributes_of(answer.xml, "affiliation", "node") == Strings{"b"});
  CHECK(attributes_of(answer.xml, "affiliation", "affiliation") == Strings{"owner"});
}

TEST_CASE("§5.7 R21 own affiliations are paged: each once, though one went") {
  Scene scene;
  for (const auto* node : {"a", "b", "c", "d"}) scene.create(alice, node);
  const auto first = own(scene, alice, "", page("<max>2</max>"));
  CHECK(attributes_of(first.xml, "affiliation", "node") == Strings{"a", "b"});
  scene.remove(alice, "b");
  const auto second =
      own(scene, alice, "",
          page("<max>2</max><after>" + texts_of(first.xml, "last").at(0) + "</after>"));
  CHECK(attributes_of(second.xml, "affiliation", "node") == Strings{"c", "d"});
}

TEST_CASE("§8.9.1.2 A265 A266 the owner's list holds all affiliations but none") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* affiliation : {"member", "outcast", "owner", "publish-only", "publisher"})
    scene.affiliate(alice, "n", fmt::format("{}@b.example", affiliation), affiliation);
  scene.affiliate(alice, "n", bob, "member");
  scene.affiliate(alice, "n", bob, "none");
  const Strings expected{"alice@a.example owner",
                         "member@b.example member",
                         "outcast@b.example outcast",
                         "owner@b.example owner",
                         "publish-only@b.example publish-only",
                         "publisher@b.example publisher"};
  CHECK(listed(scene) == expected);
  scene.restart();
  CHECK(listed(scene) == expected);
}

TEST_CASE("§8.9.1 R21 the owner's list is paged: each once, though one went") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* user : {"b", "c", "d", "e"})
    scene.affiliate(alice, "n", fmt::format("{}@b.example", user), "member");
  const auto first = list(scene, alice, page("<max>2</max>"));
  CHECK(attributes_of(first.xml, "affiliation", "jid") ==
        Strings{"alice@a.example", "b@b.example"});
  scene.affiliate(alice, "n", "b@b.example", "none");
  const auto second = list(
      scene, alice, page("<max>2</max><after>" + texts_of(first.xml, "last").at(0) + "</after>"));
  CHECK(attributes_of(second.xml, "affiliation", "jid") == Strings{"c@b.example", "d@b.example"});
}

TEST_CASE("§4.1 an owner sets any affiliation for anyone") {
  const Strings all{"none", "outcast", "publish-only", "member", "publisher", "owner"};
  Scene scene;
  scene.create(alice, "n");
  for (const auto& from : all) {
    for (const auto& to : all) {
      CAPTURE(from);
      CAPTURE(to);
      scene.affiliate(alice, "n", bob, from);
      scene.affiliate(alice, "n", bob, to);
      const auto now = attributes_of(own(scene, bob, "node='n'").xml, "affiliation", "affiliation");
      CHECK(now == (to == "none" ? Strings{} : Strings{to}));
    }
  }
}

TEST_CASE("§4.1 A008 an affiliation for a full JID is that of the bare one") {
  Scene scene;
  scene.create(alice, "n");
  scene.affiliate(alice, "n", "Bob@B.example/x", "publisher");
  CHECK(listed(scene) == Strings{"alice@a.example owner", "bob@b.example publisher"});
  CHECK(scene.publish("bob@b.example/y", "n", "1").type == "result");
}

TEST_CASE("§4.1 A011 A013 trap: member and publish-only are what they say, not outcasts") {
  Scene scene;
  scene.create(alice, "n", {"access_model=whitelist"});
  scene.affiliate(alice, "n", bob, "member");
  CHECK(scene.subscribe(bob, "n").type == "result");
  CHECK(scene.items(bob, "n").type == "result");
  CHECK(scene.publish(bob, "n", "1").error == "auth/forbidden");
  scene.affiliate(alice, "n", bob, "publish-only");
  CHECK(scene.publish(bob, "n", "1").type == "result");
  CHECK(scene.items(bob, "n").error == "auth/forbidden");
}

TEST_CASE("§4.1, §14.3 A016 A331 trap: a ban ends all subscriptions of the account, at once") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* jid : {"bob@b.example", "bob@b.example/x", "carol@c.example"})
    scene.subscribe(jid, "n");
  scene.affiliate(alice, "n", bob, "outcast");
  scene.publish(alice, "n", "1");
  for (const auto* jid : {"bob@b.example", "bob@b.example/x"})
    for (const auto& message : scene.heard(jid))
      CHECK_MESSAGE(ids_in(message.xml).empty(), message.xml);
  CHECK(scene.events("carol@c.example").size() == 1);
  // A pardon brings nothing back.
  scene.affiliate(alice, "n", bob, "none");
  scene.restart();
  scene.events(bob);
  scene.publish(alice, "n", "2");
  CHECK(scene.events(bob).empty());
}

TEST_CASE("§8.8.4, §12.14 A318 the banned one is told that its subscription is over") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe("bob@b.example/x", "n");
  scene.affiliate(alice, "n", bob, "outcast");
  const auto heard = scene.heard("bob@b.example/x");
  REQUIRE(heard.size() == 1);
  CHECK(attributes_of(heard[0].xml, "subscription", "subscription") == Strings{"none"});
  CHECK(attributes_of(heard[0].xml, "subscription", "node") == Strings{"n"});
}

TEST_CASE("§4.1 A011 §14.3 A331 who may only publish from now on hears nothing any more") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.affiliate(alice, "n", bob, "publish-only");
  scene.publish(alice, "n", "1");
  for (const auto& message : scene.heard(bob)) CHECK(ids_in(message.xml).empty());
}

TEST_CASE("§4.1 A016 a ban holds for what was published before it in the same batch") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.send_batch({
      iq("set", alice, pubsub("<publish node='n'><item id='1'><e xmlns='u:e'/></item></publish>")),
      iq("set", alice, change({"bob@b.example outcast"})),
  });
  for (const auto& message : scene.heard(bob)) CHECK(ids_in(message.xml).empty());
}

TEST_CASE("§14.3 A331 who is taken off the whitelist hears nothing any more") {
  Scene scene;
  scene.create(alice, "n", {"access_model=whitelist"});
  scene.affiliate(alice, "n", bob, "member");
  scene.subscribe(bob, "n");
  scene.affiliate(alice, "n", bob, "none");
  scene.publish(alice, "n", "1");
  for (const auto& message : scene.heard(bob))
    CHECK_MESSAGE(ids_in(message.xml).empty(), message.xml);
}

TEST_CASE("§8.9.4 A278 the changed entity is told, with its new affiliation") {
  Scene scene;
  scene.create(alice, "n");
  scene.affiliate(alice, "n", bob, "publisher");
  CHECK(scene.events(bob) ==
        Strings{canonical(pubsub("<affiliations node='n'><affiliation jid='bob@b.example' "
                                 "affiliation='publisher'/></affiliations>"))});
}

TEST_CASE("§8.9.2.1 A270 what is not named, and what has no affiliation, stays; nobody is told") {
  Scene scene;
  scene.create(alice, "n");
  scene.affiliate(alice, "n", bob, "member");
  scene.events(bob);
  const auto before = scene.stored();
  for (const auto* entry : {"", "<affiliation jid='bob@b.example'/>",
                            "<affiliation jid='bob@b.example' affiliation='member'/>",
                            "<affiliation jid='carol@c.example' affiliation='none'/>"})
    CHECK(scene
              .set(alice,
                   pubsub_owner(fmt::format("<affiliations node='n'>{}</affiliations>", entry)))
              .type == "result");
  CHECK(scene.stored() == before);
  CHECK(scene.events(bob).empty());
  CHECK(scene.events("carol@c.example").empty());
}

TEST_CASE("§8.9.2.4 A272 trap: the last owner stays one: modify/not-acceptable, and echoed") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* affiliation : {"none", "outcast", "publish-only", "member", "publisher"}) {
    const auto request = change({std::string("alice@a.example ") + affiliation});
    CHECK(scene.refused_set(alice, request) == "modify/not-acceptable");
    CHECK(scene.set(alice, request).payload == canonical(change({"alice@a.example owner"})));
    // An admin owns no node, and can leave none without an owner.
    CHECK(scene.refused_set("admin@example.org", request) == "modify/not-acceptable");
  }
}

TEST_CASE("§8.9.2.4 A273 the last owner's resignation fails, the rest of the request is done") {
  Scene scene;
  scene.create(alice, "n");
  scene.affiliate(alice, "n", bob, "member");
  const auto answer = scene.set(
      alice, change({"alice@a.example none", "bob@b.example none", "carol@c.example publisher"}));
  CHECK(answer.error == "modify/not-acceptable");
  CHECK(answer.payload == canonical(change({"alice@a.example owner"})));
  CHECK(listed(scene) == Strings{"alice@a.example owner", "carol@c.example publisher"});
}

TEST_CASE("§8.9.2.4 A272 of two owners that both leave, one stays") {
  Scene scene;
  scene.create(alice, "n");
  scene.affiliate(alice, "n", bob, "owner");
  CHECK(scene.set(alice, change({"alice@a.example none", "bob@b.example none"})).error ==
        "modify/not-acceptable");
  const auto left =
      attributes_of(list(scene, "admin@example.org").xml, "affiliation", "affiliation");
  CHECK(left == Strings{"owner"});
}

TEST_CASE("§4.1 an owner hands the node over, in one request and in either order") {
  for (const auto& entries : {Strings{"alice@a.example none", "bob@b.example owner"},
                              Strings{"bob@b.example owner", "alice@a.example none"}}) {
    Scene scene;
    scene.create(alice, "n");
    CHECK(scene.set(alice, change(entries)).type == "result");
    CHECK(list(scene, alice).error == "auth/forbidden");
    CHECK(attributes_of(list(scene, bob).xml, "affiliation", "jid") == Strings{"bob@b.example"});
  }
}

TEST_CASE("§8.9.2.4 A274 two entries of one entity: modify/bad-request, nothing is done") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(scene.refused_set(alice, change({"carol@c.example member", "bob@b.example member",
                                         "bob@b.example publisher"})) == "modify/bad-request");
  CHECK(scene.refused_set(alice, change({"bob@b.example member", "BOB@b.example/x member"})) ==
        "modify/bad-request");
}

TEST_CASE("§8.9.2 A276 an affiliation that does not exist: modify/bad-request, nothing is done") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* affiliation : {"", "Owner", "admin", "publish_only"})
    CHECK(scene.refused_set(alice, change({"carol@c.example member",
                                           std::string("bob@b.example ") + affiliation})) ==
          "modify/bad-request");
}

TEST_CASE("§8.9.2 an entry without jid, or one that is no affiliation: modify/bad-request") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* entry : {"<affiliation affiliation='member'/>",
                            "<subscription jid='bob@b.example' subscription='none'/>"})
    CHECK(scene
              .refused_set(alice, pubsub_owner(fmt::format(
                                      "<affiliations node='n'>{}</affiliations>", entry)))
              .starts_with("modify/bad-request"));
}

TEST_CASE("§8.9.3 A277 none removes: the entity has no rights any more") {
  Scene scene;
  scene.create(alice, "n");
  scene.affiliate(alice, "n", bob, "owner");
  scene.affiliate(alice, "n", bob, "none");
  CHECK(list(scene, bob).error == "auth/forbidden");
  CHECK(listed(scene) == Strings{"alice@a.example owner"});
}

}  // namespace crier::test
