/// Explanations against real requests: whatever the service, its nodes and those who ask are like,
/// what `explain` says is what a request of that kind is answered. A rule that only one of the two
/// knows is found here.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <random>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto admin = "admin@example.org/x";

const Strings people{"alice@a.example/x",  "alice@a.example", "bob@b.example/x",
                     "bob@b.example/y",    "bob@b.example",   "carol@a.example/x",
                     "eve@e.example/x",    "eve@e.example",   "x@anon.example/x",
                     "admin@example.org/x"};
const Strings names{"n",
                    "n",
                    "m",
                    "m",
                    "k",
                    "k",
                    "c",
                    "system/n",
                    "absent",
                    "urn:crier:command:explain",
                    "urn:crier:command:ban"};
/// Those by whose answers most rules can be told apart stand there more often.
const Strings actions{"see",      "subscribe",    "subscribe",    "subscribe", "unsubscribe",
                      "retrieve", "retrieve",     "retrieve",     "publish",   "publish",
                      "publish",  "retract",      "purge",        "create",    "configure",
                      "delete",   "affiliations", "subscriptions"};

/// What an answer says, without the error's type and feature: as the result form says it.
std::string outcome_of(const Answer& answer) {
  if (answer.type == "result") return "allowed";
  const auto condition = answer.error.substr(answer.error.find('/') + 1);
  return condition.substr(0, condition.find(':'));
}

std::string explained(const Answer& answer) {
  if (answer.type != "result") return "not explained: " + answer.error;
  if (field_in(answer.xml, "allowed") == Strings{"1"}) return "allowed";
  auto text = field_in(answer.xml, "error").at(0);
  for (const auto& value : field_in(answer.xml, "pubsub_error")) text += ' ' + value;
  return text;
}

class World {
 public:
  explicit World(std::mt19937_64& dice) : dice_(dice), scene_(random_policy()) {
    // Whose rosters the service sees, and who is in them.
    if (chance(2)) scene_.grant("a.example");
    if (chance(2))
      scene_.rosters["alice@a.example"] =
          "<item jid='bob@b.example' subscription='from'><group>g</group></item>"
          "<item jid='eve@e.example' subscription='both'/>"
          "<item jid='carol@a.example' subscription='to'/>";
    if (chance(2)) scene_.share_presence("bob@b.example");
    if (chance(3)) ban(pick({"eve@e.example", "bob@b.example"}));
    for (const auto* node : {"n", "m", "k", "c"}) scene_.set(pick(people), creation(node));
    for (int i = 0; i < 20; ++i) change();
  }

  /// Asks about something, does it, and compares.
  void ask() {
    const auto who = pick(people);
    const auto action = pick(actions);
    const auto node = pick(names);
    const auto item = action == "retract" ? pick({"item001", "item002", "item007"}) : std::string();
    // Whoever may ask about it hears of the same outcome.
    const auto asker = chance(2) || who.starts_with(banned_) ? std::string(admin) : who;
    const auto explanation = scene_.set(asker, inquiry(who, action, node, item));
    const auto expected = explained(explanation);
    const auto answer = request(who, action, node, item);
    CAPTURE(who);
    CAPTURE(action);
    CAPTURE(node);
    CAPTURE(item);
    CAPTURE(asker);
    CAPTURE(explanation.xml);
    CAPTURE(answer.xml);
    CHECK(expected == outcome_of(answer));
    ++outcomes[expected];
    for (const auto& rule : field_in(explanation.xml, "rule")) ++rules[rule];
  }

  /// Something happens.
  void change() {
    const auto node = pick(names);
    const auto who = pick(people);
    switch (dice(8)) {
      case 0: scene_.set(who, creation(node)); break;
      case 1:
      case 2: scene_.configure(admin, node, random_config()); break;
      case 3:
        affiliate(node, who,
                  pick({"none", "outcast", "publish-only", "member", "publisher", "owner"}));
        break;
      case 4:
      case 5:
        scene_.set(chance(2) ? admin : who,
                   pubsub(fmt::format("<subscribe node='{}' jid='{}'/>", node, who)));
        break;
      case 6: scene_.publish(who, node, pick({"item001", "item002", "item003"})); break;
      case 7:
        if (chance(6)) remove(node);
        break;
    }
  }

