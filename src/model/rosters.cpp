#include <crier/rosters.hpp>

#include <algorithm>

namespace crier {

Acquaintance Roster::acquaintance(std::string_view bare,
                                  std::span<const std::string> groups) const {
  const auto found = contacts.find(bare);
  if (found == contacts.end()) return Acquaintance::none;
  const auto is_allowed = [&](const std::string& group) {
    return std::ranges::find(groups, group) != groups.end();
  };
  return std::ranges::any_of(found->second, is_allowed) ? Acquaintance::group
                                                        : Acquaintance::presence;
}

namespace {

RosterDifference between(const RosterContacts& before, const RosterContacts& after) {
  RosterDifference difference;
  for (const auto& [jid, groups] : before) {
    const auto now = after.find(jid);
    if (now == after.end() || now->second != groups) difference[jid] = {true, groups};
  }
  for (const auto& [jid, groups] : after)
    if (!before.contains(jid)) difference[jid] = {true, {}};
  return difference;
}

}  // namespace

std::optional<RosterDifference> Rosters::set(std::string_view owner, RosterContacts contacts,
                                             Time now) {
  const bool was_known = known_.contains(owner);
  const auto entry = place(owner);
  auto& roster = entry->roster;
  std::optional<RosterDifference> difference;
  if (was_known && !roster.missing) difference = between(roster.contacts, contacts);
  roster = {std::move(contacts), now, false};
  measure(*entry);
  trim();
  return difference;
}

void Rosters::set_missing(std::string_view owner, Time now) {
  const auto entry = place(owner);
  entry->roster = {{}, now, true};
  measure(*entry);
  trim();
}

ContactBefore Rosters::change(std::string_view owner, std::string_view contact,
                              std::optional<std::vector<std::string>> groups) {
  const auto found = known_.find(owner);
  if (found == known_.end() || found->second->roster.missing) return {};
  auto& contacts = found->second->roster.contacts;
  ContactBefore before{true, {}};
  if (const auto at = contacts.find(contact); at != contacts.end()) {
    before.groups = std::move(at->second);
    contacts.erase(at);
  }
  if (groups) contacts.emplace(contact, std::move(*groups));
  measure(*found->second);
  trim();
  return before;
}

void Rosters::forget_domain(std::string_view domain) {
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto next = std::next(entry);
    const std::string_view owner = entry->owner;
    if (owner.substr(owner.find('@') + 1) == domain) erase(entry);
    entry = next;
  }
}

const Roster* Rosters::find(std::string_view owner) {
  const auto found = known_.find(owner);
  if (found == known_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return &found->second->roster;
}

const Roster* Rosters::peek(std::string_view owner) const {
  const auto found = known_.find(owner);
  return found == known_.end() ? nullptr : &found->second->roster;
}

Rosters::Entries::iterator Rosters::place(std::string_view owner) {
  if (const auto found = known_.find(owner); found != known_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second;
  }
  entries_.push_front({std::string(owner), {}, 0});
  known_.emplace(entries_.front().owner, entries_.begin());
  return entries_.begin();
}

void Rosters::measure(Entry& entry) {
  // A node of a map: links, text, list, and malloc's header.
  constexpr std::size_t contact_bytes = 120;
  bytes_ -= entry.bytes;
  entry.bytes = sizeof(Entry) + contact_bytes + entry.owner.size();
  for (const auto& [jid, groups] : entry.roster.contacts) {
    entry.bytes += contact_bytes + jid.size();
    for (const auto& group : groups) entry.bytes += sizeof(std::string) + group.size();
  }
  bytes_ += entry.bytes;
}

void Rosters::trim() {
  // The one that was used last stays, whatever its size: one stanza's limit bounds it.
  while (bytes_ > max_bytes_ && entries_.size() > 1) erase(std::prev(entries_.end()));
}

void Rosters::erase(Entries::iterator entry) {
  bytes_ -= entry->bytes;
  known_.erase(entry->owner);
  entries_.erase(entry);
}

void RosterChanges::add(std::string_view owner, std::string_view contact, ContactBefore before) {
  auto found = changes_.find(owner);
  // All of them are looked at already.
  if (found != changes_.end() && found->second.empty()) return;
  if (found == changes_.end()) {
    if (changes_.size() >= most_owners) return;
    found = changes_.try_emplace(std::string(owner)).first;
  }
  found->second.emplace(contact, std::move(before));
  if (found->second.size() > most_contacts) found->second.clear();
}

void RosterChanges::add_all(std::string_view owner) {
  const auto found = changes_.find(owner);
  if (found != changes_.end())
    found->second.clear();
  else if (changes_.size() < most_owners)
    changes_.try_emplace(std::string(owner));
}

RosterChanges::Change RosterChanges::take() {
  auto change = changes_.extract(changes_.begin());
  return {std::move(change.key()), std::move(change.mapped())};
}

}  // namespace crier
