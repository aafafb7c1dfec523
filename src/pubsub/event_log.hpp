#pragma once
/// The events that durable subscriptions get, out of what is stored: items, which are their own
/// events, and the log, which has everything else.

#include <crier/deliveries.hpp>
#include <crier/turn.hpp>

#include <optional>
#include <vector>

namespace crier {

/// Keeps an event for the durable subscriptions of a node; `ascent` says how it came to a
/// collection.
void keep_event(Turn& turn, const Node& node, const Event& event, const Ascent* ascent);

/// Which events of a node are wanted.
struct EventRange {
  /// Those with numbers in (after, up_to].
  Seq after;
  Seq up_to;
  /// Every version of items, and not only the last.
  bool versions = false;
};

struct EventPage {
  std::vector<DurableEvent> events;
  /// All events up to here are in it.
  Seq complete_to;
};

/// The first events of the range: about 64 KiB of them, at most 100.
EventPage events_in(Turn& turn, const Node& node, const EventRange& range);

/// Whether events behind `taken` are not kept any more.
bool has_gap(const Node& node, Seq taken);

/// Lets go of events that everybody has taken.
void trim_taken(Turn& turn, const Node& node);

/// Begins to keep versions of items, now that somebody wants all of them.
void keep_versions(Turn& turn, const Node& node);

/// Registers the timer by which old events go.
void install_event_log(Service& service);

}  // namespace crier
