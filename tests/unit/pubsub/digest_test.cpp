/// Digests: items of some time in one message. XEP-0060 §16.4.2.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "pubsub/options_requests.hpp"
#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";
const Strings every_minute{"digest=1", "digest_frequency=60000"};

std::string publish_iq(std::string_view id) {
  return iq(
      "set", alice,
      pubsub(fmt::format("<publish node='n'><item id='{}'><e xmlns='u:e'/></item></publish>", id)));
}

}  // namespace

TEST_CASE("§16.4.2 digest: what is published comes together, in order, when the time is over") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", every_minute);
  scene.publish(alice, "n", "1", "<a xmlns='u:a'/>");
  scene.wait(seconds(59));
  scene.publish(alice, "n", "2", "<b xmlns='u:b'/>");
  CHECK(scene.heard(bob).empty());
  scene.wait(seconds(1));
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].type == "headline");
  CHECK(heard[0].event == event("<items node='n'><item id='1'><a xmlns='u:a'/></item>"
                                "<item id='2'><b xmlns='u:b'/></item></items>"));
  CHECK(heard[0].xml.find("delay") == std::string::npos);
}

TEST_CASE("§16.4.2 digest_frequency: never less between two digests") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", every_minute);
  Strings sizes;
  for (int i = 0; i < 300; ++i) {
    scene.publish(alice, "n", std::to_string(i));
    scene.wait(seconds(1));
    if (const auto heard = scene.heard(bob); !heard.empty()) {
      CHECK(heard.size() == 1);
      CHECK((i + 1) % 60 == 0);
      CHECK(ids_in(heard[0].xml).size() == 60);
    }
  }
}

TEST_CASE("§16.4.2 digest: nothing when there is nothing new, and no timer, no write meanwhile") {
  Scene scene;
  scene.create(alice, "n");
  scene.publish(alice, "n", "old");
  subscribe_with(scene, bob, "n", {"digest=1", "digest_frequency=100"});
  scene.publish(alice, "n", "1");
  scene.wait(seconds(1));
  CHECK(heard_items(scene, bob) == Strings{"1"});
  scene.wait(seconds(1));
  const auto before = scene.store().commits;
  for (int i = 0; i < 10; ++i) scene.wait(seconds(1));
  CHECK(scene.heard(bob).empty());
  CHECK(scene.store().commits == before);
  CHECK(scene.batch().next_timer() == Time::max());
  scene.publish(alice, "n", "2");
  scene.wait(milliseconds(100));
  CHECK(heard_items(scene, bob) == Strings{"2"});
}

TEST_CASE("§16.4.2 digest: other events come at once") {
  Scene scene;
  scene.create(alice, "n", {"notify_config=1"});
  subscribe_with(scene, bob, "n", every_minute);
  scene.publish(alice, "n", "1");
  scene.publish(alice, "n", "2");
  scene.retract(alice, "n", "1");
  scene.configure(alice, "n", {"title=t"});
  const auto events = scene.events(bob);
  REQUIRE(events.size() == 2);
  CHECK(events[0] == event("<items node='n'><retract id='1'/></items>"));
  // What was retracted before the digest is not in it, what was overwritten is in it once.
  scene.publish(alice, "n", "3");
  scene.publish(alice, "n", "2", "<new xmlns='u:e'/>");
  scene.wait(seconds(60));
  CHECK(scene.events(bob) == Strings{event("<items node='n'><item id='3'><e xmlns='u:e'/></item>"
                                           "<item id='2'><new xmlns='u:e'/></item></items>")});
  scene.publish(alice, "n", "4");
  scene.purge(alice, "n");
  CHECK(scene.events(bob) == Strings{event("<purge node='n'/>")});
  scene.wait(seconds(120));
  CHECK(scene.heard(bob).empty());
  scene.remove(alice, "n");
  CHECK(scene.events(bob) == Strings{event("<delete node='n'/>")});
  scene.wait(seconds(120));
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§16.4.2 digest: of a node that keeps no items they come at once") {
  Scene scene;
  scene.create(alice, "n", {"persist_items=0"});
  subscribe_with(scene, bob, "n", every_minute);
  scene.publish(alice, "n", "1");
  CHECK(heard_items(scene, bob) == Strings{"1"});
  scene.wait(seconds(120));
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§16.4.2 digest: filters, bodies and the missing payloads as in every event") {
  Scene scene;
  scene.create(alice, "n", {"deliver_payloads=0"});
  subscribe_with(scene, bob, "n",
                 {"digest=1", "digest_frequency=60000", "include_body=1", "x-keywords=yes"});
  const auto entry = [](std::string_view title) {
    return fmt::format("<entry xmlns='http://www.w3.org/2005/Atom'><title>{}</title></entry>",
                       title);
  };
  scene.publish(alice, "n", "1", entry("yes one"));
  scene.publish(alice, "n", "2", entry("no"));
  scene.publish(alice, "n", "3", entry("yes three"));
  scene.wait(seconds(60));
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(texts_of(heard[0].xml, "body") == Strings{"yes one\n\nyes three"});
  CHECK(heard[0].xml.find("Atom") == std::string::npos);
  CHECK(ids_in(heard[0].xml) == Strings{"1", "3"});
  scene.publish(alice, "n", "4", entry("no"));
  scene.wait(seconds(120));
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§6.1.6 digest: one SubID at once, the other with the digest, each named") {
  Scene scene;
  scene.create(alice, "n");
  const auto at_once = subscribe_with(scene, bob, "n");
  const auto later = subscribe_with(scene, bob, "n", every_minute);
  scene.publish(alice, "n", "1");
  const auto first = scene.heard(bob);
  REQUIRE(first.size() == 1);
  CHECK(subids_in(first[0]) == Strings{at_once});
  scene.wait(seconds(60));
  const auto second = scene.heard(bob);
  REQUIRE(second.size() == 1);
  CHECK(subids_in(second[0]) == Strings{later});
  // The one that leads goes: the other is still one for digests.
  scene.set(bob, pubsub(fmt::format("<unsubscribe node='n' jid='{}' subid='{}'/>", bob, at_once)));
  scene.wait(seconds(120));
  scene.publish(alice, "n", "2");
  CHECK(scene.heard(bob).empty());
  scene.wait(seconds(60));
  CHECK(heard_items(scene, bob) == Strings{"2"});
}

