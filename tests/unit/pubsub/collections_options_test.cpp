/// Subscriptions to collections and their options: XEP-0248 §6.1, XEP-0060 §6.3, §12.20.

#include "pubsub/collections.hpp"

#include <crier/namespaces.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace crier::test {

namespace {

Answer change_options(Scene& scene, std::string_view who, std::string_view node,
                      std::string_view subid, const Strings& options) {
  return scene.set(
      who, pubsub(fmt::format("<options node='{}' jid='{}' subid='{}'>{}</options>", node, who,
                              subid, submit_form(ns::subscribe_options, options))));
}

std::string subid_in(const Answer& answer) {
  return attributes_of(answer.xml, "subscription", "subid").at(0);
}

Strings form_of(Scene& scene, std::string_view node) {
  const auto answer =
      scene.get(bob, pubsub(fmt::format("<options node='{}' jid='{}'/>", node, bob)));
  return attributes_of(answer.xml, "field", "var");
}

}  // namespace

TEST_CASE("XEP-0248 §6.1 R06 G18 the options of a collection: nodes, one level down") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "leaf");
  for (const auto* node : {"c", "leaf"}) scene.subscribe(bob, node);
  const auto options = scene.get(bob, pubsub(fmt::format("<options node='c' jid='{}'/>", bob)));
  CHECK(field_in(options.xml, "pubsub#subscription_type") == Strings{"nodes"});
  CHECK(field_in(options.xml, "pubsub#subscription_depth") == Strings{"1"});
  CHECK(std::ranges::count(form_of(scene, "leaf"), "pubsub#subscription_depth") == 0);
}

TEST_CASE("XEP-0248 §6.1 R06 values that depth and type can not have: invalid-options") {
  Scene scene;
  collection(scene, "c");
  for (const auto* option : {"subscription_depth=-1", "subscription_depth=some",
                             "subscription_depth=", "subscription_type=leaves"})
    CHECK(scene.refused_set(
              bob, pubsub(fmt::format("<subscribe node='c' jid='{}'/><options>{}</options>", bob,
                                      submit_form(ns::subscribe_options, {option})))) ==
          "modify/bad-request invalid-options");
}

TEST_CASE("XEP-0248 §6.1.3 R07 options do not change into the conflict that subscribing refuses") {
  Scene scene;
  collection(scene, "c");
  follow(scene, bob, "c", {"subscription_type=items"});
  const auto second = subid_in(follow(scene, bob, "c", {"subscription_depth=all"}));
  CHECK(change_options(scene, bob, "c", second, {"subscription_type=items"}).error ==
        "cancel/conflict");
  CHECK(change_options(scene, bob, "c", second, {"subscription_depth=2"}).type == "result");
  CHECK(change_options(scene, bob, "c", second, {"subscription_type=all"}).type == "result");
}

TEST_CASE(
    "XEP-0248 §6.1.3 R07 other JIDs, and other types, are no conflict; the same again is none") {
  Scene scene;
  collection(scene, "c");
  follow(scene, bob, "c", {"subscription_type=items"});
  CHECK(follow(scene, carol, "c", {"subscription_type=items", "subscription_depth=all"}).type ==
        "result");
  CHECK(follow(scene, bob, "c", {"subscription_type=all", "subscription_depth=all"}).type ==
        "result");
  CHECK(follow(scene, bob, "c", {"subscription_type=items"}).type == "result");
  CHECK(follow(scene, bob, "c", {}).type == "result");
  CHECK(follow(scene, bob, "c", {"subscription_depth=2"}).error == "cancel/conflict");
}

TEST_CASE("XEP-0248 §6.1.3 R07 a service of single subscriptions changes the one there is") {
  auto policy = Scene::policy();
  policy.multi_subscribe = false;
  Scene scene(policy);
  collection(scene, "c");
  const auto first = follow(scene, bob, "c", {"subscription_type=items"});
  const auto second =
      follow(scene, bob, "c", {"subscription_type=items", "subscription_depth=all"});
  CHECK(second.type == "result");
  CHECK(subid_in(first) == subid_in(second));
}

TEST_CASE(
    "XEP-0248 §5.3.1 R03 several subscriptions: one message, with SubIDs and the collection") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c"});
  const auto items = subid_in(follow(scene, bob, "c", {"subscription_type=items"}));
  const auto all = subid_in(follow(scene, bob, "c", {"subscription_type=all"}));
  follow(scene, bob, "c", {});
  scene.publish(alice, "n", "1");
  auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(attributes_of(heard[0].xml, "headers", "xmlns").size() <= 1);
  CHECK(attributes_of(heard[0].xml, "header", "name") == Strings{"Collection", "SubID", "SubID"});
  CHECK(texts_of(heard[0].xml, "header") == Strings{"c", items, all});
  scene.remove(alice, "n");
  heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  // Of nodes, which are in no items, SubIDs are not told.
  CHECK(texts_of(heard[0].xml, "header") == Strings{"c"});
}

