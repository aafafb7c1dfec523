#include <crier/grants.hpp>

namespace crier {

void Grants::set(std::string_view domain, const Grant& grant) {
  const auto found = grants_.find(domain);
  if (found == grants_.end()) {
    if (!grant.empty() && grants_.size() < most) grants_.emplace(domain, grant);
    return;
  }
  const bool has_pushed = found->second.has_pushed;
  if (grant.empty()) {
    grants_.erase(found);
    return;
  }
  found->second = grant;
  found->second.has_pushed = has_pushed;
}

void Grants::note_push(std::string_view domain) {
  const auto found = grants_.find(domain);
  if (found != grants_.end()) found->second.has_pushed = true;
}

Grant Grants::of(std::string_view bare) const {
  const auto at = bare.find('@');
  if (at == std::string_view::npos) return {};
  const auto found = grants_.find(bare.substr(at + 1));
  return found == grants_.end() ? Grant() : found->second;
}

}  // namespace crier
