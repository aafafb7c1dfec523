#include "ext/command_requests.hpp"

#include <crier/audit.hpp>

#include <doctest/doctest.h>

namespace crier::test {

namespace {

constexpr auto admin = "admin@example.org/desk";
constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example/x";
constexpr auto audit = "urn:crier:command:audit";

/// Each entry as "by action node subject old>new", the oldest first.
Strings entries(Scene& scene, const char* who = admin, const Strings& fields = {}) {
  Strings all{"oldest-first=1"};
  all.insert(all.end(), fields.begin(), fields.end());
  const auto answer = scene.set(who, command_xml(audit, all));
  Strings lines;
  const auto by = column(answer, "by"), action = column(answer, "action"),
             node = column(answer, "node"), subject = column(answer, "subject"),
             old_value = column(answer, "old"), new_value = column(answer, "new");
  for (std::size_t i = 0; i < by.size(); ++i)
    lines.push_back(fmt::format("{} {} {} {} {}>{}", by[i], action[i], node[i], subject[i],
                                old_value[i], new_value[i]));
  return lines;
}

}  // namespace

TEST_CASE("audit: what is configured, with the values before and after") {
  Scene scene;
  scene.create(alice, "n", {"title=Old"});
  scene.configure(alice, "n", {"title=New", "max_items=5", "access_model=open"});
  CHECK(entries(scene, admin, {"node=n"}) ==
        Strings{"alice@a.example/x configure n pubsub#title Old>New",
                "alice@a.example/x configure n pubsub#max_items max>5"});
  scene.configure(alice, "n", {"title=New"});
  CHECK(entries(scene, admin, {"node=n"}).size() == 2);
}

TEST_CASE("audit: affiliations, and subscriptions that somebody else changes") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  scene.subscribe(bob, "n");
  scene.subscribe("carol@c.example", "n");
  scene.affiliate(alice, "n", "dave@d.example", "publisher");
  scene.affiliate(alice, "n", "dave@d.example", "publisher");
  scene.affiliate(admin, "n", "dave@d.example", "none");
  scene.set_subscription(alice, "n", bob, "subscribed");
  scene.set_subscription(alice, "n", "carol@c.example", "none");
  scene.set_subscription(alice, "n", alice, "subscribed");
  scene.unsubscribe(bob, "n");
  CHECK(entries(scene) ==
        Strings{"alice@a.example/x affiliation n dave@d.example none>publisher",
                "admin@example.org/desk affiliation n dave@d.example publisher>none",
                "alice@a.example/x subscription n bob@b.example/x pending>subscribed",
                "alice@a.example/x subscription n carol@c.example pending>none"});
}

TEST_CASE("§8.6 audit: a subscription that is approved by a form") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  scene.subscribe(bob, "n");
  scene.send(
      fmt::format("<message from='{}' to='{}'>{}</message>", alice, scene_jid,
                  submit_form("http://jabber.org/protocol/pubsub#subscribe_authorization",
                              {"node=n", fmt::format("subscriber_jid={}", bob), "allow=1"})));
  CHECK(entries(scene) ==
        Strings{"alice@a.example/x subscription n bob@b.example/x pending>subscribed"});
}

TEST_CASE("audit: nodes that are purged, deleted, or put into collections") {
  Scene scene;
  scene.create(alice, "n");
  scene.create(alice, "c", {"node_type=collection"});
  scene.fill(alice, "n", 3);
  scene.purge(alice, "n");
  scene.set(alice, pubsub_owner("<collection node='c'><associate node='n'/></collection>"));
  scene.remove(alice, "n");
  CHECK(entries(scene) == Strings{"alice@a.example/x purge n  3>",
                                  "alice@a.example/x associate c n >",
                                  "alice@a.example/x delete n  >"});
}

