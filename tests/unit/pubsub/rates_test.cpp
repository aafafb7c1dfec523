/// Rates as who asks meets them.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "ext/command_requests.hpp"

namespace crier::test {

namespace {

using namespace std::chrono_literals;

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";
constexpr auto admin = "admin@example.org/x";
constexpr auto info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
constexpr auto refusal = "wait/policy-violation";

Policy limited(std::vector<RateRule> rules) {
  auto policy = Scene::policy();
  policy.rates = std::move(rules);
  return policy;
}

RateRule per_account(Rate what, std::uint64_t most) {
  return {what, Scope::account, "*", most, 1s, most};
}

std::string publish_items(std::string_view node, int count) {
  std::string items;
  for (int i = 0; i < count; ++i) items += fmt::format("<item id='{}'><e xmlns='u:e'/></item>", i);
  return pubsub(fmt::format("<publish node='{}'>{}</publish>", node, items));
}

}  // namespace

TEST_CASE(
    "RFC 6120 §8.3.3.12 too many requests: wait/policy-violation, nothing stored, nobody told") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.reload(limited({per_account(Rate::requests, 2)}));
  CHECK(scene.publish(alice, "n", "1").type == "result");
  CHECK(scene.publish(alice, "n", "2").type == "result");
  scene.events(bob);
  CHECK(scene.refused_set(alice, publish_items("n", 1)) == refusal);
  CHECK(scene.events(bob).empty());
  const auto answer = scene.get(alice, info);
  CHECK(answer.error == refusal);
  CHECK(texts_of(answer.xml, "text") ==
        Strings{"Too many requests: 2/s for an account; try again in 1 s."});
  CHECK(scene.get(bob, info).type == "result");
  CHECK(scene.batch().rate_counts().refused == 2);
  scene.wait(1s);
  CHECK(scene.publish(alice, "n", "3").type == "result");
}

TEST_CASE("admins, and the service itself, have no limit") {
  Scene scene(limited({{Rate::requests, Scope::service, "*", 1, 1s, 1}}));
  for (int i = 0; i < 5; ++i) {
    CHECK(scene.get(admin, info).type == "result");
    scene.batch().handle(parsed(iq("get", "local@pubsub.example.org/x", info)), true);
    const auto left = scene.batch().commit().stanzas;
    REQUIRE(left.size() == 1);
    CHECK(read_answer(left.front()).type == "result");
  }
  CHECK(scene.get(alice, info).type == "result");
  CHECK(scene.get(alice, info).error == refusal);
}

TEST_CASE("items are counted by the items of a request, and bytes by its bytes") {
  Scene scene(limited({per_account(Rate::publishes, 10)}));
  scene.create(alice, "n");
  CHECK(scene.set(alice, publish_items("n", 8)).type == "result");
  CHECK(scene.refused_set(alice, publish_items("n", 3)) == refusal);
  CHECK(scene.set(alice, publish_items("n", 2)).type == "result");
  CHECK(scene.items(alice, "n").type == "result");

  scene.reload(limited({per_account(Rate::bytes, 1000)}));
  const std::string text(600, 'x');
  const auto big = fmt::format("<e xmlns='u:e'>{}</e>", text);
  CHECK(scene.publish(alice, "n", "1", big).type == "result");
  CHECK(scene.publish(alice, "n", "1", big).error == refusal);
  CHECK(scene.items(alice, "n").type == "result");
}

TEST_CASE("messages beyond the rate are passed over without an answer, and counted") {
  Scene scene(limited({per_account(Rate::requests, 1)}));
  CHECK(scene.get(alice, info).type == "result");
  const auto left = scene.send_batch(
      {fmt::format("<message from='{}' to='pubsub.example.org'><body>x</body></message>", alice)});
  CHECK(left.empty());
  CHECK(scene.batch().rate_counts().dropped == 1);
}

TEST_CASE("errors and answers are not limited: who gets one must not be left waiting") {
  Scene scene(limited({{Rate::requests, Scope::service, "*", 1, 3600s, 1}}));
  CHECK(scene.get(alice, info).type == "result");
  scene.send_batch({fmt::format(
      "<message type='error' from='{}' to='pubsub.example.org'><error type='cancel'/></message>",
      alice)});
  scene.send_batch(
      {fmt::format("<iq type='result' id='q' from='{}' to='pubsub.example.org'/>", alice)});
  CHECK(scene.batch().rate_counts().dropped == 0);
  CHECK(scene.batch().rate_counts().refused == 0);
}

TEST_CASE("RFC 6121 §3.1.3 strangers who ask for presence take rows: so many of a domain alone") {
  Scene scene(limited({{Rate::presence, Scope::domain, "*", 2, 3600s, 2}}));
  const auto ask = [&](std::string_view from) {
    scene.send_batch(
        {fmt::format("<presence type='subscribe' from='{}' to='pubsub.example.org'/>", from)});
    return !scene.presences(from).empty();
  };
  CHECK(ask("u1@a.example"));
  CHECK(ask("u2@a.example"));
  const auto stored = scene.stored();
  CHECK_FALSE(ask("u3@a.example"));
  CHECK(scene.stored() == stored);
  CHECK(ask("u1@b.example"));
  // What only says who is there is no request.
  scene.come("u1@a.example/x");
  scene.leave("u1@a.example/x");
  CHECK(scene.batch().rate_counts().dropped == 1);
}

TEST_CASE("XEP-0356 §4 grants and roster pushes of servers are not limited") {
  Scene scene(limited({{Rate::requests, Scope::service, "*", 1, 3600s, 1}}));
  scene.create(admin, "n");
  CHECK(scene.get(alice, info).type == "result");
  scene.grant("a.example");
  CHECK(scene.push("alice@a.example", "<item jid='bob@b.example' subscription='both'/>").type ==
        "result");
  // Whose server grants nothing can not push anything.
  CHECK(scene.push("bob@b.example", "<item jid='alice@a.example' subscription='both'/>").error ==
        refusal);
}

