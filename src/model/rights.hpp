#pragma once
/// Who may do what to a node: XEP-0060 §4.1 (affiliations), §4.5 (access models).
///
/// One function a verb. Each asks in the same order and stops at the first rule that decides: the
/// service's admins, the affiliation, the node's model. A verdict carries the rule, so that a
/// refusal can say why and an operator can be told what would change it.

#include <crier/jid.hpp>
#include <crier/node.hpp>
#include <crier/policy.hpp>
#include <crier/rosters.hpp>

#include <string_view>

#include "model/verdict.hpp"

namespace crier {

/// What an affiliation alone allows, one row of the table in §4.1.
struct Privileges {
  bool subscribe;
  bool retrieve;
  bool publish;
  /// Any item, and all of them at once.
  bool retract_any;
  bool retract_own;
  /// Configure, delete, and all else that is an owner's.
  bool own;
};

const Privileges& privileges_of(Affiliation affiliation);

/// The affiliation that `who` acts with: an admin of the service is an owner of every node.
Affiliation acting_as(const Node& node, const Jid& who, const Policy& policy);

/// §6.1. Refuses with forbidden (§6.1.3.8), anonymous_forbidden (§6.1.3.6), closed-node (§6.1.3.4),
/// subscribe unsupported (§6.1.3.10), presence-subscription-required (§6.1.3.2),
/// not-in-roster-group (§6.1.3.3). `acquaintance` counts where rosters decide: what is not known
/// lets nobody in.
Verdict may_subscribe(const Node& node, const Jid& who, const Policy& policy,
                      Acquaintance acquaintance);

/// Whether the bare JID is let in by an owner's approval alone: by no affiliation, and not because
/// the node is open. §4.5, §6.1.4.
bool needs_approval(const Node& node, std::string_view bare, const Policy& policy);

/// Whether the bare JID, or a resource of it, is subscribed.
bool is_subscribed(const Node& node, std::string_view bare);

/// Whether a bare JID that is subscribed may stay so: the access model decides about events as it
/// does about subscribing. While rosters that would tell are not known, it may. §14.3
bool may_stay_subscribed(const Node& node, std::string_view bare, const Policy& policy,
                         Acquaintance acquaintance);

/// Whether a bare JID may be told of what happens at a node to which it is not subscribed itself:
/// to a collection above, say. Where rosters decide, only those may who have an affiliation or are
/// subscribed to the node as well: events do not wait for rosters. §14.3
bool may_hear(const Node& node, std::string_view bare, const Policy& policy);

/// Whether a bare JID that is not subscribed may hear of the node because it is interested: whether
/// it could subscribe without anybody's approval, if the node had the configuration `config`.
/// `acquaintance` counts where rosters decide. §12.2
bool is_eligible(const Node& node, const NodeConfig& config, std::string_view bare,
                 const Policy& policy, Acquaintance acquaintance);

/// §6.5. Refuses with forbidden (§6.5.9.10), closed-node (§6.5.9.8), subscribers_only (§6.5.9.3),
/// presence-subscription-required (§6.5.9.6), not-in-roster-group (§6.5.9.7).
Verdict may_retrieve(const Node& node, const Jid& who, const Policy& policy,
                     Acquaintance acquaintance);

/// §7.1. Refuses with forbidden (§7.1.3.1).
Verdict may_publish(const Node& node, const Jid& who, const Policy& policy);

/// §7.2, of an item that `publisher` (bare JID) published. Refuses with forbidden (§7.2.3.1).
Verdict may_retract(const Node& node, const Jid& who, std::string_view publisher,
                    const Policy& policy);

/// §8.5. Refuses with forbidden (§8.5.3.2).
Verdict may_purge(const Node& node, const Jid& who, const Policy& policy);

/// §8.2, §8.4, §8.8, §8.9. Refuses with forbidden.
Verdict may_own(const Node& node, const Jid& who, const Policy& policy);

/// Whether the bare JID is of a domain whose users are anonymous.
bool is_anonymous(std::string_view bare, const Policy& policy);

/// Who may create a node of that name; empty for an instant node.
const Creators& creators_of(std::string_view name, const Policy& policy);

/// §8.1, a node of that name; empty for an instant node. Refuses with forbidden (§8.1.1).
Verdict may_create(const Jid& who, std::string_view name, const Policy& policy);

/// Whether somebody of that affiliation may know that the node exists: those who may retrieve,
/// publish or own. `is_known` counts where rosters decide: it is subscribed, or they let it in.
/// Refuses with item-not-found, as if there were no node. §14.3.
Verdict may_see(const NodeConfig& config, Affiliation affiliation, bool is_known);

/// Whether somebody without an affiliation gets in, as far as rosters decide. §4.5.
bool lets_in(AccessModel model, Acquaintance acquaintance);

}  // namespace crier
