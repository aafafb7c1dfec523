/// Quotas as who meets them.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto carol = "carol@a.example/x";
constexpr auto bob = "bob@b.example/x";
constexpr auto admin = "admin@example.org/x";
constexpr auto too_much = "wait/policy-violation";
constexpr auto no_room = "wait/resource-constraint";
constexpr auto too_many_nodes = "cancel/not-allowed max-nodes-exceeded";
constexpr auto too_many_subscriptions = "wait/policy-violation too-many-subscriptions";

Policy with(std::vector<QuotaRule> quotas) {
  auto policy = Scene::policy();
  policy.quotas = std::move(quotas);
  return policy;
}

std::string create(std::string_view node) {
  return pubsub(fmt::format("<create node='{}'/>", node));
}

/// Each item takes 20 bytes beside `text`.
std::string publish(std::string_view node, const Strings& ids, std::string_view text = "") {
  std::string items;
  for (const auto& id : ids)
    items += fmt::format("<item id='{}'><e xmlns='u:e'>{}</e></item>", id, text);
  return pubsub(fmt::format("<publish node='{}'>{}</publish>", node, items));
}
constexpr std::uint64_t item_bytes = 24;

std::string subscribe(std::string_view node, std::string_view jid) {
  return pubsub(fmt::format("<subscribe node='{}' jid='{}'/>", node, jid));
}

/// The sentence that a refusal carries.
std::string text_of(const Answer& answer) {
  const auto start = answer.xml.find('>', answer.xml.find("<text")) + 1;
  return answer.xml.substr(start, answer.xml.find("</text>") - start);
}

}  // namespace

TEST_CASE("§11 RFC 6120 §8.3.3.12 nodes of an account, a domain and the service") {
  Scene scene(with({{Quantity::nodes, Scope::account, "alice@a.example", 1},
                    {Quantity::nodes, Scope::domain, "*", 3},
                    {Quantity::nodes, Scope::service, "*", 4}}));
  scene.create(alice, "1");
  CHECK(scene.refused_set(alice, create("2")) == too_many_nodes);
  CHECK(text_of(scene.set(alice, create("2"))) ==
        "The account alice@a.example may have at most 1 node.");
  scene.create(carol, "2");
  scene.create(carol, "3");
  CHECK(scene.refused_set(carol, create("4")) == too_many_nodes);
  CHECK(text_of(scene.set(carol, create("4"))) ==
        "All accounts of a.example together may have at most 3 nodes.");
  scene.create(bob, "4");
  CHECK(scene.refused_set(bob, publish("5", {"1"})) == too_many_nodes);
  CHECK(text_of(scene.set(bob, create("5"))) == "The service may have at most 4 nodes.");
  scene.create(admin, "5");
  // What is deleted counts no more, at once; what an admin has counts.
  scene.remove(carol, "2");
  CHECK(scene.refused_set(bob, create("6")) == too_many_nodes);
  scene.remove(carol, "3");
  CHECK(scene.set(bob, create("6")).type == "result");
}

TEST_CASE("§6.1.3.9 subscriptions of a domain and of the service, whoever makes them") {
  Scene scene(with({{Quantity::subscriptions, Scope::domain, "a.example", 2},
                    {Quantity::subscriptions, Scope::service, "*", 4}}));
  scene.create(bob, "n");
  CHECK(scene.subscribe(alice, "n").type == "result");
  CHECK(scene.subscribe(carol, "n").type == "result");
  CHECK(scene.refused_set(alice, subscribe("n", alice)) == too_many_subscriptions);
  CHECK(text_of(scene.subscribe(alice, "n")) ==
        "All accounts of a.example together may have at most 2 subscriptions.");
  CHECK(scene.refused_set(admin, subscribe("n", carol)) == too_many_subscriptions);
  CHECK(scene.subscribe("x@c.example", "n").type == "result");
  CHECK(scene.subscribe("x@d.example", "n").type == "result");
  CHECK(scene.refused_set(bob, subscribe("n", bob)) == too_many_subscriptions);
  CHECK(text_of(scene.subscribe(bob, "n")) == "The service may have at most 4 subscriptions.");
  CHECK(scene.subscribe(admin, "n").type == "result");
  CHECK(scene.unsubscribe(alice, "n").type == "result");
  CHECK(scene.refused_set(bob, subscribe("n", bob)) == too_many_subscriptions);
  CHECK(scene.unsubscribe(carol, "n").type == "result");
  CHECK(scene.subscribe(bob, "n").type == "result");
}

