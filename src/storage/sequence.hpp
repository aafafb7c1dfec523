#pragma once
/// The sequence of the service: the order of all publications.

#include <crier/ids.hpp>

#include "storage/database.hpp"

#include <cstdint>
#include <limits>

namespace crier {

/// Gives every number once, and later ones greater, also across crashes. Numbers come from blocks
/// that are reserved in the database by the transaction that uses the first of them; what is left
/// of a block when the process ends is a gap.
class Sequence {
 public:
  explicit Sequence(Database& database) : database_(database) {}

  Seq next();
  /// Never gives `number`, which is in use already, nor one before it.
  void pass(std::int64_t number);
  /// The last number that was given; 0 before the first.
  Seq last() const { return Seq{next_ == 0 ? 0 : next_ - 1}; }
  /// The first number that was given; the greatest there is before that.
  Seq first() const { return Seq{first_}; }
  /// A block that was reserved in the open transaction is not reserved any more.
  void rolled_back() { end_ = next_; }

 private:
  void reserve();

  Database& database_;
  std::int64_t first_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t next_ = 0;
  std::int64_t end_ = 0;
};

}  // namespace crier
