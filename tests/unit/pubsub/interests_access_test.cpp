/// Whose interest counts: access models, and rosters. XEP-0060 §4.5, §12.2.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/interested_scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice_bare = "alice@a.example";
constexpr auto bob = "bob@b.example/home";
constexpr auto carol = "carol@c.example/z";

std::string contact(std::string_view jid, const Strings& groups = {}) {
  auto item = fmt::format("<item jid='{}' subscription='from'>", jid);
  for (const auto& group : groups) item += fmt::format("<group>{}</group>", group);
  return item + "</item>";
}

}  // namespace

TEST_CASE("§12.2 interest counts where one could subscribe without being let in by somebody") {
  for (const auto* model : {"authorize", "whitelist"}) {
    CAPTURE(model);
    WithNode scene(
        {"send_last_published_item=on_sub_and_presence", fmt::format("access_model={}", model)});
    scene.affiliate(alice, "n", "carol@c.example", "member");
    scene.heard("carol@c.example");
    scene.come_with(bob, likes_n);
    scene.come_with(carol, likes_n);
    scene.publish(alice, "n", "2");
    CHECK(scene.told(bob) == 0);
    CHECK(scene.told(carol) == 2);
  }
  WithNode open;
  for (const auto* affiliation : {"outcast", "publish-only"}) {
    CAPTURE(affiliation);
    open.affiliate(alice, "n", "bob@b.example", affiliation);
    open.come_with(bob, likes_n);
    open.publish(alice, "n", "2");
    CHECK(open.told(bob) == 0);
    open.leave(bob);
  }
  WithNode closed({"subscribe=0", "send_last_published_item=on_sub_and_presence"});
  closed.come_with(bob, likes_n);
  closed.publish(alice, "n", "2");
  CHECK(closed.told(bob) == 0);
}

TEST_CASE("§8.2.5 A220 A297 who is let in by a new access model gets the last item") {
  WithNode scene({"access_model=whitelist", "send_last_published_item=on_sub"});
  scene.affiliate(alice, "n", "carol@c.example", "member");
  scene.heard("carol@c.example");
  scene.come_with(bob, likes_n);
  scene.come_with(carol, likes_n);
  scene.heard(carol);
  scene.configure(alice, "n", {"access_model=open"});
  CHECK(scene.events(bob) ==
        Strings{event("<items node='n'><item id='1'><e xmlns='u:e'/></item></items>")});
  // It was let in before.
  CHECK(scene.told(carol) == 0);
  scene.configure(alice, "n", {"access_model=whitelist"});
  CHECK(scene.told(bob) == 0);
}

TEST_CASE("§12.2 A298 who is added to a group that is allowed gets the last item") {
  Scene scene;
  scene.grant("a.example");
  scene.rosters[alice_bare] = contact("bob@b.example") + contact("carol@c.example", {"Friends"});
  scene.create(alice, "n",
               {"access_model=roster", "roster_groups_allowed=Friends",
                "send_last_published_item=on_sub_and_presence"});
  scene.fill(alice, "n", 1);
  scene.come_with(bob, likes_n);
  scene.come_with(carol, likes_n);
  CHECK(scene.heard(carol).size() == 1);
  CHECK(scene.heard(bob).empty());
  SUBCASE("by a push") {
    scene.push(alice_bare, contact("bob@b.example", {"Friends"}));
  }
  SUBCASE("found when the roster is read again") {
    scene.rosters[alice_bare] =
        contact("bob@b.example", {"Friends"}) + contact("carol@c.example", {"Friends"});
    scene.now += std::chrono::minutes(2);
    scene.come("eve@e.example/x");
    scene.come_with("eve@e.example/x", likes_n);
  }
  CHECK(scene.heard(bob).size() == 1);
  CHECK(scene.heard(carol).empty());
  scene.publish(alice, "n", "2");
  CHECK(scene.heard(bob).size() == 1);
  CHECK(scene.heard(carol).size() == 1);
  // And who is taken out of it hears no more.
  scene.push(alice_bare, contact("bob@b.example"));
  scene.publish(alice, "n", "3");
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§12.2 with access model presence, those who see an owner's presence are notified") {
  Scene scene;
  scene.create(alice, "n",
               {"access_model=presence", "send_last_published_item=on_sub_and_presence"});
  scene.fill(alice, "n", 1);
  SUBCASE("as rosters say") {
    scene.grant("a.example");
    scene.rosters[alice_bare] = contact("bob@b.example");
  }
  SUBCASE("or the service's own presence, where no roster is granted") {
    scene.send_batch({"<presence type='subscribe' from='bob@b.example' to='pubsub.example.org'/>"});
  }
  scene.come_with(bob, likes_n);
  scene.come_with(carol, likes_n);
  scene.publish(alice, "n", "2");
  CHECK(scene.heard(bob).size() == 2);
  CHECK(scene.heard(carol).empty());
}

TEST_CASE("§12.2 where rosters have to be read first, the item comes when they are known") {
  Scene scene;
  scene.grant("a.example");
  scene.rosters[alice_bare] = contact("bob@b.example");
  scene.create(alice, "n", {"access_model=presence", "send_last_published_item=never"});
  scene.come_with(bob, likes_n);
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).size() == 1);
}

}  // namespace crier::test
