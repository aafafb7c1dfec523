#pragma once
/// What a publication takes the place of.

#include <crier/turn.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace crier {

/// An item that shall be stored.
struct IncomingItem {
  std::string_view id;
  /// Of its id and its payload.
  std::uint64_t bytes = 0;
};

/// Visits what goes when `publisher`, a bare JID, publishes the items to a leaf that takes them:
/// those of the same ids and, where there are more than the node keeps, its oldest (§7.1.2.5). Of
/// two items of one id the first goes as well. Costs as much as publishing them.
void visit_displaced(
    Turn& turn, const Node& node, std::string_view publisher, std::span<const IncomingItem> items,
    const std::function<void(std::string_view publisher, std::uint64_t bytes)>& visit);

}  // namespace crier
