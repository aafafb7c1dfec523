#pragma once
/// One event on its way to all subscribers of a node.

#include <crier/bans.hpp>
#include <crier/fanout.hpp>
#include <crier/node.hpp>
#include <crier/policy.hpp>
#include <crier/presence.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace crier {

class EventContent;
class InterestedWalk;

/// Those who are still to be told of an event that a process before this one had begun to tell of:
/// all, or of some nodes and collections the subscribers from that subscription on.
struct Rest {
  bool all = false;
  std::map<NodeId, SubscriptionId> from = {};
};

/// What happened, rendered once for all who hear of it.
struct Event {
  /// What a subscription to a collection may be about: items, or the nodes themselves. XEP-0248
  /// §6.1
  enum class About { items, nodes };

  EventNumber number{};
  /// The type of the messages, "headline" or "normal". XEP-0060 §12.7
  std::string_view type = {};
  /// The whole `<event/>`.
  std::string xml = {};
  /// What stands behind it in each message; may be empty.
  std::string behind = {};
  About about = About::items;
  /// A message to a JID of several subscriptions says which of them it is for: what they get of
  /// items may differ, the rest is the same for all. §12.16
  bool names_subscriptions = false;
  /// The items are stored: those who want a digest get them with the next one.
  bool digestible = false;
  /// The same `<event/>` with the payloads that `xml` leaves out, for filters and bodies to look
  /// into; empty when `xml` leaves none out.
  std::string payloads = {};
  /// Who is online, for those who are to be notified only then; null: everybody is. Outlives the
  /// event.
  std::shared_ptr<const Presence> presence = {};
  /// Who gets nothing, whatever it has subscribed to; null: nobody. Outlives the event.
  const Bans* bans = nullptr;
  /// The numbers of the first and the last of its items, when they are stored.
  Seq first{};
  Seq last{};
  /// Its number in the sequence of the service, if it is for durable subscriptions: its messages
  /// have a stanza-id made of it (XEP-0359), and an id by which the event is found when it comes
  /// back.
  Seq seq{};
  /// Only they are told; null: it has just happened. Outlives the turn.
  const Rest* rest = nullptr;
};

/// Whether a subscription to a collection with such options is about events of that kind from that
/// far below. XEP-0248 §6.1.
bool covers(const SubscriptionOptions& options, Event::About about, std::uint32_t distance);

/// The way of an event from a node to the subscribers of a collection above it.
struct Ascent {
  std::shared_ptr<const Node> origin;
  /// 1 from a node to the collections that it is associated with.
  std::uint32_t distance;
  /// Outlives the broadcast.
  const Policy* policy;
  /// The message says which collection it comes from; not needed where the event says it.
  bool names_collection = true;
};

/// What the id of a notification says: which subscription it was for and, if that is a durable one,
/// which event it was.
struct NotificationId {
  SubscriptionId subscription;
  /// 0 for one that is not durable.
  Seq seq;

  /// Nothing for an id that is none of a notification.
  static std::optional<NotificationId> parse(std::string_view id);
};

/// Who makes the messages that differ in nothing but whom they are for: the service, one by one, or
/// the server, of one stanza for many (docs/copies.md).
enum class Copier { service, server };

/// A rendered event and a cursor over those who hear of it: all the memory that a fan-out takes,
/// whatever the number of subscribers. Who unsubscribes, or is banned, before the cursor comes to
/// it gets nothing any more; who subscribes after the event gets nothing of it.
///
/// A JID gets one message of an event, however many subscriptions it has to the node; their options
/// decide together, and the message names the subscriptions that it is for. §6.1.6, §7.1.2.4.
/// Durable subscriptions are not met by the cursor, unless the audience is all: each of them gets
/// messages of its own, from where it stands.
class Broadcast {
 public:
  using Position = Subscriptions::Position;
  /// Who hears of an event: those subscribed; or also those who wait for approval or have to
  /// configure their subscription (XEP-0060 §8.4.2).
  enum class Audience { subscribed, all };

  /// To the subscribers of `node`.
  Broadcast(std::shared_ptr<const Node> node, Event event,
            Audience audience = Audience::subscribed);
  /// To the subscribers of a collection, as far as they may hear of the node where it happened.
  /// XEP-0248 §5.3.1.
  Broadcast(std::shared_ptr<const Node> collection, Event event, Ascent ascent);
  /// Also to those who are interested in the node without being subscribed. XEP-0060 §12.2
  void add_interested(InterestedWalk walk);
  Broadcast(Broadcast&&) noexcept;
  Broadcast& operator=(Broadcast&&) noexcept;
  ~Broadcast();