TEST_CASE("audit: what administrators do, and what the service does by itself") {
  Scene scene;
  const auto run = [&](const char* node, const Strings& fields) {
    CHECK(status_of(scene.set(admin, command_xml(node, fields))) == "completed");
  };
  run("urn:crier:command:create-node", {"node=n", "owner=alice@a.example"});
  run("urn:crier:command:ban", {"jid=b.example", "reason=Spam", "duration=60"});
  run("http://jabber.org/protocol/admin#announce", {"announcement=Hello"});
  run("urn:crier:command:log-level", {"level=debug"});
  run("http://jabber.org/protocol/admin#shutdown", {"delay=5"});
  run("urn:crier:command:delete-node", {"node=n", "confirm=1"});
  scene.wait(std::chrono::minutes(2));
  const std::string by = std::string(admin) + " ";
  CHECK(entries(scene) ==
        Strings{by + "create n  >alice@a.example",
                by + "ban  b.example >until 2024-05-01T00:01:00Z: Spam", by + "announce   >Hello",
                by + "log-level   >debug", by + "shutdown   >after 5 s", by + "delete n  >",
                "pubsub.example.org unban  b.example until 2024-05-01T00:01:00Z: Spam>"});
}

TEST_CASE("audit: is written with the change or not at all, and never by publishing") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 5);
  scene.retract(alice, "n", "1");
  scene.subscribe(bob, "n");
  CHECK(entries(scene).empty());
  scene.store().fail_commit = true;
  scene.configure(alice, "n", {"title=Lost"});
  CHECK(entries(scene).empty());
  scene.complaints.clear();
}

TEST_CASE("audit: pages, filters, and what comes behind an entry") {
  Scene scene;
  scene.create(alice, "n");
  scene.create(bob, "m");
  for (const auto* title : {"1", "2", "3"}) {
    scene.configure(alice, "n", {fmt::format("title={}", title)});
    scene.configure(bob, "m", {fmt::format("title={}", title)});
    scene.now += std::chrono::hours(1);
  }
  const auto newest = scene.set(admin, command_xml(audit, {"max=2"}));
  CHECK(column(newest, "node") == Strings{"m", "n"});
  CHECK(column(newest, "new") == Strings{"3", "3"});
  const auto next = field_in(newest.xml, "next");
  REQUIRE(next.size() == 1);
  const auto page = scene.set(admin, command_xml(audit, {"max=2", "before=" + next.front()}));
  CHECK(column(page, "new") == Strings{"2", "2"});
  CHECK(entries(scene, admin, {"after=" + next.front()}).size() == 1);
  CHECK(entries(scene, admin, {"by=bob@b.example/other"}).size() == 3);
  CHECK(entries(scene, admin, {"since=2024-05-01T01:30:00Z"}).size() == 2);
  CHECK(entries(scene, admin, {"node=n", "since=2024-05-01T00:30:00Z"}).size() == 2);
}

TEST_CASE("audit: owners see what was done to their nodes, and to no other's of that name before") {
  Scene scene;
  scene.create(bob, "n");
  scene.configure(bob, "n", {"title=Secret"});
  scene.remove(bob, "n");
  scene.now += std::chrono::hours(1);
  scene.create(alice, "n");
  scene.configure(admin, "n", {"title=Mine"});
  CHECK(entries(scene, alice, {"node=n"}) ==
        Strings{"admin@example.org/desk configure n pubsub#title >Mine"});
  CHECK(scene.refused_set(bob, command_xml(audit, {"node=n"})) == "auth/forbidden");
  CHECK(scene.refused_set(alice, command_xml(audit, {"max=5"})) == "auth/forbidden");
  CHECK(scene.refused_set(alice, command_xml(audit, {"node=x"})) == "cancel/item-not-found");
}

TEST_CASE("audit: the log is kept within its bounds") {
  auto policy = Scene::policy();
  policy.max_audit_entries = 3;
  Scene scene(policy);
  scene.create(alice, "n");
  for (int i = 0; i < 10; ++i) scene.configure(alice, "n", {fmt::format("title={}", i)});
  CHECK(entries(scene).size() == 3);
  CHECK(entries(scene).back() == "alice@a.example/x configure n pubsub#title 8>9");
}

TEST_CASE("audit: a long value is cut between characters") {
  CHECK(audit_text("short") == "short");
  std::string text;
  for (int i = 0; i < 600; ++i) text += "é";
  const auto cut = audit_text("x" + text);
  CHECK(cut.size() < 1030);
  CHECK(cut.ends_with("é…"));
}

}  // namespace crier::test
