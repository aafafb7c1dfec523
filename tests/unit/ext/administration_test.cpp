#include "ext/command_requests.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace crier::test {

namespace {

constexpr auto admin = "admin@example.org/desk";
constexpr auto alice = "alice@a.example/x";
constexpr auto list_nodes = "urn:crier:command:list-nodes";
constexpr auto create_node = "urn:crier:command:create-node";
constexpr auto delete_node = "urn:crier:command:delete-node";
constexpr auto purge_node = "urn:crier:command:purge-node";
constexpr auto announce = "http://jabber.org/protocol/admin#announce";
constexpr auto shutdown = "http://jabber.org/protocol/admin#shutdown";
constexpr auto log_level = "urn:crier:command:log-level";

std::string disco(std::string_view what, std::string_view node) {
  return fmt::format("<query xmlns='http://jabber.org/protocol/disco#{}' node='{}'/>", what, node);
}

Strings listed_for(Scene& scene, const char* who) {
  const auto list = scene.get(who, disco("items", "http://jabber.org/protocol/commands"));
  return attributes_of(list.xml, "item", "node");
}

bool contains(const Strings& texts, std::string_view text) {
  return std::ranges::find(texts, text) != texts.end();
}

Strings model_of(Scene& scene, std::string_view node) {
  const auto form = scene.get(admin, pubsub_owner(fmt::format("<configure node='{}'/>", node)));
  return field_in(form.xml, "pubsub#access_model");
}

}  // namespace

TEST_CASE("XEP-0050 §2.2 commands are listed for those who may use them") {
  Scene scene;
  for (const auto& node : listed_for(scene, alice)) {
    CHECK(node != "http://jabber.org/protocol/pubsub#get-pending");
    CHECK(node != "urn:crier:command:audit");
  }
  scene.create(alice, "n");
  const auto owners = listed_for(scene, alice);
  CHECK(contains(owners, "http://jabber.org/protocol/pubsub#get-pending"));
  CHECK(contains(owners, "urn:crier:command:audit"));
  for (const auto* node : {announce, "urn:crier:command:statistics", "urn:crier:command:trace",
                           "urn:crier:command:reload"})
    CHECK_FALSE(contains(owners, node));
  const auto all = listed_for(scene, admin);
  for (const auto* node : {list_nodes, create_node, delete_node, purge_node, announce, shutdown,
                           log_level, "urn:crier:command:ban"})
    CHECK(contains(all, node));
}

TEST_CASE("XEP-0133 §5 who is no administrator is refused every command of administration") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* node :
       {list_nodes, create_node, delete_node, purge_node, announce, shutdown, log_level,
        "urn:crier:command:ban", "urn:crier:command:unban", "urn:crier:command:bans"}) {
    CHECK(scene.refused_set(alice, command_xml(node)) == "auth/forbidden");
    CHECK(scene.refused_set(alice, command_xml(node, {"node=n", "confirm=1"})) == "auth/forbidden");
    CHECK(scene.refused_get(alice, disco("info", node)) == "auth/forbidden");
  }
}

TEST_CASE("XEP-0122 §3 forms of commands have labels, defaults, choices and validation") {
  Scene scene;
  const auto form = scene.set(admin, command_xml(list_nodes));
  CHECK(status_of(form) == "executing");
  CHECK(field_in(form.xml, "filter") == Strings{"*"});
  CHECK(field_in(form.xml, "max") == Strings{"100"});
  CHECK(attributes_of(form.xml, "validate", "datatype") == Strings{"xs:integer"});
  CHECK(attributes_of(form.xml, "range", "min") == Strings{"1"});
  CHECK(attributes_of(form.xml, "range", "max") == Strings{"500"});
  CHECK(attributes_of(form.xml, "actions", "execute") == Strings{"complete"});
  CHECK(attributes_of(form.xml, "field", "label").size() == 3);
  const auto required = scene.set(admin, command_xml(announce));
  CHECK(texts_of(required.xml, "required").size() == 1);
  const auto choices = scene.set(admin, command_xml(log_level));
  CHECK(attributes_of(choices.xml, "option", "label").size() == 4);
}

