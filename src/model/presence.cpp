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

const Presence::Resources* Presence::of(std::string_view bare) const {
  const auto found = accounts_.find(bare);
  return found == accounts_.end() ? nullptr : &found->second;
}

Presence::Change Presence::set(std::string_view jid, CapsId caps, std::int8_t priority, Show show) {
  const auto name = resource_of(jid);
  const auto account = accounts_.find(bare_of(jid));
  if (account != accounts_.end()) {
    auto& resources = account->second;
    if (const auto known = std::ranges::find(resources, name, &Resource::name);
        known != resources.end()) {
      *known = {std::move(known->name), caps, priority, show};
      return Change::updated;
    }
    if (resources.size() >= max_resources_per_account) return Change::none;
  }
  if (size_ >= max_resources_) return Change::none;
  auto& resources =
      account == accounts_.end() ? accounts_[std::string(bare_of(jid))] : account->second;
  // One is what most have.
  resources.reserve(resources.size() + 1);
  resources.push_back({std::string(name), caps, priority, show});
  ++size_;
  return Change::came;
}

Presence::Change Presence::remove(std::string_view jid) {
  const auto account = accounts_.find(bare_of(jid));
  if (account == accounts_.end()) return Change::none;
  auto& resources = account->second;
  const auto known = std::ranges::find(resources, resource_of(jid), &Resource::name);
  if (known == resources.end()) return Change::none;
  resources.erase(known);
  if (resources.empty()) accounts_.erase(account);
  --size_;
  return Change::left;
}

std::vector<std::string> Presence::remove_all(std::string_view bare) {
  std::vector<std::string> gone;
  const auto account = accounts_.find(bare);
  if (account == accounts_.end()) return gone;
  for (const auto& resource : account->second) {
    gone.emplace_back(bare);
    if (!resource.name.empty()) (gone.back() += '/') += resource.name;
  }
  size_ -= gone.size();
  accounts_.erase(account);
  return gone;
}

void Presence::clear() {
  accounts_ = {};
  size_ = 0;
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
