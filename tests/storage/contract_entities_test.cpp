/// What a Store promises about affiliations and subscriptions.

#include "contract.hpp"

namespace crier::test {

namespace {

constexpr auto subscribed = SubscriptionState::subscribed;
constexpr auto pending = SubscriptionState::pending;

/// `node jid state` of each, the state as its number.
Strings described(const std::vector<SubscriptionSummary>& list) {
  Strings lines;
  for (const auto& each : list)
    lines.push_back(each.node + ' ' + each.jid + ' ' +
                    std::to_string(static_cast<int>(each.state)));
  return lines;
}

}  // namespace

TEST_CASE("§8.9 store: affiliations are set, changed, removed, and loaded with the node") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    store->set_affiliation(node->id, "a@a.example", Affiliation::owner);
    store->set_affiliation(node->id, "b@a.example", Affiliation::outcast);
    store->set_affiliation(node->id, "c@a.example", Affiliation::member);
    store->set_affiliation(node->id, "d@a.example", Affiliation::publisher);
    store->set_affiliation(node->id, "e@a.example", Affiliation::publish_only);
    store->set_affiliation(node->id, "b@a.example", Affiliation::member);
    store->set_affiliation(node->id, "c@a.example", Affiliation::none);
    store->set_affiliation(node->id, "never@a.example", Affiliation::none);
    store.commit();
    store.reopen();
    CHECK(store.load("n")->affiliations ==
          Affiliations{{"a@a.example", Affiliation::owner},
                       {"b@a.example", Affiliation::member},
                       {"d@a.example", Affiliation::publisher},
                       {"e@a.example", Affiliation::publish_only}});
  });
}

TEST_CASE("§5.7 store: an entity's affiliations at the nodes of a host, by node") {
  on_every_engine([](Contract& store) {
    const auto b = store.create("b");
    const auto a = store.create("a");
    Node elsewhere;
    elsewhere.key = {"b.example", "c"};
    elsewhere.creator = "owner@a.example";
    store->create(elsewhere);
    for (const auto id : {a->id, b->id, elsewhere.id})
      store->set_affiliation(id, "alice@a.example", Affiliation::owner);
    store->set_affiliation(a->id, "alice@a.example", Affiliation::member);
    store->set_affiliation(a->id, "alice@a.example.org", Affiliation::owner);

    const auto list = store->affiliations_of(host, "alice@a.example");
    REQUIRE(list.size() == 2);
    CHECK(list[0].node == "a");
    CHECK(list[0].affiliation == Affiliation::member);
    CHECK(list[1].node == "b");
    CHECK(list[1].affiliation == Affiliation::owner);
    CHECK(store->affiliations_of(host, "nobody@a.example").empty());
  });
}

TEST_CASE("§6.1 store: subscriptions are added, changed, removed, and loaded with the node") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    const auto bare = store->add_subscription(node->id, "a@a.example", pending, at(1));
    const auto full = store->add_subscription(node->id, "a@a.example/r", subscribed, at(2));
    const auto gone = store->add_subscription(node->id, "b@a.example", subscribed, at(3));
    store->set_subscription_state(bare, subscribed);
    store->set_subscription_state(full, SubscriptionState::unconfigured);
    store->remove_subscription(gone);
    store.commit();
    store.reopen();

    const auto loaded = store.load("n");
    const auto& subscriptions = loaded->subscriptions;
    CHECK(subscriptions.size() == 2);
    REQUIRE(subscriptions.find("a@a.example") != Subscriptions::none);
    REQUIRE(subscriptions.find("a@a.example/r") != Subscriptions::none);
    CHECK(subscriptions.at(subscriptions.find("a@a.example")).id == bare);
    CHECK(subscriptions.at(subscriptions.find("a@a.example")).state == subscribed);
    CHECK(subscriptions.at(subscriptions.find("a@a.example/r")).id == full);
    CHECK(subscriptions.at(subscriptions.find("a@a.example/r")).state ==
          SubscriptionState::unconfigured);
  });
}

