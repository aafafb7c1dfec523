#pragma once
/// The rosters of owners, as far as the service may read them: who is let in by the access models
/// `presence` and `roster`. XEP-0060 §4.5, RFC 6121 §2, XEP-0356 §4.

#include <crier/time.hpp>

#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace crier {

/// How somebody stands to the owners of a node, by their rosters.
enum class Acquaintance : std::uint8_t {
  /// No owner lets it see its presence.
  none,
  /// The rosters that would tell are not known.
  unknown,
  /// It sees the presence of an owner.
  presence,
  /// And is in a group of that owner which the node allows.
  group,
};

/// Those who see the presence of an account, with the groups that they are in: a bare JID, and
/// groups. Contacts that do not see it (subscription `none` or `to`) are no part of it.
using RosterContacts = std::map<std::string, std::vector<std::string>, std::less<>>;

/// What a roster said of a contact before it changed.
struct ContactBefore {
  /// It was known what it said.
  bool known = false;
  /// The groups that the contact was in; nothing when it did not see the owner's presence.
  std::optional<std::vector<std::string>> groups = {};
};

/// Contacts, by their bare JIDs, of whom a roster says something else than it did.
using RosterDifference = std::map<std::string, ContactBefore, std::less<>>;

struct Roster {
  RosterContacts contacts;
  /// When it was read.
  Time read{};
  /// It could not be had: there are no contacts in it, whoever may be in the real one.
  bool missing = false;

  /// How `bare` stands to the owner, if those in `groups` are allowed.
  Acquaintance acquaintance(std::string_view bare, std::span<const std::string> groups) const;
};

/// Rosters by the bare JID of their owner; within a budget in bytes, beyond which the one that was
/// not used for the longest time goes.
class Rosters {
 public:
  static constexpr std::size_t default_max_bytes = std::size_t{32} << 20;

  Rosters() = default;
  explicit Rosters(std::size_t max_bytes) : max_bytes_(max_bytes) {}
  Rosters(Rosters&&) = default;
  Rosters& operator=(Rosters&&) = default;

  /// Takes a roster that was read; gives the contacts of whom it says something else than before.
  /// Nothing when it was not known what it said.
  std::optional<RosterDifference> set(std::string_view owner, RosterContacts contacts, Time now);
  /// It could not be had.
  void set_missing(std::string_view owner, Time now);
  /// One contact has changed: its groups, or nothing when it does not see the owner's presence any
  /// more. A roster that is not known stays so. Gives what it said before.
  ContactBefore change(std::string_view owner, std::string_view contact,
                       std::optional<std::vector<std::string>> groups);
  void forget_domain(std::string_view domain);

  /// The roster of that owner, or null; counts as using it.
  const Roster* find(std::string_view owner);
  /// The same, which does not count as using it.
  const Roster* peek(std::string_view owner) const;

  /// The roster is asked for; false when it is already.
  bool begin_asking(std::string_view owner) { return asked_.emplace(owner).second; }
  /// There is an answer, or none will be.
  void end_asking(std::string_view owner) { asked_.erase(std::string(owner)); }

  std::size_t size() const { return known_.size(); }
  /// Memory in use, about.
  std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::string owner;
    Roster roster;
    std::size_t bytes = 0;
  };
  using Entries = std::list<Entry>;

  Entries::iterator place(std::string_view owner);
  void measure(Entry& entry);
  void trim();
  void erase(Entries::iterator entry);

  /// Used last first.
  Entries entries_;
  /// By the texts in the entries.
  std::unordered_map<std::string_view, Entries::iterator> known_;
  std::set<std::string, std::less<>> asked_;
  std::size_t max_bytes_ = default_max_bytes;
  std::size_t bytes_ = 0;
};

/// What has changed in rosters and may have given rights or taken them away: contacts by owner, to
/// be looked at a slice at a time.
class RosterChanges {
 public:
  /// Of one owner: from more changes on, all its nodes' subscribers are looked at; of owners: more
  /// are not remembered.
  static constexpr std::size_t most_contacts = 100;
  static constexpr std::size_t most_owners = 10'000;

  struct Change {
    std::string owner;
    /// None: all subscribers.
    RosterDifference contacts;
  };

  /// Of several changes of a contact the first says what was before.
  void add(std::string_view owner, std::string_view contact, ContactBefore before);
  void add_all(std::string_view owner);
  bool empty() const { return changes_.empty(); }
  /// One of the changes; it is none any more. There must be one.
  Change take();

 private:
  std::map<std::string, RosterDifference, std::less<>> changes_;
};

}  // namespace crier
