/// What the graph of collections can be, and who may change it: XEP-0248 §7.2, §7.5, §7.6.

#include "pubsub/collections.hpp"

#include <crier/namespaces.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace crier::test {

namespace {

constexpr auto impossible = "cancel/not-allowed invalid-options";
constexpr auto full = "cancel/not-allowed max-nodes-exceeded";

std::string refused_association(Scene& scene, std::string_view who, std::string_view node,
                                std::string_view child, std::string_view what = "associate") {
  return scene.refused_set(
      who, pubsub_owner(fmt::format("<collection node='{}'><{} node='{}'/></collection>", node,
                                    what, child)));
}

std::string refused_creation(Scene& scene, std::string_view who, std::string_view node,
                             const Strings& config) {
  return scene.refused_set(who, pubsub(fmt::format("<create node='{}'/><configure>{}</configure>",
                                                   node, submit_form(ns::node_config, config))));
}

}  // namespace

TEST_CASE(
    "XEP-0248 §7.2.3.5, §7.5.3.3 R12 R16 no cycle, of one, two, three nodes, from either side") {
  Scene scene;
  for (const auto* name : {"a", "b", "c"}) collection(scene, name);
  CHECK(refused_configuration(scene, alice, "a", {"collection=a"}) == impossible);
  CHECK(refused_configuration(scene, alice, "a", {"children=a"}) == impossible);
  CHECK(refused_association(scene, alice, "a", "a") == impossible);
  associate(scene, alice, "a", "b");
  CHECK(refused_configuration(scene, alice, "a", {"collection=b"}) == impossible);
  CHECK(refused_configuration(scene, alice, "b", {"children=a"}) == impossible);
  CHECK(refused_association(scene, alice, "b", "a") == impossible);
  associate(scene, alice, "b", "c");
  CHECK(refused_configuration(scene, alice, "a", {"collection=c"}) == impossible);
  CHECK(refused_configuration(scene, alice, "c", {"children=a"}) == impossible);
  CHECK(refused_association(scene, alice, "c", "a") == impossible);
}

TEST_CASE("XEP-0248 §7.2.3.5 R12 no cycle through what one request adds together") {
  Scene scene;
  for (const auto* name : {"a", "b", "c"}) collection(scene, name);
  associate(scene, alice, "b", "c");
  CHECK(refused_configuration(scene, alice, "a", {"collection=b", "children=b"}) == impossible);
  CHECK(refused_configuration(scene, alice, "a", {"collection=c", "children=b"}) == impossible);
  CHECK(refused_creation(scene, alice, "n",
                         {"node_type=collection", "collection=c", "children=b"}) == impossible);
  // The other way round it is none.
  CHECK(scene.configure(alice, "a", {"collection=b", "children=c"}).type == "result");
}

TEST_CASE("XEP-0248 §7.2 R12 two nodes can change places in one request") {
  Scene scene;
  collection(scene, "a");
  collection(scene, "b", {"collection=a"});
  CHECK(scene.configure(alice, "a", {"collection=b", "children="}).type == "result");
  CHECK(configured(scene, "b", "pubsub#children") == Strings{"a"});
  CHECK(configured(scene, "a", "pubsub#children").empty());
  CHECK(scene.configure(alice, "b", {"collection=a", "children="}).type == "result");
  CHECK(configured(scene, "a", "pubsub#children") == Strings{"b"});
  CHECK(configured(scene, "a", "pubsub#collection") == Strings{""});
}

TEST_CASE(
    "XEP-0248 §7.2.3.1, §7.2.3.4 R12 leaves have no children, collections do not become leaves") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "leaf");
  scene.create(alice, "n");
  CHECK(refused_configuration(scene, alice, "leaf", {"children=n"}) == impossible);
  CHECK(refused_configuration(scene, alice, "n", {"collection=leaf"}) == impossible);
  CHECK(refused_association(scene, alice, "leaf", "n") == impossible);
  CHECK(refused_creation(scene, alice, "new", {"collection=leaf"}) == impossible);
  CHECK(refused_creation(scene, alice, "new", {"children=n"}) == impossible);
  CHECK(refused_configuration(scene, alice, "c", {"node_type=leaf"}) == impossible);
  // In one request a leaf can become a collection and get children. §7.2.4
  CHECK(scene.configure(alice, "leaf", {"node_type=collection", "children=n"}).type == "result");
}