TEST_CASE("§6.1.6 store: an entity has several subscriptions to one node") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    const auto one = store->add_subscription(node->id, "a@a.example", subscribed, at(1));
    const auto two = store->add_subscription(node->id, "a@a.example", pending, at(1));
    CHECK(one != two);
    CHECK(described(store->subscriptions_of(host, "a@a.example")) ==
          Strings{"n a@a.example 2", "n a@a.example 0"});
    store->remove_subscription(one);
    CHECK(described(store->subscriptions_of(host, "a@a.example")) == Strings{"n a@a.example 0"});
  });
}

TEST_CASE("store: a subscription's id is not used again") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    const auto old = store->add_subscription(node->id, "a@a.example", subscribed, at(1));
    store.commit();
    store->remove_subscription(old);
    store.commit();
    store.reopen();
    CHECK(store->add_subscription(node->id, "a@a.example", subscribed, at(1)) > old);
  });
}

TEST_CASE("§5.6 store: subscriptions of a bare JID and its resources, of nobody else") {
  on_every_engine([](Contract& store) {
    const auto m = store.create("m");
    const auto n = store.create("n");
    Node elsewhere;
    elsewhere.key = {"b.example", "c"};
    elsewhere.creator = "owner@a.example";
    store->create(elsewhere);
    store->add_subscription(elsewhere.id, "a@a.example", subscribed, at(1));
    for (const auto* jid :
         {"a@a.example", "a@a.example/r", "a@a.example/🦉", "a@a.example.org", "a@a.example-x/r",
          "a@a.example0", "b@a.example", "aa@a.example", "a.example"})
      store->add_subscription(n->id, jid, subscribed, at(1));
    store->add_subscription(m->id, "a@a.example/r", pending, at(1));

    CHECK(described(store->subscriptions_of(host, "a@a.example")) ==
          Strings{"n a@a.example 2", "n a@a.example/r 2", "n a@a.example/🦉 2",
                  "m a@a.example/r 0"});
    CHECK(described(store->subscriptions_of(host, "a.example")) == Strings{"n a.example 2"});
    CHECK(store->subscriptions_of(host, "nobody@a.example").empty());
  });
}

TEST_CASE("§8.8 store: subscriptions of a node, in pages by id") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    const auto other = store.create("m");
    std::vector<SubscriptionId> ids;
    for (const auto* jid : {"c@a.example", "a@a.example/r", "b@a.example"}) {
      ids.push_back(store->add_subscription(node->id, jid, pending, at(1)));
      store->add_subscription(other->id, jid, subscribed, at(1));
    }
    CHECK(described(store->subscriptions_at(*node, {.limit = 10})) ==
          Strings{"n c@a.example 0", "n a@a.example/r 0", "n b@a.example 0"});
    const auto page = store->subscriptions_at(*node, {.from = ids[0], .limit = 1});
    CHECK(described(page) == Strings{"n a@a.example/r 0"});
    CHECK(page[0].id == ids[1]);
    CHECK(store->subscriptions_at(*node, {.from = ids[2], .limit = 10}).empty());
  });
}

TEST_CASE("§6.3 store: options are kept whole, loaded with the node, and changed again") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    const auto id = store->add_subscription(node->id, "a@a.example", subscribed, at(1));
    const auto plain = store->add_subscription(node->id, "b@a.example", subscribed, at(1));
    SubscriptionOptions options;
    options.deliver = false;
    options.digest = true;
    options.digest_frequency.value = std::chrono::milliseconds(1234);
    options.expire.at = at(1'700'000'000'123'456);
    options.include_body = true;
    options.subscription_type = SubscriptionType::all;
    options.subscription_depth.value = Depth::all;
    options.filter.keywords = {"one\ttwo\nthree\\", "🦉", "o'hara; DROP TABLE subscription"};
    options.filter.payload_namespace = "u:\t";
    options.filter.xpath = "/a[@b = 'c']\n | \"";
    store->set_subscription_options(id, options);
    store.commit();
    store.reopen();
    auto loaded = store.load("n");
    CHECK(loaded->subscriptions.options(loaded->subscriptions.find("a@a.example")) == options);
    CHECK(loaded->subscriptions.at(loaded->subscriptions.find("b@a.example")).plain());
    CHECK(loaded->subscriptions.with_options() == 1);

    store->set_subscription_options(id, SubscriptionOptions());
    store->set_subscription_options(plain, options);
    loaded = store.load("n");
    CHECK(loaded->subscriptions.at(loaded->subscriptions.find("a@a.example")).plain());
    CHECK(loaded->subscriptions.options(loaded->subscriptions.find("b@a.example")) == options);
  });
}