  /// How often each was the outcome, and decided.
  std::map<std::string, int> outcomes;
  std::map<std::string, int> rules;

 private:
  int dice(int sides) { return static_cast<int>(dice_() % static_cast<unsigned>(sides)); }
  bool chance(int in) { return dice(in) == 0; }
  std::string pick(const Strings& list) {
    return list[static_cast<std::size_t>(dice(static_cast<int>(list.size())))];
  }

  Policy random_policy() {
    auto policy = Scene::policy();
    policy.multi_subscribe = chance(2);
    policy.conceal_private_nodes = chance(2);
    policy.anonymous_domains = {"anon.example"};
    policy.max_subscriptions_per_jid = 2;
    if (chance(2)) policy.max_subscriptions_per_account = 3;
    if (chance(2)) policy.max_subscriptions_per_node = 4;
    if (chance(2)) policy.max_nodes_per_account = 2;
    if (chance(2)) policy.reserved = {"system/*"};
    if (chance(2)) policy.creators = {.all = false, .domains = {"a.example"}};
    if (chance(2)) policy.creators_by_name = {{"m", {.all = false, .domains = {"b.example"}}}};
    if (chance(3)) policy.node_rules.push_back({"k", "pubsub#access_model", {"roster"}, false});
    if (chance(3)) policy.node_rules.push_back({"n", "pubsub#persist_items", {"0"}, chance(2)});
    if (chance(8)) policy.quotas.push_back({Quantity::bytes, Scope::service, "*", 1});
    if (chance(4)) policy.quotas.push_back({Quantity::nodes, Scope::account, "*@b.example", 1});
    if (chance(3)) policy.node_rules.push_back({"*", "pubsub#max_items", {"2"}, false});
    if (chance(3) || chance(3)) add_quotas(policy);
    return policy;
  }

  /// Quotas of anything, for anybody. All items are of one size here: an explanation knows of the
  /// one that it is about only that it has some.
  void add_quotas(Policy& policy) {
    // Otherwise most publications are refused before items are counted.
    if (chance(2)) policy.node_rules.push_back({"*", "pubsub#publish_model", {"open"}, true});
    constexpr std::uint64_t item_bytes = std::string_view("item001<e xmlns='u:e'/>").size();
    for (const auto what :
         {Quantity::nodes, Quantity::subscriptions, Quantity::items, Quantity::bytes})
      for (const auto scope : {Scope::account, Scope::domain, Scope::service}) {
        const bool is_of_items = what == Quantity::items || what == Quantity::bytes;
        if (!chance(is_of_items ? 2 : 5)) continue;
        const auto most = static_cast<std::uint64_t>(1 + dice(3));
        const bool is_database = what == Quantity::bytes && scope == Scope::service;
        const auto pattern = scope == Scope::service ? "*" : pick({"*", "*a.example"});
        if (!is_database)
          policy.quotas.push_back(
              {what, scope, pattern, what == Quantity::bytes ? most * item_bytes : most});
      }
  }

  Strings random_config() {
    const auto type = chance(6) ? "collection" : "leaf";
    Strings config{"access_model=" + pick({"open", "presence", "roster", "authorize", "whitelist"}),
                   "publish_model=" + pick({"publishers", "subscribers", "open"}),
                   "roster_groups_allowed=g"};
    if (chance(4)) config.push_back("subscribe=" + pick({"0", "1"}));
    if (chance(4)) config.push_back("persist_items=" + pick({"0", "1"}));
    if (chance(4)) config.push_back("deliver_payloads=" + pick({"0", "1"}));
    if (chance(3)) config.push_back("publish_node_full=" + pick({"reject", "retract-oldest"}));
    if (chance(3)) config.push_back("max_items=" + pick({"1", "2", "max"}));
    if (chance(2)) return config;
    config.push_back(fmt::format("node_type={}", type));
    return config;
  }

  std::string creation(const std::string& node) {
    const auto config = submit_form("http://jabber.org/protocol/pubsub#node_config",
                                    node == "c" ? Strings{"node_type=collection"} : Strings{});
    return pubsub(fmt::format("<create node='{}'/><configure>{}</configure>", node, config));
  }

