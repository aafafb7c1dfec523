#pragma once
/// Subscriptions of one node, held compactly. XEP-0060 §4.2, §6.1, §12.3.

#include <crier/ids.hpp>
#include <crier/subscription_options.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace crier {

/// §4.2. An entity in the state `none` has no subscription.
enum class SubscriptionState : std::uint8_t { pending, unconfigured, subscribed };

/// The SubID of a subscription: unique in the service, never used again. §6.1.6.
std::string subid_of(SubscriptionId id);
/// The subscription that a SubID may be of; nothing for a text that is no SubID.
std::optional<SubscriptionId> subscription_of(std::string_view subid);

/// The subscriptions of a node in memory: a vector of slots of 32 bytes, the texts of the JIDs in
/// one buffer, and a hash index by bare JID; together at most 100 bytes a subscription. Options
/// that are not the defaults lie beside, for the few that have some.
///
/// Several subscriptions of one JID are a group: one of them leads, the others follow, and what is
/// sent to the JID is sent for the group when its leader's slot is met. When the leader goes, a
/// follower takes its place, so that a group never meets a walk twice, or not at all. In the lists
/// of the hash index the followers stand right behind their leader.
///
/// A slot keeps its position as long as its subscription lives, and is used again afterwards, so
/// that a broadcast may walk over the slots for as long as it takes while subscriptions come and
/// go: it meets each slot once, and `since` tells whether a subscription is older than its event.
class Subscriptions {
 public:
  using Position = std::uint32_t;
  static constexpr Position none = 0xffffffff;

  struct Slot {
    SubscriptionId id{};
    /// The number of the first event that is for this subscription.
    EventNumber since{};
    std::uint32_t text_at = 0;
    std::uint16_t length = 0;
    std::uint16_t bare_length = 0;
    /// The next slot with the same hash, or of the free slots.
    Position next = none;
    SubscriptionState state = SubscriptionState::pending;
    bool live = false;
    /// The JID has characters that XML must escape.
    bool escape : 1 = false;
    /// Another subscription of the same JID leads.
    bool follows : 1 = false;
    /// There are others of the same JID.
    bool grouped : 1 = false;
    /// It has options that are not the defaults, or were not for events still on their way.
    bool has_options : 1 = false;
    /// Events wait for it.
    bool durable : 1 = false;
    /// It is durable, and has not taken all that others have.
    bool behind : 1 = false;
    /// Notifications of it come back: it gets none for a while. XEP-0060 §12.4
    bool suspended : 1 = false;

    /// Neither options nor others of the same JID.
    bool plain() const { return !grouped && !has_options; }
  };

  /// How many subscriptions are in the state `subscribed`.
  std::size_t subscribed() const { return subscribed_; }
  /// How many subscriptions there are, in any state.
  std::size_t size() const { return live_; }
  /// One past the last slot.
  Position end() const { return static_cast<Position>(slots_.size()); }
  const Slot& at(Position position) const { return slots_[position]; }
  /// The subscribed JID as it subscribed, bare or full. Valid until the next change.
  std::string_view jid(const Slot& slot) const {
    return {text_.data() + slot.text_at, slot.length};
  }

  /// The subscription of exactly `jid`, or `none`; of several the one that leads.
  Position find(std::string_view jid) const;
  /// The subscription of that id, of `jid`, or `none`.
  Position find(std::string_view jid, SubscriptionId id) const;
  /// The first subscription of any JID with that bare part, or `none`; next_of gives the others.
  Position find_bare(std::string_view bare) const;
  Position next_of(Position position, std::string_view bare) const;
  /// All subscriptions of exactly `jid`, the one that leads first, then the others in the order in
  /// which they were added.
  std::vector<Position> group(std::string_view jid) const;
  /// From the one that leads to the others of its group, and to `none`.
  Position next_in_group(Position position) const;

  /// The options of a subscription; the defaults when it has set none.
  const SubscriptionOptions& options(Position position) const;
  /// Those that were in force when that event happened. Of several changes while events are on
  /// their way only the last is known. XEP-0060 §6.3.6.1
  const SubscriptionOptions& options(Position position, EventNumber event) const;
  /// `since` is the number of the first event that the options are for.
  void set_options(Position position, SubscriptionOptions options, EventNumber since = {});
  /// How many subscriptions have options.
  std::size_t with_options() const { return options_.size(); }

  /// How many subscriptions are durable, how many of those want every version of items, and how
  /// many are behind.
  std::size_t durable() const { return durable_; }
  std::size_t every_version() const { return every_version_; }
  std::size_t behind() const { return taken_.size(); }
  /// The last event that a durable subscription has taken; nothing: it keeps up with the node.
  std::optional<Seq> taken(Position position) const;
  void set_taken(Position position, std::optional<Seq> taken);
  void set_suspended(Position position, bool suspended) { slots_[position].suspended = suspended; }
  /// Where the subscription of that id is now, or `none`: at `hint`, unless it had to move. O(n) if
  /// it had.
  Position locate(SubscriptionId id, Position hint) const;

  /// Subscriptions that want digests, and for which no digest need be due: for all that is known
  /// here there is nothing to tell. All are when the node is loaded.
  void rest(Position position) { resting_.insert(position); }
  bool has_resting() const { return !resting_.empty(); }
  /// Those that rest; none does any more.
  std::unordered_set<Position> wake();

  /// The least id of those that a walk from that position on meets, or that are told with one that
  /// it meets; nothing when it meets none. O(n), but O(1) from the beginning.
  std::optional<SubscriptionId> least_from(Position position) const;

  /// Adds a subscription of `jid` (bare or full).
  Position add(SubscriptionId id, std::string_view jid, SubscriptionState state, EventNumber since);
  /// `since` is the number of the first event that the subscription may hear of in that state.
  void set_state(Position position, SubscriptionState state, EventNumber since);
  /// A follower may come to stand at `position`.
  void remove(Position position);

  /// Memory in use, in bytes.
  std::size_t bytes() const;

 private:
  std::size_t bucket(std::string_view bare) const;
  void grow_index();
  void compact_text();
  std::uint32_t append_text(std::string_view jid);
  void unlink(Position position);
  void release(Position position);
  /// Counts what the options of a subscription say, or no longer.
  void count_durable(const SubscriptionOptions& options, bool is_there);
  /// Puts a follower in the place of its leader.
  void promote(Position follower, Position leader);

  std::vector<Slot> slots_;
  std::vector<Position> index_;
  std::string text_;
  std::size_t live_ = 0;
  std::size_t subscribed_ = 0;
  std::size_t dead_text_ = 0;
  /// Options that were set.
  struct Chosen {
    SubscriptionOptions options;
    EventNumber since{};
    /// Those that events before `since` are for; null when there is no such event.
    std::shared_ptr<const SubscriptionOptions> before = {};
  };
  std::unordered_map<Position, Chosen> options_;
  std::unordered_set<Position> resting_;
  std::unordered_map<Position, Seq> taken_;
  std::size_t durable_ = 0;
  std::size_t every_version_ = 0;
  Position free_ = none;
};

}  // namespace crier
