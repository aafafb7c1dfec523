#include "storage/sequence.hpp"

#include <algorithm>

namespace crier {

namespace {

/// One more write in ten thousand, one gap of at most that size a start.
constexpr std::int64_t block = 10'000;

/// Numbers that a rolled back transaction has used, ?1 and below, stay used.
constexpr const char* reserve_block =
    "UPDATE sequence SET reserved = max(reserved, ?1) + ?2 WHERE id = 1 RETURNING reserved";

}  // namespace

Seq Sequence::next() {
  if (next_ == end_) reserve();
  return Seq{next_++};
}

void Sequence::pass(std::int64_t number) {
  if (next_ == end_) reserve();
  if (number < next_) return;
  next_ = number + 1;
  if (next_ > end_) reserve();
}

void Sequence::reserve() {
  Query reserved = database_.query(reserve_block, next_, block);
  reserved.next();
  std::tie(end_) = reserved.row<std::int64_t>();
  next_ = end_ - block;
  first_ = std::min(first_, next_);
}

}  // namespace crier
