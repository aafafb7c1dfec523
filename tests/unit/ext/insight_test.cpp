#include "ext/command_requests.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

namespace crier::test {

namespace {

constexpr auto admin = "admin@example.org/x";
constexpr auto bob = "bob@b.example/x";

constexpr auto statistics_name = "urn:crier:command:statistics";
constexpr auto trace = "urn:crier:command:trace";

/// The fields of a result, each of which has one value.
std::map<std::string, std::string> fields_of(const Element& parent) {
  std::map<std::string, std::string> fields;
  for (const auto& field : parent.children())
    if (field.name == "field" && field.first_child())
      fields[std::string(field.attribute_or("var", ""))] = field.first_child()->text();
  return fields;
}

struct Told {
  std::map<std::string, std::string> fields;
  std::vector<std::map<std::string, std::string>> rows;
};

Told statistics(Scene& scene) {
  const auto reply = parse_xml(scene.set(admin, command_xml(statistics_name)).xml);
  REQUIRE(reply);
  const auto* x = reply->root().first_child()->child("x", "jabber:x:data");
  REQUIRE(x);
  Told told{fields_of(*x), {}};
  for (const auto& item : x->children())
    if (item.name == "item") told.rows.push_back(fields_of(item));
  return told;
}

}  // namespace

TEST_CASE("statistics and traces are for admins alone: auth/forbidden") {
  Scene scene;
  for (const auto* name : {statistics_name, trace})
    CHECK(scene.refused_set(bob, command_xml(name)) == "auth/forbidden");
  CHECK(scene.refused_set(bob, command_xml(trace, {"address=a@b", "seconds=60"})) ==
        "auth/forbidden");
  CHECK_FALSE(scene.batch().taps().armed());
}

TEST_CASE("counters move by exactly what was done and committed") {
  Scene scene;
  scene.create(bob, "n");
  scene.subscribe("carol@c.example", "n");
  scene.fill(bob, "n", 3);
  CHECK(scene.refused_get(bob, pubsub("<items node='none'/>")) == "cancel/item-not-found");
  scene.set(bob, "<nothing xmlns='u:n'/>");
  const auto& counted = scene.batch().statistics();
  const auto service = make_service(Scene::policy());
  const auto routes = service.routes();
  const auto count = [&](std::string_view element, std::string_view condition) {
    const auto route = std::ranges::find(routes, element, &Route::element) - routes.begin();
    return counted.requests[static_cast<std::size_t>(route)][outcome_of(condition)].value();
  };
  CHECK(count("publish", "result") == 3);
  CHECK(count("subscribe", "result") == 1);
  CHECK(count("items", "item-not-found") == 1);
  CHECK(count("items", "result") == 0);
  CHECK(counted.requests[Statistics::other_route][outcome_of("service-unavailable")].value() == 1);
  CHECK(counted.items_published.value() == 3);
  const auto told = statistics(scene);
  CHECK(told.fields.at("requests") == "7");
  CHECK(told.fields.at("requests_refused") == "2");
  CHECK(told.fields.at("items_published") == "3");
  CHECK(told.fields.at("version") == CRIER_VERSION);
  REQUIRE(told.rows.size() == 1);
  CHECK(told.rows[0].at("kind") == "node");
  CHECK(told.rows[0].at("name") == "n");
  CHECK(told.rows[0].at("events") == "3");
}

TEST_CASE("a request that the disk refuses counts as refused, and its items not at all") {
  Scene scene;
  scene.create(bob, "n");
  const auto& counted = scene.batch().statistics();
  const auto items = counted.items_published.value();
  scene.store().fail_commit = true;
  scene.publish(bob, "n", "1");
  CHECK(counted.items_published.value() == items);
  CHECK(counted.commits_failed.value() == 1);
  CHECK(counted.storage_failing.value() == 1);
  const auto told = statistics(scene);
  CHECK(told.fields.at("requests_refused") == "1");
  scene.complaints.clear();
}

TEST_CASE("§12.2 the statistics name subscribers whose notifications come back") {
  Scene scene;
  scene.create(bob, "n");
  scene.subscribe("carol@c.example", "n");
  scene.publish(bob, "n", "1");
  const auto heard = scene.heard("carol@c.example");
  REQUIRE(heard.size() == 1);
  const auto id = attributes_of(heard[0].xml, "message", "id").at(0);
  scene.send(fmt::format(
      "<message type='error' from='carol@c.example' to='pubsub.example.org' id='{}'><error "
      "type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
      id));
  const auto told = statistics(scene);
  CHECK(told.fields.at("bounces") == "1");
  const auto row = std::ranges::find_if(
      told.rows, [](const auto& each) { return each.at("kind") == "bouncing"; });
  REQUIRE(row != told.rows.end());
  CHECK(row->at("name") == "carol@c.example");
  CHECK(row->at("node") == "n");
}

TEST_CASE("XEP-0050 §3.4 a trace asks what to trace, and begins when it is told") {
  Scene scene;
  const auto form = scene.set(admin, command_xml(trace));
  CHECK(attributes_of(form.xml, "command", "status") == Strings{"executing"});
  CHECK(attributes_of(form.xml, "field", "var") ==
        Strings{"FORM_TYPE", "kind", "address", "seconds"});
  const auto done =
      scene.set(admin, command_xml(trace, {"kind=jid", "address=Bob@B.example", "seconds=10"}));
  CHECK(attributes_of(done.xml, "command", "status") == Strings{"completed"});
  auto& taps = scene.batch().taps();
  REQUIRE(taps.armed());
  const auto audited = scene.store().audit({.limit = 1});
  REQUIRE(audited.size() == 1);
  CHECK(audited[0].by == admin);
  CHECK(audited[0].action == "trace");
  CHECK(audited[0].subject == "bob@b.example");
  taps.sent("<iq to='bob@b.example/x'/>", nullptr, scene.now);
  CHECK(taps.take(scene.now, "pubsub.example.org", false).size() == 1);
  scene.set(admin, command_xml(trace, {"seconds=0"}));
  CHECK(taps.take(scene.now, "pubsub.example.org", false).size() == 1);
  CHECK_FALSE(taps.armed());
}

TEST_CASE("XEP-0050 §4.4 a trace of what can not be: modify/bad-request; of too many: wait") {
  Scene scene;
  const auto error = [&](const Strings& fields) {
    return scene.refused_set(admin, command_xml(trace, fields));
  };
  CHECK(error({"address=a@b", "seconds=3601"}) == "modify/bad-request/bad-payload");
  CHECK(error({"address=a@b", "seconds=soon"}) == "modify/bad-request/bad-payload");
  CHECK(error({"address=@", "seconds=1"}) == "modify/bad-request/bad-payload");
  CHECK(error({"seconds=1"}) == "modify/bad-request/bad-payload");
  CHECK(error({"address=a@b", "second=5"}) == "modify/bad-request/bad-payload");
  CHECK(error({"kind=moon", "address=a@b", "seconds=1"}) == "modify/bad-request/bad-payload");
  for (std::size_t i = 0; i < Taps::most; ++i)
    scene.set(admin, command_xml(trace, {fmt::format("address={}@b", i), "seconds=9"}));
  CHECK(error({"address=more@b", "seconds=9"}) == "wait/resource-constraint");
}

}  // namespace crier::test
