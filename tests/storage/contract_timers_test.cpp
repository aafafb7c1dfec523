/// What a Store promises about timers.

#include <algorithm>

#include "contract.hpp"

namespace crier::test {

namespace {

/// `kind subject due` of each.
Strings described(const std::vector<Timer>& timers) {
  Strings lines;
  for (const auto& timer : timers)
    lines.push_back(std::to_string(static_cast<int>(timer.kind)) + ' ' +
                    std::to_string(timer.subject) + ' ' +
                    std::to_string(timer.due.time_since_epoch().count()));
  return lines;
}

}  // namespace

TEST_CASE("store: timers are due in the order of their times, and outlive the process") {
  on_every_engine([](Contract& store) {
    CHECK_FALSE(store->next_timer());
    CHECK(store->due_timers(at(1000), 10).empty());
    store->set_timer({TimerKind::digest, 7, at(30)});
    store->set_timer({TimerKind::item_expiry, 7, at(10)});
    store->set_timer({TimerKind::lease_end, 8, at(20)});
    store->set_timer({TimerKind::lease_notice, -1, at(40)});
    store.commit();
    store.reopen();
    CHECK(store->next_timer() == at(10));
    CHECK(described(store->due_timers(at(30), 10)) == Strings{"0 7 10", "2 8 20", "3 7 30"});
    CHECK(described(store->due_timers(at(30), 2)) == Strings{"0 7 10", "2 8 20"});
    CHECK(store->due_timers(at(9), 10).empty());
    CHECK(store->due_timers(Time::max(), 10).size() == 4);
  });
}

TEST_CASE("store: there is one timer of a kind for a subject; setting it again moves it") {
  on_every_engine([](Contract& store) {
    store->set_timer({TimerKind::digest, 7, at(30)});
    store->set_timer({TimerKind::digest, 7, at(50)});
    store->set_timer({TimerKind::lease_end, 7, at(40)});
    CHECK(described(store->due_timers(at(100), 10)) == Strings{"2 7 40", "3 7 50"});
    store->set_timer({TimerKind::digest, 7, at(20)});
    CHECK(store->next_timer() == at(20));
  });
}

TEST_CASE("store: adding a timer leaves one that is there as it is") {
  on_every_engine([](Contract& store) {
    store->add_timer({TimerKind::digest, 7, at(30)});
    store->add_timer({TimerKind::digest, 7, at(10)});
    store->add_timer({TimerKind::digest, 8, at(20)});
    CHECK(described(store->due_timers(at(100), 10)) == Strings{"3 8 20", "3 7 30"});
  });
}

TEST_CASE("store: a timer that is cleared is gone, and only that one") {
  on_every_engine([](Contract& store) {
    store->set_timer({TimerKind::digest, 7, at(10)});
    store->set_timer({TimerKind::digest, 8, at(20)});
    store->set_timer({TimerKind::lease_end, 7, at(30)});
    store->clear_timer(TimerKind::digest, 7);
    store->clear_timer(TimerKind::lease_notice, 8);
    CHECK(described(store->due_timers(at(100), 10)) == Strings{"3 8 20", "2 7 30"});
    store->clear_timer(TimerKind::digest, 8);
    store->clear_timer(TimerKind::lease_end, 7);
    CHECK_FALSE(store->next_timer());
  });
}

TEST_CASE("store: timers of a transaction that is rolled back are as they were") {
  on_every_engine([](Contract& store) {
    store->set_timer({TimerKind::digest, 7, at(10)});
    store.commit();
    store->set_timer({TimerKind::digest, 7, at(50)});
    store->set_timer({TimerKind::digest, 8, at(5)});
    store.rollback();
    CHECK(described(store->due_timers(at(100), 10)) == Strings{"3 7 10"});
    store->clear_timer(TimerKind::digest, 7);
    store.rollback();
    CHECK(store->next_timer() == at(10));
  });
}

TEST_CASE("store: with a node go its timers and those of its subscriptions, of nobody else") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    const auto other = store.create("m");
    std::vector<std::int64_t> gone;
    for (int i = 0; i < 10; ++i)
      gone.push_back(static_cast<std::int64_t>(store->add_subscription(
          node->id, std::to_string(i) + "@a.example", SubscriptionState::subscribed, at(1))));
    const auto stays = static_cast<std::int64_t>(
        store->add_subscription(other->id, "a@a.example", SubscriptionState::subscribed, at(1)));
    for (const auto kind : {TimerKind::lease_notice, TimerKind::lease_end, TimerKind::digest}) {
      for (const auto subject : gone) store->set_timer({kind, subject, at(10)});
      store->set_timer({kind, stays, at(20)});
    }
    store->set_timer({TimerKind::item_expiry, static_cast<std::int64_t>(node->id), at(10)});
    store->set_timer({TimerKind::item_expiry, static_cast<std::int64_t>(other->id), at(20)});
    store->remove(*node);
    store.sweep();
    const auto left = store->due_timers(at(100), 100);
    CHECK(left.size() == 4);
    CHECK(std::ranges::all_of(left, [](const Timer& timer) { return timer.due == at(20); }));
  });
}

}  // namespace crier::test
