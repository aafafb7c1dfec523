#include "transfer/audit_note.hpp"

#include "transfer/foreign/carrier.hpp"

#include <fmt/format.h>

namespace crier::transfer {

namespace {

/// As the control socket calls its users, for a command that needs none.
constexpr std::string_view resource = "command-line";
/// The domain of a database that has no service's nodes.
constexpr std::string_view no_domain = "localhost";

std::string author(const LocalWork& work, std::string_view host) {
  return fmt::format("{}@{}/{}", work.user, host.empty() ? no_domain : host, resource);
}

/// `added nodes: 1, items: 300`; empty when there are none.
std::string counts(std::string_view what, const ImportSummary& summary,
                   std::uint64_t Tally::*count) {
  std::string text;
  for (std::size_t kind = 0; kind < summary.tallies.size(); ++kind) {
    const auto number = summary.tallies[kind].*count;
    if (number == 0) continue;
    text += fmt::format("{}{}: {}", text.empty() ? fmt::format("{} ", what) : ", ", kinds()[kind],
                        number);
  }
  return text;
}

/// As it has been since version 9.
constexpr const char* has_audit =
    "SELECT count(*) FROM pragma_table_info('audit') WHERE name = 'serial'";
constexpr const char* all_nodes = "SELECT count(*) FROM node WHERE name > ''";
constexpr const char* all_items =
    "SELECT coalesce(sum(item_count), 0) FROM node WHERE name IS NOT NULL";

}  // namespace

AuditEntry import_entry(const LocalWork& work, std::string_view host,
                        const ImportSummary& summary) {
  const auto added = counts("added", summary, &Tally::added);
  const auto replaced = counts("replaced", summary, &Tally::replaced);
  return {.time = work.now,
          .by = author(work, host),
          .action = "import",
          .subject = audit_text(work.source),
          .new_value = added + (added.empty() || replaced.empty() ? "" : "; ") + replaced,
          .by_admin = true};
}

std::optional<AuditEntry> restore_entry(Snapshot& restored, const LocalWork& work,
                                        std::string_view kept) {
  if (restored.number(has_audit) == 0) return {};
  const auto hosts = services(restored);
  return AuditEntry{.time = work.now,
                    .by = author(work, hosts.empty() ? std::string() : hosts.front()),
                    .action = "restore",
                    .subject = audit_text(work.source),
                    .old_value = is_xml_text(kept) ? audit_text(kept) : std::string(),
                    .new_value = fmt::format("nodes: {}, items: {}", restored.number(all_nodes),
                                             restored.number(all_items)),
                    .by_admin = true};
}

}  // namespace crier::transfer
