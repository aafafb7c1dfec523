/// What a process that was killed has not sent is sent by the next one.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/options_requests.hpp"
#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";
constexpr auto carol = "carol@c.example";
constexpr auto dave = "dave@d.example";

/// A node with three subscribers, and an item that they know.
struct Three : Scene {
  Three() {
    create(alice, "n");
    for (const auto* jid : {bob, carol, dave}) subscribe(jid, "n");
    publish(alice, "n", "known");
    heard_by_all();
    note_progress();
  }
  /// The ids of the items that each has heard of since the last call.
  std::vector<Strings> heard_by_all() {
    std::vector<Strings> ids;
    for (const auto* jid : {bob, carol, dave}) {
      auto& own = ids.emplace_back();
      for (const auto& message : heard(jid))
        for (const auto& id : ids_in(message.xml)) own.push_back(id);
    }
    return ids;
  }
};

using Ids = std::vector<Strings>;

}  // namespace

TEST_CASE("an item that nobody was told of before a crash is sent after it, with its time") {
  Three scene;
  scene.server_takes = false;
  scene.publish(alice, "n", "1");
  scene.publish(alice, "n", "2");
  scene.server_takes = true;
  scene.restart();
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 2);
  CHECK(ids_in(heard[0].xml) == Strings{"1"});
  CHECK(ids_in(heard[1].xml) == Strings{"2"});
  // XEP-0203
  CHECK(attributes_of(heard[0].xml, "delay", "stamp") == Strings{"2024-05-01T00:00:00Z"});
  CHECK(scene.heard(carol).size() == 2);
  scene.restart();
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("a fan-out that was under way is sent to the rest") {
  Three scene;
  scene.server_takes = false;
  scene.publish(alice, "n", "1");
  // It is under way for longer than between two notes.
  scene.note_progress();
  scene.take_some(1);
  scene.note_progress();
  CHECK(scene.heard_by_all() == Ids{{"1"}, {}, {}});
  scene.restart();
  scene.server_takes = true;
  SUBCASE("by the next process") {
    scene.connect();
  }
  SUBCASE("by the one after that, which is killed as well") {
    scene.note_progress();
    scene.take_some(1);
    scene.note_progress();
    CHECK(scene.heard_by_all() == Ids{{}, {"1"}, {}});
    scene.restart();
    CHECK(scene.heard_by_all() == Ids{{}, {}, {"1"}});
    return;
  }
  scene.take_some(5);
  CHECK(scene.heard_by_all() == Ids{{}, {"1"}, {"1"}});
  scene.note_progress();
  scene.restart();
  CHECK(scene.heard_by_all() == Ids{{}, {}, {}});
}

TEST_CASE("what was sent since the last note comes again, and nothing is left out") {
  Three scene;
  scene.server_takes = false;
  scene.publish(alice, "n", "1");
  scene.note_progress();
  scene.note_progress();
  scene.take_some(2);
  scene.heard_by_all();
  scene.server_takes = true;
  scene.restart();
  CHECK(scene.heard_by_all() == Ids{{"1"}, {"1"}, {"1"}});
}

TEST_CASE("a slot that is used again is told, though its place is an earlier one") {
  Three scene;
  scene.unsubscribe(bob, "n");
  scene.subscribe("eve@e.example", "n");
  scene.heard_by_all();
  scene.note_progress();
  scene.server_takes = false;
  scene.publish(alice, "n", "1");
  scene.note_progress();
  scene.take_some(1);
  scene.note_progress();
  CHECK(scene.heard("eve@e.example").size() == 1);
  scene.server_takes = true;
  scene.restart();
  const auto heard = scene.heard_by_all();
  CHECK(heard[1] == Strings{"1"});
  CHECK(heard[2] == Strings{"1"});
}

TEST_CASE("older events go out before newer ones, and items of one publish stay together") {
  Three scene;
  scene.server_takes = false;
  scene.set(alice, pubsub("<publish node='n'><item id='1'><e xmlns='u:e'/></item><item id='2'><e "
                          "xmlns='u:e'/></item></publish>"));
  scene.note_progress();
  scene.take_some(1);
  scene.note_progress();
  scene.publish(alice, "n", "3");
  scene.heard_by_all();
  scene.server_takes = true;
  scene.restart();
  CHECK(scene.heard_by_all() == Ids{{"3"}, {"1", "2", "3"}, {"1", "2", "3"}});
}

