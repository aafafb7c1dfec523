#include "ext/explain_requests.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace crier::test {

TEST_CASE(
    "XEP-0050 §2.4 XEP-0004 §3 the command asks who, what and where, and ends with a result") {
  Scene scene;
  scene.create(alice, "n");
  const auto form = scene.set(bob, command("", "action='execute'"));
  CHECK(attributes_of(form.xml, "command", "status") == Strings{"executing"});
  CHECK(attributes_of(form.xml, "x", "type") == Strings{"form"});
  CHECK(attributes_of(form.xml, "field", "var") ==
        Strings{"FORM_TYPE", "jid", "action", "node", "item"});
  CHECK(field_in(form.xml, "jid") == Strings{"bob@b.example"});
  for (const auto& action : actions) {
    CAPTURE(action);
    CHECK(form.xml.find("<value>" + action + "</value></option>") != std::string::npos);
  }
  const auto result = scene.set(bob, inquiry("", "publish", "n"));
  CHECK(attributes_of(result.xml, "command", "status") == Strings{"completed"});
  CHECK(attributes_of(result.xml, "x", "type") == Strings{"result"});
  CHECK(field_in(result.xml, "FORM_TYPE") == Strings{"urn:crier:command:explain"});
  CHECK(field_in(result.xml, "jid") == Strings{"bob@b.example"});
  CHECK(field_in(result.xml, "action") == Strings{"publish"});
  CHECK(field_in(result.xml, "node") == Strings{"n"});
  CHECK(field_in(result.xml, "allowed") == Strings{"0"});
  CHECK(field_in(result.xml, "error") == Strings{"forbidden"});
  CHECK(attributes_of(scene.set(bob, inquiry("", "subscribe", "n")).xml, "field", "var") ==
        Strings{"FORM_TYPE", "jid", "action", "node", "allowed", "rule", "reason"});
}

TEST_CASE("XEP-0050 §4.4 what can not be read: bad-payload") {
  Scene scene;
  const std::string bad = "modify/bad-request/bad-payload";
  CHECK(scene.refused_set(bob, inquiry("@", "publish", "n")) == bad);
  CHECK(scene.refused_set(bob, inquiry("", "sing", "n")) == bad);
  CHECK(scene.refused_set(bob, inquiry("", "publish", "")) == bad);
  CHECK(scene.refused_set(bob, command("<x xmlns='jabber:x:data' type='submit'>"
                                       "<field var='FORM_TYPE'><value>u:other</value></field>"
                                       "</x>")) == bad);
}

