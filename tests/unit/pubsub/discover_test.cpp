#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example/y";
constexpr auto info_ns = "http://jabber.org/protocol/disco#info";
constexpr auto items_ns = "http://jabber.org/protocol/disco#items";
constexpr std::string_view feature_prefix = "http://jabber.org/protocol/pubsub#";

std::string query(std::string_view ns, std::string_view node, std::string_view inside = "") {
  const auto attribute = node.empty() ? "" : fmt::format(" node='{}'", node);
  return fmt::format("<query xmlns='{}'{}>{}</query>", ns, attribute, inside);
}

Answer info(Scene& scene, std::string_view from, std::string_view node = "") {
  return scene.get(from, query(info_ns, node));
}

Answer items(Scene& scene, std::string_view from, std::string_view node = "",
             std::string_view inside = "") {
  return scene.get(from, query(items_ns, node, inside));
}

/// The NodeIDs that the service lists, sorted.
Strings nodes(Scene& scene, std::string_view from) {
  auto nodes = attributes_of(items(scene, from).xml, "item", "node");
  std::ranges::sort(nodes);
  return nodes;
}

Strings features(Scene& scene) {
  return attributes_of(info(scene, bob).xml, "feature", "var");
}

bool has(const Strings& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

}  // namespace

TEST_CASE("§5.1 A038 the service is a pubsub/service") {
  Scene scene;
  const auto answer = info(scene, bob);
  CHECK(attributes_of(answer.xml, "identity", "category") == Strings{"pubsub"});
  CHECK(attributes_of(answer.xml, "identity", "type") == Strings{"service"});
}

TEST_CASE("§5.1 A039 A040 §10 the service tells what it does") {
  Scene scene;
  const auto told = features(scene);
  CHECK(has(told, info_ns));
  CHECK(has(told, items_ns));
  CHECK(has(told, "http://jabber.org/protocol/pubsub"));
  for (const auto* feature : {"config-node",
                              "config-node-max",
                              "create-and-configure",
                              "create-nodes",
                              "delete-items",
                              "delete-nodes",
                              "instant-nodes",
                              "item-ids",
                              "manage-subscriptions",
                              "member-affiliation",
                              "meta-data",
                              "modify-affiliations",
                              "multi-items",
                              "outcast-affiliation",
                              "persistent-items",
                              "publish",
                              "publish-only-affiliation",
                              "publish-options",
                              "publisher-affiliation",
                              "publish-node-full",
                              "purge-nodes",
                              "retract-items",
                              "retrieve-affiliations",
                              "retrieve-default",
                              "retrieve-items",
                              "retrieve-subscriptions",
                              "subscribe",
                              "auto-create",
                              "subscription-notifications"}) {
    CAPTURE(std::string(feature));
    CHECK(has(told, std::string(feature_prefix) + feature));
  }
}

TEST_CASE("§6.5.4 A127, XEP-0059 §4 R19 paging is told of") {
  Scene scene;
  const auto told = features(scene);
  CHECK(has(told, "http://jabber.org/protocol/pubsub#rsm"));
  CHECK(has(told, "http://jabber.org/protocol/rsm"));
}

TEST_CASE("§5.1 A041 trap: of the access models only the default one is a feature") {
  Scene scene;
  Strings access;
  for (const auto& feature : features(scene))
    if (feature.starts_with("http://jabber.org/protocol/pubsub#access-")) access.push_back(feature);
  CHECK(access == Strings{"http://jabber.org/protocol/pubsub#access-open"});
}

TEST_CASE("§5.1 trap: no feature is told of twice, and none that does not work") {
  Scene scene;
  const auto told = features(scene);
  CHECK(std::set<std::string>(told.begin(), told.end()).size() == told.size());
  // The last item is not sent by default (§6.1.7 A092).
  CHECK_FALSE(has(told, std::string(feature_prefix) + "last-published"));
}

TEST_CASE("§5.2 A042 the service lists its nodes, with their titles") {
  Scene scene;
  scene.create(alice, "b", {"title=A title"});
  scene.create(alice, "a");
  CHECK(items(scene, bob).payload ==
        canonical("<query xmlns='http://jabber.org/protocol/disco#items'>"
                  "<item jid='pubsub.example.org' node='a'/>"
                  "<item jid='pubsub.example.org' node='b' name='A title'/></query>"));
}

TEST_CASE("§5.2 A042 a service without nodes lists none") {
  Scene scene;
  CHECK(items(scene, bob).payload == canonical(query(items_ns, "")));
}