TEST_CASE("XEP-0248 §7.2.3 R12 R16 nodes that are not there: item-not-found") {
  Scene scene;
  collection(scene, "c");
  scene.create(alice, "n");
  CHECK(refused_configuration(scene, alice, "c", {"children=n|nowhere"}) ==
        "cancel/item-not-found");
  CHECK(refused_configuration(scene, alice, "n", {"collection=c|nowhere"}) ==
        "cancel/item-not-found");
  CHECK(refused_creation(scene, alice, "new", {"collection=new"}) == "cancel/item-not-found");
  CHECK(refused_association(scene, alice, "nowhere", "n") == "cancel/item-not-found");
  CHECK(refused_association(scene, alice, "c", "nowhere", "dissociate") == "cancel/item-not-found");
  CHECK(refused_association(scene, alice, "c", "") == "modify/bad-request nodeid-required");
}

TEST_CASE("XEP-0248 §7.2.3.2, §7.5.3.1 R12 R16 both ends have owners who are asked") {
  Scene scene;
  collection(scene, "c");
  scene.create(bob, "bobs");
  collection(scene, "all", {"children_association_policy=all"});
  // Neither a node of one's own into a stranger's collection, nor a stranger's node into one's own.
  CHECK(refused_configuration(scene, bob, "bobs", {"collection=c"}) == "auth/forbidden");
  CHECK(refused_association(scene, bob, "c", "bobs") == "auth/forbidden");
  CHECK(refused_creation(scene, bob, "new", {"collection=c"}) == "auth/forbidden");
  CHECK(refused_configuration(scene, alice, "c", {"children=bobs"}) == "auth/forbidden");
  CHECK(refused_association(scene, alice, "c", "bobs") == "auth/forbidden");
  CHECK(refused_association(scene, carol, "all", "bobs") == "auth/forbidden");
  // Admins own everything.
  CHECK(associate(scene, "admin@example.org", "c", "bobs").type == "result");
}

TEST_CASE(
    "XEP-0248 §7.2.1 R11 R12 who is on the whitelist, or an outcast, and what owners always may") {
  Scene scene;
  collection(scene, "listed",
             {"children_association_policy=whitelist",
              "children_association_whitelist=carol@c.example/one"});
  collection(scene, "all", {"children_association_policy=all"});
  scene.create(carol, "carols");
  scene.create("carol@c.example/one", "ones");
  CHECK(refused_association(scene, carol, "listed", "carols") == "auth/forbidden");
  CHECK(associate(scene, "carol@c.example/one", "listed", "ones").type == "result");
  scene.create(alice, "alices");
  CHECK(associate(scene, alice, "listed", "alices").type == "result");
  scene.affiliate(alice, "all", carol, "outcast");
  CHECK(refused_association(scene, carol, "all", "carols") == "auth/forbidden");
}

TEST_CASE("XEP-0248 §7.6 R16 the owner of either end dissociates; nobody else does") {
  Scene scene;
  collection(scene, "c", {"children_association_policy=all"});
  scene.create(bob, "bobs", {"collection=c"});
  CHECK(refused_association(scene, carol, "c", "bobs", "dissociate") == "auth/forbidden");
  CHECK(associate(scene, alice, "c", "bobs", "dissociate").type == "result");
  CHECK(refused_association(scene, alice, "c", "bobs", "dissociate") == "modify/bad-request");
  associate(scene, bob, "c", "bobs");
  CHECK(associate(scene, bob, "c", "bobs", "dissociate").type == "result");
  // An owner of the collection puts out even what it may not see.
  associate(scene, bob, "c", "bobs");
  scene.set(
      bob, pubsub_owner("<configure node='bobs'>" +
                        submit_form(ns::node_config, {"access_model=whitelist"}) + "</configure>"));
  CHECK(scene.configure(alice, "c", {"children="}).type == "result");
  CHECK(configured(scene, "c", "pubsub#children").empty());
}

