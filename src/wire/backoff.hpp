#pragma once
/// How long to wait before the next try.

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace crier {

/// Twice as long after each failure, between `first` and `most`, and up to a half less by chance,
/// so that many components do not come back to a restarted server in the same moment.
class Backoff {
 public:
  using Duration = std::chrono::milliseconds;
  static constexpr Duration first{100};
  static constexpr Duration most{30'000};

  /// The wait after one more failure; `chance` is any random number.
  Duration next(std::uint64_t chance) {
    const auto full = delay_;
    delay_ = std::min(delay_ * 2, most);
    return full - Duration(static_cast<Duration::rep>(chance % (full.count() / 2 + 1)));
  }
  /// It went well.
  void reset() { delay_ = first; }

 private:
  Duration delay_ = first;
};

}  // namespace crier
