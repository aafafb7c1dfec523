/// What a Store promises about how much is stored of whom.

#include "contract.hpp"

namespace crier::test {

namespace {

constexpr std::string_view alice = "alice@a.example";
constexpr std::string_view bob = "bob@b.example";

void put(Contract& store, const Node& node, std::string_view id, std::string_view publisher,
         std::string_view payload) {
  store->put(node, {id, publisher, payload, at(1)});
}

}  // namespace

TEST_CASE("store: items count for who has published what is stored, with their ids' bytes") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    put(store, *node, "1", alice, "<a/>");
    put(store, *node, "ü", alice, "");
    put(store, *node, "3", "eve@a.example", "<ä/>");
    CHECK(store->usage(Scope::account, alice) == Usage{0, 0, 2, 7});
    // The owner of the node is of that domain as well.
    CHECK(store->usage(Scope::domain, "a.example") == Usage{1, 0, 3, 13});
    store.commit();
    CHECK(store->usage(Scope::domain, "a.example").items == 3);
    put(store, *node, "1", bob, "<longer/>");
    CHECK(store->usage(Scope::account, alice) == Usage{0, 0, 1, 2});
    CHECK(store->usage(Scope::account, bob) == Usage{0, 0, 1, 10});
    CHECK(store->usage(Scope::domain, "b.example") == Usage{0, 0, 1, 10});
    CHECK(store->usage(Scope::service, "").items == 3);
    store->retract(*node, "ü");
    store->evict_oldest(*node, 1);
    store.commit();
    CHECK(store->usage(Scope::account, alice) == Usage());
    CHECK(store->usage(Scope::service, "").items == 1);
  });
}

TEST_CASE("store: items of a purged and of a removed node count until they are swept") {
  on_every_engine([](Contract& store) {
    const auto purged = store.create("purged");
    const auto removed = store.create("removed");
    for (const auto* node : {purged.get(), removed.get()})
      for (const auto* id : {"1", "2", "3"}) put(store, *node, id, alice, "<e/>");
    purged->first_seq = store->next_seq();
    store->save_counts(*purged);
    store->remove(*removed);
    CHECK(store->usage(Scope::account, alice).items == 6);
    // One that comes again in place of a dead one is one.
    put(store, *purged, "2", bob, "<e/>");
    CHECK(store->usage(Scope::account, alice).items == 5);
    store.sweep();
    CHECK(store->usage(Scope::account, alice) == Usage());
    CHECK(store->usage(Scope::account, bob).items == 1);
    CHECK(store->usage(Scope::service, "").items == 1);
  });
}

TEST_CASE("store: nodes count for the domain of their creator, and no more when they are removed") {
  on_every_engine([](Contract& store) {
    const auto root = store.create("");
    const auto node = store.create("n");
    store.create("m");
    CHECK(store->usage(Scope::domain, "a.example") == Usage{2, 0, 0, 0});
    CHECK(store->usage(Scope::service, "").nodes == 2);
    store->remove(*node);
    CHECK(store->usage(Scope::domain, "a.example").nodes == 1);
    store.commit();
    CHECK(store->usage(Scope::service, "").nodes == 1);
  });
}

TEST_CASE("store: subscriptions count for the domain of their JID, bare or full") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    std::vector<SubscriptionId> ids;
    for (const auto* jid : {"alice@a.example", "bob@b.example/x@a.example", "b.example"})
      ids.push_back(store->add_subscription(node->id, jid, SubscriptionState::subscribed, at(1)));
    CHECK(store->usage(Scope::domain, "b.example") == Usage{0, 2, 0, 0});
    CHECK(store->usage(Scope::service, "").subscriptions == 3);
    store->remove_subscription(ids[1]);
    store->remove_subscription(ids[1]);
    store.commit();
    CHECK(store->usage(Scope::domain, "b.example").subscriptions == 1);
    store->remove(*node);
    store.sweep();
    CHECK(store->usage(Scope::service, "") == Usage());
  });
}

TEST_CASE("store: what a transaction has counted goes when it is rolled back") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    put(store, *node, "1", alice, "<e/>");
    store.commit();
    put(store, *node, "2", alice, "<e/>");
    store->retract(*node, "1");
    store.create("m");
    store.rollback();
    CHECK(store->usage(Scope::account, alice) == Usage{0, 0, 1, 5});
    CHECK(store->usage(Scope::service, "").nodes == 1);
    store.reopen();
    CHECK(store->usage(Scope::account, alice) == Usage{0, 0, 1, 5});
  });
}

}  // namespace crier::test