TEST_CASE("§6.1.6 store: the subscriptions of one JID are loaded in the order they were made in") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    std::vector<SubscriptionId> ids;
    for (int i = 0; i < 5; ++i)
      ids.push_back(store->add_subscription(node->id, "a@a.example", subscribed, at(1)));
    store.commit();
    store.reopen();
    const auto loaded = store.load("n");
    std::vector<SubscriptionId> found;
    for (const auto each : loaded->subscriptions.group("a@a.example"))
      found.push_back(loaded->subscriptions.at(each).id);
    CHECK(found == ids);
  });
}

TEST_CASE("store: a subscription is found by its id, as long as it and its node exist") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    const auto one = store->add_subscription(node->id, "a@a.example/r", subscribed, at(1));
    const auto two = store->add_subscription(node->id, "b@a.example", subscribed, at(1));
    const auto found = store->subscription(one);
    REQUIRE(found);
    CHECK(found->node.host == host);
    CHECK(found->node.name == "n");
    CHECK(found->jid == "a@a.example/r");
    store->remove_subscription(one);
    CHECK_FALSE(store->subscription(one));
    CHECK_FALSE(store->subscription(SubscriptionId{9999}));
    CHECK(store->subscription(two));
    store->remove(*node);
    CHECK_FALSE(store->subscription(two));
  });
}

TEST_CASE("store: what a digest has told last is kept for each subscription") {
  on_every_engine([](Contract& store) {
    const auto node = store.create("n");
    const auto one = store->add_subscription(node->id, "a@a.example", subscribed, at(1));
    const auto two = store->add_subscription(node->id, "a@a.example", subscribed, at(1));
    CHECK(store->digested(one) == Seq{});
    store->set_digested(one, Seq{5});
    store->set_digested(two, Seq{7});
    store->set_digested(one, Seq{6});
    store.commit();
    store.reopen();
    CHECK(store->digested(one) == Seq{6});
    CHECK(store->digested(two) == Seq{7});
    store->set_digested(one, Seq{8});
    store.rollback();
    CHECK(store->digested(one) == Seq{6});
  });
}

TEST_CASE("store: the nodes that somebody created are counted while they are there") {
  on_every_engine([](Contract& store) {
    const auto creator = store.create("a")->creator;
    const auto b = store.create("b");
    Node elsewhere;
    elsewhere.key = {"b.example", "c"};
    elsewhere.creator = creator;
    store->create(elsewhere);
    CHECK(store->count_created(host, creator, 10) == 2);
    CHECK(store->count_created(host, creator, 1) == 1);
    CHECK(store->count_created(host, "nobody@a.example", 10) == 0);
    store->remove(*b);
    CHECK(store->count_created(host, creator, 10) == 1);
    store.commit();
    store.reopen();
    store.sweep();
    CHECK(store->count_created(host, creator, 10) == 1);
  });
}

TEST_CASE("store: the subscriptions of an account and its resources are counted") {
  on_every_engine([](Contract& store) {
    const auto a = store.create("a");
    const auto b = store.create("b");
    for (const auto* jid : {"a@a.example", "a@a.example/1", "a@a.example/2", "a@a.example.org"})
      store->add_subscription(a->id, jid, subscribed, at(1));
    const auto pending_one = store->add_subscription(b->id, "a@a.example", pending, at(2));
    CHECK(store->count_subscriptions(host, "a@a.example", 10) == 4);
    CHECK(store->count_subscriptions(host, "a@a.example", 3) == 3);
    CHECK(store->count_subscriptions("b.example", "a@a.example", 10) == 0);
    CHECK(store->count_subscriptions(host, "b@a.example", 10) == 0);
    store->remove_subscription(pending_one);
    CHECK(store->count_subscriptions(host, "a@a.example", 10) == 3);
    store->remove(*a);
    CHECK(store->count_subscriptions(host, "a@a.example", 10) == 0);
  });
}

}  // namespace crier::test
