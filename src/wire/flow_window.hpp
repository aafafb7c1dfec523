#pragma once
/// How much may be on its way to the server at once.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>

namespace crier {

/// Keeps the queue between this process and the server short. The sockets' buffers hold megabytes;
/// when the server is slower than a broadcast, every answer would stand behind them for a good part
/// of a second. So probes go with what is sent, stanzas that the server gives back in order, and
/// no more is let out than comes back within `target`.
///
/// It limits nothing while no probe has come back, nor when one stays away: then nobody knows how
/// long the queue is.
class FlowWindow {
 public:
  using Clock = std::chrono::steady_clock;
  using Instant = Clock::time_point;

  /// How long what is sent may stand in the queue.
  static constexpr std::chrono::milliseconds target{16};
  static constexpr std::size_t least = std::size_t{128} * 1024;
  /// The same while the server copies what it is sent: each byte is worth some twenty.
  static constexpr std::size_t least_copied = least / 8;
  static constexpr std::size_t most = std::size_t{64} * 1024 * 1024;
  /// As many probes are on their way when the window is full.
  static constexpr std::size_t probes_in_window = 4;
  /// Between two probes, unless none is on its way.
  static constexpr std::chrono::milliseconds probe_distance = target / probes_in_window;
  /// A probe that was sent so long ago is not expected any more.
  static constexpr std::chrono::milliseconds patience{1'000};
  static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

  /// Whether from now on the server copies what it is sent.
  void set_copied(bool copied);
  /// How many bytes of broadcasts may leave now.
  std::size_t room(Instant now) const;
  /// Whether little is on its way, so that what is not urgent may leave too.
  bool is_slack(Instant now) const;
  /// So many bytes have left, of whatever kind.
  void sent(std::size_t bytes) { sent_ += bytes; }
  /// So many bytes of broadcasts were rendered.
  void rendered(std::size_t bytes) { share_ -= std::min(share_, bytes); }
  /// There was no room for a broadcast that waits.
  void held_back() { held_back_ = true; }
  /// The number of a probe that shall leave behind what was sent, when one is due. Each costs the
  /// server as much as a short answer: there is no more than one on its way while no broadcast is
  /// `waiting`, and else as many as the window needs. One is on its way whenever nothing says that
  /// little is.
  std::optional<std::uint64_t> due_probe(Instant now, bool waiting = true);
  /// That probe came back; any number is harmless. For as long as `busy` this process may not have
  /// looked: that is no queue.
  void answered(std::uint64_t number, Instant now, Clock::duration busy);
  /// When a probe that is on its way is not expected any more.
  Instant wake() const;

 private:
  struct Probe {
    std::uint64_t number;
    /// How much was sent before it.
    std::uint64_t behind;
    Instant at;
  };

  /// Nobody knows how long the queue is.
  bool is_blind(Instant now) const;
  void adapt(Clock::duration queued, Clock::duration most_queued);

  std::size_t least_ = least;
  std::size_t window_ = 8 * least;
  std::uint64_t sent_ = 0;
  /// How much the server is known to have taken.
  std::uint64_t taken_ = 0;
  std::deque<Probe> probes_;
  std::uint64_t last_probe_ = 0;
  /// What was sent when the last probe was made, and when that was.
  std::uint64_t probed_at_ = 0;
  std::optional<Instant> last_probed_;
  /// The window is changed once for each round: by probes later than this one.
  std::uint64_t adapted_at_ = 0;
  /// What broadcasts may take although answers have filled the window: a little for each probe that
  /// comes back.
  std::size_t share_ = 0;
  /// The shortest time that a probe has taken: the way there and back, without a queue.
  Clock::duration shortest_ = Clock::duration::max();
  /// The server gives probes back.
  bool answers_ = false;
  bool held_back_ = false;
};

}  // namespace crier
