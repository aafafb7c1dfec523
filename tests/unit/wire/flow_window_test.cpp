#include "wire/flow_window.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

using namespace crier;
using namespace std::chrono_literals;

namespace {

/// What sockets hold by themselves.
constexpr std::size_t socket_bytes = 4'000'000;

/// A server that takes so many bytes a millisecond, and sends probes back when it gets to them.
class Queue {
 public:
  explicit Queue(std::size_t bytes_per_ms) : rate_(bytes_per_ms) {}

  /// Sends all that the window lets out, for as long as it says.
  void run(std::chrono::milliseconds time) {
    for (const auto end = now + time; now < end; now += 1ms) {
      probe();
      while (const auto room = std::min<std::size_t>(window.room(now), 100'000)) {
        if (queued() > socket_bytes) break;
        window.sent(room);
        window.rendered(room);
        sent_ += room;
        probe();
        longest = std::max(longest, queued());
      }
      if (window.room(now) == 0) window.held_back();
      taken += std::min(rate_, queued());
      idle += rate_ > queued();
      while (!probes_.empty() && probes_.front().second <= taken) {
        if (answers) window.answered(probes_.front().first, now, 0ms);
        probes_.erase(probes_.begin());
      }
    }
  }

  std::size_t queued() const { return sent_ - taken; }

  void probe() {
    if (const auto number = window.due_probe(now)) probes_.push_back({*number, sent_});
  }

  FlowWindow window;
  FlowWindow::Instant now{};
  bool answers = true;
  std::size_t taken = 0;
  std::size_t longest = 0;
  int idle = 0;

 private:
  std::size_t rate_;
  std::size_t sent_ = 0;
  std::vector<std::pair<std::uint64_t, std::size_t>> probes_;
};

/// The window of a server that has given a probe back at once.
FlowWindow answered_window(FlowWindow::Instant now) {
  FlowWindow window;
  window.sent(FlowWindow::least);
  window.answered(*window.due_probe(now), now, 0ms);
  return window;
}

}  // namespace

TEST_CASE("the queue to a slow server becomes short, and never runs dry") {
  Queue queue(20'000);
  queue.run(2s);
  queue.longest = 0;
  queue.idle = 0;
  queue.run(1s);
  CHECK(queue.longest < 20'000 * 4 * FlowWindow::target.count());
  CHECK(queue.idle < 50);
}

TEST_CASE("the window grows as far as a fast server can take") {
  Queue queue(1'000'000);
  queue.run(2s);
  const auto before = queue.taken;
  queue.run(1s);
  CHECK(queue.taken - before > 950'000'000);
}

TEST_CASE("a server that never gives a probe back is not limited, and asked once") {
  FlowWindow window;
  const FlowWindow::Instant now{};
  CHECK(window.room(now) == FlowWindow::unlimited);
  window.sent(10'000'000);
  CHECK(window.due_probe(now) == 1U);
  window.sent(10'000'000);
  CHECK_FALSE(window.due_probe(now + 10s));
  CHECK(window.room(now + 10s) == FlowWindow::unlimited);
}

TEST_CASE("a probe that stays away opens the window after a second") {
  FlowWindow::Instant now{};
  FlowWindow window = answered_window(now);
  window.sent(10'000'000);
  window.rendered(10'000'000);
  REQUIRE(window.due_probe(now));
  CHECK(window.room(now) == 0);
  CHECK(window.room(now + 999ms) == 0);
  CHECK(window.wake() == now + 1s);
  CHECK(window.room(now + 1s) == FlowWindow::unlimited);
}

TEST_CASE("a window that is used up has a probe on its way") {
  const FlowWindow::Instant now{};
  FlowWindow window = answered_window(now);
  while (const auto room = window.room(now)) {
    window.sent(std::min<std::size_t>(room, 1000));
    window.rendered(std::min<std::size_t>(room, 1000));
    window.due_probe(now);
  }
  CHECK(window.wake() == now + FlowWindow::patience);
}

TEST_CASE("what this process was busy for does not count as a queue") {
  for (const auto busy : {0ms, 20ms}) {
    FlowWindow::Instant now{};
    FlowWindow window = answered_window(now);
    const auto before = window.room(now);
    window.sent(before);
    now += FlowWindow::probe_distance;
    const auto probe = window.due_probe(now);
    REQUIRE(probe);
    now += 20ms;
    window.answered(*probe, now, busy);
    CHECK((window.room(now) < before) == (busy == 0ms));
  }
}

TEST_CASE("an answer that was not asked for changes nothing") {
  FlowWindow window;
  const FlowWindow::Instant now{};
  window.answered(1, now, 0ms);
  window.answered(0, now, 0ms);
  CHECK(window.room(now) == FlowWindow::unlimited);
  window.sent(1'000'000);
  const auto probe = window.due_probe(now);
  window.answered(*probe + 1, now, 0ms);
  CHECK(window.room(now) == FlowWindow::unlimited);
}

TEST_CASE("the way to a server far away is no queue") {
  FlowWindow window;
  FlowWindow::Instant now{};
  for (int round = 0; round < 50; ++round) {
    std::optional<std::uint64_t> last;
    for (auto room = window.room(now); room > 0 && !last; room = window.room(now)) {
      window.sent(std::min<std::size_t>(room, 100'000));
      last = window.due_probe(now);
    }
    now += 50ms;
    if (last) window.answered(*last, now, 0ms);
  }
  CHECK(window.room(now) >= 1024 * 1024 / 4);
}

TEST_CASE("while no broadcast waits one probe at a time is on its way, and few when one does") {
  for (const bool waiting : {false, true}) {
    FlowWindow::Instant now{};
    FlowWindow window = answered_window(now);
    int probes = 0;
    for (const auto end = now + 100ms; now < end; now += 1ms) {
      window.sent(1'000'000);
      probes += window.due_probe(now, waiting).has_value();
    }
    CHECK(probes == (waiting ? 100ms / FlowWindow::probe_distance : 1));
  }
}

TEST_CASE("when a probe is back another one tells of what was sent behind it") {
  FlowWindow::Instant now{};
  FlowWindow window = answered_window(now);
  now += 10ms;
  window.sent(FlowWindow::least * 2);
  const auto first = window.due_probe(now, false);
  REQUIRE(first);
  window.sent(FlowWindow::least * 8);
  CHECK_FALSE(window.due_probe(now, false));
  now += 1ms;
  window.answered(*first, now, 0ms);
  CHECK_FALSE(window.is_slack(now));
  const auto second = window.due_probe(now, false);
  REQUIRE(second);
  window.answered(*second, now, 0ms);
  CHECK(window.is_slack(now));
}

TEST_CASE("where the server copies, less may be on its way, until it copies no more") {
  FlowWindow::Instant now{};
  FlowWindow window = answered_window(now);
  window.set_copied(true);
  // A queue that is far too long.
  for (int round = 0; round < 10; ++round) {
    now += 10ms;
    window.sent(1'000'000);
    const auto probe = window.due_probe(now);
    REQUIRE(probe);
    now += 500ms;
    window.answered(*probe, now, 0ms);
  }
  constexpr auto least = FlowWindow::least / FlowWindow::probes_in_window;
  CHECK(window.room(now) < least);
  window.set_copied(false);
  CHECK(window.room(now) == least);
}

TEST_CASE("answers that fill the window leave broadcasts a share") {
  FlowWindow::Instant now{};
  FlowWindow window = answered_window(now);
  window.sent(100'000'000);
  const auto probe = window.due_probe(now);
  window.rendered(window.room(now));
  CHECK(window.room(now) == 0);
  window.sent(100'000'000);
  window.answered(*probe, now, 0ms);
  const auto share = window.room(now);
  CHECK(share > 0);
  window.rendered(share);
  CHECK(window.room(now) == 0);
}

TEST_CASE("a server that does not answer any more is asked once in a while") {
  FlowWindow::Instant now{};
  FlowWindow window = answered_window(now);
  const auto silent_since = now;
  int probes = 0;
  for (; now < silent_since + 60s; now += 1ms) {
    window.sent(100'000);
    const bool asks = window.due_probe(now).has_value();
    if (asks && now > silent_since + 2s) ++probes;
  }
  CHECK(probes > 50);
  CHECK(probes < 60);
}