TEST_CASE("a domain that writes without granting anything is limited as everybody is") {
  Scene scene(limited({per_account(Rate::requests, 1)}));
  const std::string message = "<message from='b.example' to='pubsub.example.org'><body/></message>";
  scene.send_batch({message, message, message});
  CHECK(scene.batch().rate_counts().dropped == 2);
}

TEST_CASE("whoever is banned takes nothing from the rates of others, and is told of the ban") {
  Scene scene(limited({{Rate::requests, Scope::service, "*", 2, 3600s, 2}}));
  scene.set(admin, command_xml("urn:crier:command:ban", {"jid=bob@b.example"}));
  for (int i = 0; i < 5; ++i) CHECK(scene.refused_get(bob, info) == "auth/forbidden");
  CHECK(scene.get(alice, info).type == "result");
}

TEST_CASE("what goes over a limit of XML is within the rates, and the banned are told so") {
  Scene scene(limited({per_account(Rate::requests, 1)}));
  const auto refused = [&](std::string_view from) {
    scene.batch().refuse_oversized(parsed(iq("set", from, "")), "too deep");
    return read_answer(scene.batch().commit().stanzas.at(0)).error;
  };
  CHECK(refused(alice) == "modify/policy-violation");
  CHECK(refused(alice) == refusal);
  scene.set(admin, command_xml("urn:crier:command:ban", {"jid=bob@b.example"}));
  CHECK(refused(bob) == "auth/forbidden");
}

TEST_CASE("RFC 6121 §4.3 probes are counted as what asks for presence") {
  Scene scene(limited({per_account(Rate::presence, 1)}));
  for (int i = 0; i < 3; ++i)
    scene.send_batch(
        {fmt::format("<presence type='probe' from='{}' to='pubsub.example.org'/>", alice)});
  CHECK(scene.batch().rate_counts().dropped == 2);
}

TEST_CASE("a clock that is put back lets nobody wait for as long") {
  Scene scene(limited({per_account(Rate::requests, 1)}));
  CHECK(scene.get(alice, info).type == "result");
  CHECK(scene.get(alice, info).error == refusal);
  scene.now -= 1h;
  CHECK(scene.get(alice, info).type == "result");
  CHECK(scene.get(alice, info).error == refusal);
}

TEST_CASE("§4.5 a request that waits for a roster is counted once") {
  Scene scene(limited({per_account(Rate::requests, 1)}));
  scene.create(admin, "n", {"access_model=presence"});
  scene.affiliate(admin, "n", "owner@a.example", "owner");
  scene.grant("a.example");
  scene.rosters["owner@a.example"] = "<item jid='bob@b.example' subscription='both'/>";
  CHECK(scene.subscribe(bob, "n").type == "result");
  CHECK(scene.asked_rosters() == Strings{"owner@a.example"});
}

TEST_CASE("without rules nothing is counted, and without matching rules nothing is refused") {
  for (const auto& policy :
       {Scene::policy(), limited({{Rate::requests, Scope::domain, "other.example", 1, 1s, 1}})}) {
    Scene scene(policy);
    scene.create(alice, "n");
    scene.subscribe(bob, "n");
    for (int i = 0; i < 50; ++i)
      CHECK(scene.publish(alice, "n", std::to_string(i)).type == "result");
    CHECK(scene.heard(bob).size() == 50);
    CHECK(scene.batch().rate_counts().refused == 0);
  }
}

TEST_CASE(
    "quotas of accounts by pattern: the last that matches counts, max-nodes where none does") {
  auto policy = Scene::policy();
  policy.max_nodes_per_account = 1;
  policy.quotas = {{Quantity::nodes, Scope::account, "*@b.example", 2},
                   {Quantity::nodes, Scope::account, "bob@b.example", 0},
                   {Quantity::subscriptions, Scope::account, "carol@b.example", 1}};
  Scene scene(policy);
  const auto create = [](std::string_view node) {
    return pubsub(fmt::format("<create node='{}'/>", node));
  };
  scene.create(alice, "a1");
  CHECK(scene.refused_set(alice, create("a2")) == "cancel/not-allowed max-nodes-exceeded");
  scene.create("carol@b.example", "c1");
  scene.create("carol@b.example", "c2");
  CHECK(scene.refused_set("carol@b.example", create("c3")) ==
        "cancel/not-allowed max-nodes-exceeded");
  for (int i = 0; i < 4; ++i) scene.create(bob, fmt::format("b{}", i));
  CHECK(scene.subscribe("carol@b.example", "a1").type == "result");
  CHECK(scene.subscribe("carol@b.example", "b1").error ==
        "wait/policy-violation too-many-subscriptions");
  CHECK(scene.subscribe(bob, "a1").type == "result");
}

TEST_CASE("a service that stores as many bytes as it may takes no more items, but of admins") {
  Scene scene;
  scene.create(alice, "n");
  scene.create(alice, "transient", {"persist_items=false"});
  auto policy = Scene::policy();
  policy.quotas = {{Quantity::bytes, Scope::service, "*", 1}};
  scene.reload(policy);
  CHECK(scene.refused_set(alice, publish_items("n", 1)) == "wait/resource-constraint");
  CHECK(scene.publish(alice, "transient", "1").type == "result");
  CHECK(scene.publish(admin, "n", "1").type == "result");
  policy.quotas = {{Quantity::bytes, Scope::service, "*", std::uint64_t{1} << 40}};
  scene.reload(policy);
  CHECK(scene.publish(alice, "n", "2").type == "result");
}

}  // namespace crier::test