TEST_CASE(
    "§12.20 XEP-0248 §5.3.1 a filter of a subscription to a collection picks among the items") {
  Scene scene;
  collection(scene, "c");
  // The filter sees what the event does not show.
  for (const auto* payloads : {"1", "0"}) {
    CAPTURE(payloads);
    const auto node = fmt::format("n{}", payloads);
    scene.create(alice, node, {"collection=c", fmt::format("deliver_payloads={}", payloads)});
    const auto answer = follow(scene, bob, "c", {"subscription_type=items"});
    REQUIRE(answer.type == "result");
    scene.set(bob, pubsub(fmt::format("<options node='c' jid='{}'>"
                                      "<x xmlns='jabber:x:data' type='submit'>"
                                      "<field var='x-keywords'><value>owl</value></field></x>"
                                      "</options>",
                                      bob)));
    scene.publish(alice, node, "1", "<e xmlns='u:e'>an owl</e>");
    scene.publish(alice, node, "2", "<e xmlns='u:e'>a lark</e>");
    const auto heard = scene.heard(bob);
    REQUIRE(heard.size() == 1);
    CHECK(ids_in(heard[0].xml) == Strings{"1"});
    CHECK(texts_of(heard[0].xml, "header") == Strings{"c"});
    scene.unsubscribe(bob, "c");
  }
}

TEST_CASE("§12.8 XEP-0248 §5.3.1 include_body puts a body of the leaf's payload in front") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c", "deliver_payloads=0"});
  CHECK(follow(scene, bob, "c", {"subscription_type=items", "include_body=1"}).type == "result");
  scene.publish(alice, "n", "1",
                "<entry xmlns='http://www.w3.org/2005/Atom'><title>News</title></entry>");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(texts_of(heard[0].xml, "body").size() == 1);
  CHECK(texts_of(heard[0].xml, "header") == Strings{"c"});
}

TEST_CASE("§6.3 XEP-0248 §6.1 a collection makes no digests, and does not offer them") {
  Scene scene;
  collection(scene, "c");
  CHECK(scene.refused_set(
            bob, pubsub(fmt::format("<subscribe node='c' jid='{}'/><options>{}</options>", bob,
                                    submit_form(ns::subscribe_options, {"digest=1"})))) ==
        "modify/bad-request invalid-options");
  scene.subscribe(bob, "c");
  const auto fields = form_of(scene, "c");
  CHECK(std::ranges::count(fields, "pubsub#digest") == 0);
  CHECK(std::ranges::count(fields, "pubsub#deliver") == 1);
}

TEST_CASE(
    "§6.3 XEP-0248 §7.2.4 who had digests of a leaf hears at once of what is below it as a "
    "collection") {
  Scene scene;
  scene.create(alice, "n");
  follow(scene, bob, "n", {"digest=1", "subscription_type=items"});
  scene.configure(alice, "n", {"node_type=collection"});
  scene.create(alice, "leaf", {"collection=n"});
  scene.publish(alice, "leaf", "1");
  CHECK(through(scene, bob) == Strings{"n:items"});
}

TEST_CASE("§6.3 XEP-0248 §6.1 deliver=false silences a subscription to a collection") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n", {"collection=c"});
  follow(scene, bob, "c", {"subscription_type=all", "deliver=0"});
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).empty());
}

TEST_CASE(
    "XEP-0248 §6.1 R06 who subscribes, or unsubscribes, does so with a collection as with a leaf") {
  Scene scene;
  collection(scene, "open");
  collection(scene, "closed", {"access_model=whitelist"});
  collection(scene, "asks", {"access_model=authorize"});
  scene.create(alice, "n", {"collection=open|closed|asks"});
  CHECK(follow(scene, bob, "closed", {"subscription_type=items"}).error ==
        "cancel/not-allowed closed-node");
  const auto asked = follow(scene, bob, "asks", {"subscription_type=items"});
  CHECK(attributes_of(asked.xml, "subscription", "subscription") == Strings{"pending"});
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).empty());
  scene.set_subscription(alice, "asks", bob, "subscribed");
  scene.heard(bob);
  scene.publish(alice, "n", "2");
  CHECK(through(scene, bob) == Strings{"asks:items"});
  CHECK(scene.unsubscribe(bob, "asks").type == "result");
  scene.publish(alice, "n", "3");
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§6.2 what ended leaves no timers behind") {
  Scene scene;
  scene.create(alice, "n", {"item_expire=3600"});
  scene.publish(alice, "n", "1");
  const auto timers = [&] {
    scene.store().begin();
    const auto found = scene.store().due_timers(Time::max(), 100).size();
    scene.store().rollback();
    return found;
  };
  CHECK(timers() == 1);
  follow(scene, bob, "n", {"expire=2030-01-01T00:00:00Z", "digest=1"});
  scene.publish(alice, "n", "2");
  CHECK(timers() == 4);
  scene.unsubscribe(bob, "n");
  CHECK(timers() == 1);
  follow(scene, bob, "n", {"expire=2030-01-01T00:00:00Z", "digest=1"});
  scene.remove(alice, "n");
  CHECK(timers() == 0);
}

}  // namespace crier::test