TEST_CASE("XEP-0050 §4.4 what a form can not say is refused by the field's name") {
  Scene scene;
  const auto refusal = [&](std::string_view node, const Strings& fields) {
    const auto answer = scene.set(admin, command_xml(node, fields));
    CHECK(answer.error == "modify/bad-request/bad-payload");
    return texts_of(answer.xml, "text").front();
  };
  CHECK(refusal(list_nodes, {"max=501"}) == "The field max cannot have this value.");
  CHECK(refusal(list_nodes, {"max=many"}) == "The field max cannot have this value.");
  CHECK(refusal(list_nodes, {"nonsense=1"}) == "There is no field nonsense.");
  CHECK(refusal(announce, {"x-subject=s"}) == "The field announcement is missing.");
  CHECK(refusal(announce, {"announcement=", "x-type=shout"}) ==
        "The field x-type cannot have this value.");
  CHECK(refusal(shutdown, {"delay=-1"}) == "The field delay cannot have this value.");
  CHECK(refusal(log_level, {"level=loud"}) == "The field level cannot have this value.");
  CHECK(refusal("urn:crier:command:ban", {"jid=@"}) == "The field jid cannot have this value.");
  CHECK(refusal("urn:crier:command:ban", {"reason=r"}) == "The field jid is missing.");
  CHECK(refusal(delete_node, {"confirm=1"}) == "The field node is missing.");
}

TEST_CASE("administrators list all nodes, by a filter and in pages") {
  Scene scene;
  for (const auto* node : {"a1", "a2", "a3", "b1"}) scene.create(alice, node);
  scene.create(alice, "c", {"node_type=collection"});
  scene.create(alice, "a4", {"collection=c", "title=Four"});
  scene.fill(alice, "a4", 3);
  const auto all = scene.set(admin, command_xml(list_nodes, {"filter=a*"}));
  CHECK(status_of(all) == "completed");
  CHECK(column(all, "node") == Strings{"a1", "a2", "a3", "a4"});
  CHECK(column(all, "items").back() == "3");
  CHECK(column(all, "title").back() == "Four");
  CHECK(column(all, "creator").front() == "alice@a.example");
  CHECK(field_in(all.xml, "next").empty());
  const auto page = scene.set(admin, command_xml(list_nodes, {"filter=a*", "max=2"}));
  CHECK(column(page, "node") == Strings{"a1", "a2"});
  CHECK(field_in(page.xml, "next") == Strings{"a2"});
  const auto rest = scene.set(admin, command_xml(list_nodes, {"max=9", "after=a4"}));
  CHECK(column(rest, "node") == Strings{"b1", "c"});
  CHECK(column(rest, "type") == Strings{"leaf", "collection"});
  const auto none = scene.set(admin, command_xml(list_nodes, {"filter=z*"}));
  CHECK(texts_of(none.xml, "note") == Strings{"There are no such nodes."});
}

