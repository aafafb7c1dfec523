#include <crier/node.hpp>

#include <utility>

namespace crier {

Affiliation Node::affiliation_of(std::string_view bare) const {
  const auto found = affiliations.find(bare);
  return found == affiliations.end() ? Affiliation::none : found->second;
}

void Node::set_affiliation(std::string_view bare, Affiliation affiliation) {
  if (affiliation == Affiliation::none)
    affiliations.erase(std::string(bare));
  else
    affiliations.insert_or_assign(std::string(bare), affiliation);
  for (const auto& [jids, held] :
       {std::pair(&owners, Affiliation::owner), std::pair(&publishers, Affiliation::publisher)})
    if (affiliation == held)
      jids->emplace(bare);
    else
      jids->erase(std::string(bare));
}

std::size_t Node::bytes() const {
  // A node of a map: links, text, value, and malloc's header.
  constexpr std::size_t affiliation_bytes = 120;
  return sizeof *this + subscriptions.bytes() + affiliations.size() * affiliation_bytes +
         key.host.size() + key.name.size() + config.title.size() + config.description.size();
}

}  // namespace crier
