/// Leases. XEP-0060 §12.19.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/options_requests.hpp"
#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

/// The option of a lease that ends so long after now.
std::string expire_in(const Scene& scene, Time::duration duration) {
  return "expire=" + format_datetime(scene.now + duration);
}

std::size_t timers(Scene& scene) {
  std::size_t count = 0;
  scene.store().begin();
  count = scene.store().due_timers(Time::max(), 1000).size();
  scene.store().rollback();
  return count;
}

}  // namespace

TEST_CASE("§12.19 A323 a subscription ends when its lease does, and its JID is told") {
  Scene scene;
  scene.create(alice, "n", {"notify_sub=1"});
  const auto subid = subscribe_with(scene, bob, "n", {expire_in(scene, hours(1))});
  scene.wait(minutes(59));
  scene.heard(bob);
  scene.heard("alice@a.example");
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).size() == 1);
  scene.wait(minutes(1));
  CHECK(
      scene.events(bob) ==
      Strings{event(fmt::format(
          "<subscription node='n' jid='bob@b.example' subid='{}' subscription='none'/>", subid))});
  CHECK(scene.heard("alice@a.example").size() == 1);
  scene.publish(alice, "n", "2");
  CHECK(scene.heard(bob).empty());
  CHECK(scene.unsubscribe(bob, "n").error == "cancel/unexpected-request not-subscribed");
  CHECK(timers(scene) == 0);
}

TEST_CASE("§12.19 A323 only the SubID whose lease ends goes") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {expire_in(scene, hours(1))});
  const auto stays = subscribe_with(scene, bob, "n");
  scene.wait(hours(2));
  scene.heard(bob);
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).size() == 1);
  CHECK(attributes_of(scene.get(bob, pubsub("<subscriptions/>")).xml, "subscription", "subid") ==
        Strings{stays});
}

TEST_CASE("§12.19 A325 notice comes a day before the end of a long lease, once") {
  Scene scene;
  scene.create(alice, "n");
  const auto end = scene.now + hours(24 * 30);
  const auto subid = subscribe_with(scene, bob, "n", {expire_in(scene, hours(24 * 30))});
  scene.wait(hours(24 * 29) - seconds(1));
  CHECK(scene.heard(bob).empty());
  scene.wait(seconds(1));
  CHECK(scene.events(bob) ==
        Strings{event(fmt::format("<subscription expiry='{}' node='n' jid='bob@b.example' "
                                  "subid='{}' subscription='subscribed'/>",
                                  format_datetime(end), subid))});
  scene.wait(hours(23));
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§12.19 A325 of a short lease notice comes when a tenth of it is left") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {expire_in(scene, seconds(100))});
  scene.wait(seconds(89));
  CHECK(scene.heard(bob).empty());
  scene.wait(seconds(1));
  CHECK(scene.heard(bob).size() == 1);
  scene.wait(seconds(10));
  CHECK(scene.heard(bob).size() == 1);
}

TEST_CASE("§12.19 A324 a lease longer than the longest is cut, and said to be") {
  auto policy = Scene::policy();
  policy.max_lease = std::chrono::days(7);
  Scene scene(policy);
  scene.create(alice, "n");
  const auto week = Strings{format_datetime(scene.now + hours(7 * 24))};
  const auto answer = scene.set(bob, subscribe_request("n", bob, {"expire=2099-01-01T00:00:00Z"}));
  CHECK(field_in(answer.xml, "pubsub#expire") == week);
  CHECK(option(scene, bob, "n", "expire") == week);
  scene.now += hours(24);
  set_options(scene, bob, "n", {"expire=2099-01-01T00:00:00Z"});
  CHECK(option(scene, bob, "n", "expire") == Strings{format_datetime(scene.now + hours(7 * 24))});
  set_options(scene, bob, "n", {expire_in(scene, hours(1))});
  CHECK(option(scene, bob, "n", "expire") == Strings{format_datetime(scene.now + hours(1))});
}

