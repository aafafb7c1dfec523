#pragma once
/// Who is shown the stanzas of which JID or node, for a while.
///
/// What is shown is bounded: so many stanzas a second, and so many bytes that wait for one who
/// takes them slowly; what is more is counted instead. While nobody traces, the cost is to find
/// that out.

#include <crier/element.hpp>
#include <crier/time.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace crier {

/// One entity that traces one address.
struct Tap {
  /// Full JID; gets the messages.
  std::string asker;
  /// The JID, bare for all its resources, or the node's name.
  std::string address;
  bool is_node = false;
  Time until{};
  /// Not shown, since the last that was; and the number of those that were, and were not.
  std::uint64_t missed = 0;
  std::uint64_t shown = 0;
  std::uint64_t dropped = 0;
  /// How many more may be shown in the second that began then.
  Time second{};
  std::size_t room = 0;
  /// Messages that wait to leave, and their bytes.
  std::vector<std::string> waiting = {};
  std::size_t waiting_bytes = 0;
};

class Taps {
 public:
  static constexpr std::size_t most = 8;
  /// Stanzas that one tap shows in a second, bytes of them that wait, and of one that is shown
  /// whole: of a bigger one only the start tag is.
  static constexpr std::size_t most_each_second = 100;
  static constexpr std::size_t most_waiting_bytes = std::size_t{512} << 10;
  static constexpr std::size_t most_stanza_bytes = std::size_t{32} << 10;
  /// In front of the ids of the messages that show: those are never shown themselves.
  static constexpr std::string_view id_prefix = "crier-trace-";

  /// Some entity traces.
  bool armed() const { return !taps_.empty(); }
  std::size_t size() const { return taps_.size(); }
  /// Whether there is room for a tap, in place of the one that the asker may have for the same
  /// address.
  bool has_room(const Tap& tap) const;
  /// Takes it; false when there is none.
  bool arm(Tap tap);
  /// Ends the taps of that asker, as if their time were over.
  void disarm(std::string_view asker);
  /// The same of all askers of which `is_over` says so.
  void disarm_if(const std::function<bool(const std::string& asker)>& is_over);

  /// A stanza that was received.
  void received(const Element& stanza, Time now);
  /// A stanza that is sent now, as XmlWriter has written it; `node` is the name of the one whose
  /// event it is, null for what is no event.
  void sent(std::string_view stanza, const std::string* node, Time now);

  /// The messages that shall leave now, as `domain`; of those whose time is over the last one,
  /// which says so. While `is_full` nothing leaves, and what waits is bounded.
  std::vector<std::string> take(Time now, std::string_view domain, bool is_full);

 private:
  enum class Direction { received, sent };

  template <class Matches>
  void show(Direction direction, std::string_view stanza, Time now, Matches matches);
  void show(Tap& tap, Direction direction, std::string_view stanza, Time now);
  bool answers_noted(const Element& stanza);

  std::vector<Tap> taps_;
  /// Requests about traced nodes, whose answers may not name the node: asker and id.
  std::deque<std::string> noted_;
  std::uint64_t last_id_ = 0;
};

}  // namespace crier
