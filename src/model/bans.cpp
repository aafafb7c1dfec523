#include <crier/bans.hpp>

#include <algorithm>

namespace crier {

const Ban* Bans::find(std::string_view jid) const {
  const auto found = bans_.find(jid);
  return found == bans_.end() ? nullptr : &found->second;
}

const Ban* Bans::covering(std::string_view bare) const {
  const Ban* ban = bans_.empty() ? nullptr : own_or_domains(bare);
  return ban && exempt_.contains(bare) ? nullptr : ban;
}

const Ban* Bans::own_or_domains(std::string_view bare) const {
  if (const Ban* own = find(bare)) return own;
  const auto at = bare.find('@');
  return at == std::string_view::npos ? nullptr : find(bare.substr(at + 1));
}

std::vector<const Ban*> Bans::list(std::string_view after, std::size_t limit) const {
  std::vector<const Ban*> list;
  for (const auto& [jid, ban] : bans_)
    if (jid > after) list.push_back(&ban);
  const auto end = list.begin() + static_cast<std::ptrdiff_t>(std::min(limit, list.size()));
  std::ranges::partial_sort(list, end, {},
                            [](const Ban* ban) { return std::string_view(ban->jid); });
  list.erase(end, list.end());
  return list;
}

std::optional<Time> Bans::next_expiry() const {
  std::optional<Time> next;
  for (const auto& [jid, ban] : bans_)
    if (ban.expires && (!next || *ban.expires < *next)) next = ban.expires;
  return next;
}

void Bans::set(Ban ban) {
  auto jid = ban.jid;
  bans_.insert_or_assign(std::move(jid), std::move(ban));
}

void Bans::remove(std::string_view jid) {
  const auto found = bans_.find(jid);
  if (found != bans_.end()) bans_.erase(found);
}

}  // namespace crier
