/// Timers.

#include "storage/sqlite_store.hpp"

namespace crier {

constexpr const char* upsert_timer =
    "INSERT INTO timer (kind, subject, due) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (kind, subject) DO UPDATE SET due = ?3";

void SqliteStore::set_timer(const Timer& timer) {
  database_.run(upsert_timer, timer.kind, timer.subject, timer.due);
}

constexpr const char* insert_timer =
    "INSERT INTO timer (kind, subject, due) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";

void SqliteStore::add_timer(const Timer& timer) {
  database_.run(insert_timer, timer.kind, timer.subject, timer.due);
}

constexpr const char* delete_timer = "DELETE FROM timer WHERE kind = ?1 AND subject = ?2";

void SqliteStore::clear_timer(TimerKind kind, std::int64_t subject) {
  database_.run(delete_timer, kind, subject);
}

constexpr const char* timers_due =
    "SELECT kind, subject, due FROM timer WHERE due <= ?1 ORDER BY due LIMIT ?2";

std::vector<Timer> SqliteStore::due_timers(Time now, std::size_t limit) {
  std::vector<Timer> timers;
  Query found = database_.query(timers_due, now, limit);
  while (found.next()) {
    const auto [kind, subject, due] = found.row<TimerKind, std::int64_t, Time>();
    timers.push_back({kind, subject, due});
  }
  return timers;
}

constexpr const char* first_due =
    "SELECT due FROM timer WHERE due = (SELECT min(due) FROM timer) LIMIT 1";

std::optional<Time> SqliteStore::next_timer() {
  Query found = database_.query(first_due);
  if (!found.next()) return {};
  const auto [due] = found.row<Time>();
  return due;
}

}  // namespace crier
