/// What a Store promises about the graph of collections, and about nodes that moved.

#include "contract.hpp"

namespace crier::test {

namespace {

NodeConfig collection() {
  NodeConfig config;
  config.node_type = NodeType::collection;
  return config;
}

Strings first_level(Contract& store, const Range<std::string>& range = {.limit = 100}) {
  Strings names;
  for (const auto& each : store->nodes(host, range, "x@a.example")) names.push_back(each.name);
  return names;
}

}  // namespace

TEST_CASE("XEP-0248 §8.3 R18 store: an association is loaded at both ends, in the order of names") {
  on_every_engine([](Contract& store) {
    const auto top = store.create("top", collection());
    const auto other = store.create("other", collection());
    for (const auto* name : {"b", "c", "a"}) {
      const auto child = store.create(name);
      store->associate(top->id, child->id);
      store->associate(other->id, child->id);
    }
    store.commit();
    store.reopen();
    CHECK(store.load("top")->config.children.names == Strings{"a", "b", "c"});
    CHECK(store.load("b")->config.collection.names == Strings{"other", "top"});
    CHECK(store.load("b")->config.children.names.empty());
    CHECK(store.load("top")->config.collection.names.empty());
  });
}

TEST_CASE("XEP-0248 §7.6 store: what is dissociated is not there; again changes nothing") {
  on_every_engine([](Contract& store) {
    const auto top = store.create("top", collection());
    const auto child = store.create("child");
    for (int round = 0; round < 2; ++round) store->associate(top->id, child->id);
    CHECK(store.load("top")->config.children.names == Strings{"child"});
    for (int round = 0; round < 2; ++round) store->dissociate(top->id, child->id);
    CHECK(store.load("top")->config.children.names.empty());
    CHECK(store.load("child")->config.collection.names.empty());
  });
}

TEST_CASE("XEP-0248 §5.2 R02 store: on the first level is what is in no collection") {
  on_every_engine([](Contract& store) {
    const auto root = store.create("");
    const auto top = store.create("top", collection());
    const auto other = store.create("other", collection());
    const auto child = store.create("child");
    store.create("leaf");
    CHECK(first_level(store) == Strings{"child", "leaf", "other", "top"});
    store->associate(top->id, child->id);
    store->associate(other->id, child->id);
    CHECK(first_level(store) == Strings{"leaf", "other", "top"});
    store->dissociate(top->id, child->id);
    CHECK(first_level(store) == Strings{"leaf", "other", "top"});
    store->dissociate(other->id, child->id);
    CHECK(first_level(store) == Strings{"child", "leaf", "other", "top"});
    CHECK(first_level(store, {.backwards = true, .limit = 100}) ==
          Strings{"top", "other", "leaf", "child"});
  });
}

TEST_CASE("XEP-0248 §8.2 R15 store: a removed collection sets its children free") {
  on_every_engine([](Contract& store) {
    const auto top = store.create("top", collection());
    const auto gone = store.create("gone", collection());
    const auto other = store.create("other", collection());
    const auto one = store.create("one");
    const auto both = store.create("both");
    store->associate(top->id, gone->id);
    for (const auto* child : {one.get(), both.get()}) store->associate(gone->id, child->id);
    store->associate(other->id, both->id);
    store.commit();
    store->remove(*gone);
    const auto check = [&] {
      CHECK(store.load("top")->config.children.names.empty());
      CHECK(store.load("one")->config.collection.names.empty());
      CHECK(store.load("both")->config.collection.names == Strings{"other"});
      CHECK(first_level(store) == Strings{"one", "other", "top"});
    };
    check();
    store.sweep();
    store.reopen();
    check();
    // A new node of the name has none of it.
    store.create("gone", collection());
    CHECK(store.load("gone")->config.children.names.empty());
  });
}

TEST_CASE("XEP-0248 §8.2 store: a removal that is rolled back leaves the graph as it was") {
  on_every_engine([](Contract& store) {
    const auto top = store.create("top", collection());
    const auto child = store.create("child");
    store->associate(top->id, child->id);
    store.commit();
    store->remove(*top);
    store.rollback();
    CHECK(store.load("top")->config.children.names == Strings{"child"});
    CHECK(first_level(store) == Strings{"top"});
  });
}

TEST_CASE(
    "XEP-0248 §7.2 store: a configuration is stored without the graph, which has rows of its own") {
  on_every_engine([](Contract& store) {
    const auto top = store.create("top", collection());
    const auto child = store.create("child");
    store->associate(top->id, child->id);
    auto config = collection();
    config.collection.names = {"elsewhere"};
    config.children.names = {"nobody"};
    top->config = config;
    store->save_config(*top);
    CHECK(store.load("top")->config.collection.names.empty());
    CHECK(store.load("top")->config.children.names == Strings{"child"});
  });
}

TEST_CASE("§5.2 store: a summary is what the list has of one node, on whatever level") {
  on_every_engine([](Contract& store) {
    NodeConfig config;
    config.title = "title";
    const auto top = store.create("top", collection());
    const auto node = store.create("n", config);
    store->associate(top->id, node->id);
    store->set_affiliation(node->id, "alice@a.example", Affiliation::member);
    const NodeKey key{std::string(host), "n"};
    const auto summary = store->summary(key, "alice@a.example");
    REQUIRE(summary);
    CHECK(summary->name == "n");
    CHECK(summary->config.title == "title");
    CHECK(summary->affiliation == Affiliation::member);
    CHECK(store->summary(key, "nobody@a.example")->affiliation == Affiliation::none);
    CHECK_FALSE(store->summary({std::string(host), "m"}, "alice@a.example"));
    CHECK_FALSE(store->summary({"b.example", "n"}, "alice@a.example"));
    store->remove(*node);
    CHECK_FALSE(store->summary(key, "alice@a.example"));
  });
}

TEST_CASE("store: the key of a node is found by its id as long as it exists") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    CHECK(store->key_of(node->id) == NodeKey{std::string(host), "n"});
    store->remove(*node);
    CHECK_FALSE(store->key_of(node->id));
    store.sweep();
    CHECK_FALSE(store->key_of(node->id));
  });
}

TEST_CASE("§8.4.1 store: where a node moved to is remembered until there is one of its name") {
  on_every_engine([](Contract& store) {
    const NodeKey key{std::string(host), "n"};
    CHECK_FALSE(store->redirect(key));
    store->remove(*store.create("n"));
    store->set_redirect(key, "xmpp:b.example?;node=1");
    store->set_redirect(key, "xmpp:b.example?;node=2");
    store.sweep();
    store.reopen();
    CHECK(store->redirect(key) == "xmpp:b.example?;node=2");
    CHECK_FALSE(store->redirect({"b.example", "n"}));
    store.create("n");
    CHECK_FALSE(store->redirect(key));
  });
}

}  // namespace crier::test
