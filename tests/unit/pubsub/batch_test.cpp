#include "pubsub/batch.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <stdexcept>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

std::string publish(std::string_view id, std::string_view name = "p") {
  return iq(
      "set", alice,
      pubsub(fmt::format("<publish node='n'><item id='{}'><e xmlns='u:e'/></item></publish>", id)),
      name);
}

std::string subscribe(std::string_view jid) {
  return iq("set", jid, pubsub(fmt::format("<subscribe node='n' jid='{}'/>", jid)), "s");
}

/// A service whose handler for `<defect xmlns='urn:defect'/>` changes a node and then throws.
Service defective_service() {
  auto service = make_service(Scene::policy());
  const auto fail = [](const Request&, Turn& turn) -> Result<Reply> {
    if (const Node* node = turn.find("n")) {
      turn.store().put(*node, {"half", "a@b", "<e xmlns='u:e'/>", turn.now()});
      ++turn.change(*node).item_count;
    }
    turn.send("<message from='pubsub.example.org' to='bob@b.example'/>");
    throw std::logic_error("a defect");
  };
  service.add_route({Request::Type::set, "urn:defect", "defect", fail});
  return service;
}

const std::string defect = iq("set", alice, "<defect xmlns='urn:defect'/>", "d");

Strings ids_of_iqs(const Strings& left) {
  Strings ids;
  for (const auto& stanza : left)
    for (auto& id : attributes_of(stanza, "iq", "id")) ids.push_back(std::move(id));
  return ids;
}

void check_all_wait(const Strings& left, std::size_t count) {
  CHECK(left.size() == count);
  for (const auto& stanza : left) {
    CHECK(attributes_of(stanza, "iq", "type") == Strings{"error"});
    CHECK(attributes_of(stanza, "error", "type") == Strings{"wait"});
  }
}

Document header(std::string_view xml) {
  return std::move(*parse_xml(xml));
}

}  // namespace

TEST_CASE("Batch: many stanzas, one commit, and the replies in their order") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  const auto commits = scene.store().commits;
  Strings stanzas;
  Strings names;
  for (int i = 0; i < 100; ++i) {
    names.push_back(fmt::format("q{}", i));
    stanzas.push_back(publish(std::to_string(i), names.back()));
  }
  const auto left = scene.send_batch(stanzas);
  // One of the sweep.
  CHECK(scene.store().commits - commits <= 2);
  CHECK(ids_of_iqs(left) == names);
  CHECK(scene.events(bob).size() == 100);
}

TEST_CASE("Batch: nothing leaves before the commit, and then once") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  const auto before = scene.stored();
  scene.batch().handle(header(publish("1")));
  CHECK(scene.batch().size() == 1);
  CHECK(scene.stored() == before);
  const auto effects = scene.batch().commit();
  CHECK(effects.stanzas.size() == 1);
  CHECK(effects.broadcasts.size() == 1);
  CHECK(scene.stored() != before);
  CHECK(scene.batch().size() == 0);
  const auto nothing = scene.batch().commit();
  CHECK(nothing.stanzas.empty());
  CHECK(nothing.broadcasts.empty());
}

TEST_CASE("Batch: what one stanza did, the next one of the batch sees") {
  Scene scene;
  const auto left = scene.send_batch({
      iq("set", alice, pubsub("<create node='n'/>")),
      subscribe(bob),
      publish("1"),
      iq("get", bob, pubsub("<items node='n'/>"), "i"),
  });
  CHECK(ids_in(left.at(3)) == Strings{"1"});
  CHECK(scene.events(bob).size() == 1);
}

