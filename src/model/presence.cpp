#include <crier/presence.hpp>

#include <crier/jid.hpp>

#include <algorithm>

namespace crier {

namespace {

std::string_view resource_of(std::string_view jid) {
  const auto bare = bare_of(jid);
  return jid.substr(std::min(jid.size(), bare.size() + 1));
}

bool is_bare(std::string_view jid) {
  return bare_of(jid).size() == jid.size();
}

}  // namespace

std::string full_jid(std::string_view bare, const Resource& resource) {
  std::string jid(bare);
  if (!resource.name.empty()) (jid += '/') += resource.name;
  return jid;
}

CapsRoll::Place CapsRoll::add(const Account& account, EventNumber since) {
  if (free_.empty()) {
    free_.push_back(end());
    entries_.emplace_back();
  }
  const auto place = free_.back();
  free_.pop_back();
  entries_[place] = {&account, since};
  return place;
}

void CapsRoll::remove(Place place) {
  entries_[place] = {};
  free_.push_back(place);
}

const Presence::Resources* Presence::of(std::string_view bare) const {
  const auto found = accounts_.find(bare);
  return found == accounts_.end() ? nullptr : &found->second;
}

Presence::Change Presence::set(std::string_view jid, const Availability& told, EventNumber now) {
  const auto name = resource_of(jid);
  auto account = accounts_.find(bare_of(jid));
  if (account != accounts_.end()) {
    auto& resources = account->second;
    const auto known = std::ranges::find(resources, name, &Resource::name);
    if (known != resources.end()) {
      known->priority = told.priority;
      known->show = told.show;
      if (known->caps == told.caps) return Change::updated;
      // Its interests may be the same as before.
      const auto teller = at(known->caps, known->place);
      const auto since = teller ? teller->since : now;
      strike(*known);
      known->caps = told.caps;
      enroll(*account, *known, since);
      return Change::updated;
    }
    if (resources.size() >= max_resources_per_account) return Change::none;
  }
  if (size_ >= max_resources_) return Change::none;
  if (account == accounts_.end()) account = accounts_.try_emplace(std::string(bare_of(jid))).first;
  auto& resources = account->second;
  // One is what most have.
  resources.reserve(resources.size() + 1);
  resources.push_back(
      {.name = std::string(name), .caps = told.caps, .priority = told.priority, .show = told.show});
  enroll(*account, resources.back(), now);
  ++size_;
  return Change::came;
}

Presence::Change Presence::remove(std::string_view jid) {
  const auto account = accounts_.find(bare_of(jid));
  if (account == accounts_.end()) return Change::none;
  auto& resources = account->second;
  const auto known = std::ranges::find(resources, resource_of(jid), &Resource::name);
  if (known == resources.end()) return Change::none;
  strike(*known);
  resources.erase(known);
  if (resources.empty()) accounts_.erase(account);
  --size_;
  return Change::left;
}

bool Presence::welcome(std::string_view jid, bool sees_us) {
  Resource* known = own(jid);
  if (!known || known->welcomed) return false;
  known->welcomed = true;
  known->sees_us = sees_us;
  return true;
}

void Presence::set_unwelcomed(std::string_view jid) {
  if (Resource* known = own(jid)) known->welcomed = false;
}

Resource* Presence::own(std::string_view jid) {
  return const_cast<Resource*>(find(jid));
}

void Presence::set_sees_us(std::string_view bare, bool sees_us) {
  const auto account = accounts_.find(bare);
  if (account == accounts_.end()) return;
  for (auto& resource : account->second) resource.sees_us = sees_us;
}

void Presence::enroll(const CapsRoll::Account& account, Resource& resource, EventNumber since) {
  if (resource.caps != CapsId{}) resource.place = rolls_[resource.caps].add(account, since);
}

void Presence::strike(const Resource& resource) {
  if (resource.caps == CapsId{}) return;
  const auto roll = rolls_.find(resource.caps);
  roll->second.remove(resource.place);
  if (roll->second.empty()) rolls_.erase(roll);
}

CapsRoll::Place Presence::end(CapsId caps) const {
  const auto roll = rolls_.find(caps);
  return roll == rolls_.end() ? 0 : roll->second.end();
}

std::optional<Presence::Teller> Presence::at(CapsId caps, CapsRoll::Place place) const {
  const auto roll = rolls_.find(caps);
  if (roll == rolls_.end() || place >= roll->second.end()) return {};
  const auto& entry = roll->second.at(place);
  if (!entry.account) return {};
  const auto& [bare, resources] = *entry.account;
  const auto resource = std::ranges::find_if(
      resources, [&](const auto& each) { return each.caps == caps && each.place == place; });
  return Teller{bare, &*resource, entry.since};
}

bool Presence::is_available(std::string_view jid) const {
  return is_bare(jid) ? of(jid) != nullptr : find(jid) != nullptr;
}

const Resource* Presence::find(std::string_view jid) const {
  const auto* resources = of(bare_of(jid));
  if (!resources) return nullptr;
  const auto known = std::ranges::find(*resources, resource_of(jid), &Resource::name);
  return known == resources->end() ? nullptr : &*known;
}

std::vector<Resource> Presence::resources(std::string_view jid) const {
  if (is_bare(jid)) {
    const auto* resources = of(jid);
    return resources ? *resources : Resources();
  }
  const auto* resource = find(jid);
  return resource ? Resources{*resource} : Resources();
}

bool Presence::shows(std::string_view jid, std::uint8_t shows) const {
  const auto passes = [&](const Resource& resource) {
    return (shows >> static_cast<unsigned>(resource.show) & 1) != 0;
  };
  if (!is_bare(jid)) {
    const auto* resource = find(jid);
    return resource && passes(*resource);
  }
  const auto* resources = of(jid);
  return resources && std::ranges::any_of(*resources, passes);
}

}  // namespace crier