TEST_CASE("each rule is named, with what it says of the one who is asked about") {
  auto policy = Scene::policy();
  policy.creators = {.all = false, .domains = {"a.example"}};
  policy.reserved = {"system/*"};
  policy.anonymous_domains = {"anon.example"};
  policy.max_nodes_per_account = 6;
  policy.max_subscriptions_per_account = 1;
  policy.max_subscriptions_per_jid = 1;
  Scene scene(policy);
  scene.create(alice, "n");
  scene.create(alice, "closed", {"access_model=whitelist"});
  scene.create(alice, "asked", {"access_model=authorize"});
  scene.create(alice, "c", {"node_type=collection"});
  scene.create(alice, "still", {"persist_items=0", "subscribe=0"});
  scene.create(alice, "gone");
  scene.fill(alice, "n", 1);
  scene.affiliate(alice, "n", "eve@e.example", "outcast");
  scene.affiliate(alice, "n", "pub@b.example", "publish-only");
  CHECK(scene.subscribe(bob, "n").type == "result");
  CHECK(scene.subscribe("carol@b.example", "asked").type == "result");
  scene.set(alice, pubsub_owner("<delete node='gone'><redirect uri='xmpp:x?;node=y'/></delete>"));

  const auto about = [&](const char* who, const char* action, const char* node,
                         const char* item = "") {
    return explained(scene, admin, who, action, node, item);
  };
  CHECK(about("admin@example.org", "delete", "n") ==
        "yes admin: admin@example.org is an administrator of the service.");
  CHECK(about("alice@a.example", "publish", "n") ==
        "yes affiliation: The affiliation of alice@a.example with n (owner) allows this.");
  CHECK(about("eve@e.example", "retrieve", "n") ==
        "forbidden affiliation: The affiliation of eve@e.example with n (outcast) does not allow "
        "this.");
  CHECK(about("dave@d.example", "subscribe", "n") ==
        "yes access_model: The access model of n (open) lets dave@d.example in.");
  CHECK(about("bob@b.example", "subscribe", "closed") ==
        "not-allowed closed-node access_model: The access model of closed (whitelist) does not let "
        "bob@b.example in.");
  CHECK(about("bob@b.example", "publish", "n") ==
        "forbidden publish_model: The publish model of n (publishers) does not let bob@b.example "
        "publish.");
  CHECK(about("bob@b.example", "subscribe", "still") ==
        "feature-not-implemented unsupported no_subscriptions: still takes no subscriptions (its "
        "field subscribe is off).");
  CHECK(about("bob@b.example", "retrieve", "still") ==
        "feature-not-implemented unsupported no_items: still keeps no items (its field "
        "persist_items is off).");
  CHECK(about("bob@b.example", "retrieve", "asked") ==
        "not-authorized not-subscribed subscription: The access model of asked (authorize) lets "
        "subscribers retrieve its items; bob@b.example is none.");
  CHECK(about("dave@d.example", "subscribe", "asked") ==
        "yes access_model: The access model of asked (authorize) lets dave@d.example in. An owner "
        "has yet to approve the subscription.");
  CHECK(about("carol@b.example", "subscribe", "asked") ==
        "not-authorized pending-subscription pending: An owner of asked has yet to approve the "
        "subscription of carol@b.example.");
  CHECK(about("pub@b.example", "retract", "n", "1") ==
        "forbidden own_item: pub@b.example may retract what it has published itself; this item is "
        "another's.");
  CHECK(about("alice@a.example", "retract", "n", "2") ==
        "item-not-found no_item: There is no item 2 in n.");
  CHECK(about("alice@a.example", "publish", "c") ==
        "feature-not-implemented unsupported collection: c is a collection, which holds nodes, not "
        "items.");
  CHECK(about("bob@b.example", "see", "urn:crier:command:ban") ==
        "forbidden admin: urn:crier:command:ban is for administrators of the service.");
  CHECK(about("bob@b.example", "configure", "nowhere") ==
        "item-not-found no_node: There is no node nowhere.");
  CHECK(about("bob@b.example", "subscribe", "gone") ==
        "gone moved: gone has moved to xmpp:x?;node=y.");
  CHECK(about("alice@a.example", "create", "n") == "conflict name_taken: A node n exists already.");
  CHECK(about("alice@a.example", "create", "system/x") ==
        "forbidden reserved: Nodes of such names are the administrators'.");
  CHECK(about("bob@b.example", "create", "x") ==
        "forbidden creators: The service does not let bob@b.example create nodes of such names.");
  CHECK(about("alice@a.example", "create", "x") ==
        "yes creators: The service lets alice@a.example create nodes of such names.");
  CHECK(about("alice@a.example", "publish", "x") ==
        "yes creators: The service lets alice@a.example create nodes of such names. Publishing "
        "creates the node.");
  CHECK(about("x@anon.example", "subscribe", "n") ==
        "forbidden anonymous: The users of anon.example are anonymous, and may not subscribe.");
  CHECK(about("bob@b.example", "subscribe", "asked") ==
        "policy-violation too-many-subscriptions subscription_quota: The account bob@b.example may "
        "have at most 1 subscription.");
  CHECK(about(bob, "subscribe", "n") ==
        "policy-violation too-many-subscriptions subscription_limit: bob@b.example/y has as many "
        "subscriptions to n as it may have, or all have together.");
  CHECK(about("bob@b.example", "unsubscribe", "n") ==
        "unexpected-request not-subscribed no_subscription: bob@b.example is not subscribed to n.");
  CHECK(about(bob, "unsubscribe", "n") == "yes subscription: bob@b.example/y is subscribed to n.");
  scene.create(alice, "sixth");
  CHECK(about("alice@a.example", "create", "x") ==
        "not-allowed max-nodes-exceeded node_quota: The account alice@a.example may have at most 6 "
        "nodes.");
}