TEST_CASE("Batch: a commit that fails: every request is told to wait, and nothing happened") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.fill(alice, "n", 1);
  scene.events(bob);
  const auto before = scene.stored();
  scene.store().fail_commit = true;
  const auto left = scene.send_batch({
      publish("2", "1"),
      iq("set", alice, pubsub("<retract node='n'><item id='1'/></retract>"), "2"),
      subscribe("carol@c.example"),
      iq("set", alice, pubsub("<create node='m'/>"), "4"),
      iq("get", bob, pubsub("<items node='n'/>"), "5"),
      iq("set", alice, pubsub_owner("<delete node='n'/>"), "6"),
  });
  check_all_wait(left, 6);
  CHECK(ids_of_iqs(left) == Strings{"1", "2", "s", "4", "5", "6"});
  CHECK(scene.stored() == before);
  CHECK(scene.events(bob).empty());
  CHECK(scene.complaints.size() == 1);
  scene.complaints.clear();
}

TEST_CASE("Batch: after a failure the service goes on from what is on disk") {
  Scene scene;
  scene.create(alice, "n", {"max_items=2"});
  scene.subscribe(bob, "n");
  scene.fill(alice, "n", 1);
  scene.events(bob);
  scene.store().fail_commit = true;
  scene.send_batch({
      publish("2"),
      publish("3"),
      iq("set", bob, pubsub("<unsubscribe node='n' jid='bob@b.example'/>")),
      iq("set", alice,
         pubsub_owner("<affiliations node='n'><affiliation jid='bob@b.example' "
                      "affiliation='owner'/></affiliations>")),
      iq("set", alice, pubsub("<create node='m'/>")),
  });
  scene.complaints.clear();

  CHECK(scene.item_ids(bob, "n") == Strings{"1"});
  CHECK(scene.items(bob, "m").error == "cancel/item-not-found");
  CHECK(scene.get(bob, pubsub_owner("<configure node='n'/>")).error == "auth/forbidden");
  CHECK(scene.publish(alice, "n", "4").type == "result");
  CHECK(scene.item_ids(bob, "n") == Strings{"1", "4"});
  CHECK(scene.events(bob).size() == 1);
}

TEST_CASE("Batch: a write that fails in the middle takes the whole batch back") {
  Scene scene;
  scene.create(alice, "n");
  const auto before = scene.stored();
  scene.store().failing_put = 1;
  check_all_wait(scene.send_batch({subscribe(bob), publish("1"), publish("2")}), 3);
  CHECK(scene.stored() == before);
  CHECK(scene.publish(alice, "n", "1").type == "result");
  CHECK(scene.events(bob).empty());
  scene.complaints.clear();
}

TEST_CASE("Batch: a transaction that can not begin: every request is told to wait") {
  Scene scene;
  scene.create(alice, "n");
  scene.store().fail_begin = true;
  check_all_wait(scene.send_batch({publish("1"), publish("2")}), 2);
  CHECK(scene.publish(alice, "n", "1").type == "result");
  CHECK(scene.item_ids(alice, "n") == Strings{"1"});
  scene.complaints.clear();
}

TEST_CASE("Batch: a failure is told to requests only, never to presence, results or messages") {
  Scene scene;
  scene.store().fail_commit = true;
  const auto left = scene.send_batch({
      "<presence from='a@b/c' to='pubsub.example.org'/>",
      "<iq type='result' from='a@b/c' to='pubsub.example.org' id='1'/>",
      "<iq type='error' from='a@b/c' to='pubsub.example.org' id='2'/>",
      "<message from='a@b/c' to='pubsub.example.org'><body/></message>",
      iq("get", bob, "<query xmlns='http://jabber.org/protocol/disco#info'/>", "3"),
  });
  check_all_wait(left, 1);
  scene.complaints.clear();
}

TEST_CASE("Batch: a defect refuses the stanza that met it, and no other") {
  Scene scene(defective_service());
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.events(bob);
  const auto left = scene.send_batch({publish("1", "1"), defect, publish("2", "3")});
  REQUIRE(ids_of_iqs(left) == Strings{"1", "d", "3"});
  CHECK(attributes_of(left[0], "iq", "type") == Strings{"result"});
  CHECK(attributes_of(left[1], "iq", "type") == Strings{"error"});
  CHECK(left[1].find("internal-server-error") != std::string::npos);
  CHECK(attributes_of(left[2], "iq", "type") == Strings{"result"});
  // Told once each, though they were answered twice; nothing of the one that failed.
  CHECK(scene.events(bob).size() == 2);
  CHECK(scene.item_ids(bob, "n") == Strings{"1", "2"});
  scene.restart();
  CHECK(scene.item_ids(bob, "n") == Strings{"1", "2"});
  CHECK_FALSE(scene.complaints.empty());
  scene.complaints.clear();
}

