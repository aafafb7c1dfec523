#pragma once
/// What was changed for others, or for all: who did it, when, and how it was before.

#include <crier/time.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace crier {

/// One change.
struct AuditEntry {
  /// Its place in the order of the entries; the store gives it.
  std::int64_t id = 0;
  Time time{};
  /// The full JID of who did it; the service's domain for what it does by itself.
  std::string by = {};
  /// What was done, such as `configure`: docs/administration.md lists them.
  std::string action = {};
  /// The node that it was done to; empty for none.
  std::string node = {};
  /// The field, the JID or the node that it was about; empty when that is said already.
  std::string subject = {};
  std::string old_value = {};
  std::string new_value = {};
  /// Done by an administrator, or by the service itself.
  bool by_admin = false;
  bool operator==(const AuditEntry&) const = default;
};

/// Which entries.
struct AuditQuery {
  /// Of that node; empty: of all.
  std::string_view node = {};
  /// Of that bare JID and its resources; empty: of all.
  std::string_view by = {};
  /// Not older.
  std::optional<Time> since = {};
  /// Behind that one, and before that one.
  std::int64_t after = 0;
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  /// Else the newest are first.
  bool is_oldest_first = false;
  std::size_t limit = 0;
};

/// A text for the log that is not too long: what is cut off is told by an ellipsis.
std::string audit_text(std::string_view text);

}  // namespace crier
