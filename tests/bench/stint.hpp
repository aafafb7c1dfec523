#pragma once
/// How long a scenario works, and what that was worth.

#include "usage.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>

namespace crier::bench {

/// What is asked of a scenario: a warm-up that is not counted and then a time, or, when `count` is
/// not 0, that number of operations without warm-up (for profilers).
struct Span {
  std::chrono::duration<double> warm_up{1};
  std::chrono::duration<double> measured{5};
  std::uint64_t count = 0;
};

/// The processes whose cost is measured; 0 for none.
struct Pids {
  pid_t service = 0;
  /// Of the XMPP server, when another process plays it.
  pid_t server = 0;
};

/// What was done in the time that counts, and what it cost.
struct Measurement {
  std::uint64_t operations = 0;
  double seconds = 0;
  double service_cpu = 0;
  double server_cpu = 0;
  double bench_cpu = 0;
  /// The service's peak at the end.
  std::size_t service_peak_bytes = 0;

  /// Takes in another part of the same work.
  Measurement& operator+=(const Measurement& other);
  double rate() const { return seconds > 0 ? static_cast<double>(operations) / seconds : 0; }
};

/// One run of a scenario against the clock. Looks at it only when asked whether it is over, which
/// is best done once for each read from the stream.
class Stint {
 public:
  Stint(Span span, Pids pids);
  /// `count` operations of which nobody wants to know the cost.
  static Stint exactly(std::uint64_t count) { return {Span{.count = count}, {}}; }

  /// One operation is done.
  void done() { ++operations_; }
  /// How many may be begun at all.
  std::uint64_t limit() const { return span_.count != 0 ? span_.count : UINT64_MAX; }
  /// Whether the warm-up has passed, so that what happens now counts.
  bool counts() const { return phase_ == Phase::measuring; }
  /// Whether no more shall be begun. Ends the warm-up and the measurement when their time has come.
  bool over();
  /// Ends the measurement, if it did not end yet, and tells of it.
  const Measurement& finish();

 private:
  enum class Phase { warm_up, measuring, over };
  using Clock = std::chrono::steady_clock;

  void begin_measuring(Clock::time_point now);

  Span span_;
  Pids pids_;
  Phase phase_ = Phase::warm_up;
  std::uint64_t operations_ = 0;
  Clock::time_point begin_;
  Measurement at_begin_;
  Measurement measurement_;
};

}  // namespace crier::bench
