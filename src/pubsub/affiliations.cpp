/// Lists of affiliations: an entity's own, and a node's for its owner. XEP-0060 §5.7, §8.9, §4.1.

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "base/result_set.hpp"
#include "model/rights.hpp"
#include "pubsub/names.hpp"
#include "pubsub/notify.hpp"
#include "pubsub/roster_access.hpp"
#include "pubsub/subscription_entry.hpp"
#include "pubsub/use_cases.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

namespace crier {

namespace {

/// One entry of an owner's change.
struct Change {
  std::string bare;
  /// Nothing: it stays as it is. §8.9.2.1
  std::optional<Affiliation> affiliation;
};

/// Refuses the whole request for what no entry may be: without a JID, of an unknown affiliation,
/// or the second of one JID. §8.9.2.4
Result<std::vector<Change>> read_changes(const Element& list) {
  std::vector<Change> changes;
  std::set<std::string> known;
  for (const auto& entry : list.children()) {
    if (!entry.is("affiliation", ns::pubsub_owner))
      return errors::bad_request.because("The list holds affiliations only.");
    const Jid jid = TRY(named_jid(entry));
    Change change{std::string(jid.bare()), {}};
    if (const auto name = entry.attribute("affiliation")) {
      change.affiliation = affiliation_named(*name);
      if (!change.affiliation) return errors::bad_request.because("There is no such affiliation.");
    }
    if (!known.insert(change.bare).second)
      return errors::bad_request.because("An entity stands in the list twice.");
    changes.push_back(std::move(change));
  }
  return changes;
}

void write_affiliation(XmlWriter& out, std::string_view jid, Affiliation affiliation) {
  out.open("affiliation").attr("jid", jid).attr("affiliation", name_of(affiliation));
}

/// At all nodes, or at the one that the request names.
Result<std::vector<AffiliationSummary>> affiliations_of_asker(const Request& request, Turn& turn) {
  const auto bare = request.from.bare();
  if (request.node.empty()) return turn.store().affiliations_of(turn.policy().domain, bare);
  const Node& node = *TRY(turn.node(request));
  const auto affiliation = node.affiliation_of(bare);
  // An outcast may know that it is one.
  if (affiliation != Affiliation::none)
    return std::vector{AffiliationSummary{node.key.name, affiliation}};
  TRY(turn.visible_node(request));
  return std::vector<AffiliationSummary>();
}

using Entry = std::pair<std::string, Affiliation>;

/// Those of the node that are in the range, by JID.
std::vector<Entry> affiliations_in(const Node& node, const ListRange& range) {
  const auto& all = node.affiliations;
  std::vector<Entry> entries;
  if (range.backwards) {
    auto at = range.from ? all.lower_bound(*range.from) : all.end();
    while (at != all.begin() && entries.size() < range.limit) entries.push_back(*--at);
  } else {
    auto at = range.from ? all.upper_bound(*range.from) : all.begin();
    for (; at != all.end() && entries.size() < range.limit; ++at) entries.push_back(*at);
  }
  return entries;
}

/// Whether the changes leave the node with more affiliations than it may have and had.
bool is_crowded(const std::vector<Change>& changes, const Node& node, const Policy& policy) {
  std::size_t added = 0, removed = 0;
  for (const auto& change : changes) {
    const bool held = node.affiliation_of(change.bare) != Affiliation::none;
    const bool holds = change.affiliation != Affiliation::none;
    added += holds && !held;
    removed += held && !holds;
  }
  return added > removed &&
         node.affiliations.size() + added - removed > policy.max_affiliations_per_node;
}

void apply(Turn& turn, const Node& node, const Change& change, const Jid& who) {
  const auto affiliation = *change.affiliation;
  if (node.affiliation_of(change.bare) == affiliation) return;
  turn.audit({.by = who.text(),
              .action = "affiliation",
              .node = node.key.name,
              .subject = change.bare,
              .old_value = std::string(name_of(node.affiliation_of(change.bare))),
              .new_value = std::string(name_of(affiliation))});
  const bool was_owner = node.affiliation_of(change.bare) == Affiliation::owner;
  turn.store().set_affiliation(node.id, change.bare, affiliation);
  turn.change(node).set_affiliation(change.bare, affiliation);
  send_affiliation(turn, node, change.bare, affiliation);
  reconsider_all(turn, node, change.bare);
  if (was_owner || affiliation == Affiliation::owner) look_again(turn, node);
}

/// Takes those changes out of `changes` that would leave the node without an owner, and writes the
/// entries as they stand. §8.9.2.4
std::string refuse_last_owners(std::vector<Change>& changes, const Node& node) {
  auto owners = node.owners.size();
  for (const auto& change : changes)
    owners += change.affiliation == Affiliation::owner &&
              node.affiliation_of(change.bare) != Affiliation::owner;
  std::string refused;
  XmlWriter out(refused);
  std::erase_if(changes, [&](const Change& change) {
    const bool resigns = change.affiliation && *change.affiliation != Affiliation::owner &&
                         node.affiliation_of(change.bare) == Affiliation::owner;
    if (!resigns) return false;
    if (owners-- > 1) return false;
    ++owners;
    write_affiliation(out, change.bare, Affiliation::owner);
    return true;
  });
  return refused;
}

}  // namespace

Result<Reply> own_affiliations(const Request& request, Turn& turn) {
  const Policy& policy = turn.policy();
  auto page = TRY(ListPage::parse(request.payload, policy.page_items, policy.page_bytes));
  const auto own = TRY(affiliations_of_asker(request, turn));
  const auto name_of_entry = [](const AffiliationSummary& entry) { return entry.node; };
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub);
    {
      auto list = out.open("affiliations");
      if (!request.node.empty()) list.attr("node", request.node);
      page.write_entries(out, part_of(own, page.range(), &AffiliationSummary::node), name_of_entry,
                         [](XmlWriter& text, const AffiliationSummary& entry) {
                           auto element = text.open("affiliation");
                           element.attr("node", entry.node);
                           element.attr("affiliation", name_of(entry.affiliation));
                         });
    }
    page.write_set(out, own.size());
  })};
}

