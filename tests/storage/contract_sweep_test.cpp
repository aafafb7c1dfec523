/// What a Store promises about sweeping.

#include "contract.hpp"

namespace crier::test {

TEST_CASE("store: where nothing was removed nothing is swept") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    store.put(*node, "1");
    store->save_counts(*node);
    CHECK_FALSE(store->sweep(100));
    CHECK(store.ids(*node) == Strings{"1"});
  });
}

TEST_CASE("§8.4 store: a removed node is swept a few rows at a time, others stay") {
  on_every_engine([](Contract& store) {
    const auto kept = store.create("kept");
    const auto gone = store.create("gone");
    for (const auto* node : {kept.get(), gone.get()}) {
      for (int i = 0; i < 10; ++i) {
        const auto text = std::to_string(i);
        store.put(*node, text);
        store->set_affiliation(node->id, text + "@a.example", Affiliation::member);
        store->add_subscription(node->id, text + "@a.example", SubscriptionState::subscribed,
                                at(1));
      }
    }
    store->remove(*gone);
    store.commit();

    int rounds = 0;
    while (store->sweep(4)) ++rounds;
    CHECK(rounds >= 30 / 4);
    store.commit();
    store.reopen();
    CHECK_FALSE(store->sweep(4));

    const auto found = store.load("kept");
    CHECK(store.ids(*found).size() == 10);
    CHECK(found->affiliations.size() == 10);
    CHECK(found->subscriptions.size() == 10);
    CHECK(store.ids(*gone).empty());
  });
}

TEST_CASE("§8.4, §12.19 store: timers of a removed node, and of its subscriptions, are swept") {
  on_every_engine([](Contract& store) {
    for (const auto* name : {"kept", "gone"}) {
      const auto node = store.create(name);
      store->set_timer({TimerKind::item_expiry, static_cast<std::int64_t>(node->id), at(1)});
      for (int i = 0; i < 5; ++i) {
        const auto id = store->add_subscription(node->id, std::to_string(i) + "@a.example",
                                                SubscriptionState::subscribed, at(1));
        for (const auto kind : {TimerKind::lease_notice, TimerKind::lease_end, TimerKind::digest})
          store->set_timer({kind, static_cast<std::int64_t>(id), at(1)});
      }
    }
    CHECK(store->due_timers(at(1), 100).size() == 32);
    store->remove(*store.load("gone"));
    store.sweep();
    CHECK(store->due_timers(at(1), 100).size() == 16);
  });
}

TEST_CASE("§8.5 store: purged items are swept, later ones stay") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    for (int i = 0; i < 10; ++i) store.put(*node, std::to_string(i));
    node->first_seq = store->next_seq();
    node->item_count = 2;
    store->save_counts(*node);
    store.put(*node, "new");
    store.put(*node, "3");
    store.commit();
    CHECK(store->sweep(4));
    store.sweep();
    CHECK_FALSE(store->sweep(4));
    CHECK(store.ids(*store.load("n")) == Strings{"new", "3"});
  });
}

TEST_CASE("store: a node that was purged and then removed is swept once") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    store.put(*node, "1");
    node->first_seq = store->next_seq();
    store->save_counts(*node);
    store->save_counts(*node);
    store.put(*node, "2");
    store->remove(*node);
    store.sweep();
    CHECK_FALSE(store->sweep(1));
    CHECK(store.ids(*node).empty());
  });
}

TEST_CASE("store: a sweep that is rolled back is done again") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    for (int i = 0; i < 10; ++i) store.put(*node, std::to_string(i));
    store->remove(*node);
    store.commit();
    CHECK_FALSE(store->sweep(100));
    store.rollback();
    CHECK(store->sweep(5));
  });
}

}  // namespace crier::test