TEST_CASE(
    "§14.3 A332 XEP-0248 §7.6 who owns a collection puts out a node that is concealed from it") {
  auto policy = Scene::policy();
  policy.conceal_private_nodes = true;
  Scene scene(policy);
  collection(scene, "c", {"children_association_policy=all"});
  scene.create(bob, "bobs", {"collection=c", "access_model=whitelist"});
  scene.create(bob, "other", {"access_model=whitelist"});
  CHECK(refused_association(scene, alice, "c", "other") == "cancel/item-not-found");
  CHECK(refused_association(scene, alice, "c", "other", "dissociate") == "cancel/item-not-found");
  CHECK(refused_configuration(scene, alice, "c", {"children=bobs|other"}) ==
        "cancel/item-not-found");
  CHECK(associate(scene, alice, "c", "bobs", "dissociate").type == "result");
}

TEST_CASE("§14.3 A332 XEP-0248 §7.5 a stranger does not learn what is in a collection") {
  Scene scene;
  collection(scene, "c");
  for (const auto* node : {"in", "out"}) scene.create(alice, node, {"access_model=whitelist"});
  associate(scene, alice, "c", "in");
  for (const auto* what : {"associate", "dissociate"})
    CHECK(refused_association(scene, bob, "c", "in", what) ==
          refused_association(scene, bob, "c", "out", what));
}

TEST_CASE(
    "XEP-0248 §7.2.3.3, §7.5.3.2 R12 R16 no more children than children_max, from either side") {
  Scene scene;
  collection(scene, "c", {"children_max=2"});
  for (const auto* node : {"x", "y", "z"}) scene.create(alice, node);
  CHECK(refused_configuration(scene, alice, "c", {"children=x|y|z"}) == full);
  CHECK(scene.configure(alice, "c", {"children=x|y"}).type == "result");
  CHECK(refused_configuration(scene, alice, "z", {"collection=c"}) == full);
  CHECK(refused_association(scene, alice, "c", "z") == full);
  CHECK(refused_creation(scene, alice, "new", {"collection=c"}) == full);
  CHECK(refused_configuration(scene, alice, "c", {"children_max=1"}) == full);
  CHECK(refused_creation(scene, alice, "new",
                         {"node_type=collection", "children_max=1", "children=x|y"}) == full);
  // What is there already, or takes another's place, fits.
  CHECK(associate(scene, alice, "c", "x").type == "result");
  CHECK(scene.configure(alice, "c", {"children=x|z"}).type == "result");
}

TEST_CASE(
    "XEP-0248 §7.2.3.3 R12 the service's limit counts where children are added, and no further") {
  auto policy = Scene::policy();
  policy.max_children = 2;
  Scene scene(policy);
  collection(scene, "c");
  for (const auto* node : {"x", "y", "z"}) scene.create(alice, node);
  CHECK(refused_configuration(scene, alice, "c", {"children=x|y|z"}) == full);
  CHECK(scene.configure(alice, "c", {"children=x|y"}).type == "result");
  CHECK(scene.configure(alice, "c", {"title=T"}).type == "result");
  CHECK(refused_configuration(scene, alice, "c", {"children_max=3"}) == "modify/not-acceptable");
  CHECK(refused_association(scene, alice, "c", "z") == full);
}

TEST_CASE(
    "XEP-0248 §7.2.3 R12 there are not more collections above a node than a publish can reach") {
  Scene scene;
  std::string all = "c0";
  Strings requests;
  for (int i = 0; i < 1001; ++i) {
    requests.push_back(
        iq("set", alice,
           pubsub(fmt::format("<create node='c{}'/><configure>{}</configure>", i,
                              submit_form(ns::node_config, {"node_type=collection"})))));
    if (i > 0) all += fmt::format("|c{}", i);
  }
  scene.send_batch(requests);
  scene.create(alice, "n");
  CHECK(refused_configuration(scene, alice, "n", {"collection=" + all}) == full);
  CHECK(scene.configure(alice, "n", {"collection=" + all.substr(0, all.rfind('|'))}).type ==
        "result");
  CHECK(refused_association(scene, alice, "c1000", "n") == full);
  follow(scene, bob, "c0", {"subscription_type=items", "subscription_depth=all"});
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).size() == 1);
}

TEST_CASE("XEP-0248 §7.2.3 R12 a refused configuration changes nothing of what it asked for") {
  Scene scene;
  collection(scene, "a");
  collection(scene, "b", {"collection=a"});
  scene.create(alice, "n");
  follow(scene, carol, "a", {"subscription_type=all", "subscription_depth=all"});
  CHECK(refused_configuration(scene, alice, "a", {"title=T", "children=b|n|nowhere"}) ==
        "cancel/item-not-found");
  CHECK(configured(scene, "a", "pubsub#children") == Strings{"b"});
  CHECK(configured(scene, "n", "pubsub#collection") == Strings{""});
  CHECK(scene.heard(carol).empty());
}

