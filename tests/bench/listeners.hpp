#pragma once
/// A node, the one who publishes to it, and those who hear of it: what fan-out and latency share.

#include "faults.hpp"
#include "ledger.hpp"
#include "requests.hpp"
#include "scenario.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace crier::bench {

/// Publishes items, numbered from 0, and books what comes of it.
class Listeners {
 public:
  /// Creates the node `name` and subscribes `count` users to it. Throws std::runtime_error.
  Listeners(Stage& stage, std::string_view name, std::uint64_t count);

  /// Asks for the next item to be published.
  void publish();
  /// Books a stanza. True when it is a notification for one of the subscribers.
  bool take(const Stanza& stanza);

  std::uint64_t published() const { return published_; }
  std::uint64_t acknowledged() const { return acknowledged_; }
  /// How many notifications came.
  std::uint64_t notified() const { return ledger_.arrivals(); }
  /// Whether all answers and all notifications are there. O(subscribers).
  bool complete() const { return acknowledged_ >= published_ && ledger_.complete(published_); }
  /// How many items are acknowledged and, if all is right, notified to everyone.
  std::uint64_t done() const;

  /// Waits for what is outstanding, as long as anything comes within ten seconds, and a moment for
  /// what must not come; then deletes the node. The account.
  Faults close();

 private:
  void take_answer(const Stanza& stanza);
  /// The item that a notification's content holds; nothing when it is not one of ours.
  std::optional<std::uint64_t> item_in(std::string_view content) const;

  Stage& stage_;
  std::string node_;
  std::string owner_;
  Users users_;
  std::uint64_t count_;
  Ledger ledger_;
  std::uint64_t published_ = 0;
  std::uint64_t acknowledged_ = 0;
  /// Of the content of the last message.
  std::optional<std::uint64_t> item_;
  Faults faults_;
};

}  // namespace crier::bench
