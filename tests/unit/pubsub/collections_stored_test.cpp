/// The graph in memory and the graph in the store are one: XEP-0248 §8.3.

#include "pubsub/collections.hpp"

#include <crier/namespaces.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace crier::test {

namespace {

/// What the graph must be, in the simplest form.
struct Model {
  /// By name: whether it is a collection.
  std::map<std::string, bool> nodes;
  /// Collection and child.
  std::set<std::pair<std::string, std::string>> edges;

  bool is_above(const std::string& high, const std::string& low) const {
    if (high == low) return true;
    return std::ranges::any_of(
        edges, [&](const auto& edge) { return edge.second == low && is_above(high, edge.first); });
  }
  bool can_join(const std::string& collection, const std::string& child) const {
    const auto found = nodes.find(collection);
    return found != nodes.end() && found->second && nodes.contains(child) &&
           !is_above(child, collection);
  }
  Strings parents(const std::string& child) const {
    Strings names;
    for (const auto& [high, low] : edges)
      if (low == child) names.push_back(high);
    return names;
  }
  Strings children(const std::string& collection) const {
    Strings names;
    for (const auto& [high, low] : edges)
      if (high == collection) names.push_back(low);
    return names;
  }
  Strings first_level() const {
    Strings names;
    for (const auto& [name, collection] : nodes)
      if (parents(name).empty()) names.push_back(name);
    return names;
  }
  void remove(const std::string& name) {
    nodes.erase(name);
    std::erase_if(edges,
                  [&](const auto& edge) { return edge.first == name || edge.second == name; });
  }
};

void check_agreement(Scene& scene, const Model& model) {
  CHECK(listed(scene, alice) == model.first_level());
  for (const auto& [name, collection] : model.nodes) {
    CAPTURE(name);
    const auto parents = model.parents(name);
    CHECK(configured(scene, name, "pubsub#collection") ==
          (parents.empty() ? Strings{""} : parents));
    CHECK(configured(scene, name, "pubsub#children") == model.children(name));
    if (collection) CHECK(listed(scene, alice, name) == model.children(name));
  }
}

/// One request that may change the graph, with what it does to the model if it is granted.
struct Step {
  std::string request;
  Model after;
  bool granted;
};

class Walk {
 public:
  explicit Walk(unsigned seed) : dice_(seed) {}

  Step next(const Model& model) {
    switch (roll(8)) {
      case 0:
      case 1: return create(model);
      case 2: return remove(model);
      case 3: return reparent(model);
      case 4: return refill(model);
      case 5: return edge(model, "dissociate");
      default: return edge(model, "associate");
    }
  }
  int roll(int sides) { return static_cast<int>(dice_() % static_cast<unsigned>(sides)); }

 private:
  std::string name() { return fmt::format("n{}", roll(9)); }

  Strings names() {
    std::set<std::string> names;
    for (int count = roll(4); count > 0; --count) names.insert(name());
    return {names.begin(), names.end()};
  }

  static std::string configuration(std::string_view field, const Strings& names) {
    std::string config = fmt::format("{}=", field);
    for (const auto& name : names) config += name + "|";
    return config;
  }

  Step create(const Model& model) {
    Step step{{}, model, true};
    const auto node = name();
    const bool collection = roll(3) > 0;
    const auto parents = names();
    step.request = pubsub(fmt::format(
        "<create node='{}'/><configure>{}</configure>", node,
        submit_form(ns::node_config, {configuration("collection", parents),
                                      collection ? "node_type=collection" : "node_type=leaf"})));
    step.granted = !model.nodes.contains(node);
    step.after.nodes.emplace(node, collection);
    for (const auto& parent : parents) {
      step.granted = step.granted && model.nodes.contains(parent) && model.nodes.at(parent);
      step.after.edges.emplace(parent, node);
    }
    return step;
  }

  Step remove(const Model& model) {
    const auto node = name();
    Step step{pubsub_owner(fmt::format("<delete node='{}'/>", node)), model,
              model.nodes.contains(node)};
    step.after.remove(node);
    return step;
  }

  Step reparent(const Model& model) {
    const auto node = name();
    const auto parents = names();
    Step step = configure(model, node, configuration("collection", parents));
    for (const auto& old : model.parents(node)) step.after.edges.erase({old, node});
    for (const auto& parent : parents) join(step, parent, node);
    return step;
  }

  Step refill(const Model& model) {
    const auto node = name();
    const auto children = names();
    Step step = configure(model, node, configuration("children", children));
    for (const auto& old : model.children(node)) step.after.edges.erase({node, old});
    for (const auto& child : children) join(step, node, child);
    return step;
  }

