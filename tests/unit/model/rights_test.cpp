#include "model/rights.hpp"

#include <crier/errors.hpp>

#include <doctest/doctest.h>

#include <array>

namespace crier::test {

namespace {

using enum Affiliation;

constexpr std::array all_affiliations{none, outcast, publish_only, member, publisher, owner};

Jid jid(std::string_view text) {
  return *Jid::parse(text);
}

const Jid bob = jid("bob@b.example/phone");

Policy policy() {
  Policy policy;
  policy.domain = "pubsub.example.org";
  policy.admins.insert("admin@example.org");
  return policy;
}

/// A node that bob has that affiliation with.
Node node_of(Affiliation affiliation, AccessModel access = AccessModel::open,
             PublishModel publish = PublishModel::publishers) {
  Node node;
  node.config.access_model = access;
  node.config.publish_model = publish;
  if (affiliation != none) node.affiliations["bob@b.example"] = affiliation;
  return node;
}

/// A verdict for comparisons: the refusal's condition, or nothing.
std::string_view refusal(const Verdict& verdict) {
  return verdict ? "" : verdict.error().kind->condition;
}

}  // namespace

TEST_CASE(
    "§4.1 A009 A010 A011 A013 A014 A015 what each affiliation allows at an open node with "
    "publishers") {
  struct Row {
    Affiliation affiliation;
    bool subscribe, retrieve, publish, retract_own, own;
  };
  // The table of §4.1. `none` retrieves because the node is open.
  constexpr std::array rows{
      Row{owner, true, true, true, true, true},
      Row{publisher, true, true, true, true, false},
      Row{publish_only, false, false, true, true, false},
      Row{member, true, true, false, false, false},
      Row{none, true, true, false, false, false},
      Row{outcast, false, false, false, false, false},
  };
  for (const auto& row : rows) {
    CAPTURE(static_cast<int>(row.affiliation));
    const auto node = node_of(row.affiliation);
    CHECK(bool(may_subscribe(node, bob, policy(), Acquaintance::none)) == row.subscribe);
    CHECK(bool(may_retrieve(node, bob, policy(), Acquaintance::none)) == row.retrieve);
    CHECK(bool(may_publish(node, bob, policy())) == row.publish);
    CHECK(bool(may_retract(node, bob, "bob@b.example", policy())) == row.retract_own);
    CHECK(bool(may_own(node, bob, policy())) == row.own);
  }
}

TEST_CASE("§4.1 every refusal for an affiliation is auth/forbidden and says why") {
  const auto node = node_of(outcast);
  for (const auto& verdict :
       {may_subscribe(node, bob, policy(), Acquaintance::none),
        may_retrieve(node, bob, policy(), Acquaintance::none), may_publish(node, bob, policy()),
        may_retract(node, bob, "bob@b.example", policy()), may_purge(node, bob, policy()),
        may_own(node, bob, policy())}) {
    REQUIRE_FALSE(verdict);
    CHECK(*verdict.error().kind == errors::forbidden);
    CHECK_FALSE(verdict.error().text.empty());
  }
}

TEST_CASE("§4.1 A012 publish-only retracts its own items only") {
  const auto node = node_of(publish_only);
  CHECK(may_retract(node, bob, "bob@b.example", policy()));
  const auto verdict = may_retract(node, bob, "alice@a.example", policy());
  CHECK(refusal(verdict) == "forbidden");
  CHECK(verdict.rule() == Rule::own_item);
}

TEST_CASE("§4.1 A018 a publisher retracts and purges what others published: our policy") {
  const auto node = node_of(publisher);
  CHECK(may_retract(node, bob, "alice@a.example", policy()));
  CHECK(may_purge(node, bob, policy()));
}

TEST_CASE("§4.1 A010 A011 A013 A014 A015 only publishers and owners purge; only owners own") {
  for (const auto affiliation : all_affiliations) {
    CAPTURE(static_cast<int>(affiliation));
    const auto node = node_of(affiliation);
    CHECK(bool(may_purge(node, bob, policy())) ==
          (affiliation == owner || affiliation == publisher));
    CHECK(bool(may_own(node, bob, policy())) == (affiliation == owner));
  }
}

TEST_CASE("§4.1 A008 an affiliation is the bare JID's, whichever resource acts") {
  const auto node = node_of(owner);
  CHECK(may_own(node, jid("bob@b.example"), policy()));
  CHECK(may_own(node, jid("bob@b.example/elsewhere"), policy()));
  CHECK_FALSE(may_own(node, jid("bobby@b.example"), policy()));
}

TEST_CASE("§4.5 A035 whitelist: every affiliation but none, outcast and publish-only comes in") {
  for (const auto affiliation : all_affiliations) {
    CAPTURE(static_cast<int>(affiliation));
    const auto node = node_of(affiliation, AccessModel::whitelist);
    const bool listed = affiliation == member || affiliation == publisher || affiliation == owner;
    CHECK(bool(may_subscribe(node, bob, policy(), Acquaintance::none)) == listed);
    CHECK(bool(may_retrieve(node, bob, policy(), Acquaintance::none)) == listed);
  }
}

TEST_CASE("§6.1.3.4 A072, §6.5.9.8 A141 not on the whitelist: cancel/not-allowed closed-node") {
  const auto node = node_of(none, AccessModel::whitelist);
  for (const auto& verdict : {may_subscribe(node, bob, policy(), Acquaintance::none),
                              may_retrieve(node, bob, policy(), Acquaintance::none)}) {
    REQUIRE_FALSE(verdict);
    CHECK(*verdict.error().kind == errors::closed_node);
    CHECK(verdict.rule() == Rule::access_model);
  }
}

TEST_CASE("§6.1.3.8 A076 an outcast of a whitelist node is forbidden, not merely not listed") {
  const auto node = node_of(outcast, AccessModel::whitelist);
  CHECK(refusal(may_subscribe(node, bob, policy(), Acquaintance::none)) == "forbidden");
  CHECK(refusal(may_retrieve(node, bob, policy(), Acquaintance::none)) == "forbidden");
}

TEST_CASE("§16.4.4 A007 publish_model: who publishes besides owners and publishers") {
  for (const auto affiliation : {none, member}) {
    const auto by = [&](PublishModel model) {
      return bool(may_publish(node_of(affiliation, AccessModel::open, model), bob, policy()));
    };
    CHECK_FALSE(by(PublishModel::publishers));
    CHECK_FALSE(by(PublishModel::subscribers));
    CHECK(by(PublishModel::open));
  }
  for (const auto model :
       {PublishModel::publishers, PublishModel::subscribers, PublishModel::open}) {
    CHECK(may_publish(node_of(owner, AccessModel::open, model), bob, policy()));
    CHECK(may_publish(node_of(publisher, AccessModel::open, model), bob, policy()));
    CHECK(may_publish(node_of(publish_only, AccessModel::open, model), bob, policy()));
    CHECK_FALSE(may_publish(node_of(outcast, AccessModel::open, model), bob, policy()));
  }
}

TEST_CASE("§16.4.4 publish_model subscribers: any resource of a subscribed account publishes") {
  const auto with = [](std::string_view subscriber, SubscriptionState state) {
    auto node = node_of(none, AccessModel::open, PublishModel::subscribers);
    node.subscriptions.add(SubscriptionId{1}, subscriber, state, {});
    return bool(may_publish(node, bob, policy()));
  };
  CHECK(with("bob@b.example", SubscriptionState::subscribed));
  CHECK(with("bob@b.example/tablet", SubscriptionState::subscribed));
  CHECK_FALSE(with("bob@b.example", SubscriptionState::pending));
  CHECK_FALSE(with("alice@a.example", SubscriptionState::subscribed));
}

TEST_CASE("§7.2.3.1 whoever published under an open model retracts that, and nothing else") {
  const auto node = node_of(none, AccessModel::open, PublishModel::open);
  CHECK(may_retract(node, bob, "bob@b.example", policy()));
  CHECK_FALSE(may_retract(node, bob, "alice@a.example", policy()));
  CHECK_FALSE(may_purge(node, bob, policy()));
}

TEST_CASE("an admin of the service is an owner of every node") {
  const auto admin = jid("admin@example.org/x");
  for (const auto affiliation : all_affiliations) {
    auto node = node_of(none, AccessModel::whitelist);
    if (affiliation != none) node.affiliations["admin@example.org"] = affiliation;
    CHECK(acting_as(node, admin, policy()) == owner);
    CHECK(may_subscribe(node, admin, policy(), Acquaintance::none));
    CHECK(may_retrieve(node, admin, policy(), Acquaintance::none));
    CHECK(may_publish(node, admin, policy()));
    CHECK(may_retract(node, admin, "alice@a.example", policy()));
    CHECK(may_purge(node, admin, policy()));
    CHECK(may_own(node, admin, policy()));
  }
  CHECK(may_own(node_of(none), admin, policy()).rule() == Rule::admin);
}

TEST_CASE(
    "§8.1.1 A196 creating: everybody, users of domains, or admins alone; else auth/forbidden") {
  auto some = policy();
  CHECK(*may_create(bob, "n", some).error().kind == errors::forbidden);
  CHECK(may_create(jid("admin@example.org"), "n", some));

  some.creators.domains = {"a.example", "b.example"};
  CHECK(may_create(bob, "n", some));
  CHECK(may_create(jid("b.example"), "n", some));
  CHECK_FALSE(may_create(jid("bob@sub.b.example"), "n", some));
  CHECK_FALSE(may_create(jid("b.example@evil.example"), "n", some));

  some.creators = {.all = true, .domains = {}};
  CHECK(may_create(jid("eve@evil.example"), "n", some));
}

TEST_CASE(
    "§4.5 A032 A033 presence and roster let in whom the owners know, and who has an affiliation") {
  using enum Acquaintance;
  const auto none_of = Affiliation::none;
  const auto presence_node = node_of(none_of, AccessModel::presence);
  const auto roster_node = node_of(none_of, AccessModel::roster);
  for (const auto acquaintance : {Acquaintance::none, unknown}) {
    CHECK(refusal(may_subscribe(presence_node, bob, policy(), acquaintance)) == "not-authorized");
    CHECK(*may_retrieve(presence_node, bob, policy(), acquaintance).error().kind ==
          errors::presence_subscription_required);
  }
  CHECK(may_subscribe(presence_node, bob, policy(), presence));
  CHECK(may_retrieve(presence_node, bob, policy(), group));
  CHECK(*may_subscribe(roster_node, bob, policy(), presence).error().kind ==
        errors::not_in_roster_group);
  CHECK(may_retrieve(roster_node, bob, policy(), group));
  for (const auto model : {AccessModel::presence, AccessModel::roster}) {
    for (const auto affiliation : {member, publisher, Affiliation::owner})
      CHECK(may_subscribe(node_of(affiliation, model), bob, policy(), Acquaintance::none));
    CHECK(refusal(may_subscribe(node_of(outcast, model), bob, policy(), group)) == "forbidden");
    CHECK(may_stay_subscribed(node_of(none_of, model), "bob@b.example", policy(), unknown));
    CHECK_FALSE(may_stay_subscribed(node_of(none_of, model), "bob@b.example", policy(),
                                    Acquaintance::none));
    CHECK_FALSE(may_hear(node_of(none_of, model), "bob@b.example", policy()));
    CHECK(may_hear(node_of(member, model), "bob@b.example", policy()));
  }
}

TEST_CASE("§14.3 A332 who may know of a node: not outcasts; of a whitelist node those listed") {
  const auto node = [](AccessModel model) {
    NodeConfig config;
    config.access_model = model;
    return config;
  };
  for (const auto affiliation : all_affiliations) {
    CAPTURE(static_cast<int>(affiliation));
    CHECK(bool(may_see(node(AccessModel::open), affiliation, false)) == (affiliation != outcast));
    CHECK(bool(may_see(node(AccessModel::whitelist), affiliation, false)) ==
          (affiliation != outcast && affiliation != none));
  }
}

}  // namespace crier::test
