#pragma once
/// What the operator decides for the whole service.

#include <crier/jid.hpp>
#include <crier/limits.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// Who may create nodes.
struct Creators {
  /// Everybody.
  bool all = false;
  /// Users of these domains; none: the admins alone.
  std::vector<std::string> domains;
  bool operator==(const Creators&) const = default;
};

/// What the service tells of itself to everybody who asks.
struct ServiceInfo {
  /// For people: the name of its identity and of its vCard.
  std::string name = "crier";
  /// A page about it, a URI; empty for none.
  std::string url;
  /// Whom to turn to: URIs by what they are there for: abuse, admin, feedback, sales, security,
  /// status, support. XEP-0157 §7.1.
  std::map<std::string, std::vector<std::string>, std::less<>> contacts;
};

/// Who may create nodes whose NodeID is as `pattern` says.
struct CreatorRule {
  std::string pattern;
  Creators creators;
};

/// What the operator says of one field of the nodes whose NodeID is as `pattern` says: `*` stands
/// for anything, `?` for one character.
struct NodeRule {
  std::string pattern;
  /// The field's full name, and values that it can have.
  std::string var;
  std::vector<std::string> values;
  /// No owner can change it.
  bool forced = false;
  bool operator==(const NodeRule&) const = default;
};

struct Policy {
  /// The component's domain, normalised.
  std::string domain;
  /// Bare JIDs that have an owner's rights on every node.
  std::set<std::string, std::less<>> admins;
  Creators creators;
  ServiceInfo info;
  /// The last one that matches a name counts; where none does, `creators` do.
  std::vector<CreatorRule> creators_by_name;
  /// Of several rules for one field the last that matches counts; those that are forced come last.
  std::vector<NodeRule> node_rules;
  /// Patterns of NodeIDs that only admins may create.
  std::vector<std::string> reserved;
  /// Domains whose users are anonymous, and may not subscribe. XEP-0060 §6.1.3.6
  std::set<std::string, std::less<>> anonymous_domains;
  /// Nodes that one account may have created, and subscriptions that it may have; 0: without limit.
  /// Admins have no limit.
  std::size_t max_nodes_per_account = 0;
  std::size_t max_subscriptions_per_account = 0;
  std::size_t max_affiliations_per_node = 1'000'000;
  /// The most items that a node keeps; what `max` means.
  std::uint64_t max_items = 10'000'000;
  /// Of one payload, in bytes.
  std::size_t max_payload_size = 1024 * 1024;
  /// Of one reply: after that many items, or bytes of them, the rest is left to another page.
  std::size_t page_items = 500;
  std::size_t page_bytes = 256 * 1024;
  std::size_t max_subscriptions_per_node = 10'000'000;
  /// Whether a JID that subscribes again gets another subscription, and how many to one node.
  /// §6.1.6
  bool multi_subscribe = true;
  std::size_t max_subscriptions_per_jid = 20;
  /// Of a bare JID and all its resources, to one node; looking for one of them costs as much.
  std::size_t max_subscriptions_per_account_at_node = 1000;
  /// Whether a node that the asker may not see is as good as none for each of its requests, or for
  /// discovery alone. §14.3
  bool conceal_private_nodes = false;
  /// Of one collection.
  std::size_t max_children = 10'000;
  /// The longest lease; nothing: without limit. §12.19
  std::optional<std::chrono::seconds> max_lease;

  /// How long events are kept for durable subscriptions that are behind, and how many bytes of them
  /// for one node.
  std::chrono::seconds max_event_age = std::chrono::hours(24 * 7);
  std::uint64_t max_event_bytes_per_node = 64 * 1024 * 1024;
  /// A subscription ends when so many of its notifications came back within so long.
  std::size_t max_bounces = 5;
  std::chrono::seconds bounce_period = std::chrono::hours(24);

  /// Entries of the audit log that are kept, and for how long.
  std::uint64_t max_audit_entries = 100'000;
  std::chrono::seconds max_audit_age = std::chrono::hours(24 * 365);
  /// Admins, and the service itself, have no limit.
  std::vector<RateRule> rates;
  std::vector<QuotaRule> quotas;

  /// Whether the bare JID is at the service's own domain: a user of this machine, at the control
  /// socket. The server's stream brings nobody of such an address.
  bool is_local(std::string_view bare) const {
    return bare.size() > domain.size() && bare.ends_with(domain) &&
           bare[bare.size() - domain.size() - 1] == '@';
  }
  bool is_admin(std::string_view bare) const { return is_local(bare) || admins.contains(bare); }
};

}  // namespace crier
