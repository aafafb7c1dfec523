#pragma once
/// What is known of the capabilities of those who are online: for each hash that they tell, the
/// NodeIDs that it stands for an interest in. XEP-0115 §5.4, XEP-0390 §6.2.1, XEP-0060 §9.2.
///
/// Who tells a hash refers to it; what that costs does not grow with those who tell the same one.
/// Of all of them one is asked, and another only when that one does not answer with what the hash
/// says:
///
///     unknown ── announce ──> asked ── answer ──> known
///        ^                    │   ^
///        └─ nobody is waiting ┤   └── the next one that waits
///                             └─ too many tries ──> given up ── later, announce ──> asked
///
/// Whoever is told to ask must in the end tell of the answer, or by fail() that there is none: also
/// when the question never left because its turn failed, as nothing here is undone with a turn.
/// What was given up is asked for again when a resource announces it, not by the clock.

#include <crier/time.hpp>

#include <crier/presence.hpp>

#include <crier/capabilities.hpp>

#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace crier {

/// A disco#info query that is sent, or can be.
struct CapsQuestion {
  /// A full JID.
  std::string to;
  /// The node that it told the hash with; it may differ among those who tell the same hash.
  std::string node;
};

class KnownCapabilities {
 public:
  enum class State { unknown, asked, known, given_up };

  /// How many are asked for one hash, and how long it rests when none of them gave the answer.
  static constexpr int max_tries = 5;
  static constexpr std::chrono::minutes rest{10};
  static constexpr std::size_t default_max_idle_bytes = std::size_t{4} << 20;
  /// How many are remembered, of an account one, to be asked when the one before does not answer.
  static constexpr std::size_t max_waiting = 4;

  /// Keeps up to `max_idle_bytes` of what nobody refers to any more, and forgets what was let go
  /// first.
  explicit KnownCapabilities(std::size_t max_idle_bytes) : max_idle_bytes_(max_idle_bytes) {}
  KnownCapabilities() : KnownCapabilities(default_max_idle_bytes) {}
  KnownCapabilities(KnownCapabilities&&) = default;
  KnownCapabilities& operator=(KnownCapabilities&&) = default;

  // Presence; O(1) each.

  /// Refers to the hash, once more for each call.
  CapsId acquire(const CapsHash& hash);
  /// The hash's id while somebody refers to it, or it is still known: whether a resource tells the
  /// same as before.
  std::optional<CapsId> find(const CapsHash& hash) const;
  /// A resource that has acquired the hash tells it, for the first time or again. Whether this
  /// question is to be asked now; if not, it may be later.
  [[nodiscard]] bool announce(CapsId id, CapsQuestion question, Time now);
  /// Ends one reference, of the resource `jid`, which is not asked any more. The question to ask
  /// now instead, if there is one.
  [[nodiscard]] std::optional<CapsQuestion> release(CapsId id, std::string_view jid, Time now);

  // Answers.

  /// `query` is what `jid` answered. When it is what the hash says the capabilities are known,
  /// whoever was asked, and else it is as with fail(). O(n log n) in the answer.
  [[nodiscard]] std::optional<CapsQuestion> answer(CapsId id, std::string_view jid,
                                                   const Element& query, Time now);
  /// `jid` answered with an error, or not in time. The question to ask now instead, if there is
  /// one. Nothing happens when somebody else is asked by now.
  [[nodiscard]] std::optional<CapsQuestion> fail(CapsId id, std::string_view jid, Time now);

  // Interests.

  State state(CapsId id) const { return entry(id).state; }
  /// Whether those who tell the hash are interested in the node; false while that is unknown.
  bool is_interested(CapsId id, std::string_view node) const;
  /// The NodeIDs that they are interested in, sorted.
  std::vector<std::string_view> interests(CapsId id) const;
  /// The hashes of those who are interested in the node; there may be nobody any more who tells
  /// one. Valid until a hash is acquired, released or answered for.
  const std::set<CapsId>& interested_in(std::string_view node) const;

  /// How many hashes there are.
  std::size_t size() const { return ids_.size(); }
  /// Memory in use, in bytes, about; of it for hashes that nobody refers to.
  std::size_t bytes() const { return bytes_; }
  std::size_t idle_bytes() const { return idle_bytes_; }

 private:
  /// What a hash is known by: its node does not matter.
  struct Key {
    CapsHash::Protocol protocol;
    std::string_view algorithm;
    std::string_view hash;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      const std::hash<std::string_view> hash;
      return (hash(key.hash) * 31 + hash(key.algorithm)) * 31 +
             static_cast<std::size_t>(key.protocol);
    }
  };
  struct NameHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Interested = std::unordered_map<std::string, std::set<CapsId>, NameHash, std::equal_to<>>;

  struct Entry {
    CapsHash hash;
    std::size_t references = 0;
    State state = State::unknown;
    int tries = 0;
    /// When a hash that was given up is asked for again.
    Time rests_until{};
    CapsQuestion asked;
    std::vector<CapsQuestion> waiting;
    /// Rows of interested_, sorted by name.
    std::vector<Interested::value_type*> interests;
    /// Its place among the idle ones, while nobody refers to it.
    std::list<CapsId>::iterator idle;
    std::size_t bytes = 0;
  };

  static Key key_of(const CapsHash& hash) { return {hash.protocol, hash.algorithm, hash.hash}; }
  Entry& entry(CapsId id) { return entries_[static_cast<std::size_t>(id)]; }
  const Entry& entry(CapsId id) const { return entries_[static_cast<std::size_t>(id)]; }

  CapsId insert(const CapsHash& hash);
  void erase(CapsId id);
  void wait(Entry& entry, CapsQuestion question);
  void ask(Entry& entry, CapsQuestion question);
  std::optional<CapsQuestion> ask_next(Entry& entry, Time now);
  std::optional<CapsQuestion> give_way(Entry& entry, std::string_view jid, Time now);
  void learn(CapsId id, const Element& query);
  void let_go(CapsId id);
  void measure(Entry& entry);

  std::size_t max_idle_bytes_;
  std::size_t bytes_ = 0;
  std::size_t idle_bytes_ = 0;
  /// By id; in places that do not move, as the keys of ids_ are views of them. None has the number
  /// 0.
  std::deque<Entry> entries_ = std::deque<Entry>(1);
  std::vector<CapsId> free_;
  std::unordered_map<Key, CapsId, KeyHash> ids_;
  Interested interested_;
  /// What nobody refers to, the last one that was let go first.
  std::list<CapsId> idle_;
  std::set<CapsId> nobody_;
};

}  // namespace crier
