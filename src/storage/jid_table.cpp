#include "storage/jid_table.hpp"

#include <crier/jid.hpp>

namespace crier {

namespace {

/// Of memory for JIDs; then it starts anew. Some 60,000 JIDs of the usual length.
constexpr std::size_t max_known_bytes = std::size_t{8} << 20;
/// What an entry takes besides its text: links, hash, number, two headers of malloc's.
constexpr std::size_t entry_bytes = 96;
/// Of which the domain is known, some 2 MB of memory.
constexpr std::size_t max_known_domains = 50'000;

constexpr const char* find_jid = "SELECT id FROM jid WHERE jid = ?1";
constexpr const char* find_text = "SELECT jid FROM jid WHERE id = ?1";
constexpr const char* insert_jid = "INSERT INTO jid (jid) VALUES (?1) ON CONFLICT DO NOTHING";

}  // namespace

std::optional<JidId> JidTable::find(std::string_view jid) {
  const auto known = known_.find(jid);
  return known != known_.end() ? known->second : look_up(jid);
}

std::optional<JidId> JidTable::look_up(std::string_view jid) {
  Query found = database_.query(find_jid, jid);
  if (!found.next()) return {};
  const auto [id] = found.row<JidId>();
  remember(jid, id);
  return id;
}

JidId JidTable::intern(std::string_view jid) {
  const auto known = known_.find(jid);
  if (known != known_.end()) return known->second;
  // Most of those that are not known are new: then one statement is all.
  if (database_.run(insert_jid, jid) == 0) return *look_up(jid);
  const JidId id{database_.last_id()};
  remember(jid, id);
  return id;
}

JidId JidTable::domain_of(JidId jid, std::string_view text) {
  const auto known = domains_.find(jid);
  if (known != domains_.end()) return known->second;
  const auto domain = intern(crier::domain_of(text));
  if (domains_.size() >= max_known_domains) domains_.clear();
  domains_.emplace(jid, domain);
  return domain;
}

JidId JidTable::domain_of(JidId jid) {
  const auto known = domains_.find(jid);
  if (known != domains_.end()) return known->second;
  std::string text;
  if (Query found = database_.query(find_text, jid); found.next())
    text = std::get<0>(found.row<std::string_view>());
  return domain_of(jid, text);
}

void JidTable::remember(std::string_view jid, JidId id) {
  if (known_bytes_ > max_known_bytes) {
    known_.clear();
    known_bytes_ = 0;
  }
  known_.emplace(jid, id);
  known_bytes_ += jid.size() + entry_bytes;
}

void JidTable::rolled_back() {
  known_.clear();
  known_bytes_ = 0;
  domains_.clear();
}

}  // namespace crier