TEST_CASE("a page of nodes ends where enough names were looked at, and the next one begins there") {
  Scene scene;
  for (int i = 0; i < 5'000; ++i) scene.create(alice, fmt::format("a{:04}", i));
  scene.create(alice, "b");
  const auto page = scene.set(admin, command_xml(list_nodes, {"filter=b"}));
  CHECK(column(page, "node").empty());
  CHECK(field_in(page.xml, "next") == Strings{"a4999"});
  const auto rest = scene.set(admin, command_xml(list_nodes, {"filter=b", "after=a4999"}));
  CHECK(column(rest, "node") == Strings{"b"});
}

TEST_CASE("what is not said of a node that an administrator creates is as the operator has it") {
  auto policy = Scene::policy();
  policy.node_rules = {{"private*", "pubsub#access_model", {"whitelist"}, false},
                       {"forced*", "pubsub#access_model", {"authorize"}, true}};
  Scene scene(policy);
  const auto model = [&](std::string_view node) {
    scene.set(admin, command_xml(create_node, {fmt::format("node={}", node)}));
    return model_of(scene, node);
  };
  CHECK(model("private") == Strings{"whitelist"});
  CHECK(model("forced") == Strings{"authorize"});
  CHECK(model("other") == Strings{"open"});
  // A form that is sent back as it came says nothing either.
  const auto form = scene.set(admin, command_xml(create_node));
  CHECK(field_in(form.xml, "pubsub#access_model").empty());
  scene.set(admin, command_xml(create_node, {"node=private 2", "pubsub#access_model="}));
  CHECK(model_of(scene, "private 2") == Strings{"whitelist"});
}

TEST_CASE("a page of nodes is measured as it is written") {
  Scene scene;
  const std::string ampersands(900, '&');
  for (int i = 0; i < 200; ++i) scene.create(alice, ampersands + std::to_string(i));
  const auto page = scene.set(admin, command_xml(list_nodes, {"max=500"}));
  CHECK(page.xml.size() < Scene::policy().page_bytes + 16 * 1024);
  CHECK_FALSE(field_in(page.xml, "next").empty());
}

TEST_CASE("administrators create nodes, for others too") {
  Scene scene;
  const auto made = scene.set(
      admin, command_xml(create_node, {"node=n", "owner=alice@a.example/x", "pubsub#title=News",
                                       "pubsub#access_model=whitelist"}));
  CHECK(texts_of(made.xml, "note") ==
        Strings{"The node n is created; its owner is alice@a.example."});
  CHECK(scene.configure(alice, "n", {"title=Mine"}).type == "result");
  CHECK(scene.subscribe("bob@b.example", "n").error == "cancel/not-allowed closed-node");
  CHECK(scene.refused_set(admin, command_xml(create_node, {"node=n"})) == "cancel/conflict");
}

TEST_CASE("XEP-0050 §3.4 deleting has a stage that asks, and goes back") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 2);
  const auto first = scene.set(admin, command_xml(delete_node));
  CHECK(attributes_of(first.xml, "actions", "execute") == Strings{"next"});
  CHECK(texts_of(first.xml, "prev").empty());
  const auto second = scene.set(admin, command_xml(delete_node, {"node=n"}, "next"));
  CHECK(status_of(second) == "executing");
  CHECK(texts_of(second.xml, "instructions").front().starts_with("The node n has 2 items and 0 "));
  CHECK(attributes_of(second.xml, "actions", "execute") == Strings{"complete"});
  CHECK(texts_of(second.xml, "prev").size() == 1);
  CHECK(field_in(second.xml, "node") == Strings{"n"});
  const auto back = scene.set(admin, command_xml(delete_node, {"node=n", "confirm=0"}, "prev"));
  CHECK(attributes_of(back.xml, "actions", "execute") == Strings{"next"});
  CHECK(field_in(back.xml, "node") == Strings{"n"});
  const auto no = scene.set(admin, command_xml(delete_node, {"node=n", "confirm=0"}, "complete"));
  CHECK(texts_of(no.xml, "note").front().starts_with("Nothing was changed"));
  CHECK(scene.item_ids(alice, "n") == Strings{"1", "2"});
  // Nothing was kept between the stages.
  scene.restart();
  const auto done = scene.set(admin, command_xml(delete_node, {"node=n", "confirm=1"}, "complete"));
  CHECK(status_of(done) == "completed");
  CHECK(scene.items(alice, "n").error == "cancel/item-not-found");
  CHECK(scene.refused_set(admin, command_xml(delete_node, {"node=n"})) == "cancel/item-not-found");
}

TEST_CASE("§8.5 administrators purge nodes that keep items") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 2);
  scene.subscribe(alice, "n");
  scene.heard(alice);
  scene.set(admin, command_xml(purge_node, {"node=n", "confirm=true"}));
  CHECK(scene.item_ids(alice, "n").empty());
  CHECK(scene.events(alice) == Strings{event("<purge node='n'/>")});
  scene.create(alice, "c", {"node_type=collection"});
  CHECK(scene.refused_set(admin, command_xml(purge_node, {"node=c"})) ==
        "cancel/feature-not-implemented unsupported:purge-nodes");
}

