#pragma once
/// A node as the service holds it in memory: whole, but for its items.

#include <crier/ids.hpp>
#include <crier/jid.hpp>
#include <crier/node_config.hpp>
#include <crier/subscription.hpp>
#include <crier/time.hpp>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace crier {

/// What an entity is to a node, §4.1. Belongs to bare JIDs.
enum class Affiliation : std::uint8_t { none, outcast, publish_only, member, publisher, owner };

/// Which node: the domain that hosts it (later also a user's bare JID) and its NodeID.
struct NodeKey {
  std::string host;
  std::string name;
  bool operator==(const NodeKey&) const = default;
};

/// Bare JID to affiliation, in the order of the JIDs; `none` is not in it.
using Affiliations = std::map<std::string, Affiliation, std::less<>>;

/// Where a node stands: what changes with every publication.
struct NodeCounts {
  /// Items before this are gone, though their rows may not be swept away yet.
  Seq first_seq{};
  /// How many items there are from first_seq on.
  std::uint64_t item_count = 0;
  /// The last event that is for durable subscriptions; kept up while there are some.
  Seq head{};
  /// What those durable subscriptions have taken that keep up. Never more than `head`.
  Seq level{};
  /// Events before are not kept; before the other, versions of items are not.
  Seq log_start{};
  Seq versions_start{};
  /// The size of the events that are kept.
  std::uint64_t log_bytes = 0;
  bool operator==(const NodeCounts&) const = default;
};

struct Node : NodeCounts, std::enable_shared_from_this<Node> {
  NodeId id{};
  NodeKey key;
  NodeConfig config;
  /// Bare JID of the one who created it.
  std::string creator;
  Time created{};
  /// Changed through set_affiliation.
  Affiliations affiliations;
  /// Bare JIDs of those who own it, and of its publishers.
  std::set<std::string, std::less<>> owners;
  std::set<std::string, std::less<>> publishers;
  Subscriptions subscriptions;

  // The cache's to know: whether the open batch has changed the node, and what the store holds.
  bool touched = false;
  NodeCounts stored;

  bool counts_changed() const { return static_cast<const NodeCounts&>(*this) != stored; }

  /// Makes a bare JID that; `none` removes it.
  void set_affiliation(std::string_view bare, Affiliation affiliation);
  /// The affiliation of a bare JID.
  Affiliation affiliation_of(std::string_view bare) const;
  /// Memory in use, in bytes, about.
  std::size_t bytes() const;
};

}  // namespace crier
