#include "app/options.hpp"

#include <doctest/doctest.h>

#include "app/place.hpp"

using namespace crier;
using crier::test::Place;

namespace {

using Texts = std::vector<std::string>;

/// The rules as text: pattern, field and its values; those that are forced with a mark.
Texts described(const std::vector<NodeRule>& rules) {
  Texts lines;
  for (const auto& rule : rules) {
    auto line = (rule.forced ? "! " : "") + rule.pattern + ' ' + rule.var;
    for (const auto& value : rule.values) (line += ' ') += value;
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("who may create nodes: all, admins, domains, or those of the parent domain") {
  const Place place;
  CHECK(place.read({"--create-nodes", "all"}).policy.creators.all);
  CHECK_FALSE(place.read({"--create-nodes", "admins"}).policy.creators.all);
  CHECK(place.read({"--create-nodes", "admins"}).policy.creators.domains.empty());
}

TEST_CASE("rules for creating: by pattern, and names that are reserved") {
  const Place place;
  const auto policy = place
                          .read({"--create-named", "news/* A.example b.example", "--create-named",
                                 "open* all", "--reserve", "system*", "root"})
                          .policy;
  REQUIRE(policy.creators_by_name.size() == 2);
  CHECK(policy.creators_by_name[0].pattern == "news/*");
  CHECK(policy.creators_by_name[0].creators.domains == Texts{"a.example", "b.example"});
  CHECK(policy.creators_by_name[1].creators.all);
  CHECK(policy.reserved == Texts{"system*", "root"});
}

TEST_CASE("rules for nodes: on the command line, in the environment, in a file") {
  Place place;
  const Texts defaults{"urn:xmpp:microblog:* pubsub#access_model open",
                       "urn:xmpp:microblog:* pubsub#max_items 50",
                       "blog? pubsub#access_model whitelist"};
  place.write("crier.toml",
              "# what blogs are like\n"
              "node-default = [\"urn:xmpp:microblog:* access_model=open max_items=50\", "
              "\"blog? access_model=whitelist\"]\n"
              "reserve = [\"system*\", \"root\"]\n"
              "create-named = [\"open* all\", \"news* a.example b.example\"]\n");
  auto policy = place.read({"--config", place.path("crier.toml")}).policy;
  CHECK(described(policy.node_rules) == defaults);
  CHECK(policy.creators_by_name.size() == 2);
  CHECK(policy.creators_by_name[1].creators.domains == Texts{"a.example", "b.example"});
  CHECK(policy.reserved == Texts{"system*", "root"});

  place.set("CRIER_NODE_DEFAULT",
            "urn:xmpp:microblog:* access_model=open max_items=50\nblog? access_model=whitelist\n");
  place.set("CRIER_CREATE_NAMED", "open* all");
  place.set("CRIER_RESERVE", "system* root");
  policy = place.read().policy;
  CHECK(described(policy.node_rules) == defaults);
  CHECK(policy.creators_by_name.size() == 1);
  CHECK(policy.reserved == Texts{"system*", "root"});

  policy = place
               .read({"--node-default", "urn:xmpp:microblog:*  access_model=open  max_items=50",
                      "--node-default", "blog? pubsub#access_model=whitelist"})
               .policy;
  CHECK(described(policy.node_rules) == defaults);
}

TEST_CASE("rules for nodes: what is forced comes last; several values of a field are one rule") {
  Place place;
  place.write("crier.toml",
              "node-force = \"* persist_items=true contact=a@a.example contact=b@b.example\"\n"
              "node-default = \"* title=T\"\n");
  CHECK(described(place.read({"--node-default", "n x-durable=1"}).policy.node_rules) ==
        Texts{"n x-durable 1"});
  CHECK(described(place.read({"--config", place.path("crier.toml")}).policy.node_rules) ==
        Texts{"* pubsub#title T", "! * pubsub#persist_items true",
              "! * pubsub#contact a@a.example b@b.example"});
}

TEST_CASE("§4.6.2 a pattern is prepared as NodeIDs are") {
  const Place place;
  CHECK(place.read({"--reserve", "\xef\xac\x81x*"}).policy.reserved == Texts{"fix*"});
}

TEST_CASE("every policy is read, and none is there unless given") {
  const Place place;
  const auto none = place.read().policy;
  CHECK(none.multi_subscribe);
  CHECK_FALSE(none.conceal_private_nodes);
  CHECK_FALSE(none.max_lease);
  CHECK(none.max_nodes_per_account == 0);
  CHECK(none.max_subscriptions_per_account == 0);
  CHECK(none.max_subscriptions_per_jid == Policy().max_subscriptions_per_jid);
  CHECK(none.max_affiliations_per_node == Policy().max_affiliations_per_node);
  CHECK(none.max_children == Policy().max_children);
  CHECK(none.creators_by_name.empty());
  CHECK(none.reserved.empty());
  CHECK(none.node_rules.empty());
  CHECK(none.anonymous_domains.empty());
  const auto all =
      place
          .read({"--single-subscriptions", "--conceal-private-nodes", "--max-lease", "7",
                 "--max-nodes", "1", "--max-account-subscriptions", "2", "--max-jid-subscriptions",
                 "3", "--max-affiliations", "4", "--max-children", "5", "--anonymous",
                 "Anon.example", "guest.example"})
          .policy;
  CHECK_FALSE(all.multi_subscribe);
  CHECK(all.conceal_private_nodes);
  CHECK(all.max_lease == std::chrono::days(7));
  CHECK(all.max_nodes_per_account == 1);
  CHECK(all.max_subscriptions_per_account == 2);
  CHECK(all.max_subscriptions_per_jid == 3);
  CHECK(all.max_affiliations_per_node == 4);
  CHECK(all.max_children == 5);
  CHECK(all.anonymous_domains ==
        std::set<std::string, std::less<>>{"anon.example", "guest.example"});
}

TEST_CASE("a wrong rule is refused in one line that names the option") {
  const Place place;
  const std::vector<std::vector<std::string>> wrong = {
      {"--create-named", "news*"},
      {"--create-named", "news* all a.example"},
      {"--create-named", "news* user@a.example"},
      {"--create-named", "\xff all"},
      {"--reserve", "\xff"},
      {"--node-default", "news*"},
      {"--node-default", "news* open"},
      {"--node-default", "news* acces_model=open"},
      {"--node-default", "news* access_model=closed"},
      {"--node-default", "news* access_model=open access_model=whitelist"},
      {"--node-default", "news* max_items=0"},
      {"--node-default", "news* max_items=99999999"},
      {"--node-default", "news* persist_items=maybe"},
      {"--node-default", "news* contact=@"},
      {"--node-force", "news* node_type=leaf"},
      {"--node-force", "news* collection=c"},
      {"--node-force", "news* children=c"},
      {"--node-force", "news* =x"},
      {"--anonymous", "a@b"},
      {"--max-lease", "-1"},
      {"--max-children", "0"},
      {"--max-affiliations", "0"},
      {"--max-jid-subscriptions", "0"},
  };
  for (const auto& words : wrong) {
    CAPTURE(words[1]);
    CHECK(place.refusal(words).starts_with(words[0] + ": "));
  }
  CHECK(place.refusal({"--node-force", "n access_model=closed"}) ==
        "--node-force: the field access_model can not be 'closed'; choose one of authorize, open, "
        "presence, roster, "
        "whitelist");
  CHECK(place.refusal({"--node-force", "n persist_items=2"}) ==
        "--node-force: the field persist_items can not be '2'; choose one of true, false");
  CHECK(place.refusal({"--node-default", "n acces_model=open"})
            .starts_with("--node-default: there is no field 'acces_model' for rules; choose one of "
                         "title, description, type, "));
  CHECK(place.refusal({"--create-named", "news*"}) ==
        "--create-named: 'news*' is not PATTERN WHO; write it such as 'open/* all' or 'news/* "
        "example.org'");
}
