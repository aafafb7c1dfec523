#include "pubsub/event_log.hpp"

#include <crier/service.hpp>

#include "pubsub/item_expiry.hpp"
#include "pubsub/notify.hpp"

#include <algorithm>
#include <limits>

namespace crier {

namespace {

constexpr std::size_t page_events = 100;
constexpr std::size_t page_bytes = 64 * 1024;
/// So many go at once; what is left goes with the next event, or the next timer.
constexpr std::size_t trimmed_at_once = 500;
/// What everybody seems to have taken may still come back for so long, and is sent again.
constexpr std::chrono::minutes bounces_come_for{10};

Seq next_of(Seq seq) {
  return Seq{static_cast<std::int64_t>(seq) + 1};
}

/// Stands for the node of an event that anybody may hear of, which may be gone by now.
std::shared_ptr<const Node> any_open_node() {
  static const auto node = std::make_shared<const Node>();
  return node;
}

LoggedEvent logged(Turn& turn, const Event& event, const Ascent* ascent) {
  LoggedEvent entry;
  entry.happened = turn.now();
  entry.about = event.about == Event::About::nodes ? LoggedEvent::About::nodes
                : event.last != Seq{}              ? LoggedEvent::About::stored_item
                                                   : LoggedEvent::About::items;
  entry.xml = event.xml;
  entry.payloads = event.payloads;
  entry.behind = event.behind;
  if (!ascent) return entry;
  entry.about = std::max(entry.about, LoggedEvent::About::items);
  const auto distance = static_cast<std::int64_t>(ascent->distance);
  entry.distance = ascent->names_collection ? distance : -distance;
  if (ascent->origin->config.access_model != AccessModel::open) entry.origin = ascent->origin->id;
  return entry;
}

/// The oldest events go, up to that one; false when there was none. Whoever has not taken them, or
/// falls back behind them, is told of the gap.
bool lose(Turn& turn, Node& node, Seq up_to, std::size_t limit) {
  const auto trimmed = turn.store().trim_events(node, up_to, limit);
  node.log_bytes -= std::min(node.log_bytes, trimmed.bytes);
  if (trimmed.last == Seq{}) return false;
  node.log_start = std::max(node.log_start, next_of(trimmed.last));
  return true;
}

void schedule_event_expiry(Turn& turn, const Node& node) {
  const auto oldest = turn.store().oldest_event(node);
  if (!oldest) return;
  turn.set_timer({TimerKind::event_expiry, static_cast<std::int64_t>(node.id),
                  oldest->happened + turn.policy().max_event_age});
}

/// The last of the oldest events that happened so long ago; 0 when there is none.
Seq last_before(Turn& turn, const Node& node, Time horizon) {
  Seq last{};
  constexpr Seq end{std::numeric_limits<std::int64_t>::max()};
  turn.store().logged_events(node, Seq{}, end, true, trimmed_at_once, [&](const auto& event) {
    if (event.happened > horizon) return false;
    last = event.seq;
    return true;
  });
  return last;
}

void expire_events(std::int64_t subject, Turn& turn) {
  const Node* node = turn.find(NodeId{subject});
  if (!node) return;
  const auto dead = last_before(turn, *node, turn.now() - turn.policy().max_event_age);
  if (dead != Seq{}) lose(turn, turn.change(*node), dead, trimmed_at_once);
  schedule_event_expiry(turn, *node);
}

/// An event that is on its way into a page.
struct Entry {
  Seq seq;
  Time happened;
  Event event;
  std::optional<Ascent> ascent;
};

std::optional<Entry> entry_of(Turn& turn, const LoggedEvent& logged) {
  Entry entry{logged.seq, logged.happened, {}, {}};
  entry.event.about =
      logged.about == LoggedEvent::About::nodes ? Event::About::nodes : Event::About::items;
  entry.event.xml = logged.xml;
  entry.event.payloads = logged.payloads;
  entry.event.behind = logged.behind;
  if (logged.distance == 0) return entry;
  auto origin = any_open_node();
  if (logged.origin != NodeId{}) {
    const Node* node = turn.find(logged.origin);
    // Nobody can say any more who might have heard of it.
    if (!node) return {};
    origin = node->shared_from_this();
  }
  const auto distance = static_cast<std::uint32_t>(std::abs(logged.distance));
  entry.ascent = Ascent{std::move(origin), distance, &turn.policy(), logged.distance > 0};
  return entry;
}

/// Collects entries until they are enough.
class Collector {
 public:
  explicit Collector(Seq up_to) : complete_to_(up_to) {}