TEST_CASE("§5.2 A044 §14.3 trap: a private node is listed to those who may see it only") {
  Scene scene;
  scene.create(alice, "open");
  scene.create(alice, "private", {"access_model=whitelist"});
  CHECK(nodes(scene, bob) == Strings{"open"});
  CHECK(nodes(scene, alice) == Strings{"open", "private"});
  CHECK(nodes(scene, "admin@example.org") == Strings{"open", "private"});
  scene.affiliate(alice, "private", "bob@b.example", "member");
  CHECK(nodes(scene, bob) == Strings{"open", "private"});
  scene.affiliate(alice, "private", "bob@b.example", "outcast");
  scene.affiliate(alice, "open", "bob@b.example", "outcast");
  CHECK(nodes(scene, bob).empty());
}

TEST_CASE("§14.3 A332 trap: no page of the list names a private node, not even as its last one") {
  Scene scene;
  scene.create(alice, "a");
  scene.create(alice, "secret", {"access_model=whitelist"});
  scene.create(alice, "z");
  for (const auto* max : {"1", "2", "3", "10"}) {
    for (const auto* after : {"", "<after>a</after>", "<after>b</after>"}) {
      const auto answer = items(scene, bob, "", page(fmt::format("<max>{}</max>{}", max, after)));
      CHECK(answer.type == "result");
      CHECK_MESSAGE(answer.xml.find("secret") == std::string::npos, answer.xml);
    }
  }
}

TEST_CASE("§5.2 A043 R21 a list of nodes is paged: every node once, whatever comes or goes") {
  Scene scene;
  for (const auto* node : {"a", "b", "c", "d", "e"}) scene.create(alice, node);
  const auto first = items(scene, bob, "", page("<max>2</max>"));
  CHECK(attributes_of(first.xml, "item", "node") == Strings{"a", "b"});
  const auto last = texts_of(first.xml, "last");
  REQUIRE(last.size() == 1);
  // The anchor goes, and a node comes before it.
  scene.remove(alice, "b");
  scene.create(alice, "aa");
  const auto second =
      items(scene, bob, "", page("<max>2</max><after>" + last.front() + "</after>"));
  CHECK(attributes_of(second.xml, "item", "node") == Strings{"c", "d"});
}

TEST_CASE("§5.2 A043 a list longer than a page ends with a <set/>, asked for or not") {
  auto policy = Scene::policy();
  policy.page_items = 2;
  Scene scene(policy);
  for (const auto* node : {"a", "b", "c"}) scene.create(alice, node);
  const auto first = items(scene, bob);
  CHECK(attributes_of(first.xml, "item", "node") == Strings{"a", "b"});
  const auto last = texts_of(first.xml, "last");
  REQUIRE(last.size() == 1);
  const auto rest = items(scene, bob, "", page("<after>" + last.front() + "</after>"));
  CHECK(attributes_of(rest.xml, "item", "node") == Strings{"c"});
}

TEST_CASE("§5.3 A046 a node is a pubsub/leaf, named as its title says") {
  Scene scene;
  scene.create(alice, "n", {"title=News"});
  const auto answer = info(scene, bob, "n");
  CHECK(attributes_of(answer.xml, "query", "node") == Strings{"n"});
  CHECK(attributes_of(answer.xml, "identity", "category") == Strings{"pubsub"});
  CHECK(attributes_of(answer.xml, "identity", "type") == Strings{"leaf"});
  CHECK(attributes_of(answer.xml, "identity", "name") == Strings{"News"});
  CHECK(has(attributes_of(answer.xml, "feature", "var"), "http://jabber.org/protocol/pubsub"));
}

TEST_CASE("§5.3 A047 discovery of a node that is not there: cancel/item-not-found") {
  Scene scene;
  CHECK(scene.refused_get(bob, query(info_ns, "n")) == "cancel/item-not-found");
  CHECK(scene.refused_get(bob, query(items_ns, "n")) == "cancel/item-not-found");
}

TEST_CASE("§5.4 A048 A049 the meta-data: what is configured, and what the service knows") {
  Scene scene;
  scene.create(alice, "n", {"title=T", "description=D", "max_items=5", "publish_model=open"});
  scene.affiliate(alice, "n", "carol@c.example", "publisher");
  scene.subscribe(bob, "n");
  const auto answer = info(scene, bob, "n");
  CHECK(attributes_of(answer.xml, "x", "type") == Strings{"result"});
  const auto value = [&](const char* var) { return field_in(answer.xml, var); };
  CHECK(value("FORM_TYPE") == Strings{"http://jabber.org/protocol/pubsub#meta-data"});
  CHECK(value("pubsub#title") == Strings{"T"});
  CHECK(value("pubsub#description") == Strings{"D"});
  CHECK(value("pubsub#access_model") == Strings{"open"});
  CHECK(value("pubsub#publish_model") == Strings{"open"});
  CHECK(value("pubsub#max_items") == Strings{"5"});
  CHECK(value("pubsub#creation_date") == Strings{"2024-05-01T00:00:00Z"});
  CHECK(value("pubsub#creator") == Strings{"alice@a.example"});
  CHECK(value("pubsub#owner") == Strings{"alice@a.example"});
  CHECK(value("pubsub#publisher") == Strings{"carol@c.example"});
  CHECK(value("pubsub#num_subscribers") == Strings{"1"});
}

