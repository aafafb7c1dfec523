#pragma once
/// How somebody stands to the owners of a node: what the access models `presence` and `roster` go
/// by. XEP-0060 §4.5.
///
/// An owner whose server grants its roster (XEP-0356) is known by that. One whose server does not
/// is known by nothing but the service: then those who see the service's own presence count as
/// seeing the owner's, and nobody is in a group.

#include <crier/turn.hpp>

#include <string_view>

#include "model/verdict.hpp"

namespace crier {

/// How the bare JID stands to the owners of the node; `none` where the access model does not ask,
/// or an affiliation decides. When rosters have to be read for that the request waits: what this
/// refuses with must be returned before the first change, and the request is handled again from its
/// start. A roster that could not be had has no contacts.
Result<Acquaintance> acquaintance(Turn& turn, const Node& node, std::string_view bare);

/// The same, as far as it is known without asking.
Acquaintance known_acquaintance(Turn& turn, const Node& node, std::string_view bare);

/// Lets the request wait, as above, until it is known how anybody stands to the owners of the node
/// if that had the configuration `config`.
Result<void> know_acquaintances(Turn& turn, const Node& node, const NodeConfig& config);

/// Whether `who` may know that the node is there, as far as is known without asking. Refuses with
/// item-not-found. §14.3
Verdict may_see(Turn& turn, const Node& node, const Jid& who);

}  // namespace crier