TEST_CASE("what is gone meanwhile is not told of") {
  Three scene;
  scene.create(alice, "m");
  scene.subscribe(bob, "m");
  scene.server_takes = false;
  scene.publish(alice, "n", "overwritten");
  scene.publish(alice, "n", "overwritten");
  scene.publish(alice, "n", "retracted");
  scene.publish(alice, "m", "purged");
  scene.note_progress();
  scene.retract(alice, "n", "retracted");
  scene.purge(alice, "m");
  scene.note_progress();
  SUBCASE("items") {}
  SUBCASE("the node") {
    scene.remove(alice, "m");
  }
  scene.server_takes = true;
  scene.restart();
  CHECK(scene.heard_by_all()[0] == Strings{"overwritten"});
  scene.note_progress();
  CHECK(scene.store().fanout_progress().unfinished.empty());
}

TEST_CASE("XEP-0248 §5.3.1 subscribers of a collection are told of the rest as well") {
  Scene scene;
  scene.create(alice, "c", {"node_type=collection"});
  scene.create(alice, "n", {"collection=c"});
  for (const auto* jid : {bob, carol})
    scene.set(jid, pubsub(fmt::format("<subscribe node='c' jid='{}'/><options>{}</options>", jid,
                                      submit_form("http://jabber.org/protocol/"
                                                  "pubsub#subscribe_options",
                                                  {"subscription_type=items"}))));
  scene.subscribe(dave, "n");
  scene.note_progress();
  scene.server_takes = false;
  scene.publish(alice, "n", "1");
  scene.note_progress();
  scene.take_some(1);
  scene.note_progress();
  CHECK(scene.heard(bob).size() == 1);
  scene.server_takes = true;
  scene.restart();
  CHECK(scene.heard(bob).empty());
  CHECK(scene.heard(carol).size() == 1);
  CHECK(scene.heard(dave).size() == 1);
}

TEST_CASE("durable subscriptions have cursors of their own: nothing comes to them twice") {
  Scene scene;
  scene.create(alice, "n");
  scene.set(bob, pubsub(fmt::format("<subscribe node='n' jid='{}'/><options>{}</options>", bob,
                                    submit_form("http://jabber.org/protocol/"
                                                "pubsub#subscribe_options",
                                                {"x-durable=1"}))));
  scene.share_presence(bob);
  scene.come("bob@b.example/home");
  scene.subscribe(carol, "n");
  scene.note_progress();
  scene.server_takes = false;
  scene.publish(alice, "n", "1");
  const auto before = scene.heard(bob).size();
  scene.server_takes = true;
  scene.restart();
  scene.come("bob@b.example/home");
  CHECK(before + scene.heard(bob).size() == 1);
  CHECK(scene.heard(carol).size() == 1);
}

TEST_CASE("nothing is written when nothing is new; a store that fails is asked again") {
  Three scene;
  auto commits = scene.store().commits;
  scene.note_progress();
  CHECK(scene.store().commits == commits);
  scene.publish(alice, "n", "1");
  commits = scene.store().commits;
  scene.store().fail_commit = true;
  CHECK_FALSE(scene.batch().note_progress({}));
  scene.complaints.clear();
  CHECK(scene.batch().note_progress({}));
  CHECK(scene.store().commits == commits + 1);
  scene.restart();
}

TEST_CASE("when the store fails at the start, it is tried again, for what was before the start") {
  Three scene;
  scene.server_takes = false;
  scene.publish(alice, "n", "1");
  scene.server_takes = true;
  scene.fail_first_commit = true;
  scene.restart();
  scene.complaints.clear();
  CHECK(scene.heard(bob).empty());
  scene.publish(alice, "n", "2");
  CHECK(ids_in(scene.heard(bob).at(0).xml) == Strings{"2"});
  scene.wait(std::chrono::seconds(2));
  CHECK(ids_in(scene.heard(bob).at(0).xml) == Strings{"1"});
  scene.restart();
  CHECK(scene.heard(bob).empty());
}

}  // namespace crier::test