Result<Reply> node_affiliations(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node(request));
  const Policy& policy = turn.policy();
  TRY(may_own(node, request.from, policy));
  auto page = TRY(ListPage::parse(request.payload, policy.page_items, policy.page_bytes));
  return Reply{written([&](XmlWriter& out) {
    auto pubsub = out.open("pubsub", ns::pubsub_owner);
    {
      auto list = out.open("affiliations");
      list.attr("node", node.key.name);
      page.write_entries(
          out, affiliations_in(node, page.range()), [](const Entry& entry) { return entry.first; },
          [](XmlWriter& text, const Entry& entry) {
            write_affiliation(text, entry.first, entry.second);
          });
    }
    page.write_set(out, node.affiliations.size());
  })};
}

Result<Reply> change_affiliations(const Request& request, Turn& turn) {
  const Node& node = *TRY(turn.node(request));
  TRY(may_own(node, request.from, turn.policy()));
  auto changes = TRY(read_changes(request.action));
  std::erase_if(changes, [](const Change& change) { return !change.affiliation; });
  if (is_crowded(changes, node, turn.policy()))
    return errors::too_many_affiliations.because("The node would have too many affiliations.");
  const auto refused = refuse_last_owners(changes, node);
  for (const auto& change : changes) apply(turn, node, change, request.from);
  if (refused.empty()) return Reply{};
  Error error = errors::not_acceptable.because("A node keeps at least one owner.");
  error.echo = written([&](XmlWriter& echoed) {
    auto pubsub = echoed.open("pubsub", ns::pubsub_owner);
    auto list = echoed.open("affiliations");
    list.attr("node", node.key.name);
    echoed.raw(refused);
  });
  return error;
}

}  // namespace crier