TEST_CASE("XEP-0248 §7.5, §7.6 R16 one request is about one node") {
  Scene scene;
  collection(scene, "c");
  for (const auto* node : {"x", "y"}) scene.create(alice, node);
  for (const auto* inside : {"", "<associate/>", "<associate node='x'/><associate node='y'/>",
                             "<associate node='x'/><dissociate node='x'/>", "<join node='x'/>",
                             "<associate node='x' xmlns='urn:other'/>"}) {
    CAPTURE(inside);
    const auto error = scene.refused_set(
        alice, pubsub_owner(fmt::format("<collection node='c'>{}</collection>", inside)));
    CHECK(error.starts_with("modify/bad-request"));
  }
  CHECK(scene.refused_set(alice, pubsub_owner("<collection><associate node='x'/></collection>")) ==
        "modify/bad-request nodeid-required");
}

TEST_CASE("XEP-0248 §7.2 R18 names in lists are prepared, sorted, each once") {
  Scene scene;
  for (const auto* name : {"b", "a"}) collection(scene, name);
  scene.create(alice, "n", {"collection=b|a|b|"});
  CHECK(configured(scene, "n", "pubsub#collection") == Strings{"a", "b"});
  CHECK(scene.configure(alice, "a", {"children=n|n"}).type == "result");
  CHECK(configured(scene, "a", "pubsub#children") == Strings{"n"});
}

TEST_CASE("XEP-0248 §7.1 R10 R18 a collection is created with parents and children at once") {
  Scene scene;
  collection(scene, "top");
  for (const auto* node : {"x", "y"}) scene.create(alice, node);
  collection(scene, "c", {"collection=top", "children=x|y"});
  CHECK(configured(scene, "top", "pubsub#children") == Strings{"c"});
  CHECK(configured(scene, "x", "pubsub#collection") == Strings{"c"});
  CHECK(listed(scene, bob) == Strings{"top"});
  CHECK(listed(scene, bob, "c") == Strings{"x", "y"});
}

TEST_CASE("XEP-0248 §7.1.3.3 R10 who may not create nodes may not create collections") {
  auto policy = Scene::policy();
  policy.creators.all = false;
  Scene scene(policy);
  CHECK(refused_creation(scene, bob, "c", {"node_type=collection"}) == "auth/forbidden");
}

TEST_CASE("§7.1.5 XEP-0248 §7.2.1 R11 a publish creates its node in a collection") {
  Scene scene;
  collection(scene, "c", {"children_association_policy=all"});
  follow(scene, carol, "c", {"subscription_type=all"});
  const auto publish = [&](std::string_view options) {
    return scene.set(
        bob, pubsub(fmt::format("<publish node='n'><item id='1'><e xmlns='u:e'/></item></publish>"
                                "<publish-options>{}</publish-options>",
                                options)));
  };
  CHECK(publish(submit_form(ns::publish_options, {"collection=nowhere"})).error ==
        "cancel/item-not-found");
  CHECK(publish(submit_form(ns::publish_options, {"collection=c"})).type == "result");
  CHECK(through(scene, carol) == Strings{":collection", "c:create", "c:items"});
  CHECK(publish(submit_form(ns::publish_options, {"collection=c"})).type == "result");
  CHECK(publish(submit_form(ns::publish_options, {"collection="})).error ==
        "cancel/conflict precondition-not-met");
}

TEST_CASE("XEP-0248 §7.3 R14 the defaults of collections") {
  Scene scene;
  const auto defaults = [&](std::string_view type) {
    return scene.get(alice, pubsub_owner(fmt::format("<default{}/>", type)));
  };
  const auto collection = defaults(" type='collection'");
  CHECK(field_in(collection.xml, "pubsub#node_type").front() == "collection");
  CHECK(field_in(collection.xml, "pubsub#collection") == Strings{""});
  CHECK(attributes_of(collection.xml, "field", "var").size() ==
        attributes_of(defaults("").xml, "field", "var").size() + 4);
  CHECK(field_in(defaults(" type='leaf'").xml, "pubsub#node_type").front() == "leaf");
  CHECK(defaults(" type='tree'").error == "modify/bad-request");
}

}  // namespace crier::test
