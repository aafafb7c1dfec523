/// `crier pending`: who waits for an owner's approval. XEP-0060 §6.1.4, §8.7, §8.8.2.

#include <crier/fault.hpp>

#include <fmt/format.h>

#include "cli/client_command.hpp"
#include "cli/client_session.hpp"
#include "cli/exit_status.hpp"
#include "cli/nouns.hpp"
#include "cli/printable.hpp"
#include "cli/report.hpp"
#include "cli/responses.hpp"

namespace crier::cli {

namespace {

constexpr auto pending_command = "urn:crier:command:pending";

struct PendingOptions {
  std::string node;
  std::string jid;
  bool all = false;
};

void declare_list(Arguments arguments, PendingOptions& options) {
  arguments.add_node(options.node);
}

void declare_decision(Arguments arguments, PendingOptions& options) {
  arguments.add_node(options.node);
  arguments.add_option("JID", options.jid, "who waits; of a bare JID all its resources");
  arguments.add_flag("--all", options.all, "everybody who waits").not_configurable();
}

/// Those that wait, as many as the service tells at once. Services that are no crier tell of them
/// among the subscriptions (§8.8.1).
std::vector<Subscription> waiting(ClientSession& session, const std::string& node) {
  std::vector<Subscription> list;
  try {
    std::string next;
    const std::vector<Setting> settings{{"node", {node}}, {"max", {"500"}}};
    const auto table = read_page(session, pending_command, settings, next, {node});
    for (std::size_t row = 0; row < table.rows.size(); ++row)
      list.push_back({node, cell(table, row, "jid"), "pending", cell(table, row, "subid")});
    return list;
  } catch (const Fault& fault) {
    if (fault.status() != exit_status::unavailable) throw;
  }
  for (auto& subscription : read_subscriptions(session.request(subscriptions_to(node)).root()))
    if (subscription.state == "pending") list.push_back(std::move(subscription));
  return list;
}

void list(const Call& call, const PendingOptions& options) {
  ClientSession session(call.connection);
  Table table{{"JID", "SUBID"}, {}};
  auto json = Json::array();
  for (const auto& each : waiting(session, options.node)) {
    table.rows.push_back({each.jid, each.subid});
    json.push_back({{"node", options.node}, {"jid", each.jid}, {"subid", each.subid}});
  }
  call.json ? print_json(json) : print_table(table);
}

bool is_meant(const Subscription& each, const PendingOptions& options, const Jid* wanted) {
  if (options.all) return true;
  const auto jid = Jid::parse(each.jid);
  return jid && (*jid == *wanted || (wanted->is_bare() && jid->to_bare() == *wanted));
}

/// §8.8.2
void decide(const Call& call, const PendingOptions& options, std::string_view state,
            std::string_view word) {
  if (options.all != options.jid.empty())
    throw Fault(exit_status::usage, "give JID, who waits, or --all");
  const auto wanted = Jid::parse(options.jid);
  if (!options.all && !wanted)
    throw Fault(exit_status::usage,
                fmt::format("JID: \"{}\" is not an address", printable(options.jid)));
  ClientSession session(call.connection);
  auto json = Json::array();
  while (true) {
    std::size_t decided = 0;
    for (const auto& each : waiting(session, options.node)) {
      if (!is_meant(each, options, wanted ? &*wanted : nullptr)) continue;
      session.request(set_subscription(options.node, each.jid, each.subid, state));
      ++decided;
      json.push_back({{"node", options.node}, {"jid", each.jid}, {"done", word}});
      if (!call.json)
        print(fmt::format("{} {} at {}\n", word, printable(each.jid), printable(options.node)));
    }
    // With --all the rest of a list that is longer than a page.
    if (!options.all || decided == 0) break;
  }
  if (json.empty() && !options.all)
    throw Fault(exit_status::refused, fmt::format("{} does not wait for approval at {}",
                                                  wanted->text(), printable(options.node)));
  if (call.json) print_json(json);
}

void approve(const Call& call, const PendingOptions& options) {
  decide(call, options, "subscribed", "approved");
}

void deny(const Call& call, const PendingOptions& options) {
  decide(call, options, "none", "denied");
}

constexpr Verb<PendingOptions> verbs[] = {
    {"list", "list those who wait", "  crier pending list princely_musings\n", declare_list, list},
    {"approve", "let someone subscribe, or all who wait",
     "  crier pending approve princely_musings bard@example.org\n"
     "  crier pending approve princely_musings --all\n",
     declare_decision, approve},
    {"deny", "refuse someone's wish to subscribe",
     "  crier pending deny princely_musings bard@example.org\n", declare_decision, deny},
};

}  // namespace

std::unique_ptr<Subcommand> pending() {
  return make_noun("crier pending", "Decides about subscriptions that wait for an owner.", verbs);
}

}  // namespace crier::cli
