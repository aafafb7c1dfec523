/// Stores that are files: Prosody's, and ejabberd's dumps. What the servers themselves have written
/// is tested end to end; here are the cases that they do not write today.

#include "transfer/foreign/foreign_store.hpp"
#include "transfer/foreign/prosody_data.hpp"

#include <doctest/doctest.h>
#include <sysexits.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "../../../storage/scratch.hpp"
#include "transfer/foreign/kept.hpp"

namespace crier::transfer::test {

namespace {

using crier::test::Scratch;

void write(const std::filesystem::path& file, std::string_view text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("Prosody's files: a name that would break out of its tag makes no XML") {
  Term stanza{.kind = Term::Kind::table};
  stanza.members.emplace_back("name", Term{.kind = Term::Kind::text, .text = "a><b"});
  CHECK_FALSE(prosody_stanza_xml(stanza));
  stanza.members[0].second.text = "a";
  CHECK(prosody_stanza_xml(stanza) == "<a></a>");
}

TEST_CASE("Prosody's files: a broken one is refused by name and line, several hosts by name") {
  const Scratch scratch;
  const auto source = scratch.path().string();
  CHECK(fault_of(read_prosody, source) == "65: " + source + " holds no pubsub service's nodes");
  write(scratch.path() / "a%2eexample" / "pubsub_nodes" / "n.dat", "return {\n[\"name\"] = \"n\n");
  CHECK(fault_of(read_prosody, source) == "65: " + source +
                                              "/a%2eexample/pubsub_nodes/n.dat:3: a string does "
                                              "not end");
  write(scratch.path() / "b%2eexample" / "pubsub_nodes" / "n.dat", "return {};\n");
  CHECK(fault_of(read_prosody, source) ==
        "64: " + source +
            " holds several pubsub services: say which one with --host: a.example, b.example");
  CHECK(fault_of(read_prosody, source, "b.example") == "none");
  CHECK(fault_of(read_prosody, source, "c.example") ==
        "64: " + source +
            " holds no pubsub nodes of c.example; it has those of a.example, b.example");
  CHECK(fault_of(read_prosody, source + "/none").starts_with("66: "));
}

TEST_CASE("Prosody's files: progress is told in bytes of all nodes and their items") {
  const Scratch scratch;
  const auto host = scratch.path() / "a%2eexample";
  const std::string item =
      "item({\n[\"key\"] = \"1\";\n[\"when\"] = 1795295827;\n[\"with\"] = \"a@x\";\n"
      "[\"name\"] = \"e\";\n[\"attr\"] = {};\n});\n";
  for (const char* node : {"m", "n", "without_items"})
    write(host / "pubsub_nodes" / (std::string(node) + ".dat"), "return {};\n");
  write(host / "pubsub_m.list", item);
  write(host / "pubsub_n.list", item + item);
  Kept kept;
  std::uint64_t last = 0, total = 0;
  const auto note = [&](std::uint64_t done, std::uint64_t of) {
    last = done;
    total = of;
  };
  read_prosody(scratch.path().string(), {{}, note}, kept);
  CHECK(kept.all<ItemRecord>().size() == 3);
  CHECK(total == 3 * 11 + 3 * item.size());
  // At the end of the last item; two nodes are not counted yet.
  CHECK(last + 2 * 11 + 1 == total);
}

TEST_CASE("ejabberd's dump: collections, options of subscriptions, every affiliation and state") {
  const Scratch scratch;
  const auto dump = scratch.path() / "dump";
  write(dump, R"({tables,[]}.
{pubsub_subscription,<<"S1">>,[{deliver,false},{show_values,[<<"away">>,<<"chat">>]},
  {subscription_depth,all},{subscription_type,items},{expire,{1795,295827,0}}]}.
{pubsub_item,{<<"1">>,2},2,{{1795,1,5},{<<"a">>,<<"x">>,<<>>}},
  {{1795,2,0},{<<"b">>,<<"x">>,<<"r">>}},
  [{xmlel,<<"e">>,[{<<"a">>,<<"<'">>}],[{xmlcdata,<<"&">>}]}]}.
{pubsub_item,{<<"0">>,2},2,{unknown,unknown},{{1795,1,0},{<<"b">>,<<"x">>,<<>>}},
  [{xmlel,<<"e><f">>,[],[]}]}.
{pubsub_state,{{<<"a">>,<<"x">>,<<>>},2},2,[],publish_only,
  [{subscribed,<<"S1">>},{pending,<<"S2">>}]}.
{pubsub_state,{{<<"o">>,<<"x">>,<<>>},2},2,[],owner,[]}.
{pubsub_node,{<<"p.x">>,<<"top">>},1,[],<<"dag">>,[],[{node_type,collection},{rsm,true}]}.
{pubsub_node,{<<"p.x">>,<<"n">>},2,[<<"top">>],<<"dag">>,[],
  [{collection,[<<"top">>]},{max_items,infinity},{access_model,authorize},{contact,[]}]}.
{pubsub_node,{<<"p.x">>,<<"n/below">>},3,[<<"n">>],<<"hometree">>,[],[]}.
{pubsub_node,{{<<"a">>,<<"x">>,<<>>},<<"tune">>},4,[],<<"pep">>,[],[]}.
)");
  Kept kept;
  Told told;
  read_ejabberd(dump.string(), {{}, told.progress()}, kept);
  CHECK(told.is_complete());
  const auto nodes = kept.all<NodeRecord>();
  REQUIRE(nodes.size() == 3);
  CHECK(nodes[0].type == NodeType::collection);
  CHECK(nodes[1].parents == std::vector<std::string>{"top"});
  CHECK(nodes[1].config == Fields{{"pubsub#access_model", {"authorize"}}});
  CHECK(nodes[1].creator == "o@x");
  CHECK(nodes[2].parents.empty());
  CHECK(kept.all<AffiliationRecord>() ==
        std::vector{AffiliationRecord{"n", "a@x", Affiliation::publish_only},
                    AffiliationRecord{"n", "o@x", Affiliation::owner}});
  const auto subscriptions = kept.all<SubscriptionRecord>();
  REQUIRE(subscriptions.size() == 2);
  CHECK(subscriptions[0].options == Fields{{"pubsub#deliver", {"0"}},
                                           {"pubsub#expire", {"2026-11-21T21:17:07Z"}},
                                           {"pubsub#show-values", {"chat", "away"}},
                                           {"pubsub#subscription_depth", {"all"}},
                                           {"pubsub#subscription_type", {"items"}}});
  CHECK(subscriptions[1].state == SubscriptionState::pending);
  const auto items = kept.all<ItemRecord>();
  REQUIRE(items.size() == 1);
  // Without a namespace of its own it is of the one around it.
  CHECK(items[0].payload ==
        "<e xmlns='http://jabber.org/protocol/pubsub' a='&lt;&apos;'>&amp;</e>");
  CHECK(items[0].publisher == "b@x");
  CHECK(items[0].created < items[0].published);
  CHECK(kept.lost ==
        std::map<std::string, int>{{"a node of a user's own (PEP)", 1},
                                   {"a node above another that is no collection", 1},
                                   {"an item whose payload is not well-formed XML", 1}});
}

TEST_CASE("ejabberd's dump: what is none is refused with file and line") {
  const Scratch scratch;
  const auto dump = (scratch.path() / "dump").string();
  write(dump, "{tables,[]}.\n{pubsub_node,\n1,2}.\n");
  CHECK(fault_of(read_ejabberd, dump) ==
        "65: " + dump +
            ":3: a record pubsub_node has 3 elements instead of 7: dump the tables with ejabberd "
            "17.06 or later");
  write(dump, "{tables,[]}.\n{pubsub_state,{1},1,[],owner,[]}.\n");
  CHECK(fault_of(read_ejabberd, dump) ==
        "65: " + dump + ":2: a record's key is not of two elements");
  write(dump, "{passwd,\n<<\"abc");
  CHECK(fault_of(read_ejabberd, dump) == "65: " + dump + ":2: a text does not end");
  write(dump, "");
  CHECK(fault_of(read_ejabberd, dump) == "65: " + dump + " holds no pubsub service's nodes");
}

}  // namespace crier::transfer::test
