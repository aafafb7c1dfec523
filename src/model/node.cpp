#include <crier/node.hpp>

namespace crier {

Affiliation Node::affiliation_of(std::string_view bare) const {
  const auto found = affiliations.find(bare);
  return found == affiliations.end() ? Affiliation::none : found->second;
}

std::size_t Node::bytes() const {
  // A node of a map: links, text, value, and malloc's header.
  constexpr std::size_t affiliation_bytes = 120;
  return sizeof *this + subscriptions->bytes() + affiliations.size() * affiliation_bytes +
         key.host.size() + key.name.size() + config.title.size() + config.description.size();
}

}  // namespace crier
