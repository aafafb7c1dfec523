/// What a Store promises about nodes.

#include "contract.hpp"

namespace crier::test {

TEST_CASE("§8.1 store: a node is loaded as it was created") {
  on_every_engine([](Contract& store) {
    NodeConfig config;
    config.title = "A title,\nof two lines\tand a tab \\ and 🦉";
    config.access_model = AccessModel::whitelist;
    config.max_items = Count{7};
    config.persist_items = false;
    const auto created = store.create("a/b 'c' %_ 🦉", config);
    store.commit();
    store.reopen();

    const auto node = store.load("a/b 'c' %_ 🦉");
    REQUIRE(node);
    CHECK(node->id == created->id);
    CHECK(node->key == created->key);
    CHECK(node->config == config);
    CHECK(node->creator == "owner@a.example");
    CHECK(node->created == at(5));
    CHECK(node->first_seq == created->first_seq);
    CHECK(node->item_count == 0);
    CHECK(node->affiliations.empty());
    CHECK(node->subscriptions.size() == 0);
  });
}

TEST_CASE("store: a node is found by its host and its exact name") {
  on_every_engine([](Contract& store) {
    store.create("n");
    CHECK_FALSE(store.load("N"));
    CHECK_FALSE(store.load("n "));
    CHECK_FALSE(store.load(""));
    CHECK_FALSE(store->load({"other.example", "n"}));
  });
}

TEST_CASE("store: hosts have nodes of the same name each") {
  on_every_engine([](Contract& store) {
    const auto here = store.create("n");
    Node there;
    there.key = {"b.example", "n"};
    there.creator = "owner@a.example";
    store->create(there);
    CHECK(store.load("n")->id == here->id);
    CHECK(store->load(there.key)->id == there.id);
    CHECK(here->id != there.id);
  });
}

TEST_CASE("§8.2 store: a configuration is saved") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    node->config.title = "new";
    node->config.max_items = Count{3};
    store->save_config(*node);
    store.commit();
    CHECK(store.load("n")->config == node->config);
    node->config = NodeConfig();
    store->save_config(*node);
    CHECK(store.load("n")->config == NodeConfig());
  });
}

TEST_CASE("store: counts are saved") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    node->first_seq = store->next_seq();
    node->item_count = 12;
    store->save_counts(*node);
    store.commit();
    const auto found = store.load("n");
    CHECK(found->first_seq == node->first_seq);
    CHECK(found->item_count == 12);
  });
}

TEST_CASE("§8.4 store: a removed node is gone at once, and its name is free for a new one") {
  on_every_engine([](Contract& store) {
    const auto old = store.create("n");
    store.put(*old, "1");
    store->set_affiliation(old->id, "owner@a.example", Affiliation::owner);
    store->add_subscription(old->id, "owner@a.example/r", SubscriptionState::subscribed, at(1));
    store.commit();

    store->remove(*old);
    CHECK_FALSE(store.load("n"));
    CHECK(store->nodes(host, {.from = "", .limit = 10}, "owner@a.example").empty());
    CHECK(store->affiliations_of(host, "owner@a.example").empty());
    CHECK(store->subscriptions_of(host, "owner@a.example").empty());

    const auto fresh = store.create("n");
    CHECK(fresh->id != old->id);
    store.commit();
    const auto found = store.load("n");
    CHECK(found->id == fresh->id);
    CHECK(found->affiliations.empty());
    CHECK(found->subscriptions.size() == 0);
    CHECK(store.ids(*found).empty());
  });
}

TEST_CASE("store: a node's id is not used again") {
  on_every_engine([](Contract& store) {
    const auto old = store.create("n");
    store.commit();
    store->remove(*old);
    store.sweep();
    store.reopen();
    CHECK(store.create("m")->id > old->id);
  });
}

TEST_CASE("§5.2 store: nodes are listed by name, in pages, with the asker's affiliation") {
  on_every_engine([](Contract& store) {
    NodeConfig config;
    config.title = "third";
    for (const auto* name : {"b", "a", "d"}) store.create(name);
    const auto node = store.create("c", config);
    Node elsewhere;
    elsewhere.key = {"b.example", "aa"};
    elsewhere.creator = "owner@a.example";
    store->create(elsewhere);
    store->set_affiliation(node->id, "alice@a.example", Affiliation::member);
    store->set_affiliation(node->id, "bob@a.example", Affiliation::outcast);

    const auto names = [&](std::string_view after, std::size_t limit) {
      Strings list;
      for (const auto& each : store->nodes(
               host, {.from = std::string(after), .limit = std::size_t(limit)}, "x@a.example"))
        list.push_back(each.name);
      return list;
    };
    CHECK(names("", 10) == Strings{"a", "b", "c", "d"});
    CHECK(names("", 2) == Strings{"a", "b"});
    CHECK(names("b", 2) == Strings{"c", "d"});
    CHECK(names("bb", 2) == Strings{"c", "d"});
    CHECK(names("d", 2).empty());
    CHECK(names("", 0).empty());

    const auto page = store->nodes(host, {.from = "b", .limit = 1}, "alice@a.example");
    REQUIRE(page.size() == 1);
    CHECK(page[0].config == config);
    CHECK(page[0].affiliation == Affiliation::member);
    CHECK(store->nodes(host, {.from = "b", .limit = 1}, "bob@a.example")[0].affiliation ==
          Affiliation::outcast);
    CHECK(store->nodes(host, {.from = "b", .limit = 1}, "nobody@a.example")[0].affiliation ==
          Affiliation::none);
  });
}

}  // namespace crier::test
