#include "model/interested_walk.hpp"

#include "model/owner_rosters.hpp"
#include "model/rights.hpp"

namespace crier {

namespace {

/// Whether that resource gets the node's events as a subscriber.
bool is_subscribed_itself(const Node& node, const Presence::Teller& teller) {
  const auto& subscriptions = node.subscriptions;
  for (auto at = subscriptions.find_bare(teller.bare); at != Subscriptions::none;
       at = subscriptions.next_of(at, teller.bare)) {
    const auto& slot = subscriptions.at(at);
    if (slot.state != SubscriptionState::subscribed) continue;
    const auto jid = subscriptions.jid(slot);
    if (slot.length == slot.bare_length ||
        jid.substr(std::size_t{slot.bare_length} + 1) == teller.resource->name)
      return true;
  }
  return false;
}

}  // namespace

bool hears_by_interest(const Session& session, const Policy& policy, const Node& node,
                       const NodeConfig& config, const Presence::Teller& teller) {
  const auto acquaintance =
      config.follows_rosters()
          ? acquaintance_to_owners(session, node, config, teller.bare, teller.resource->sees_us)
          : Acquaintance::none;
  return is_eligible(node, config, teller.bare, policy, acquaintance) &&
         !is_subscribed_itself(node, teller);
}

bool InterestedWalk::advance(const Node& node, EventNumber event) {
  for (; at_ < caps_.size(); ++at_, place_ = 0)
    for (const auto end = session_->presence.end(caps_[at_]); place_ < end; ++place_) {
      teller_ = session_->presence.at(caps_[at_], place_);
      if (teller_ && teller_->since <= event &&
          hears_by_interest(*session_, *policy_, node, node.config, *teller_))
        return true;
    }
  return false;
}

}  // namespace crier
