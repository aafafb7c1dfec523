#pragma once
/// A walk over those who hear of an event because they are interested in its node. XEP-0060 §12.2.

#include <crier/node.hpp>
#include <crier/policy.hpp>
#include <crier/session.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace crier {

/// Whether one of those who tell capabilities with an interest in the node hears of it: it is not
/// subscribed, and could be, if the node had the configuration `config`.
bool hears_by_interest(const Session& session, const Policy& policy, const Node& node,
                       const NodeConfig& config, const Presence::Teller& teller);

class InterestedWalk {
 public:
  /// Over those who tell one of `caps`. The policy outlives the walk.
  InterestedWalk(std::shared_ptr<const Session> session, const Policy& policy,
                 std::vector<CapsId> caps)
      : session_(std::move(session)), policy_(&policy), caps_(std::move(caps)) {}

  /// Comes to the next who hears of that event of the node; false at the end.
  bool advance(const Node& node, EventNumber event);
  /// Steps on from there.
  void step() { ++place_; }

  // Where it is.

  const Presence::Teller& teller() const { return *teller_; }
  CapsId caps() const { return caps_[at_]; }
  CapsRoll::Place place() const { return place_; }

 private:
  std::shared_ptr<const Session> session_;
  const Policy* policy_;
  std::vector<CapsId> caps_;
  std::size_t at_ = 0;
  CapsRoll::Place place_ = 0;
  std::optional<Presence::Teller> teller_;
};

}  // namespace crier