  /// Leaves out the subscriptions before that one.
  void begin_at(SubscriptionId first) { first_ = first; }
  /// Where the cursor stands.
  Position position() const { return cursor_; }
  /// How many messages were rendered.
  std::size_t told() const { return told_; }
  /// What is still to be told of the event, if the cursor stands there. Nothing when its items are
  /// not stored, or all subscribers are told.
  std::optional<Fanout> rest_from(Position position) const;

  /// Appends the message for one subscription by itself, with `extra` at its end; false when it
  /// wants nothing of the event. What the cursor is for is not touched.
  bool render_for(Position at, std::string_view extra, std::string& out);

  /// Events of one node leave in order; those of different nodes need not wait for each other.
  NodeId node() const { return node_->id; }
  /// Its name; lives as long as the broadcast.
  const std::string& node_name() const { return node_->key.name; }
  /// Memory held, in bytes; the audience is the node's.
  std::size_t bytes() const {
    return head_.size() + tail_.size() + event_.payloads.size() + sizeof *this;
  }

  /// Appends the next messages to `out`, until there are none or `out` has `full` bytes; always
  /// at least one. Tells `begin_stanza` where each starts. True when the last was written.
  template <class BeginStanza>
  bool render(std::string& out, std::size_t full, BeginStanza begin_stanza,
              Copier copier = Copier::service) {
    while (advance()) {
      begin_stanza(out.size());
      if (copier == Copier::server && may_be_copied())
        append_copied(out);
      else
        append_next(out);
      if (out.size() >= full) return !advance();
    }
    return true;
  }

 private:
  using Slot = Subscriptions::Slot;

  /// What a recipient gets whose subscriptions have options, or are several.
  struct Tailored {
    std::vector<SubscriptionId> subscriptions;
    /// Which items of the event; empty: the event as it is.
    std::vector<bool> items;
    /// One of the subscriptions has no filter.
    bool everything = false;
    bool body = false;
  };

  void start();
  /// The `<event/>`, and what stands behind it.
  std::string_view event() const {
    return std::string_view(tail_).substr(tail_event_, event_size_);
  }
  std::string_view behind() const {
    return std::string_view(tail_).substr(tail_event_ + event_size_, behind_size_);
  }
  /// Moves on to the next recipient; false at the end.
  bool advance();
  bool advance_to_subscriber();
  /// Appends the message for the one at whom it stands, and steps on.
  void append_next(std::string& out);
  void append_for_interested(std::string& out);
  /// Whether the message for the one at whom it stands differs from others in no more than whom it
  /// is for, and there may be enough of them.
  bool may_be_copied() const;
  /// Appends one stanza for that one and those behind, and steps on; for that one alone its
  /// message.
  void append_copied(std::string& out);
  void make_plain(std::string& out, std::size_t begin, std::size_t lines) const;
  bool is_at_subscriber() const { return cursor_ < node_->subscriptions.end(); }
  /// Whom it stands at, as XML text, and the end of the message's id.
  void append_recipient(std::string& out) const;
  void append_own_id(std::string& out) const;
  void append_jid(const Slot& slot, std::string& out) const;
  /// From the one at whom it stands.
  void step();
  bool concerns(const Slot& slot) const;
  /// Whether the subscription wants events of this kind from there.
  bool wants(const SubscriptionOptions& options) const;
  /// Whether its JID may hear of it: always, unless it is banned or the event comes from elsewhere.
  bool may_hear(const Slot& slot) const;
  bool is_banned(std::string_view bare) const {
    return event_.bans && !event_.bans->empty() && event_.bans->covering(bare);
  }
  /// Whether its JID is as available as the node and the subscription ask for.
  bool is_there(const Slot& slot, ShowValues shows) const;
  bool tailor(Position leader);
  bool finish_tailoring(const Slot& leader);
  void add_to_tailored(Position position);
  EventContent& content();
  void append(Position at, std::string& out);
  void append_tailored(std::string& out);
  void append_stanza_id();
  void append_headers(std::string& out, const std::vector<SubscriptionId>& subscriptions) const;

  std::shared_ptr<const Node> node_;
  /// Its texts lie in the tail.
  Event event_;
  Audience audience_ = Audience::subscribed;
  Ascent ascent_{};
  /// A subscription to the collection without options wants it.
  bool wanted_by_default_ = true;
  /// The message between the value of `to` and the end of the id, and what follows that.
  std::string head_;
  std::string tail_;
  static constexpr std::size_t tail_event_ = 2;
  std::size_t event_size_ = 0;
  std::size_t behind_size_ = 0;
  Position cursor_ = 0;
  std::size_t told_ = 0;
  SubscriptionId first_{};
  /// The recipient at the cursor is no plain one.
  bool is_tailored_ = false;
  Tailored tailored_;
  /// Where it comes to when all subscribers have been met; null: nowhere.
  std::unique_ptr<InterestedWalk> interested_;
  /// Made for the first who needs it.
  std::unique_ptr<EventContent> content_;
};

}  // namespace crier
