#pragma once
/// Whether a request is granted, apart from what it holds: what the use cases ask before anything
/// else, and what an explanation (explanation.hpp) asks as well, so that there is one answer.
///
/// Where rosters decide and have to be read, a verdict is refused by Rule::rosters; its error must
/// be returned before the first change, and the request is handled again from its start.

#include <crier/bans.hpp>
#include <crier/store.hpp>
#include <crier/turn.hpp>

#include <optional>
#include <string_view>

#include "model/verdict.hpp"

namespace crier {

struct Command;

/// What everything is refused with that somebody asks who is under that ban: forbidden.
Verdict refuse(const Ban& ban);
/// Whether the service takes requests of `who`. Refuses as above.
Verdict may_come_in(Turn& turn, const Jid& who);

/// Whether `who` may execute the ad-hoc command, and learn what it is. Refuses with forbidden.
/// XEP-0050 §4.4
Verdict may_execute(const Command& command, const Jid& who, const Policy& policy);

/// Whether what is concealed may have to be known for sure first.
enum class Patience { waits, decides_at_once };

/// Whether there is a node as far as `who` may know; `node` is null when there is none.
/// Refuses with item-not-found.
Verdict may_find(Turn& turn, const Node* node, const Jid& who, Patience patience);

/// Refuses with gone when the node of that name has moved. §6.1.3.11
Verdict is_still_here(Turn& turn, std::string_view name);

/// Whether `jid`, bare or full, may have one more subscription to the node, or be told of the one
/// that it has. Refuses as may_subscribe of rights.hpp does, with pending-subscription (§6.1.3.7)
/// and too-many-subscriptions (§6.1.3.9).
Verdict may_subscribe(Turn& turn, const Node& node, const Jid& jid);
/// Whether a subscription of that JID may have those options beside its others; `changed` is the
/// one that gets them, if it is there. Refuses with conflict two subscriptions to a collection that
/// are of one type, of which the one sees all that the other does. XEP-0248 §6.1.3
Verdict may_have(const Node& node, std::string_view jid, const SubscriptionOptions& options,
                 Subscriptions::Position changed = Subscriptions::none);
/// What a subscription to the node is when nothing else is said.
SubscriptionOptions default_options(const NodeConfig& config);
/// The subscription of `jid` that is meant: that of the SubID, or the only one. Refuses with
/// `missing` when there is none, with subid-required and invalid-subid.
Result<Subscriptions::Position> meant_subscription(const Node& node, const Jid& jid,
                                                   std::optional<std::string_view> subid,
                                                   const ErrorKind& missing);

/// Whether `who` may retrieve items of the node, or of those in a collection. Refuses as
/// may_retrieve of rights.hpp does, with subid-required (§6.5.9.1), invalid-subid (§6.5.9.2) and
/// persistent-items unsupported (§6.5.9.4).
Verdict may_retrieve(Turn& turn, const Node& node, const Jid& who,
                     std::optional<std::string_view> subid);

/// Whether items can be published to a node of that configuration. Refuses with publish
/// unsupported.
Verdict takes_items(const NodeConfig& config);
/// Whether the node takes so many more items. Refuses with node-full (§7.1.3.4).
Verdict has_room(const Node& node, std::uint64_t more, const Policy& policy);

/// Whether `who` may retract items of its own, and there may be some. Refuses with forbidden
/// (§7.2.3.1), delete-items unsupported and persistent-items unsupported (§7.2.3.5).
Verdict may_retract(Turn& turn, const Node& node, const Jid& who);
/// Whether it may retract the item of that id. Refuses with item-not-found (§7.2.3.2), forbidden
/// (§7.2.3.1).
Verdict may_retract(Turn& turn, const Node& node, const Jid& who, std::string_view id);

/// §8.5. Refuses with forbidden (§8.5.3.2), purge-nodes unsupported and persistent-items
/// unsupported (§8.5.3.3).
Verdict may_purge(Turn& turn, const Node& node, const Jid& who);

/// Whether `who` may create a node of that name. Refuses with forbidden and conflict (§8.1.1), and
/// with max-nodes-exceeded.
Verdict may_create(Turn& turn, const Jid& who, const std::string& name);
/// Whether it may create one by publishing to it, apart from all but the right: who may not finds
/// that there is no such node. §7.1.4
Verdict may_create_by_publishing(const Jid& who, std::string_view name, const Policy& policy);

}  // namespace crier
