/// What a Store promises about transactions.

#include "contract.hpp"

namespace crier::test {

TEST_CASE("store: what is committed is there when the store is opened again") {
  on_every_engine([](Contract& store) {
    store.put(*store.create("n"), "1");
    store.commit();
    store.reopen();
    const auto node = store.load("n");
    REQUIRE(node);
    CHECK(store.ids(*node) == Strings{"1"});
  });
}

TEST_CASE("store: what is not committed is not there when the store is opened again") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    store.commit();
    store.put(*node, "1");
    store.create("m");
    store.reopen();
    CHECK(store.ids(*node).empty());
    CHECK_FALSE(store.load("m"));
  });
}

TEST_CASE("store: a transaction sees what it has written") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    store.put(*node, "1");
    CHECK(store.load("n"));
    CHECK(store.ids(*node) == Strings{"1"});
    store->retract(*node, "1");
    CHECK(store.ids(*node).empty());
  });
}

TEST_CASE("store: a rollback takes back all of the transaction, and the next one works") {
  on_every_engine([](Contract& store) {
    const auto kept = store.create("kept");
    store.put(*kept, "1");
    store.commit();

    const auto lost = store.create("lost");
    store.put(*kept, "2");
    store->retract(*kept, "1");
    store->set_affiliation(kept->id, "new@a.example", Affiliation::owner);
    store->add_subscription(kept->id, "new@a.example", SubscriptionState::subscribed, at(1));
    store->remove(*kept);
    store.rollback();

    CHECK_FALSE(store.load("lost"));
    const auto found = store.load("kept");
    REQUIRE(found);
    CHECK(store.ids(*found) == Strings{"1"});
    CHECK(found->affiliations.empty());
    CHECK(found->subscriptions.size() == 0);

    // JIDs of the transaction that was rolled back are as new as before.
    store->set_affiliation(found->id, "other@a.example", Affiliation::member);
    store->set_affiliation(found->id, "new@a.example", Affiliation::owner);
    store.commit();
    CHECK(store.load("kept")->affiliations ==
          Affiliations{{"new@a.example", Affiliation::owner},
                       {"other@a.example", Affiliation::member}});
  });
}

TEST_CASE("store: a rollback without a transaction does nothing") {
  on_every_engine([](Contract& store) {
    store->commit();
    store->rollback();
    store->begin();
    CHECK(store.create("n")->id != NodeId{});
  });
}

TEST_CASE("store: sequence numbers grow, over rollbacks and over reopening") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    Seq last{};
    const auto expect_greater = [&](Seq seq) {
      CHECK(seq > last);
      last = seq;
    };
    expect_greater(store->next_seq());
    expect_greater(store.put(*node, "1"));
    expect_greater(store->next_seq());
    store.commit();
    expect_greater(store.put(*node, "2"));
    store.rollback();
    expect_greater(store.put(*node, "3"));
    store.rollback();
    expect_greater(store->next_seq());
    store.commit();
    store.reopen();
    expect_greater(store.put(*node, "4"));
    for (int i = 0; i < 25'000; ++i)
      if (const Seq seq = store->next_seq(); seq > last)
        last = seq;
      else
        FAIL("not greater");
    store.rollback();
    expect_greater(store->next_seq());
  });
}

TEST_CASE("store: a number given after a rollback is not given again by the next process") {
  on_every_engine([](Contract& store) {
    store->next_seq();
    store.rollback();
    const auto seq = store.put(*store.create("n"), "1");
    store.commit();
    store.reopen();
    CHECK(store->next_seq() > seq);
  });
}

}  // namespace crier::test
