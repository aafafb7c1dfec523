#include "ledger.hpp"

#include <algorithm>

namespace crier::bench {

void Ledger::out_of_order(std::size_t subscriber, std::uint64_t item) {
  auto& next = next_[subscriber];
  if (item > next) {
    for (; next < item; ++next) missing_.emplace(subscriber, next);
    ++next;
  } else if (missing_.erase({subscriber, item}) != 0) {
    ++reordered_;
  } else {
    ++duplicated_;
  }
}

bool Ledger::complete(std::uint64_t published) const {
  return missing_.empty() &&
         std::ranges::all_of(next_, [&](std::uint64_t next) { return next >= published; });
}

Faults Ledger::close(std::uint64_t published) const {
  Faults faults{.lost = missing_.size(), .duplicated = duplicated_, .reordered = reordered_};
  for (const auto next : next_)
    if (next < published) faults.lost += published - next;
  return faults;
}

}  // namespace crier::bench
