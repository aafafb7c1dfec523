#include "pubsub/acquaintance.hpp"

#include <crier/errors.hpp>

#include "model/owner_rosters.hpp"
#include "model/rights.hpp"

#include <algorithm>

namespace crier {

namespace {

/// So long a roster is as it was read, when its server does not push changes; and one that could
/// not be had is not asked for again.
constexpr std::chrono::seconds lifetime{5};

struct Findings {
  Acquaintance best = Acquaintance::none;
  /// Owners whose roster would have to be read.
  std::vector<std::string_view> missing;
  /// Some roster is not known at all, or could not be had.
  bool incomplete = false;
};

bool is_current(const Roster& roster, const Grant& grant, Time now) {
  return (grant.has_pushed && !roster.missing) || now - roster.read < lifetime;
}

/// What is known, and what is not. `bare` may be nobody's.
Findings look(Turn& turn, const Node& node, const NodeConfig& config, std::string_view bare) {
  Findings found;
  auto& session = turn.session();
  bool is_unseen = false;
  for (const auto& owner : counting_owners(node)) {
    const auto grant = session.grants.of(owner);
    if (!grant.roster_get) {
      is_unseen = true;
      continue;
    }
    const Roster* roster = session.rosters.find(owner);
    if (!roster || !is_current(*roster, grant, turn.now())) found.missing.push_back(owner);
    found.incomplete |= !roster || roster->missing;
  }
  found.best = acquaintance_to_owners(session, node, config, bare, false);
  if (is_unseen && found.best == Acquaintance::none && turn.store().contact(bare).sees_us)
    found.best = Acquaintance::presence;
  return found;
}

bool asks_for_rosters(Turn& turn, const Node& node, std::string_view bare) {
  return node.config.follows_rosters() && node.affiliation_of(bare) == Affiliation::none &&
         !turn.policy().is_admin(bare);
}

Error wait_for(Turn& turn, const Findings& found) {
  for (const auto owner : found.missing) turn.need_roster(owner);
  return errors::resource_constraint.because("Too many requests wait for rosters.");
}

}  // namespace

Result<Acquaintance> acquaintance(Turn& turn, const Node& node, std::string_view bare) {
  if (!asks_for_rosters(turn, node, bare)) return Acquaintance::none;
  const auto found = look(turn, node, node.config, bare);
  if (!found.missing.empty() && !turn.has_waited()) return wait_for(turn, found);
  return found.best;
}

Acquaintance known_acquaintance(Turn& turn, const Node& node, std::string_view bare) {
  if (!asks_for_rosters(turn, node, bare)) return Acquaintance::none;
  const auto found = look(turn, node, node.config, bare);
  if (lets_in(node.config.access_model, found.best)) return found.best;
  return found.incomplete && !turn.has_waited() ? Acquaintance::unknown : found.best;
}

Result<void> know_acquaintances(Turn& turn, const Node& node, const NodeConfig& config) {
  if (!config.follows_rosters() || turn.has_waited()) return {};
  const auto found = look(turn, node, config, {});
  if (!found.missing.empty()) return wait_for(turn, found);
  return {};
}

Verdict may_see(Turn& turn, const Node& node, const Jid& who) {
  if (turn.policy().is_admin(who.bare())) return Verdict::allow(Rule::admin);
  const auto affiliation = node.affiliation_of(who.bare());
  const bool asks = node.config.follows_rosters() && affiliation == Affiliation::none;
  if (asks && is_subscribed(node, who.bare())) return Verdict::allow(Rule::subscription);
  const bool is_known =
      asks && lets_in(node.config.access_model, known_acquaintance(turn, node, who.bare()));
  return may_see(node.config, affiliation, is_known);
}

}  // namespace crier
