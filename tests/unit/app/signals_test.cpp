#include "app/signals.hpp"

#include <doctest/doctest.h>
#include <poll.h>

#include <array>

using namespace crier;

TEST_CASE("signals are held back and told of when asked, one at a time") {
  constexpr std::array numbers = {SIGUSR1, SIGUSR2};
  Signals signals(numbers);
  CHECK(signals.take() == 0);
  std::raise(SIGUSR2);
  pollfd polled{signals.fd(), POLLIN, 0};
  CHECK(::poll(&polled, 1, 0) == 1);
  CHECK(signals.take() == SIGUSR2);
  CHECK(signals.take() == 0);
}
