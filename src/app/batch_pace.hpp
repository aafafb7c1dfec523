#pragma once
/// How long a batch gathers stanzas before it is committed.

#include <algorithm>
#include <chrono>

namespace crier {

/// A batch lasts a multiple of what a commit takes, so that most of the time goes into answering,
/// whatever a sync costs, and nobody waits for longer than that. It only lasts so long while there
/// is always more to read.
class BatchPace {
 public:
  using Duration = std::chrono::steady_clock::duration;

  static constexpr int commits_in_batch = 8;
  static constexpr std::chrono::milliseconds shortest{2};
  static constexpr std::chrono::milliseconds longest{20};

  /// Takes note of what a commit has cost. One that is far off, a checkpoint, counts little.
  void committed(Duration cost) { usual_ += (std::min<Duration>(cost, longest) - usual_) / 8; }
  /// How long a batch may gather.
  Duration span() const {
    return std::clamp<Duration>(commits_in_batch * usual_, shortest, longest);
  }

 private:
  Duration usual_{};
};

}  // namespace crier
