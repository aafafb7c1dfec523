#pragma once
/// Why somebody may do something, or may not, and what would change it.
///
/// Nothing is decided here: the verdict is that of the functions that decide real requests
/// (permission.hpp, rights.hpp), asked in the order in which the use cases ask them. It is about a
/// request as plain as can be: without options, with one new item that the node takes, for the
/// JID itself. What a request holds may still be refused.

#include <crier/turn.hpp>

#include <array>
#include <string>
#include <vector>

#include "model/fields.hpp"
#include "model/verdict.hpp"

namespace crier {

/// What somebody may want to do to a node.
enum class Action : std::uint8_t {
  /// Know that the node is there: discover it.
  see,
  subscribe,
  unsubscribe,
  retrieve,
  publish,
  retract,
  purge,
  create,
  configure,
  /// Called `delete`.
  remove,
  /// See and change those of all.
  affiliations,
  subscriptions,
};

template <>
struct Choices<Action> {
  static constexpr std::array<Choice, 12> list{{
      {"see", "See that the node is there"},
      {"subscribe", "Subscribe to it"},
      {"unsubscribe", "End a subscription"},
      {"retrieve", "Retrieve items"},
      {"publish", "Publish a new item"},
      {"retract", "Retract an item"},
      {"purge", "Remove all items"},
      {"create", "Create a node of that name"},
      {"configure", "Configure it"},
      {"delete", "Delete it"},
      {"affiliations", "See and change the affiliations of all"},
      {"subscriptions", "See and change the subscriptions of all"},
  }};
};

/// What is asked: whether `who`, bare or full, may do that.
struct Inquiry {
  Jid who;
  Action action;
  /// A NodeID, prepared and not empty.
  std::string node;
  /// What is to be retracted; empty: an item of its own.
  std::string item = {};
};

/// What a real request would be answered. Costs what its checks cost. One that waits for rosters is
/// refused by Rule::rosters.
Verdict decide(Turn& turn, const Inquiry& inquiry);

/// An answer, as far as the one who asks may know it.
struct Explanation {
  Verdict verdict;
  /// The verdict's, or what it looks like to the one who asks.
  Rule rule;
  /// A sentence.
  std::string reason;
  /// Sentences: what would change a refusal. Each by itself would lift the rule that decided;
  /// another may stand behind it.
  std::vector<std::string> remedies;
};

/// Explains it to `asker`: an admin and an owner of the node may ask about everybody and are told
/// all, everybody else may ask about itself and is told what the refusal tells, and what the node's
/// meta-data tells to those who may see it.
/// Refuses with forbidden who may not ask; what waits for rosters as acquaintance.hpp says.
Result<Explanation> explain(Turn& turn, const Inquiry& inquiry, const Jid& asker);

}  // namespace crier