  void affiliate(const std::string& node, std::string who, const std::string& affiliation) {
    who = who.substr(0, who.find('/'));
    scene_.set(admin, pubsub_owner(fmt::format("<affiliations node='{}'><affiliation jid='{}' "
                                               "affiliation='{}'/></affiliations>",
                                               node, who, affiliation)));
  }

  /// Its name leads elsewhere until there is another node of that name.
  void remove(const std::string& node) {
    scene_.set(admin, pubsub_owner(fmt::format("<delete node='{}'><redirect "
                                               "uri='xmpp:else.example'/></delete>",
                                               node)));
  }

  static std::string inquiry(const std::string& who, const std::string& action,
                             const std::string& node, const std::string& item) {
    std::string fields;
    for (const auto& [var, value] : {std::pair("jid", who), std::pair("action", action),
                                     std::pair("node", node), std::pair("item", item)})
      fields += fmt::format("<field var='{}'><value>{}</value></field>", var, value);
    return fmt::format(
        "<command xmlns='http://jabber.org/protocol/commands' node='urn:crier:command:explain'>"
        "<x xmlns='jabber:x:data' type='submit'>{}</x></command>",
        fields);
  }

  /// A node that neither stores nor delivers items takes none.
  bool takes_no_items(const std::string& name) {
    const Node* node = scene_.nodes().find(scene_jid, name);
    return node && !node->config.persist_items && !node->config.deliver_payloads;
  }

  /// The banned ask nothing themselves.
  void ban(const std::string& jid) {
    banned_ = jid;
    const auto done = scene_.set(
        admin, fmt::format("<command xmlns='http://jabber.org/protocol/commands' "
                           "node='urn:crier:command:ban'><x xmlns='jabber:x:data' type='submit'>"
                           "<field var='jid'><value>{}</value></field></x></command>",
                           jid));
    REQUIRE(done.type == "result");
  }

  Answer request(const std::string& who, const std::string& action, const std::string& node,
                 const std::string& item) {
    const auto named = [&](const char* element) {
      return fmt::format("<{} node='{}'/>", element, node);
    };
    const auto with_jid = [&] {
      return pubsub(fmt::format("<{} node='{}' jid='{}'/>", action, node, who));
    };
    if (action == "see")
      return scene_.get(
          who,
          fmt::format("<query xmlns='http://jabber.org/protocol/disco#info' node='{}'/>", node));
    if (action == "subscribe" || action == "unsubscribe") return scene_.set(who, with_jid());
    if (action == "retrieve") return scene_.get(who, pubsub(named("items")));
    if (action == "publish" && takes_no_items(node))
      return scene_.set(who, pubsub(named("publish")));
    if (action == "publish") return scene_.publish(who, node, fmt::format("new{:04}", ++items_));
    if (action == "retract") return scene_.retract(who, node, item);
    if (action == "create") return scene_.set(who, pubsub(named("create")));
    if (action == "purge" || action == "delete")
      return scene_.set(who, pubsub_owner(named(action.c_str())));
    return scene_.get(who, pubsub_owner(named(action.c_str())));
  }

  std::mt19937_64& dice_;
  Scene scene_;
  int items_ = 0;
  std::string banned_ = "nobody";
};

std::uint64_t first_seed() {
  const char* given = std::getenv("CRIER_SEED");
  return given ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

}  // namespace

TEST_CASE(
    "§4.1, §4.5, §6.1.3, §6.5.9, §7.1.3, §8 an explanation says what a real request is answered, "
    "the error's condition included") {
  const auto seed = first_seed();
  INFO("CRIER_SEED=", seed);
  MESSAGE("CRIER_SEED=", seed);
  std::mt19937_64 dice(seed);
  std::map<std::string, int> outcomes;
  std::map<std::string, int> rules;
  for (int world = 0; world < 25; ++world) {
    World one(dice);
    for (int i = 0; i < 40; ++i) {
      one.ask();
      one.change();
      one.change();
    }
    for (const auto& [outcome, times] : one.outcomes) outcomes[outcome] += times;
    for (const auto& [rule, times] : one.rules) rules[rule] += times;
  }
  // It was not always the same that was compared.
  CHECK(outcomes.size() > 8);
  CHECK(rules.size() > 15);
  CHECK(outcomes["allowed"] > 100);
  CHECK(rules["item_quota"] + rules["bytes_quota"] > 0);
}

}  // namespace crier::test
