#pragma once
/// One event on its way to all subscribers of a node.

#include <crier/subscription.hpp>

#include <memory>
#include <string>

namespace crier {

/// A rendered event and a cursor over those who hear of it: all the memory that a fan-out takes,
/// whatever the number of subscribers. Who unsubscribes, or is banned, before the cursor comes to
/// it gets nothing any more; who subscribes after the event gets nothing of it.
class Broadcast {
 public:
  /// Who hears of an event: those subscribed; or also those who wait for approval or have to
  /// configure their subscription (XEP-0060 §8.4.2).
  enum class Audience { subscribed, all };

  /// `event` is the whole `<event/>`; `type` the type of the messages, "headline" or "normal".
  Broadcast(NodeId node, EventNumber number, std::string_view from, std::string_view type,
            std::string event, std::shared_ptr<const Subscriptions> subscriptions,
            Audience audience = Audience::subscribed);

  /// Events of one node leave in order; those of different nodes need not wait for each other.
  NodeId node() const { return node_; }
  /// Memory held, in bytes; the audience is the node's.
  std::size_t bytes() const { return head_.size() + tail_.size() + sizeof *this; }

  /// Appends the next messages to `out`, until there are none or `out` has `full` bytes; always
  /// at least one. Tells `begin_stanza` where each starts. True when the last was written.
  template <class BeginStanza>
  bool render(std::string& out, std::size_t full, BeginStanza begin_stanza) {
    while (advance()) {
      begin_stanza(out.size());
      append(out);
      if (out.size() >= full) return !advance();
    }
    return true;
  }

 private:
  /// Moves the cursor to the next recipient; false at the end.
  bool advance();
  void append(std::string& out);

  NodeId node_;
  EventNumber number_;
  /// The message between the values of `to` and `id`, and what follows those.
  std::string head_;
  std::string tail_;
  std::shared_ptr<const Subscriptions> subscriptions_;
  Audience audience_;
  Subscriptions::Position cursor_ = 0;
};

}  // namespace crier