TEST_CASE("whoever is at a quota learns whose it is, and what would change it") {
  auto policy = Scene::policy();
  policy.quotas = {{Quantity::items, Scope::account, "*", 1},
                   {Quantity::bytes, Scope::domain, "b.example", 10},
                   {Quantity::items, Scope::service, "*", 2}};
  Scene scene(policy);
  scene.create(alice, "n", {"publish_model=open"});
  scene.fill(alice, "n", 1);
  const auto about = [&](std::string_view who) {
    return scene.set(admin, inquiry(who, "publish", "n"));
  };
  CHECK(answered(about("alice@a.example")) ==
        "policy-violation item_quota: The account alice@a.example may store at most 1 item.");
  CHECK(field_in(about("alice@a.example").xml, "remedy") ==
        Strings{"alice@a.example can retract items that it has published: crier item retract NODE "
                "ITEM",
                "An operator can raise the --quota of items."});
  CHECK(answered(about("eve@e.example")).starts_with("yes"));
  scene.fill(admin, "n", 1);
  scene.publish(admin, "n", "2");
  CHECK(answered(about("eve@e.example")) ==
        "resource-constraint item_quota: The service may store at most 2 items.");
}

TEST_CASE("whoever is banned may do nothing, and admins learn how that ends") {
  Scene scene;
  scene.create(alice, "n");
  scene.set(admin,
            "<command xmlns='http://jabber.org/protocol/commands' "
            "node='urn:crier:command:ban'><x xmlns='jabber:x:data' type='submit'>"
            "<field var='jid'><value>e.example</value></field></x></command>");
  CHECK(scene.refused_set(eve, inquiry("", "publish", "n")) == "auth/forbidden");
  const auto answer = scene.set(alice, inquiry("eve@e.example", "see", "n"));
  CHECK(answered(answer) == "forbidden banned: eve@e.example is banned from the service.");
  CHECK(field_in(answer.xml, "remedy") ==
        Strings{"An administrator can lift the ban: crier unban e.example"});
}

TEST_CASE("everybody asks about itself, owners about all at their nodes, admins about all") {
  Scene scene;
  scene.create(alice, "n");
  const auto refused = "auth/forbidden";
  CHECK(scene.refused_set(bob, inquiry("eve@e.example", "publish", "n")) == refused);
  CHECK(scene.refused_set(bob, inquiry("eve@e.example", "publish", "nowhere")) == refused);
  CHECK(scene.refused_set(alice, inquiry("eve@e.example", "create", "nowhere")) == refused);
  CHECK(scene.set(bob, inquiry("bob@b.example/other", "publish", "n")).type == "result");
  CHECK(scene.set(alice, inquiry("eve@e.example", "publish", "n")).type == "result");
  CHECK(scene.set(admin, inquiry("eve@e.example", "create", "nowhere")).type == "result");
  scene.affiliate(alice, "n", "bob@b.example", "publisher");
  CHECK(scene.refused_set(bob, inquiry("eve@e.example", "publish", "n")) == refused);
}

TEST_CASE("§14.3 a node that is concealed is explained like one that is not there") {
  auto policy = Scene::policy();
  policy.conceal_private_nodes = true;
  policy.creators = {.all = false, .domains = {"a.example"}};
  policy.node_rules.push_back({"*", "pubsub#access_model", {"whitelist"}, true});
  Scene scene(policy);
  scene.create(alice, "there");
  scene.create(alice, "friends");
  scene.affiliate(alice, "friends", "eve@e.example", "outcast");
  for (const auto& action : actions) {
    CAPTURE(action);
    const auto absent = scene.set(eve, inquiry("", action, "where")).payload;
    for (const auto* name : {"there", "friends"}) {
      CAPTURE(name);
      // The session's id is made up anew.
      auto payload = scene.set(eve, inquiry("", action, name)).payload;
      const auto without = [](std::string text, std::string_view node) {
        for (std::size_t at; (at = text.find(node)) != text.npos;)
          text.replace(at, node.size(), "N");
        const auto at = text.find("sessionid=");
        return text.erase(at, text.find_first_of(" >", at) - at);
      };
      CHECK(without(payload, name) == without(absent, "where"));
    }
  }
  // The others are told.
  CHECK(explained(scene, alice, "eve@e.example", "retrieve", "there") ==
        "item-not-found concealed: there is concealed from eve@e.example, whom neither its "
        "affiliation (none) nor the access model (whitelist) lets in.");
}

TEST_CASE("§14.3 who may not see the node is told what the refusal tells, not its models") {
  Scene scene;
  scene.create(alice, "n", {"access_model=whitelist", "publish_model=subscribers"});
  CHECK(explained(scene, eve, eve, "publish", "n") ==
        "forbidden publish_model: The node's publish model does not let you publish.");
  CHECK(scene.set(eve, inquiry("", "publish", "n")).xml.find("can subscribe") == std::string::npos);
  CHECK(explained(scene, eve, eve, "see", "n") == "item-not-found no_node: There is no such node.");
}

}  // namespace crier::test