  /// False when the page takes no more from this source.
  bool add(Entry entry) {
    bytes_ += entry.event.xml.size();
    pass_over(entry.seq);
    entries_.push_back(std::move(entry));
    return bytes_ < page_bytes;
  }
  /// One that nobody gets any more: the page is complete up to there, too.
  void pass_over(Seq seq) {
    ++count_;
    last_ = seq;
  }
  /// Before the next source; whether this one had more than `count` or bytes allow.
  void end_of_source() {
    if (count_ == page_events || bytes_ >= page_bytes) complete_to_ = std::min(complete_to_, last_);
    count_ = 0;
    bytes_ = 0;
  }
  Seq complete_to() const { return complete_to_; }
  std::vector<Entry> take() {
    std::erase_if(entries_, [&](const auto& entry) { return entry.seq > complete_to_; });
    std::ranges::stable_sort(entries_, {}, &Entry::seq);
    return std::move(entries_);
  }

 private:
  std::vector<Entry> entries_;
  Seq complete_to_;
  Seq last_{};
  std::size_t bytes_ = 0;
  std::size_t count_ = 0;
};

void collect_logged(Turn& turn, const Node& node, const EventRange& range, Collector& entries) {
  std::vector<LoggedEvent> events;
  turn.store().logged_events(node, range.after, range.up_to, range.versions, page_events,
                             [&](const LoggedEvent& event) {
                               events.push_back(event);
                               return true;
                             });
  for (const auto& event : events) {
    auto entry = entry_of(turn, event);
    if (!entry)
      entries.pass_over(event.seq);
    else if (!entries.add(std::move(*entry)))
      break;
  }
  entries.end_of_source();
}

void collect_items(Turn& turn, const Node& node, const EventRange& range, Collector& entries) {
  const ItemRange wanted{
      .after = range.after, .before = next_of(range.up_to), .limit = page_events, .newest = false};
  turn.store().items(node, wanted, [&](const StoredItem& item) {
    if (is_too_old(node.config, item, turn.now())) {
      entries.pass_over(item.seq);
      return true;
    }
    return entries.add({item.seq, item.published, item_event(node, shown(node.config, item)), {}});
  });
  entries.end_of_source();
}

}  // namespace

void keep_event(Turn& turn, const Node& node, const Event& event, const Ascent* ascent) {
  Node& changed = turn.change(node);
  const bool in_store = event.last != Seq{} && !ascent;
  changed.head = in_store ? event.last : turn.store().next_seq();
  if (in_store && node.subscriptions.every_version() == 0) return;
  auto entry = logged(turn, event, ascent);
  entry.seq = changed.head;
  turn.store().log_event(node, entry);
  turn.statistics().events_logged.add();
  if (changed.log_bytes == 0)
    turn.add_timer({TimerKind::event_expiry, static_cast<std::int64_t>(node.id),
                    turn.now() + turn.policy().max_event_age});
  changed.log_bytes += entry.xml.size() + entry.payloads.size() + entry.behind.size();
  // Each event makes room for itself; the one just kept stays.
  const Seq before{static_cast<std::int64_t>(changed.head) - 1};
  while (changed.log_bytes > turn.policy().max_event_bytes_per_node)
    if (!lose(turn, changed, before, 1)) return;
}

EventPage events_in(Turn& turn, const Node& node, const EventRange& range) {
  Collector entries(range.up_to);
  collect_logged(turn, node, range, entries);
  EventRange items = range;
  // From there on the log has the versions of items.
  if (range.versions)
    items.up_to =
        std::min(range.up_to,
                 Seq{static_cast<std::int64_t>(std::max(node.versions_start, node.log_start)) - 1});
  if (items.after < items.up_to) collect_items(turn, node, items, entries);
  EventPage page{{}, entries.complete_to()};
  for (auto& entry : entries.take()) {
    Event& event = entry.event;
    event.seq = entry.seq;
    // Subscriptions are as they are now, whenever it happened.
    event.number = turn.next_event();
    event.type = "normal";
    event.names_subscriptions = true;
    // The session holds the page: it outlives this, and is not held by it.
    event.presence = {std::shared_ptr<const void>(), &turn.session().presence};
    event.bans = &turn.bans();
    auto broadcast = entry.ascent
                         ? Broadcast(node.shared_from_this(), std::move(event), *entry.ascent)
                         : Broadcast(node.shared_from_this(), std::move(event));
    page.events.push_back({entry.seq, entry.happened, std::move(broadcast)});
  }
  return page;
}

bool has_gap(const Node& node, Seq taken) {
  return next_of(taken) < node.log_start;
}

void trim_taken(Turn& turn, const Node& node) {
  if (node.log_bytes == 0 || node.subscriptions.behind() > 0) return;
  const auto oldest = turn.store().oldest_event(node);
  const auto horizon = turn.now() - bounces_come_for;
  if (!oldest || oldest->happened > horizon) return;
  const auto last = std::min(node.level, last_before(turn, node, horizon));
  lose(turn, turn.change(node), last, trimmed_at_once);
}

void keep_versions(Turn& turn, const Node& node) {
  turn.change(node).versions_start = turn.store().next_seq();
}

void install_event_log(Service& service) {
  service.add_timer(TimerKind::event_expiry, expire_events);
}

}  // namespace crier