TEST_CASE("§16.4.2 digest: over a restart, with what came before it") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", every_minute);
  scene.publish(alice, "n", "1");
  scene.restart();
  scene.publish(alice, "n", "2");
  scene.wait(seconds(58));
  CHECK(scene.heard(bob).empty());
  scene.wait(seconds(1));
  CHECK(heard_items(scene, bob) == Strings{"1", "2"});
  scene.wait(seconds(120));
  scene.restart();
  scene.publish(alice, "n", "3");
  scene.wait(seconds(60));
  CHECK(heard_items(scene, bob) == Strings{"3"});
}

TEST_CASE("§16.4.2 digest: is not put off for ever where the node does not stay in memory") {
  Scene scene;
  scene.cache_bytes = 0;
  scene.restart();
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", every_minute);
  for (int i = 0; i < 60; ++i) {
    scene.publish(alice, "n", std::to_string(i));
    scene.wait(seconds(1));
  }
  CHECK(heard_items(scene, bob).size() == 60);
}

TEST_CASE("§16.4.2 digest: more than a page takes comes in several messages") {
  auto policy = Scene::policy();
  policy.page_items = 10;
  Scene scene(policy);
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", every_minute);
  scene.fill(alice, "n", 25);
  scene.wait(seconds(60));
  const auto heard = scene.heard(bob);
  CHECK(heard.size() == 3);
  Strings ids;
  for (const auto& message : heard)
    for (const auto& id : ids_in(message.xml)) ids.push_back(id);
  REQUIRE(ids.size() == 25);
  CHECK(ids.front() == "1");
  CHECK(ids.back() == "25");
}

TEST_CASE("§16.4.2 digest: bytes are limited as items are") {
  auto policy = Scene::policy();
  policy.page_bytes = 1000;
  Scene scene(policy);
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", every_minute);
  for (const auto* id : {"1", "2", "3"})
    scene.publish(alice, "n", id, fmt::format("<e xmlns='u:e'>{}</e>", std::string(700, 'x')));
  scene.wait(seconds(60));
  CHECK(scene.heard(bob).size() == 3);
}

