/// The audit log, for the service's administrators, and for owners what was done to their nodes.

#include <crier/errors.hpp>

#include "ext/rooms.hpp"
#include "model/rights.hpp"
#include "pubsub/command_form.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace crier {

namespace {

constexpr std::string_view audit_name = "urn:crier:command:audit";

using EntryNumber = Bounded<0, std::numeric_limits<std::int64_t>::max()>;

struct AuditListing {
  NodeName node;
  std::optional<Jid> by;
  std::optional<Time> since;
  EntryNumber before, after;
  bool oldest_first = false;
  Bounded<1, 500> max{100};
};

constexpr FormHead head{
    audit_name, "Audit log",
    "What was changed, by whom. The newest entries come first; those that do not fit into a page "
    "are on the next, which begins before the last entry of this one."};
constexpr std::array fields{
    Field<AuditListing>::of<&AuditListing::node>("node", "Of the node"),
    Field<AuditListing>::of<&AuditListing::by>("by", "By"),
    Field<AuditListing>::of<&AuditListing::since>("since", "Since"),
    Field<AuditListing>::of<&AuditListing::before>("before", "Before the entry; 0 for all"),
    Field<AuditListing>::of<&AuditListing::after>("after", "After the entry"),
    Field<AuditListing>::of<&AuditListing::oldest_first>("oldest-first", "The oldest first"),
    Field<AuditListing>::of<&AuditListing::max>("max", "Entries in a page"),
};
constexpr std::array<Column, 8> columns{{{"id", "Entry"},
                                         {"time", "Time"},
                                         {"by", "By", "jid-single"},
                                         {"action", "Action"},
                                         {"node", "Node"},
                                         {"subject", "What"},
                                         {"old", "Before"},
                                         {"new", "After"}}};

/// Owners see what was done to the node that they own, since there is that one.
/// Refuses with forbidden, item-not-found.
Result<void> confine(AuditListing& wanted, const Request& request, Turn& turn) {
  if (turn.policy().is_admin(request.from.bare())) return {};
  if (wanted.node.text.empty())
    return errors::forbidden.because("You may see the entries of nodes that you own; name one.");
  const Node* node = turn.find(wanted.node.text);
  if (!node || turn.conceals(*node, request.from)) return errors::item_not_found;
  TRY(may_own(*node, request.from, turn.policy()));
  wanted.since = std::max(wanted.since.value_or(node->created), node->created);
  return {};
}

Result<CommandStage> execute(const Request& request, const DataForm* form, Turn& turn) {
  const std::span<const Field<AuditListing>> table(fields);
  if (!form) return ask_for(head, table, AuditListing());
  auto wanted = TRY(read_form(head, table, *form));
  TRY(confine(wanted, request, turn));
  AuditQuery query;
  query.node = wanted.node.text;
  if (wanted.by) query.by = wanted.by->bare();
  query.since = wanted.since;
  query.after = wanted.after.value;
  if (wanted.before.value > 0) query.before = wanted.before.value;
  query.is_oldest_first = wanted.oldest_first;
  query.limit = static_cast<std::size_t>(wanted.max.value);
  const auto entries = turn.store().audit(query);
  Report report;
  for (const auto& entry : entries)
    if (!report.add({std::to_string(entry.id), format_datetime(entry.time), entry.by, entry.action,
                     entry.node, entry.subject, entry.old_value, entry.new_value},
                    turn.policy()))
      break;
  if (entries.size() == query.limit || report.rows.size() < entries.size())
    report.more.push_back(
        {"next", "The next page begins behind the entry", report.rows.back().front()});
  return done(head, columns, report, "There are no such entries.");
}

}  // namespace

void install_audit(Service& service) {
  service.add_command({audit_name, head.title, execute, CommandLevel::owners});
}

}  // namespace crier
