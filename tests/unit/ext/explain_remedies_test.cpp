/// What would change a refusal, and what the refusals of real requests say.

#include "ext/explain_requests.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace crier::test {

TEST_CASE("what would change a refusal changes it") {
  const struct {
    const char* action;
    Strings config;
  } cases[] = {
      {"publish", {}},
      {"publish", {"publish_model=subscribers", "access_model=presence"}},
      {"subscribe", {"access_model=whitelist"}},
      {"subscribe", {"access_model=presence"}},
      {"subscribe", {"subscribe=0"}},
      {"retrieve", {"access_model=authorize"}},
      {"retrieve", {"persist_items=0"}},
      {"see", {"access_model=whitelist"}},
      {"configure", {}},
      {"delete", {}},
      {"purge", {}},
      {"affiliations", {}},
      {"subscriptions", {}},
      {"retract", {}},
  };
  int tried = 0;
  for (const auto& each : cases) {
    CAPTURE(each.action);
    CAPTURE(each.config);
    Scene scene;
    scene.create(alice, "a node", each.config);
    const auto about_bob = inquiry("bob@b.example", each.action, "a node");
    const auto remedies = field_in(scene.set(alice, about_bob).xml, "remedy");
    CHECK_FALSE(remedies.empty());
    for (const auto& remedy : remedies) {
      CAPTURE(remedy);
      Scene other;
      other.create(alice, "a node", each.config);
      const auto word = remedy.substr(remedy.rfind(' ') + 1);
      if (remedy.find("crier affiliation set 'a node' bob@b.example ") != remedy.npos)
        other.affiliate(alice, "a node", "bob@b.example", word);
      else if (remedy.find("crier node configure 'a node' --set ") != remedy.npos)
        CHECK(other.configure(alice, "a node", {word}).type == "result");
      else
        continue;
      ++tried;
      CHECK(value(other.set(alice, about_bob), "allowed") == "1");
    }
  }
  CHECK(tried >= 18);
}

TEST_CASE("§8.7 a subscription that waits is approved by the command that is told") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  CHECK(scene.subscribe("bob@b.example", "n").type == "result");
  const auto about_bob = inquiry("bob@b.example", "subscribe", "n");
  CHECK(field_in(scene.set(alice, about_bob).xml, "remedy") ==
        Strings{"An owner can approve the subscription: crier pending approve n bob@b.example"});
  scene.set_subscription(alice, "n", "bob@b.example", "subscribed");
  CHECK(value(scene.set(alice, about_bob), "allowed") == "1");
}

TEST_CASE("a field that the operator has set is not an owner's to change") {
  auto policy = Scene::policy();
  policy.node_rules.push_back({"*", "pubsub#publish_model", {"publishers"}, true});
  Scene scene(policy);
  scene.create(alice, "n");
  const auto remedies = field_in(scene.set(alice, inquiry(bob, "publish", "n")).xml, "remedy");
  CHECK(std::ranges::count(remedies,
                           "An operator can change --node-force, which sets "
                           "publish_model for this node.") == 1);
  for (const auto& remedy : remedies) CHECK(remedy.find("--set") == std::string::npos);
}

TEST_CASE("§4.5 XEP-0356 an explanation waits for rosters as a request does") {
  Scene scene;
  scene.grant("a.example");
  scene.rosters["alice@a.example"] = "<item jid='bob@b.example' subscription='from'/>";
  scene.create(alice, "n", {"access_model=presence"});
  CHECK(explained(scene, alice, "bob@b.example", "subscribe", "n") ==
        "yes presence: The access model of n (presence) lets bob@b.example in, who sees the "
        "presence of an owner.");
  CHECK(scene.asked_rosters() == Strings{"alice@a.example"});
  CHECK(explained(scene, alice, "eve@e.example", "subscribe", "n") ==
        "not-authorized presence-subscription-required presence: The access model of n (presence) "
        "lets in those who see the presence of an owner; eve@e.example does not.");
}

TEST_CASE("§4.5 a roster that is not known is named to owners and admins, to nobody else") {
  Scene scene;
  scene.grant("a.example");
  scene.create(alice, "n", {"access_model=presence"});
  scene.create("dave@d.example", "m", {"access_model=presence"});
  const auto told = [&](std::string_view asker, std::string_view node, std::string_view line) {
    const auto remedies =
        field_in(scene.set(asker, inquiry("eve@e.example", "subscribe", node)).xml, "remedy");
    CHECK_FALSE(remedies.empty());
    return std::ranges::count(remedies, line) == 1;
  };
  const auto unknown =
      "The roster of alice@a.example is not known now; ask again when its server answers.";
  const auto unseen =
      "The server of dave@d.example does not let the service see its roster; its operator can "
      "grant that (XEP-0356).";
  CHECK(told(alice, "n", unknown));
  CHECK(told(admin, "m", unseen));
  CHECK_FALSE(told(eve, "n", unknown));
  CHECK_FALSE(told(eve, "m", unseen));
}

TEST_CASE("RFC 6120 §8.3.2 refusals carry the reason as text") {
  auto policy = Scene::policy();
  policy.max_nodes_per_account = 1;
  policy.max_subscriptions_per_account = 1;
  policy.max_subscriptions_per_jid = 1;
  Scene scene(policy);
  scene.create(alice, "n", {"max_items=1", "publish_node_full=reject"});
  scene.fill(alice, "n", 1);
  scene.create(bob, "m", {"persist_items=0", "subscribe=0"});
  CHECK(text_of(scene.publish(eve, "n", "2")) ==
        "The node's publish model does not let you publish.");
  CHECK(text_of(scene.publish(alice, "n", "2")) == "The node is full, and takes no more items.");
  CHECK(text_of(scene.set(alice, pubsub("<create node='o'/>"))) ==
        "The account alice@a.example may have at most 1 node.");
  CHECK(scene.subscribe(bob, "n").type == "result");
  CHECK(text_of(scene.subscribe(bob, "n")) ==
        "There are as many subscriptions to the node as may be.");
  CHECK(text_of(scene.subscribe("bob@b.example", "n")) ==
        "The account bob@b.example may have at most 1 subscription.");
  CHECK(text_of(scene.subscribe(eve, "m")) == "The node takes no subscriptions.");
  CHECK(text_of(scene.items(eve, "m")) == "The node keeps no items.");
  CHECK(text_of(scene.items(eve, "nowhere")) == "There is no such node.");
  CHECK(text_of(scene.retract(alice, "n", "9")) == "There is no such item.");
  CHECK(text_of(scene.unsubscribe(eve, "n")) == "There is no such subscription.");
}

}  // namespace crier::test
