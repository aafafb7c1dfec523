#pragma once
/// Subscriptions that an owner must approve. XEP-0060 §6.1.4, §8.6.

#include <crier/turn.hpp>

namespace crier {

struct Message;

/// Where subscriptions that wait for approval stand, at most `most`. O(n), but O(1) when none does.
std::vector<Subscriptions::Position> pending_at(const Node& node, std::size_t most);

/// Asks all owners of the node to approve the pending subscription; the first answer counts. §8.6,
/// §12.13.
void ask_owners(Turn& turn, const Node& node, Subscriptions::Position at);

/// Asks one owner again about each pending subscription of the node, at most as many as a page
/// has. §8.7.4.
void ask_owner_of_pending(Turn& turn, const Node& node, std::string_view owner);

/// An owner's answer; one of anybody else is ignored, as is one that comes too late. §8.6, §14.2.
void take_authorization(const Message& message, Turn& turn);

}  // namespace crier
