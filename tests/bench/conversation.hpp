#pragma once
/// Requests asked in a closed loop: so many in flight, the next as soon as one is answered.

#include "faults.hpp"
#include "link.hpp"
#include "percentiles.hpp"
#include "stint.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace crier::bench {

/// One request of a conversation.
struct Asked {
  /// From 0 in the order of asking.
  std::uint64_t number;
  /// Which of the places in flight it takes.
  std::size_t lane;
};

/// What is asked, and how an answer is judged.
struct Conversation {
  std::size_t in_flight;
  /// Appends the IQ, which must have the id `id`.
  std::function<void(std::string& out, std::string_view id, const Asked&)> ask;
  /// Whether `result`, an IQ of type result with the right id, is the right answer.
  std::function<bool(const Stanza& result, const Asked&)> accept;
  /// Is handed every message that comes meanwhile; without it they are passed by.
  std::function<void(const Stanza& message)> hear = {};
};

struct Answers {
  Faults faults;
  /// From asking to answer, of those in the time that counts.
  Percentiles times;
};

/// Asks until `stint` is over, and waits for the last answers; of those that did not come although
/// nothing came for ten seconds each counts as lost. Presence is passed by.
Answers converse(Link& link, Stint& stint, const Conversation& conversation);

/// Asks `count` times, as a preparation. Throws std::runtime_error when anything is wrong.
void ask_all(Link& link, std::uint64_t count, const Conversation& conversation);

}  // namespace crier::bench