  Step edge(const Model& model, std::string_view what) {
    const auto high = name();
    const auto low = name();
    Step step{pubsub_owner(fmt::format("<collection node='{}'><{} node='{}'/></collection>", high,
                                       what, low)),
              model, true};
    const bool is_there = model.edges.contains({high, low});
    if (what == "associate") {
      if (!is_there) join(step, high, low);
    } else {
      step.granted = is_there;
      step.after.edges.erase({high, low});
    }
    return step;
  }

  static Step configure(const Model& model, const std::string& node, const std::string& config) {
    return {pubsub_owner(fmt::format("<configure node='{}'>{}</configure>", node,
                                     submit_form(ns::node_config, {config}))),
            model, model.nodes.contains(node)};
  }

  static void join(Step& step, const std::string& high, const std::string& low) {
    step.granted = step.granted && step.after.can_join(high, low);
    if (step.granted) step.after.edges.emplace(high, low);
  }

  std::mt19937 dice_;
};

void walk(unsigned seed, std::size_t cache_bytes, int steps) {
  CAPTURE(seed);
  Scene scene;
  scene.cache_bytes = cache_bytes;
  scene.restart();
  follow(scene, bob, "", {"subscription_type=all", "subscription_depth=all"});
  Walk walk(seed);
  Model model;
  for (int i = 0; i < steps; ++i) {
    const auto step = walk.next(model);
    CAPTURE(step.request);
    const bool fails = walk.roll(10) == 0;
    scene.store().fail_commit = fails;
    const auto before = scene.stored();
    const auto answer = scene.set(alice, step.request);
    scene.store().fail_commit = false;
    if (fails) {
      CHECK(answer.error == "wait/resource-constraint");
      scene.complaints.clear();
    } else {
      CHECK_MESSAGE((answer.type == "result") == step.granted, answer.xml);
      if (step.granted) model = step.after;
    }
    if (fails || !step.granted) CHECK(scene.stored() == before);
    if (walk.roll(8) == 0) check_agreement(scene, model);
    if (walk.roll(20) == 0) scene.restart();
  }
  check_agreement(scene, model);
  scene.restart();
  check_agreement(scene, model);
}

}  // namespace

TEST_CASE(
    "XEP-0248 §8.3 R18 both ends, memory and disk agree, whatever was asked and whatever failed") {
  for (unsigned seed = 1; seed <= 6; ++seed) walk(seed, std::size_t{64} << 20, 200);
}

TEST_CASE("XEP-0248 §8.3 R18 they agree when nothing stays in memory") {
  for (unsigned seed = 101; seed <= 103; ++seed) walk(seed, 1, 150);
}

TEST_CASE("XEP-0248 §8.3 R18 a batch that fails leaves the graph as it was, in memory too") {
  Scene scene;
  collection(scene, "a");
  collection(scene, "b", {"collection=a"});
  scene.create(alice, "n", {"collection=b"});
  const auto before = scene.stored();
  scene.store().fail_commit = true;
  scene.send_batch({
      iq("set", alice, pubsub_owner("<collection node='a'><associate node='n'/></collection>"),
         "1"),
      iq("set", alice, pubsub_owner("<delete node='b'/>"), "2"),
      iq("set", alice, pubsub("<create node='b'/>"), "3"),
  });
  scene.complaints.clear();
  CHECK(scene.stored() == before);
  CHECK(configured(scene, "a", "pubsub#children") == Strings{"b"});
  CHECK(configured(scene, "b", "pubsub#children") == Strings{"n"});
  CHECK(configured(scene, "n", "pubsub#collection") == Strings{"b"});
}

TEST_CASE("XEP-0248 §8.3 R18 the requests of one batch see the graph that those before them made") {
  Scene scene;
  const auto create = [](std::string_view name, const Strings& config) {
    return iq("set", alice,
              pubsub(fmt::format("<create node='{}'/><configure>{}</configure>", name,
                                 submit_form(ns::node_config, config))));
  };
  scene.send_batch({
      create("a", {"node_type=collection"}),
      create("b", {"node_type=collection", "collection=a"}),
      create("n", {"collection=b"}),
      iq("set", alice, pubsub_owner("<delete node='b'/>")),
      create("b", {"node_type=collection", "children=a"}),
  });
  CHECK(configured(scene, "a", "pubsub#collection") == Strings{"b"});
  CHECK(configured(scene, "a", "pubsub#children").empty());
  CHECK(configured(scene, "n", "pubsub#collection") == Strings{""});
}

TEST_CASE("XEP-0248 §8.2 a deleted node leaves no associations behind") {
  Scene scene;
  collection(scene, "top");
  collection(scene, "c", {"collection=top"});
  scene.create(alice, "n", {"collection=c"});
  const auto before = scene.stored();
  collection(scene, "new", {"collection=top", "children=n"});
  scene.remove(alice, "new");
  CHECK(scene.stored() == before);
}

}  // namespace crier::test