TEST_CASE("Batch: what is answered a second time because of a defect takes from the rates once") {
  using namespace std::chrono_literals;
  Scene scene(defective_service());
  scene.create(alice, "n");
  auto policy = Scene::policy();
  policy.rates = {{Rate::requests, Scope::account, "alice@a.example", 3, 1h, 3}};
  scene.reload(policy);
  const auto left = scene.send_batch({publish("1", "1"), defect, publish("2", "3")});
  REQUIRE(left.size() == 3);
  CHECK(attributes_of(left[2], "iq", "type") == Strings{"result"});
  CHECK(scene.batch().rate_counts().refused == 0);
  CHECK(scene.publish(alice, "n", "3").error == "wait/policy-violation");
  scene.complaints.clear();
}

TEST_CASE("Batch: after a defect the next batch is as good as any") {
  Scene scene(defective_service());
  scene.create(alice, "n", {"max_items=1"});
  for (int round = 0; round < 3; ++round) {
    CHECK(scene.send(defect).error == "cancel/internal-server-error");
    CHECK(scene.publish(alice, "n", std::to_string(round)).type == "result");
    CHECK(scene.item_ids(bob, "n") == Strings{std::to_string(round)});
  }
  scene.complaints.clear();
}

TEST_CASE("Batch: a disk that fails while stanzas are answered alone refuses the one it met") {
  Scene scene(defective_service());
  scene.create(alice, "n");
  // Together: item 1, then the defect's. Alone: item 1, the defect's, and item 2 fails.
  scene.store().failing_put = 5;
  const auto left =
      scene.send_batch({publish("1", "1"), defect, publish("2", "3"), publish("4", "4")});
  REQUIRE(ids_of_iqs(left) == Strings{"1", "d", "3", "4"});
  CHECK(attributes_of(left[2], "error", "type") == Strings{"wait"});
  CHECK(attributes_of(left[3], "iq", "type") == Strings{"result"});
  CHECK(scene.item_ids(bob, "n") == Strings{"1", "4"});
  scene.complaints.clear();
}

TEST_CASE("Batch: a stanza over the limit is refused by its header, and changes nothing") {
  Scene scene;
  scene.create(alice, "n");
  const auto before = scene.stored();
  scene.batch().refuse_oversized(
      header("<iq type='set' from='alice@a.example/x' to='pubsub.example.org' id='big'/>"),
      "It is too big.");
  const auto effects = scene.batch().commit();
  REQUIRE(effects.stanzas.size() == 1);
  const auto& answer = effects.stanzas[0];
  CHECK(attributes_of(answer, "iq", "type") == Strings{"error"});
  CHECK(attributes_of(answer, "iq", "id") == Strings{"big"});
  CHECK(attributes_of(answer, "iq", "to") == Strings{alice});
  CHECK(answer.find("policy-violation") != std::string::npos);
  CHECK(answer.find("It is too big.") != std::string::npos);
  CHECK(scene.stored() == before);
}

TEST_CASE("Batch: of stanzas over the limit, too, only requests are answered") {
  Scene scene;
  for (const auto* stanza : {"<iq type='result' from='a@b' to='pubsub.example.org' id='1'/>",
                             "<iq type='error' from='a@b' to='pubsub.example.org' id='1'/>",
                             "<message type='error' from='a@b' to='pubsub.example.org'/>",
                             "<presence from='a@b' to='pubsub.example.org'/>"}) {
    scene.batch().refuse_oversized(header(stanza), "It is too big.");
    CHECK(scene.batch().commit().stanzas.empty());
  }
}

