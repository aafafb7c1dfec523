/// `crier affiliation`: who may do what with a node. XEP-0060 §4.1, §5.7, §8.9.

#include <crier/fault.hpp>

#include <fmt/format.h>

#include <algorithm>

#include "cli/client_command.hpp"
#include "cli/client_session.hpp"
#include "cli/exit_status.hpp"
#include "cli/nouns.hpp"
#include "cli/printable.hpp"
#include "cli/responses.hpp"

namespace crier::cli {

namespace {

struct AffiliationOptions {
  std::string node;
  std::string jid;
  std::string affiliation;
  bool all = false;
};

/// §4.1
constexpr std::string_view affiliations[] = {"owner",  "publisher", "publish-only",
                                             "member", "none",      "outcast"};

void declare_list(Arguments arguments, AffiliationOptions& options) {
  arguments.add_option("NODE", options.node, "only those with this node");
  arguments.add_flag("--all", options.all, "those of everybody, for an owner of the node")
      .not_configurable();
}

void declare_remove(Arguments arguments, AffiliationOptions& options) {
  arguments.add_node(options.node);
  arguments.add_option("JID", options.jid, "whose affiliation").required();
}

void declare_set(Arguments arguments, AffiliationOptions& options) {
  declare_remove(arguments, options);
  arguments
      .add_option("AFFILIATION", options.affiliation,
                  "owner, publisher, publish-only, member, none or outcast")
      .type_name("owner|publisher|publish-only|member|none|outcast")
      .required();
}

/// §5.7, or §8.9.1 with --all
void list(const Call& call, const AffiliationOptions& options) {
  if (options.all && options.node.empty()) throw Fault(exit_status::usage, "--all needs a NODE");
  ClientSession session(call.connection);
  const auto answer = session.request(options.all ? affiliations_with(options.node)
                                                  : own_affiliations(options.node));
  Table table{{"NODE", "JID", "AFFILIATION"}, {}};
  auto json = Json::array();
  for (auto& affiliation : read_affiliations(answer.root())) {
    // A service need not repeat what was asked for.
    if (affiliation.node.empty()) affiliation.node = options.node;
    if (affiliation.jid.empty()) affiliation.jid = call.connection.account.bare();
    table.rows.push_back({affiliation.node, affiliation.jid, affiliation.affiliation});
    json.push_back({{"node", affiliation.node},
                    {"jid", affiliation.jid},
                    {"affiliation", affiliation.affiliation}});
  }
  call.json ? print_json(json) : print_table(table);
}

/// §8.9.2
void change(const Call& call, const AffiliationOptions& options, std::string_view affiliation) {
  const auto jid = Jid::parse(options.jid);
  if (!jid)
    throw Fault(exit_status::usage,
                fmt::format("JID: \"{}\" is not an address", printable(options.jid)));
  ClientSession session(call.connection);
  session.request(set_affiliation(options.node, *jid, affiliation));
  if (call.json)
    print_json(Json{{"node", options.node}, {"jid", jid->text()}, {"affiliation", affiliation}});
  else
    print(fmt::format("{} has the affiliation {} with {}\n", jid->text(), affiliation,
                      printable(options.node)));
}

void set(const Call& call, const AffiliationOptions& options) {
  if (std::ranges::count(affiliations, options.affiliation) == 0)
    throw Fault(exit_status::usage,
                fmt::format("AFFILIATION: it is one of owner, publisher, publish-only, member, "
                            "none and outcast, not \"{}\"",
                            printable(options.affiliation)));
  change(call, options, options.affiliation);
}

void remove(const Call& call, const AffiliationOptions& options) {
  change(call, options, "none");
}

constexpr Verb<AffiliationOptions> verbs[] = {
    {"list", "list your affiliations, or all affiliations with your node",
     "  crier affiliation list\n"
     "  crier affiliation list princely_musings --all\n",
     declare_list, list},
    {"set", "give someone an affiliation with your node",
     "  crier affiliation set princely_musings bard@example.org publisher\n", declare_set, set},
    {"remove", "take someone's affiliation with your node away",
     "  crier affiliation remove princely_musings bard@example.org\n", declare_remove, remove},
};

}  // namespace

std::unique_ptr<Subcommand> affiliation() {
  return make_noun("crier affiliation", "Sees and changes who may do what with nodes.", verbs);
}

}  // namespace crier::cli
