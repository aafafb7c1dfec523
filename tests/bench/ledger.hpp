#pragma once
/// The proof that a fan-out is right: every subscriber got every item, once, in order.

#include "faults.hpp"

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace crier::bench {

/// Books the notifications of one node, whose items are numbered from 0 in order of publication
/// and whose subscribers are numbered from 0. What is in order costs one comparison.
class Ledger {
 public:
  explicit Ledger(std::size_t subscribers) : next_(subscribers) {}

  /// Books that `item` came to `subscriber`. Both must exist.
  void arrived(std::size_t subscriber, std::uint64_t item) {
    ++arrivals_;
    if (item == next_[subscriber])
      ++next_[subscriber];
    else
      out_of_order(subscriber, item);
  }

  /// How many notifications came, right or wrong.
  std::uint64_t arrivals() const { return arrivals_; }

  /// Whether every subscriber has all of the first `published` items. O(subscribers).
  bool complete(std::uint64_t published) const;

  /// The account, when `published` items were published and no more notifications are awaited.
  Faults close(std::uint64_t published) const;

 private:
  void out_of_order(std::size_t subscriber, std::uint64_t item);

  /// The item that each subscriber should get next.
  std::vector<std::uint64_t> next_;
  /// Items that a subscriber has not got although it got a later one.
  std::set<std::pair<std::size_t, std::uint64_t>> missing_;
  std::uint64_t arrivals_ = 0;
  std::uint64_t duplicated_ = 0;
  std::uint64_t reordered_ = 0;
};

}  // namespace crier::bench
