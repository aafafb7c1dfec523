#pragma once
/// What waits for the stream.
///
/// There are two lanes: answers, whole stanzas in the order in which they came; and broadcasts,
/// which are queued for each node in the order of publication and served node by node in turn, so
/// that a fan-out to 100,000 subscribers does not hold up the event of another node. Answers go
/// first. Both are rendered into one buffer only when the stream has taken what was in there
/// before: what waits costs its payload, not its recipients.
///
/// The buffer knows where its stanzas begin. A stanza that the stream took only a part of when it
/// died is sent again whole on the next one, and nothing behind it is lost; what the stream had
/// taken wholly is the server's. One that the server was to copy is sent again as messages.

#include <crier/turn.hpp>

#include "wire/report.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace crier {

class Outbox {
 public:
  /// The buffer is filled up to about that many bytes, plus one stanza.
  static constexpr std::size_t buffer_bytes = 100 * 1024;
  /// What one node's events may fill before it is another node's turn.
  static constexpr std::size_t quantum_bytes = buffer_bytes / 4;
  /// So many subscriptions are looked at until others have their turn: perhaps none of them wants
  /// anything.
  static constexpr std::size_t most_looked_at = 100'000;

  /// Counts what leaves for subscribers into `statistics`, which outlives it; null: nowhere.
  explicit Outbox(Report report, Statistics* statistics = nullptr)
      : report_(std::move(report)), statistics_(statistics) {}

  /// Takes each stanza as it is rendered, and the name of the node whose event it is, or null.
  using Tap = std::function<void(std::string_view stanza, const std::string* node)>;
  /// Shows what leaves from now on to `tap`; an empty one ends it. While there is one the server
  /// copies nothing.
  void set_tap(Tap tap) { tap_ = std::move(tap); }
  /// Who copies broadcasts that are rendered from now on.
  void set_copier(Copier copier) { copier_ = copier; }
  Copier copier() const { return copier_; }

  /// Takes what a committed batch lets out.
  void add(Effects effects);
  /// Takes one stanza into the answers' lane.
  void add(std::string stanza);
  /// Takes a notification that left before and came back: broadcasts wait until it has left again.
  void add_returned(std::string stanza);

  bool empty() const { return pending_bytes() == 0; }
  /// Memory that waits, in bytes: the rest of the buffer, the answers, and the payload of each
  /// broadcast once, whatever the number of its recipients.
  std::size_t pending_bytes() const {
    return buffer_.size() - sent_ + answers_bytes_ + broadcasts_bytes_;
  }

  /// The parts of it that are no longer, or not yet, in the buffer.
  std::size_t answers_bytes() const { return answers_bytes_; }
  std::size_t broadcasts_bytes() const { return broadcasts_bytes_; }

  /// The bytes that go next, rendered now when none are, of broadcasts about `room` at most; empty
  /// when nothing waits that may go. Valid until the next call of anything else.
  std::string_view next(std::size_t room = buffer_bytes);
  /// Whether next() has anything.
  bool has_next(std::size_t room) const {
    return sent_ < buffer_.size() || !answers_.empty() || (room > 0 && !lanes_.empty());
  }
  /// How many bytes of broadcasts were rendered, since ever.
  std::uint64_t rendered() const { return rendered_; }
  /// The first `count` bytes of next() were taken by the stream.
  void sent(std::size_t count);
  /// The stream has taken a part of a stanza and waits for the rest.
  bool inside_stanza() const;
  /// The events of stored items that the stream has not wholly taken.
  std::vector<Fanout> unfinished() const;

  /// The stream is dead: goes back to the beginning of the stanza that it took a part of. One that
  /// was cut off by two streams in a row is dropped, with a line in the log: a server closes the
  /// stream on a stanza that is too big for it, and would do so for ever.
  void interrupted();

 private:
  using Lane = std::list<Broadcast>;
  using Lanes = std::list<Lane>;

  void add(Broadcast broadcast);
  void fill(std::size_t room);
  void take_answer();
  void render_lane(std::size_t limit);
  /// Returns how many messages it has rendered.
  std::size_t render_front(Lane& lane, std::size_t full);
  /// Counts and shows what was rendered for the subscribers of `node` from that stanza on, so many
  /// messages.
  void note_rendered(const std::string& node, std::size_t first, std::size_t messages);
  /// Where the broadcast stood when the buffer was filled; what is in there may not have left.
  Broadcast::Position position_of(const Broadcast& broadcast) const;
  /// The index in starts_ of the stanza that holds the next byte.
  std::size_t current_stanza() const;
  /// Makes messages of the first stanza in the buffer; false when it is none that the server
  /// copies.
  bool spell_out_first();

  Report report_;
  Statistics* statistics_;
  Tap tap_;
  Copier copier_ = Copier::service;
  std::deque<std::string> answers_;
  std::size_t answers_bytes_ = 0;
  /// How many of the answers, from the front, leave before any broadcast.
  std::size_t returned_ = 0;
  /// The nodes with events, the one whose turn is next in front. No lane is empty.
  Lanes lanes_;
  std::unordered_map<NodeId, Lanes::iterator> lane_of_;
  std::size_t broadcasts_bytes_ = 0;
  /// Broadcasts that end in the buffer, and where those stood that have something in there.
  Lane leaving_;
  std::vector<std::pair<const Broadcast*, Broadcast::Position>> begun_at_;

  std::string buffer_;
  /// Where in the buffer each stanza begins.
  std::vector<std::size_t> starts_;
  std::size_t sent_ = 0;
  std::uint64_t rendered_ = 0;
  /// Subscriptions, since the buffer was begun.
  std::size_t looked_at_ = 0;
  /// The stanza at the beginning of the buffer was cut off by the last stream.
  bool cut_before_ = false;
};

}  // namespace crier
