/// Another policy while the service goes on: what it is then, and what is as it was.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <crier/errors.hpp>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";
constexpr auto carol = "carol@c.example";
constexpr auto admin = "admin@example.org/x";
constexpr auto reload_command = "urn:crier:command:reload";

std::string execute() {
  return fmt::format("<command xmlns='http://jabber.org/protocol/commands' node='{}'/>",
                     reload_command);
}

NodeRule forced(std::string pattern, std::string var, std::string value) {
  return {std::move(pattern), std::move(var), {std::move(value)}, true};
}

std::string configuration(std::string_view node) {
  return pubsub_owner(fmt::format("<configure node='{}'/>", node));
}

}  // namespace

TEST_CASE("a policy that changes holds for the next request: admins, creators, limits") {
  Scene scene;
  scene.create(bob, "n");
  auto policy = Scene::policy();
  policy.admins = {"alice@a.example"};
  policy.creators.all = false;
  scene.reload(policy);
  CHECK(scene.get(alice, configuration("n")).type == "result");
  CHECK(scene.get(admin, configuration("n")).error == "auth/forbidden");
  CHECK(scene.refused_set(bob, pubsub("<create node='m'/>")) == "auth/forbidden");
}

TEST_CASE(
    "node-force: a rule that comes holds for nodes in memory, one that goes leaves what was") {
  Scene scene;
  scene.create(alice, "n", {"access_model=whitelist", "title=T"});
  CHECK(scene.subscribe(bob, "n").error == "cancel/not-allowed closed-node");
  auto policy = Scene::policy();
  policy.node_rules = {forced("n", "pubsub#access_model", "open")};
  scene.reload(policy);
  CHECK(scene.subscribe(bob, "n").type == "result");
  CHECK(field_in(scene.get(alice, configuration("n")).xml, "pubsub#title") == Strings{"T"});
  scene.reload(Scene::policy());
  CHECK(field_in(scene.get(alice, configuration("n")).xml, "pubsub#access_model") ==
        Strings{"whitelist"});
}

TEST_CASE("a node whose event is on its way stays the node that it is: who leaves hears no more") {
  Scene scene;
  scene.create(alice, "c", {"node_type=collection"});
  scene.create(alice, "n", {"collection=c"});
  scene.subscribe(bob, "n");
  scene.subscribe(carol, "n");
  scene.server_takes = false;
  scene.publish(alice, "n", "1");
  auto policy = Scene::policy();
  policy.node_rules = {forced("*", "pubsub#title", "Forced")};
  scene.reload(policy);
  CHECK(field_in(scene.get(alice, configuration("n")).xml, "pubsub#title") == Strings{"Forced"});
  CHECK(field_in(scene.get(alice, configuration("n")).xml, "pubsub#collection") == Strings{"c"});
  scene.unsubscribe(bob, "n");
  scene.take_some(1);
  CHECK(scene.events(bob).empty());
  CHECK(scene.events(carol).size() == 1);
}

TEST_CASE("XEP-0115 §5.2 capabilities that change are told to who sees the service's presence") {
  Scene scene;
  scene.send_batch(
      {fmt::format("<presence type='subscribe' from='{}' to='pubsub.example.org'/>", bob)});
  scene.share_presence(bob);
  scene.presences(bob);
  CHECK(scene.reload(Scene::policy()).empty());
  auto policy = Scene::policy();
  policy.info.name = "Another name";
  const auto left = scene.reload(policy);
  // It is not asked again who is online.
  CHECK(scene.presences(bob) == Strings{"available"});
  REQUIRE(left.size() == 1);
  const auto ver = attributes_of(left.front(), "c", "ver");
  REQUIRE_FALSE(ver.empty());
  const auto info =
      scene.get(alice, fmt::format("<query xmlns='http://jabber.org/protocol/disco#info' "
                                   "node='https://crier.im#{}'/>",
                                   ver.front()));
  CHECK(attributes_of(info.xml, "identity", "name").front() == "Another name");
}

TEST_CASE("nothing that was stored, subscribed or is waiting is lost by a reload") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.server_takes = false;
  scene.publish(alice, "n", "1");
  const auto stored = scene.stored();
  auto policy = Scene::policy();
  policy.node_rules = {forced("*", "pubsub#title", "T")};
  policy.rates = {{Rate::requests, Scope::account, "*", 100, std::chrono::seconds(1), 100}};
  scene.reload(policy);
  CHECK(scene.stored() == stored);
  scene.server_takes = true;
  scene.take_some(10);
  CHECK(scene.events(bob).size() == 1);
  CHECK(scene.item_ids(alice, "n") == Strings{"1"});
}

TEST_CASE("urn:crier:command:reload tells admins what has changed, and what needs a restart") {
  Scene scene;
  scene.read_configuration = [] { return Result<Reload>(Reload{{"admin", "limit"}, {"server"}}); };
  scene.restart();
  const auto answer = scene.set(admin, execute());
  CHECK(attributes_of(answer.xml, "command", "status") == Strings{"completed"});
  CHECK(attributes_of(answer.xml, "note", "type") == Strings{"info"});
  CHECK(texts_of(answer.xml, "note") ==
        Strings{"changed: admin, limit; restart crier for: server"});
  CHECK(field_in(answer.xml, "FORM_TYPE") == Strings{reload_command});
  CHECK(field_in(answer.xml, "applied") == Strings{"admin", "limit"});
  CHECK(field_in(answer.xml, "restart") == Strings{"server"});
  CHECK(scene.audited().find("changed: admin, limit; restart crier for: server") !=
        std::string::npos);  // In the audit log.
  CHECK(scene.refused_set(alice, execute()) == "auth/forbidden");
}

TEST_CASE("urn:crier:command:reload: a configuration that is wrong is told in a note") {
  Scene scene;
  scene.read_configuration = [] {
    return Result<Reload>(errors::bad_request.because("--admin: '@x' is not a bare JID; mend it"));
  };
  scene.restart();
  const auto answer = scene.set(admin, execute());
  CHECK(attributes_of(answer.xml, "note", "type") == Strings{"error"});
  CHECK(texts_of(answer.xml, "note") == Strings{"--admin: '@x' is not a bare JID; mend it"});
}

TEST_CASE("what a reload has come to is one line") {
  CHECK(to_text(Reload{}) == "nothing has changed");
  CHECK(to_text(Reload{{"admin"}, {}}) == "changed: admin");
  CHECK(to_text(Reload{{}, {"server", "tls"}}) == "restart crier for: server, tls");
}

}  // namespace crier::test