TEST_CASE("§16.4.2 digest turned off: what was kept comes, then each item at once, none twice") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", every_minute);
  scene.publish(alice, "n", "1");
  set_options(scene, bob, "n", {"digest=0"});
  CHECK(heard_items(scene, bob) == Strings{"1"});
  scene.publish(alice, "n", "2");
  CHECK(heard_items(scene, bob) == Strings{"2"});
  scene.wait(seconds(120));
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§16.4.2 digest turned on and off within batches: each item once") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  const auto digest = [](std::string_view value) {
    return iq(
        "set", bob,
        options_request("n", bob,
                        options_form({fmt::format("digest={}", value), "digest_frequency=60000"})));
  };
  scene.send_batch({publish_iq("1"), digest("1"), publish_iq("2")});
  CHECK(heard_items(scene, bob) == Strings{"1"});
  scene.send_batch({publish_iq("3"), digest("0"), publish_iq("4")});
  auto heard = heard_items(scene, bob);
  std::ranges::sort(heard);
  CHECK(heard == Strings{"2", "3", "4"});
  scene.wait(seconds(120));
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§16.4.2 digest_frequency can be changed, to sooner and to later") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {"digest=1", "digest_frequency=3600000"});
  scene.publish(alice, "n", "1");
  set_options(scene, bob, "n", {"digest_frequency=1000"});
  scene.wait(seconds(1));
  CHECK(heard_items(scene, bob) == Strings{"1"});
  scene.wait(seconds(5));
  set_options(scene, bob, "n", {"digest_frequency=10000"});
  scene.publish(alice, "n", "2");
  scene.wait(seconds(9));
  CHECK(scene.heard(bob).empty());
  scene.wait(seconds(1));
  CHECK(heard_items(scene, bob) == Strings{"2"});
}

TEST_CASE("§4.2 A021 digest: nothing of the time before the approval") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  subscribe_with(scene, bob, "n", every_minute);
  scene.publish(alice, "n", "1");
  scene.set_subscription(alice, "n", bob, "subscribed");
  scene.heard(bob);
  scene.publish(alice, "n", "2");
  scene.wait(seconds(60));
  CHECK(heard_items(scene, bob) == Strings{"2"});
}

TEST_CASE("§16.4.2 digest: nothing of the time of deliver=false, nor of who has left") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {"digest=1", "digest_frequency=60000", "deliver=0"});
  scene.publish(alice, "n", "1");
  set_options(scene, bob, "n", {"deliver=1"});
  scene.publish(alice, "n", "2");
  scene.wait(seconds(60));
  CHECK(heard_items(scene, bob) == Strings{"2"});
  scene.publish(alice, "n", "3");
  scene.unsubscribe(bob, "n");
  scene.wait(seconds(120));
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§6.1.7 digest: the last item comes at once, and not again") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub"});
  scene.publish(alice, "n", "1");
  subscribe_with(scene, bob, "n", every_minute);
  CHECK(heard_items(scene, bob) == Strings{"1"});
  scene.wait(seconds(120));
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§16.4.2 digest: a collection has none; what it passes on is never kept back") {
  Scene scene;
  scene.create(alice, "c", {"node_type=collection"});
  scene.create(alice, "n", {"collection=c"});
  CHECK(scene.refused_set(bob, subscribe_request("c", bob, every_minute)) ==
        "modify/bad-request invalid-options");
  // A leaf that became a collection has subscribers who wanted digests.
  scene.create(alice, "l");
  subscribe_with(scene, bob, "l", {"digest=1", "subscription_type=items"});
  scene.configure(alice, "l", {"node_type=collection"});
  scene.configure(alice, "n", {"collection=l"});
  scene.heard(bob);
  scene.publish(alice, "n", "1");
  CHECK(heard_items(scene, bob) == Strings{"1"});
}

TEST_CASE("trap: what a publish asks does not grow with subscribers whose digest is due anyway") {
  Scene scene;
  scene.create(alice, "n");
  const auto questions = [&] {
    const auto before = scene.store().questions;
    scene.publish(alice, "n", "1");
    return scene.store().questions - before;
  };
  questions();
  const auto alone = questions();
  for (int i = 0; i < 50; ++i)
    subscribe_with(scene, fmt::format("u{}@b.example", i), "n", every_minute);
  // The first wakes them all.
  CHECK(questions() == alone + 50);
  CHECK(questions() == alone);
}

TEST_CASE("§16.4.2 digest that the disk did not let out: comes with the next try, once") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {"digest=1", "digest_frequency=1000"});
  scene.publish(alice, "n", "1");
  scene.now += seconds(1);
  scene.store().fail_commit = true;
  CHECK(scene.batch().run_timers(10).stanzas.empty());
  scene.wait(seconds(5));
  CHECK(heard_items(scene, bob) == Strings{"1"});
  // Of a publish that failed nothing is left, nor does it keep later ones from being told.
  scene.wait(seconds(5));
  scene.store().fail_commit = true;
  scene.publish(alice, "n", "2");
  scene.wait(seconds(5));
  scene.publish(alice, "n", "3");
  scene.wait(seconds(1));
  CHECK(heard_items(scene, bob) == Strings{"3"});
  scene.complaints.clear();
}

}  // namespace crier::test
