#pragma once
/// What the audit log is told of work on the database file itself.

#include <crier/audit.hpp>

#include "transfer/importer.hpp"
#include "transfer/snapshot.hpp"

#include <optional>
#include <string_view>

namespace crier::transfer {

/// The entry of an import into the service at `host` (empty: unknown) that has changed something:
/// `import`, its source, and how many records were added and replaced. docs/administration.md
AuditEntry import_entry(const LocalWork& work, std::string_view host, const ImportSummary& summary);

/// The entry of a restore: `restore`, the backup, where the database is kept that was there before,
/// and what there is now. Nothing when what is restored is of a version without an audit log.
std::optional<AuditEntry> restore_entry(Snapshot& restored, const LocalWork& work,
                                        std::string_view kept);

}  // namespace crier::transfer
