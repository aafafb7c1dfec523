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

namespace {

/// The texts and what holds them.
std::size_t bytes_of(const std::vector<std::string>& texts) {
  std::size_t bytes = texts.capacity() * sizeof(std::string);
  for (const auto& text : texts) bytes += text.size();
  return bytes;
}

}  // namespace

std::size_t Node::bytes() const {
  // A node of a map: links, text, value, and malloc's header.
  constexpr std::size_t affiliation_bytes = 120;
  return sizeof *this + subscriptions.bytes() + affiliations.size() * affiliation_bytes +
         key.host.size() + key.name.size() + config.title.size() + config.description.size() +
         bytes_of(config.roster_groups_allowed.names) + bytes_of(config.collection.names) +
         bytes_of(config.children.names) + bytes_of(config.contact.jids) +
         bytes_of(config.children_association_whitelist.jids);
}

}  // namespace crier