TEST_CASE("§12.19 a lease that is renewed ends when it was renewed to, with notice again") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {expire_in(scene, hours(48))});
  scene.wait(hours(25));
  // A tenth of 48 hours before the end has not come yet.
  CHECK(scene.heard(bob).empty());
  scene.wait(hours(20));
  CHECK(scene.heard(bob).size() == 1);
  set_options(scene, bob, "n", {expire_in(scene, hours(240))});
  scene.wait(hours(10));
  CHECK(scene.heard(bob).empty());
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).size() == 1);
  scene.wait(hours(240) - hours(10) - seconds(1));
  CHECK(scene.heard(bob).size() == 1);
  scene.wait(seconds(1));
  CHECK(scene.heard(bob).size() == 1);
}

TEST_CASE("§12.19 a lease that is taken away: the subscription stays") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {expire_in(scene, hours(1))});
  set_options(scene, bob, "n", {"expire="});
  CHECK(option(scene, bob, "n", "expire").empty());
  CHECK(timers(scene) == 0);
  scene.wait(hours(2));
  CHECK(scene.heard(bob).empty());
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).size() == 1);
}

TEST_CASE("§12.19 other options change nothing about the lease") {
  Scene scene;
  scene.create(alice, "n");
  const auto end = scene.now + hours(1);
  subscribe_with(scene, bob, "n", {expire_in(scene, hours(1))});
  scene.now += minutes(30);
  set_options(scene, bob, "n", {"deliver=0"});
  CHECK(option(scene, bob, "n", "expire") == Strings{format_datetime(end)});
  scene.wait(minutes(30));
  CHECK(scene.unsubscribe(bob, "n").error == "cancel/unexpected-request not-subscribed");
}

TEST_CASE("§12.19 leases go on over a restart; what ended meanwhile ends, without a late notice") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {expire_in(scene, hours(1))});
  subscribe_with(scene, "carol@c.example", "n", {expire_in(scene, hours(10))});
  scene.now += hours(2);
  scene.restart();
  scene.wait(seconds(0));
  CHECK(attributes_of(scene.heard(bob).at(0).xml, "subscription", "subscription") ==
        Strings{"none"});
  CHECK(scene.heard(bob).empty());
  CHECK(scene.heard("carol@c.example").empty());
  scene.wait(hours(7));
  CHECK(attributes_of(scene.heard("carol@c.example").at(0).xml, "subscription", "expiry").size() ==
        1);
  scene.wait(hours(1));
  CHECK(scene.heard("carol@c.example").size() == 1);
}

TEST_CASE("§12.19 who unsubscribes, or whose node is deleted, leaves no timers behind") {
  Scene scene;
  scene.create(alice, "n", {"item_expire=3600"});
  const Strings options{expire_in(scene, hours(1)), "digest=1", "digest_frequency=60000"};
  subscribe_with(scene, bob, "n", options);
  scene.publish(alice, "n", "1");
  CHECK(timers(scene) == 4);
  scene.unsubscribe(bob, "n");
  CHECK(timers(scene) == 1);
  subscribe_with(scene, bob, "n", options);
  scene.set_subscription(alice, "n", bob, "none");
  CHECK(timers(scene) == 1);
  subscribe_with(scene, bob, "n", options);
  scene.remove(alice, "n");
  CHECK(timers(scene) == 0);
}

TEST_CASE("§12.19 a pending subscription's lease ends too, and its JID is told") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  subscribe_with(scene, bob, "n", {expire_in(scene, hours(1))});
  scene.wait(hours(1));
  CHECK(attributes_of(scene.heard(bob).back().xml, "subscription", "subscription") ==
        Strings{"none"});
}

TEST_CASE("§12.19 a lease that the disk did not let end ends at the next try, told once") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {expire_in(scene, seconds(100))});
  scene.wait(seconds(99));
  scene.heard(bob);
  scene.now += seconds(1);
  scene.store().fail_commit = true;
  // The first to be asked about what is due fails, and so does the second.
  CHECK(scene.batch().run_timers(10).stanzas.empty());
  scene.wait(seconds(2));
  CHECK(scene.heard(bob).size() == 1);
  scene.complaints.clear();
}

}  // namespace crier::test