TEST_CASE("XEP-0133 §4.23 an announcement comes once to every bare JID that is subscribed") {
  Scene scene;
  scene.create(alice, "n");
  scene.create(alice, "m");
  for (const auto* jid : {"bob@b.example/1", "bob@b.example/2", "carol@c.example",
                          "carol@c.example/1", "dave@d.example"})
    for (const auto* node : {"n", "m"}) scene.subscribe(jid, node);
  const auto answer = scene.set(
      admin,
      command_xml(announce, {"announcement=Fish & chips", "x-subject=Tonight", "x-type=normal"}));
  CHECK(status_of(answer) == "completed");
  for (const auto* bare : {"bob@b.example", "carol@c.example", "dave@d.example"}) {
    const auto heard = scene.heard(bare);
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].type == "normal");
    CHECK(texts_of(heard[0].xml, "body") == Strings{"Fish & chips"});
    CHECK(texts_of(heard[0].xml, "subject") == Strings{"Tonight"});
  }
  for (const auto* other : {"alice@a.example", "bob@b.example/1", "carol@c.example/1"})
    CHECK(scene.heard(other).empty());
}

TEST_CASE("an announcement goes in slices, and goes on after a restart where it was") {
  Scene scene;
  scene.create(alice, "n");
  constexpr int subscribers = 450;
  for (int i = 0; i < subscribers; ++i) scene.subscribe(fmt::format("u{}@b.example", i), "n");
  // The reply of the batch leaves before any slice does; then one slice, then the process ends.
  scene.batch().handle(parsed(iq("set", admin, command_xml(announce, {"announcement=Hello"}))));
  CHECK(scene.batch().commit().stanzas.size() == 1);
  std::set<std::string> told;
  const auto note = [&](const Strings& stanzas) {
    for (const auto& xml : stanzas)
      if (xml.starts_with("<message"))
        CHECK(told.insert(attributes_of(xml, "message", "to").front()).second);
  };
  const auto slice = scene.batch().work();
  CHECK(slice.stanzas.size() <= 200);
  CHECK(slice.stanzas.size() > 0);
  note(Strings(slice.stanzas.begin(), slice.stanzas.end()));
  scene.restart();
  for (int i = 0; i < subscribers; ++i) {
    const auto jid = fmt::format("u{}@b.example", i);
    for (const auto& heard : scene.heard(jid)) note({heard.xml});
  }
  CHECK(told.size() == subscribers);
  CHECK_FALSE(scene.batch().has_work());
}

TEST_CASE("XEP-0133 §4.31 shutting down is ordered once all is on disk, and may be announced") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe("bob@b.example", "n");
  scene.set(admin, command_xml(shutdown, {"delay=120", "announcement=Back soon"}));
  REQUIRE(scene.orders.shut_down);
  CHECK(*scene.orders.shut_down == std::chrono::seconds(120));
  CHECK(scene.heard("bob@b.example").size() == 1);
  scene.orders = {};
  scene.store().fail_commit = true;
  const auto failed = scene.set(admin, command_xml(shutdown, {"delay=0"}));
  CHECK(failed.error == "wait/resource-constraint");
  CHECK_FALSE(scene.orders.shut_down);
  scene.complaints.clear();
}

TEST_CASE("what was announced of a shutdown means nothing when that is over") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe("bob@b.example", "n");
  scene.batch().handle(
      parsed(iq("set", admin, command_xml(shutdown, {"delay=30", "announcement=Going down"}))));
  scene.batch().commit();
  scene.now += std::chrono::minutes(1);
  scene.restart();
  CHECK(scene.heard("bob@b.example").empty());
}

TEST_CASE("the level of the log is set") {
  Scene scene;
  scene.set(admin, command_xml(log_level, {"level=debug"}));
  CHECK(scene.orders.log_level == "debug");
}

TEST_CASE("§8.7 owners list who waits for approval") {
  constexpr auto pending = "urn:crier:command:pending";
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  for (const auto* jid : {"bob@b.example", "carol@c.example/1", "dave@d.example"})
    scene.subscribe(jid, "n");
  scene.set_subscription(alice, "n", "bob@b.example", "subscribed");
  const auto answer = scene.set(alice, command_xml(pending, {"node=n"}));
  CHECK(column(answer, "jid") == Strings{"carol@c.example/1", "dave@d.example"});
  CHECK(column(answer, "subid").size() == 2);
  CHECK(column(scene.set(admin, command_xml(pending, {"node=n", "max=1"})), "jid").size() == 1);
  CHECK(scene.refused_set("bob@b.example/x", command_xml(pending, {"node=n"})) == "auth/forbidden");
  CHECK(scene.refused_set(alice, command_xml(pending, {"node=m"})) == "cancel/item-not-found");
}

}  // namespace crier::test