TEST_CASE("§8.8.2 an owner's change makes no more subscriptions than the quotas leave") {
  Scene scene(with({{Quantity::subscriptions, Scope::domain, "*", 2},
                    {Quantity::subscriptions, Scope::service, "*", 3}}));
  scene.create(alice, "n");
  std::string entries;
  for (const auto* jid :
       {"1@b.example", "2@b.example", "3@b.example", "4@c.example", "5@c.example"})
    entries += fmt::format("<subscription jid='{}' subscription='subscribed'/>", jid);
  const auto answer = scene.set(
      alice, pubsub_owner(fmt::format("<subscriptions node='n'>{}</subscriptions>", entries)));
  CHECK(answer.error == "modify/not-acceptable");
  const auto store = [&](Scope scope, std::string_view whom) {
    scene.store().begin();
    const auto count = scene.store().usage(scope, whom).subscriptions;
    scene.store().rollback();
    return count;
  };
  CHECK(store(Scope::domain, "b.example") == 2);
  CHECK(store(Scope::service, "") == 3);
}

TEST_CASE("items of an account, its domain and the service: text, nothing stored, nobody told") {
  Scene scene(with({{Quantity::items, Scope::account, "*", 2},
                    {Quantity::items, Scope::domain, "a.example", 3},
                    {Quantity::items, Scope::service, "*", 4}}));
  for (const auto* node : {"n", "m"}) scene.create(admin, node, {"publish_model=open"});
  scene.create(admin, "transient", {"publish_model=open", "persist_items=false"});
  CHECK(scene.refused_set(alice, publish("n", {"1", "2", "3"})) == too_much);
  CHECK(scene.set(alice, publish("n", {"1", "2"})).type == "result");
  CHECK(scene.refused_set(alice, publish("m", {"3"})) == too_much);
  CHECK(text_of(scene.publish(alice, "m", "3")) ==
        "The account alice@a.example may store at most 2 items.");
  CHECK(scene.publish(alice, "transient", "3").type == "result");
  CHECK(scene.publish(carol, "n", "3").type == "result");
  CHECK(scene.refused_set(carol, publish("m", {"4"})) == too_much);
  CHECK(text_of(scene.publish(carol, "m", "4")) ==
        "All accounts of a.example together may store at most 3 items.");
  CHECK(scene.publish(bob, "n", "4").type == "result");
  CHECK(scene.refused_set(bob, publish("m", {"5"})) == no_room);
  CHECK(text_of(scene.publish(bob, "m", "5")) == "The service may store at most 4 items.");
  CHECK(scene.publish(admin, "n", "5").type == "result");
  // What is retracted counts no more.
  CHECK(scene.retract(alice, "n", "1").type == "result");
  CHECK(scene.refused_set(bob, publish("m", {"5"})) == no_room);
  CHECK(scene.retract(alice, "n", "2").type == "result");
  CHECK(scene.publish(bob, "m", "5").type == "result");
}

TEST_CASE("bytes of an account and its domain: those of ids and payloads") {
  Scene scene(with({{Quantity::bytes, Scope::account, "*", 2 * item_bytes},
                    {Quantity::bytes, Scope::domain, "*", 3 * item_bytes}}));
  scene.create(admin, "n", {"publish_model=open"});
  CHECK(scene.set(alice, publish("n", {"1", "2"}, "1234")).type == "result");
  CHECK(scene.refused_set(alice, publish("n", {"3"})) == too_much);
  CHECK(text_of(scene.publish(alice, "n", "3")) ==
        "The account alice@a.example may store at most 48 bytes.");
  CHECK(scene.refused_set(carol, publish("n", {"3"}, "12345")) == too_much);
  CHECK(text_of(scene.publish(carol, "n", "3", "<e xmlns='u:e'>12345</e>")) ==
        "All accounts of a.example together may store at most 72 bytes.");
  CHECK(scene.set(carol, publish("n", {"3"}, "1234")).type == "result");
  CHECK(scene.set(bob, publish("n", {"4"}, "1234")).type == "result");
}

TEST_CASE("§7.1.2 at its quota an account goes on where what it publishes displaces its own") {
  Scene scene(with({{Quantity::items, Scope::account, "*", 2},
                    {Quantity::bytes, Scope::account, "*", 2 * item_bytes}}));
  scene.create(alice, "singleton", {"max_items=1", "publish_model=open"});
  scene.create(alice, "n", {"publish_model=open"});
  CHECK(scene.set(alice, publish("singleton", {"1"}, "1234")).type == "result");
  CHECK(scene.set(alice, publish("n", {"1"}, "1234")).type == "result");
  CHECK(scene.refused_set(alice, publish("n", {"2"})) == too_much);
  // The same item again, or the only one of a node that is full; also twice in one request.
  CHECK(scene.set(alice, publish("n", {"1"}, "4321")).type == "result");
  CHECK(scene.set(alice, publish("n", {"1", "1"}, "4321")).type == "result");
  CHECK(scene.set(alice, publish("singleton", {"2"}, "4321")).type == "result");
  CHECK(scene.refused_set(alice, publish("n", {"1"}, "12345")) == too_much);
  CHECK(scene.refused_set(alice, publish("singleton", {"3"}, "12345")) == too_much);
  CHECK(scene.refused_set(alice, publish("n", {"1", "2"})) == too_much);
  CHECK(scene.refused_set(alice, publish("n", {"2", "2"})) == too_much);
  // What is another's makes no room.
  CHECK(scene.set(bob, publish("n", {"3"})).type == "result");
  CHECK(scene.set(bob, publish("singleton", {"4"})).type == "result");
  CHECK(scene.set(alice, publish("singleton", {"5"})).type == "result");
  CHECK(scene.refused_set(alice, publish("n", {"4"})) == too_much);
  CHECK(scene.item_ids(alice, "singleton") == Strings{"5"});
}

