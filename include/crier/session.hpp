#pragma once
/// What the service knows for as long as its stream lives: who is online, what it has asked others,
/// and what is on its way to durable subscriptions. When the stream ends all of it is forgotten:
/// what must not be is in the store.

#include <crier/deliveries.hpp>
#include <crier/grants.hpp>
#include <crier/interests.hpp>
#include <crier/presence.hpp>
#include <crier/rosters.hpp>
#include <crier/time.hpp>
#include <crier/waiting_requests.hpp>

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace crier {

/// What a request of the service's own is for.
enum class QuestionKind : std::uint8_t {
  /// Whether the server has taken what was sent before; the subject is a group's number.
  delivery,
  /// The roster of an owner, which is whom it is asked of.
  roster,
  /// The capabilities of a resource; the subject is their CapsId.
  capabilities,
};

/// An IQ that the service has sent.
struct Question {
  QuestionKind kind;
  /// Who was asked; only it can answer.
  std::string to;
  /// What it was about, for the one who asked.
  std::string subject;
  Time deadline;
};

/// The questions that are not answered yet, by the ids of their stanzas.
class Questions {
 public:
  /// More are not waited for.
  static constexpr std::size_t most = 100'000;

  /// False when too many wait already.
  bool add(std::string id, Question question);
  /// The question that somebody answers with that id; it is none any more.
  std::optional<Question> take(std::string_view id, std::string_view from);
  /// One whose deadline has passed; it is none any more.
  std::optional<Question> take_late(Time now);
  /// When a deadline passes next; Time::max() when nothing is asked.
  Time next_deadline() const;
  std::size_t size() const { return waiting_.size(); }

 private:
  std::unordered_map<std::string, Question> waiting_;
  /// In the order of asking, which is about that of the deadlines; may name some that were
  /// answered.
  std::deque<std::pair<Time, std::string>> deadlines_;
};

/// A full JID that came online: what happens then is still to be done.
struct Arrival {
  std::string jid;
  /// Since when it was away, if it says so. XEP-0312
  std::optional<Time> away_since;
};

/// What was taken out of the queues by the slice of work that is being done: it counts as done with
/// the transaction.
struct Taken {
  std::vector<Arrival> arrivals;
  std::vector<LastItemsDue> due;
  /// A part of the last of them is in the queue again.
  bool is_part_left = false;
  std::vector<std::string> purges;
};

/// The walk over the contacts that tells them that the service is online.
struct Announcing {
  /// Those behind this place are still to be told; nothing: all were.
  std::optional<std::int64_t> behind = {};
  /// They are asked for their presence as well: it is not known whether they are online.
  bool are_asked = false;
  /// Only those at these domains are asked, and not told; empty: all are.
  std::set<std::string, std::less<>> domains = {};
};

struct Session {
  /// Of more arrivals whoever comes does the work itself.
  static constexpr std::size_t most_arrivals = 100'000;

  /// The stream is there.
  bool up = false;
  Presence presence;
  std::deque<Arrival> arrivals;
  /// Bare JIDs that went offline and have published more than went with them at once. §16.4.4
  std::deque<std::string> purges;
  Interests interests;
  Taken taken;
  Questions questions;
  Deliveries deliveries;
  Announcing announcing;
  Grants grants;
  Rosters rosters;
  WaitingRequests waiting;
  RosterChanges roster_changes;
  /// There are announcements that are not sent to all.
  bool is_announcing = false;
  /// The change that is being looked at, and the nodes of its owner that still are to be.
  RosterChanges::Change followed;
  std::vector<std::string> followed_nodes;
};

}  // namespace crier
