/// What a Store promises about bans, the audit log, announcements and whom those are for.

#include "contract.hpp"

namespace crier::test {

namespace {

/// The nodes of the entries, which tell them apart here.
Strings told(const std::vector<AuditEntry>& entries) {
  Strings nodes;
  for (const auto& entry : entries) nodes.push_back(entry.node + " " + entry.by);
  return nodes;
}

void append(Contract& store, std::int64_t time, const char* node, const char* by) {
  store->append_audit({.time = at(time), .by = by, .action = "configure", .node = node});
}

Strings subscribers(Contract& store, std::size_t at_once) {
  Strings found;
  std::string after;
  do {
    after = store->subscribers(host, after, at_once,
                               [&](std::string_view jid) { found.emplace_back(jid); });
  } while (!after.empty());
  return found;
}

}  // namespace

TEST_CASE("store: a ban is kept with all that was said of it, replaced by another, and removed") {
  on_every_engine([](Contract& store) {
    const Ban spammer{"spam@a.example", "spam & <more>", "admin@a.example/x", at(3), at(9)};
    const Ban domain{"b.example", "", "admin@a.example/x", at(4), {}};
    store->set_ban(spammer);
    store->set_ban({"b.example", "an older reason", "other@a.example/x", at(1), at(2)});
    store->set_ban(domain);
    store.commit();
    store.reopen();
    CHECK(store->bans(10) == std::vector{domain, spammer});
    CHECK(store->bans(1).size() == 1);
    store->remove_ban("spam@a.example");
    store->remove_ban("nobody@a.example");
    CHECK(store->bans(10) == std::vector{domain});
    store.rollback();
    CHECK(store->bans(10).size() == 2);
  });
}

TEST_CASE("store: an entry of the audit log is kept as it is, with a number of its own") {
  on_every_engine([](Contract& store) {
    AuditEntry entry{0,   at(7), "admin@a.example/a/b", "configure", "n", "pubsub#title",
                     "t", "t\nu"};
    store->append_audit(entry);
    store->append_audit({.time = at(8), .by = "pubsub.a.example", .action = "unban"});
    store.commit();
    store.reopen();
    const auto found = store->audit({.limit = 10});
    REQUIRE(found.size() == 2);
    CHECK(found[0].by == "pubsub.a.example");
    CHECK(found[0].id > found[1].id);
    entry.id = found[1].id;
    CHECK(found[1] == entry);
  });
}

TEST_CASE("store: the audit log is read by node, actor and time, in both directions, in pages") {
  on_every_engine([](Contract& store) {
    append(store, 10, "n", "a@a.example/1");
    append(store, 20, "n", "b@a.example/1");
    append(store, 30, "m", "a@a.example/2");
    append(store, 40, "n", "a@a.example/2");
    CHECK(told(store->audit({.limit = 2})) == Strings{"n a@a.example/2", "m a@a.example/2"});
    CHECK(told(store->audit({.node = "n", .limit = 2})) ==
          Strings{"n a@a.example/2", "n b@a.example/1"});
    CHECK(told(store->audit({.by = "a@a.example", .is_oldest_first = true, .limit = 9})) ==
          Strings{"n a@a.example/1", "m a@a.example/2", "n a@a.example/2"});
    CHECK(told(store->audit({.node = "n", .by = "a@a.example", .limit = 9})) ==
          Strings{"n a@a.example/2", "n a@a.example/1"});
    CHECK(told(store->audit({.since = at(30), .is_oldest_first = true, .limit = 9})) ==
          Strings{"m a@a.example/2", "n a@a.example/2"});
    CHECK(store->audit({.since = at(41), .limit = 9}).empty());
    const auto last = store->audit({.limit = 1}).front().id;
    CHECK(told(store->audit({.before = last, .limit = 1})) == Strings{"m a@a.example/2"});
    CHECK(store->audit({.after = last, .is_oldest_first = true, .limit = 9}).empty());
    append(store, 50, "o", "a@a.example/2");
    CHECK(told(store->audit({.after = last, .is_oldest_first = true, .limit = 9})) ==
          Strings{"o a@a.example/2"});
  });
}

TEST_CASE("store: the audit log keeps so many entries and for so long, and no number comes again") {
  on_every_engine([](Contract& store) {
    for (int i = 0; i < 10; ++i) append(store, i, std::to_string(i).c_str(), "a@a.example");
    const auto last = store->audit({.limit = 1}).front().id;
    CHECK(store->trim_audit(4, at(0), 3));
    CHECK(store->audit({.limit = 99}).size() == 7);
    while (store->trim_audit(4, at(0), 3)) continue;
    CHECK(told(store->audit({.is_oldest_first = true, .limit = 99})).front() == "6 a@a.example");
    while (store->trim_audit(4, at(8), 3)) continue;
    CHECK(store->audit({.limit = 99}).size() == 2);
    while (store->trim_audit(4, at(100), 3)) continue;
    CHECK(store->audit({.limit = 99}).empty());
    append(store, 200, "n", "a@a.example");
    CHECK(store->audit({.limit = 1}).front().id > last);
  });
}

TEST_CASE("store: entries of administrators and of others are bounded each for itself") {
  on_every_engine([](Contract& store) {
    for (int i = 0; i < 3; ++i)
      store->append_audit(
          {.time = at(i), .by = "admin@a.example", .action = "ban", .by_admin = true});
    for (int i = 0; i < 20; ++i) append(store, 10 + i, "n", "a@a.example");
    while (store->trim_audit(3, at(0), 2)) continue;
    CHECK(store->audit({.by = "admin@a.example", .limit = 99}).size() == 3);
    CHECK(store->audit({.by = "a@a.example", .limit = 99}).size() == 3);
    CHECK(store->audit({.limit = 99}).front().time == at(29));
    store->append_audit(
        {.time = at(40), .by = "admin@a.example", .action = "unban", .by_admin = true});
    while (store->trim_audit(3, at(0), 2)) continue;
    const auto left = store->audit({.by = "admin@a.example", .limit = 99});
    CHECK(left.size() == 3);
    CHECK(left.front().action == "unban");
    CHECK(left.front().by_admin);
  });
}

TEST_CASE("store: announcements wait in their order, each where it has come to") {
  on_every_engine([](Contract& store) {
    CHECK_FALSE(store->announcement());
    Announcement first{0, "normal", "subject", "body", at(9), "", ""};
    first.id = store->add_announcement(first);
    const auto second = store->add_announcement({.body = "second"});
    CHECK(store->announcement() == first);
    first.after = "b@a.example";
    first.told = "a@a.example";
    store->save_announcement(first);
    store.commit();
    store.reopen();
    CHECK(store->announcement() == first);
    store->remove_announcement(first.id);
    REQUIRE(store->announcement());
    CHECK(store->announcement()->id == second);
    CHECK(store->announcement()->type == "headline");
    CHECK_FALSE(store->announcement()->until);
  });
}

TEST_CASE("store: subscribers are those with a subscription; not twice bare and full") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    const auto gone = store.create("gone");
    const auto add = [&](const Node& at_node, const char* jid, SubscriptionState state) {
      store->add_subscription(at_node.id, jid, state, at(1));
    };
    using enum SubscriptionState;
    for (const auto* jid : {"a@a.example/2", "a@a.example/1", "b@a.example/1", "b@a.example",
                            "c-@a.example", "c@a.example"})
      add(*node, jid, subscribed);
    add(*node, "c@a.example", subscribed);
    add(*node, "waits@a.example", pending);
    add(*gone, "gone@a.example", subscribed);
    store->set_affiliation(node->id, "member@a.example", Affiliation::member);
    store->remove(*gone);
    for (const std::size_t at_once : {1, 3, 100})
      CHECK(subscribers(store, at_once) == Strings{"a@a.example/1", "a@a.example/2", "b@a.example",
                                                   "c-@a.example", "c@a.example"});
  });
}

TEST_CASE("store: all nodes are listed by name, those in collections too, but for the root") {
  on_every_engine([](Contract& store) {
    const auto root = store.create("");
    const auto b = store.create("b");
    const auto a = store.create("a");
    store.create("c");
    store->associate(b->id, a->id);
    const auto names = [&](const Range<std::string>& range) {
      Strings found;
      for (const auto& entry : store->all_nodes(host, range)) found.push_back(entry.name);
      return found;
    };
    CHECK(names({.limit = 9}) == Strings{"a", "b", "c"});
    CHECK(names({.from = "a", .limit = 1}) == Strings{"b"});
    CHECK(names({.backwards = true, .limit = 2}) == Strings{"c", "b"});
    const auto entry = store->all_nodes(host, {.limit = 1}).front();
    CHECK(entry.creator == "owner@a.example");
    CHECK(entry.created == at(5));
  });
}

}  // namespace crier::test