TEST_CASE("§5.4 A050 §16.4.3 the meta-data: type, language and contact, where they are set") {
  Scene scene;
  scene.create(alice, "n", {"type=u:e", "language=de", "contact=c@c.example|d@d.example"});
  const auto full = info(scene, bob, "n");
  CHECK(field_in(full.xml, "pubsub#type") == Strings{"u:e"});
  CHECK(field_in(full.xml, "pubsub#language") == Strings{"de"});
  CHECK(field_in(full.xml, "pubsub#contact") == Strings{"c@c.example", "d@d.example"});
  scene.create(alice, "m");
  for (const auto& var : attributes_of(info(scene, bob, "m").xml, "field", "var"))
    CHECK(!has({"pubsub#type", "pubsub#language", "pubsub#contact", "pubsub#publisher"}, var));
}

TEST_CASE("§5.4 A049 owners and publishers in the meta-data are those of now") {
  Scene scene;
  scene.create(alice, "n");
  scene.affiliate(alice, "n", "carol@c.example", "publisher");
  scene.affiliate(alice, "n", "dave@d.example", "publisher");
  scene.affiliate(alice, "n", "carol@c.example", "owner");
  scene.affiliate(alice, "n", "dave@d.example", "none");
  scene.affiliate(alice, "n", "erin@e.example", "publisher");
  for (int twice = 0; twice < 2; ++twice) {
    const auto answer = info(scene, bob, "n");
    CHECK(field_in(answer.xml, "pubsub#owner") == Strings{"alice@a.example", "carol@c.example"});
    CHECK(field_in(answer.xml, "pubsub#publisher") == Strings{"erin@e.example"});
    scene.restart();
  }
}

TEST_CASE("§16.4 the number of subscribers counts those who subscribed, not those who wait") {
  Scene scene;
  scene.create(alice, "n");
  scene.set_subscription(alice, "n", "bob@b.example", "pending");
  CHECK(field_in(info(scene, bob, "n").xml, "pubsub#num_subscribers") == Strings{"0"});
}

TEST_CASE("§5.4 A052 §14.3 trap: of a private node strangers learn nothing, not that it is there") {
  Scene scene;
  scene.create(alice, "n", {"access_model=whitelist"});
  scene.fill(alice, "n", 1);
  CHECK(scene.refused_get(bob, query(info_ns, "n")) == "cancel/item-not-found");
  CHECK(scene.refused_get(bob, query(items_ns, "n")) == "cancel/item-not-found");
  scene.affiliate(alice, "n", "bob@b.example", "member");
  CHECK(info(scene, bob, "n").type == "result");
  CHECK(ids_in(items(scene, bob, "n").xml) == Strings{"1"});
}

TEST_CASE("§5.5 A053 A045 a node lists its items by name, and they are no nodes") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 2);
  CHECK(items(scene, bob, "n").payload ==
        canonical("<query xmlns='http://jabber.org/protocol/disco#items' node='n'>"
                  "<item jid='pubsub.example.org' name='1'/>"
                  "<item jid='pubsub.example.org' name='2'/></query>"));
}

TEST_CASE("§5.5 A332 whoever may not retrieve does not list either") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 1);
  scene.affiliate(alice, "n", "bob@b.example", "publish-only");
  CHECK(scene.refused_get(bob, query(items_ns, "n")) == "auth/forbidden");
  scene.affiliate(alice, "n", "bob@b.example", "outcast");
  const auto answer = items(scene, bob, "n");
  CHECK(answer.type == "error");
  CHECK(ids_in(answer.xml).empty());
}

TEST_CASE("§5.5 R21 a list of items is paged") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 5);
  const auto first = items(scene, bob, "n", page("<max>2</max>"));
  CHECK(ids_in(first.xml) == Strings{"1", "2"});
  CHECK(texts_of(first.xml, "count") == Strings{"5"});
  const auto last = texts_of(first.xml, "last");
  REQUIRE(last.size() == 1);
  const auto second =
      items(scene, bob, "n", page("<max>2</max><after>" + last.front() + "</after>"));
  CHECK(ids_in(second.xml) == Strings{"3", "4"});
}

}  // namespace crier::test