TEST_CASE("§7.1.2.5 of many that are displaced each counts for whose it was") {
  Scene scene(with({{Quantity::items, Scope::account, "alice@a.example", 4},
                    {Quantity::items, Scope::domain, "a.example", 5}}));
  scene.create(admin, "n", {"publish_model=open", "max_items=4"});
  scene.create(admin, "m", {"publish_model=open"});
  CHECK(scene.set(alice, publish("n", {"1", "2"})).type == "result");
  CHECK(scene.set(bob, publish("n", {"3", "4"})).type == "result");
  CHECK(scene.set(alice, publish("m", {"1", "2"})).type == "result");
  // Two come, 1 is replaced and becomes the newest, 2 goes.
  CHECK(scene.set(alice, publish("n", {"1", "5"})).type == "result");
  CHECK(scene.item_ids(alice, "n") == Strings{"3", "4", "1", "5"});
  // 3 and 4, which would go, are bob's.
  CHECK(scene.refused_set(alice, publish("n", {"6"})) == too_much);
  CHECK(scene.set(carol, publish("n", {"6"})).type == "result");
  CHECK(scene.refused_set(carol, publish("n", {"7"})) == too_much);
  // Of the domain, not of the account.
  CHECK(scene.set(carol, publish("n", {"1"})).type == "result");
}

TEST_CASE("items that the open batch has stored count, and those that expire do not") {
  Scene scene(with({{Quantity::items, Scope::account, "*", 2}}));
  scene.create(alice, "n", {"item_expire=60"});
  Strings stanzas;
  for (int i = 0; i < 3; ++i)
    stanzas.push_back(
        fmt::format("<iq type='set' id='{}' from='{}' to='pubsub.example.org'>{}</iq>", i, alice,
                    publish("n", {std::to_string(i)})));
  const auto answers = scene.send_batch(stanzas);
  REQUIRE(answers.size() == 3);
  CHECK(answers[1].find("type='result'") != std::string::npos);
  CHECK(answers[2].find("policy-violation") != std::string::npos);
  scene.wait(std::chrono::seconds(61));
  CHECK(scene.set(alice, publish("n", {"3", "4"})).type == "result");
}

TEST_CASE("items of a purged node count until they are swept") {
  Scene scene(with({{Quantity::items, Scope::account, "*", 1}}));
  scene.create(alice, "n");
  scene.fill(alice, "n", 1);
  const auto iq = [](std::string_view payload) {
    return fmt::format("<iq type='set' id='1' from='{}' to='pubsub.example.org'>{}</iq>", alice,
                       payload);
  };
  const auto answers =
      scene.send_batch({iq(pubsub_owner("<purge node='n'/>")), iq(publish("n", {"2"}))});
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].find("type='result'") != std::string::npos);
  CHECK(answers[1].find("policy-violation") != std::string::npos);
  // Between batches.
  while (scene.batch().sweep(10)) continue;
  CHECK(scene.set(alice, publish("n", {"2"})).type == "result");
}

TEST_CASE("a quota that becomes lower takes nothing away, and lets nothing more come") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 3);
  scene.reload(with({{Quantity::items, Scope::account, "*", 1}}));
  CHECK(scene.refused_set(alice, publish("n", {"4"})) == too_much);
  CHECK(scene.set(alice, publish("n", {"2"})).type == "result");
  CHECK(scene.item_ids(alice, "n").size() == 3);
  scene.reload(with({{Quantity::items, Scope::account, "*", 1},
                     {Quantity::items, Scope::account, "alice@a.example", 0}}));
  CHECK(scene.set(alice, publish("n", {"4"})).type == "result");
}

TEST_CASE("without a quota of items nothing is asked when they are published") {
  const auto questions = [](const Policy& policy) {
    Scene scene(policy);
    scene.create(alice, "n");
    scene.store().questions = 0;
    CHECK(scene.publish(alice, "n", "1").type == "result");
    return scene.store().questions;
  };
  const auto without = questions(Scene::policy());
  CHECK(questions(with({{Quantity::nodes, Scope::domain, "*", 5},
                        {Quantity::items, Scope::account, "*@b.example", 5},
                        {Quantity::bytes, Scope::domain, "b.example", 5}})) == without);
  CHECK(questions(with({{Quantity::items, Scope::account, "*", 5},
                        {Quantity::bytes, Scope::account, "*", 500}})) == without + 1);
}

}  // namespace crier::test
