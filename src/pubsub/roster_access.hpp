#pragma once
/// Rosters of owners: asking for them, and following their changes. XEP-0060 §4.5, §12.14;
/// XEP-0356 §4.

#include <crier/service.hpp>

#include <optional>
#include <string>
#include <vector>

namespace crier {

/// One contact of a roster.
struct RosterItem {
  /// Bare.
  std::string jid;
  /// The groups that it is in; nothing when it does not see the presence of the roster's owner.
  std::optional<std::vector<std::string>> groups;
};

/// Nothing for what is no `<item/>` of a roster. RFC 6121 §2.1.2.
std::optional<RosterItem> read_roster_item(const Element& item);

/// Asks for a roster, unless it is asked for; false when there is not going to be an answer.
bool ask_for_roster(Turn& turn, const std::string& owner);

/// Asks for the rosters that the request needs, and keeps it until they are known. It is handled
/// again as a stanza of a batch of its own.
void wait_for_rosters(Turn& turn, WaitingRequest request);

/// Asks for the rosters of the node's owners that are not known or, where changes are not pushed,
/// old; whoever has lost its right since loses its subscriptions when they have come. True when
/// some are on their way.
bool refresh_rosters(Turn& turn, const Node& node);

/// Looks at the subscriptions at the node again whose right comes from rosters, after a change of
/// its owners.
void look_again(Turn& turn, const Node& node);
/// The same at all nodes, of the subscriptions of a bare JID.
void look_again(Turn& turn, std::string_view bare);

/// Refuses with unsupported-access-model a configuration that would take the rosters of `who`'s
/// server, when that does not grant them. `old` is what the node had.
Result<void> check_access_model(const Turn& turn, const NodeConfig& old, const NodeConfig& config,
                                const Jid& who);
/// Whether the server of `who` grants its roster.
bool grants_roster(const Turn& turn, const Jid& who);

void install_roster_access(Service& service);

}  // namespace crier