TEST_CASE("Batch: one over the limit stands in its place among the others") {
  Scene scene;
  scene.create(alice, "n");
  scene.batch().handle(header(publish("1", "1")));
  scene.batch().refuse_oversized(
      header("<iq type='set' from='alice@a.example/x' to='pubsub.example.org' id='2'/>"), "Big.");
  scene.batch().handle(header(publish("3", "3")));
  Strings left;
  for (const auto& stanza : scene.batch().commit().stanzas) left.push_back(stanza);
  CHECK(ids_of_iqs(left) == Strings{"1", "2", "3"});
  CHECK(scene.item_ids(alice, "n") == Strings{"1", "3"});
}

TEST_CASE("Batch: memory that is over the budget is free again after each commit") {
  Scene scene;
  scene.cache_bytes = 1;
  scene.restart();
  scene.create(alice, "n", {"max_items=2"});
  CHECK(scene.nodes().size() == 0);
  scene.subscribe(bob, "n");
  scene.fill(alice, "n", 3);
  scene.retract(alice, "n", "2");
  CHECK(scene.item_ids(bob, "n") == Strings{"3"});
  CHECK(scene.events(bob).size() == 5);
  CHECK(scene.nodes().bytes() == 0);
}

TEST_CASE(
    "Batch: a node whose event is on its way stays in memory, so that who leaves hears none") {
  Scene scene;
  scene.cache_bytes = 1;
  scene.restart();
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.batch().handle(header(publish("1")));
  auto effects = scene.batch().commit();
  REQUIRE(effects.broadcasts.size() == 1);
  scene.unsubscribe(bob, "n");
  std::string out;
  CHECK(effects.broadcasts[0].render(out, 1, [](std::size_t) {}));
  CHECK(out.empty());
}

TEST_CASE("Batch: sweeping goes on bit by bit until nothing is left, and takes nothing else") {
  Scene scene;
  scene.create(alice, "n");
  scene.create(alice, "m");
  scene.fill(alice, "n", 20);
  scene.fill(alice, "m", 2);
  scene.batch().handle(header(iq("set", alice, pubsub_owner("<purge node='n'/>"))));
  scene.batch().commit();
  int rounds = 0;
  while (scene.batch().sweep(3)) REQUIRE(++rounds < 100);
  CHECK(rounds > 1);
  CHECK(scene.item_ids(alice, "m") == Strings{"1", "2"});
  CHECK(scene.item_ids(alice, "n").empty());
  CHECK_FALSE(scene.batch().sweep(3));
}

TEST_CASE("Batch: a sweep that fails is complained of, and the next one goes on") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 3);
  scene.store().fail_sweep = true;
  scene.purge(alice, "n");
  CHECK(scene.complaints.size() == 1);
  scene.complaints.clear();
  scene.create(alice, "m");
  CHECK(scene.stored().find("u:e") == std::string::npos);
}

TEST_CASE("Batch: the stream brings nobody of the service's own domain, who would be an admin") {
  Scene scene;
  scene.create(alice, "n", {"access_model=whitelist"});
  const auto request = [](std::string_view from) {
    return parse_xml(iq("get", from, pubsub("<items node='n'/>"), "1"));
  };
  scene.batch().handle(std::move(*request("root@pubsub.example.org/control-1")));
  scene.batch().handle(std::move(*request("root@PUBSUB.Example.org/control-1")));
  CHECK(scene.batch().commit().stanzas.empty());
  scene.batch().handle(std::move(*request("root@pubsub.example.org/control-1")), true);
  const auto answers = scene.batch().commit().stanzas;
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].find("type='result'") != answers[0].npos);
  // A domain below or above is another one.
  CHECK_FALSE(Scene::policy().is_admin("root@x.pubsub.example.org"));
  CHECK_FALSE(Scene::policy().is_admin("rootpubsub.example.org"));
  CHECK_FALSE(Scene::policy().is_admin("pubsub.example.org"));
}

}  // namespace crier::test
