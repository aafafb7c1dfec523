#pragma once
/// What the rosters of a node's owners, as far as they are known, say about others. XEP-0060 §4.5.

#include <crier/node.hpp>
#include <crier/session.hpp>

#include <algorithm>
#include <ranges>
#include <string_view>

namespace crier {

/// The owners that count: of more the others do not.
inline auto counting_owners(const Node& node) {
  constexpr std::ptrdiff_t most = 100;
  return node.owners | std::views::take(most);
}

/// How the bare JID stands to them, if the node had the configuration `config`. `sees_us`: it sees
/// the presence of the service, which counts as that of an owner whose server grants no roster.
inline Acquaintance acquaintance_to_owners(const Session& session, const Node& node,
                                           const NodeConfig& config, std::string_view bare,
                                           bool sees_us) {
  auto best = Acquaintance::none;
  for (const auto& owner : counting_owners(node)) {
    if (!session.grants.of(owner).roster_get) {
      if (sees_us) best = std::max(best, Acquaintance::presence);
    } else if (const Roster* roster = session.rosters.peek(owner)) {
      best = std::max(best, roster->acquaintance(bare, config.roster_groups_allowed.names));
    }
  }
  return best;
}

}  // namespace crier
