#include "app/batch_pace.hpp"

#include <doctest/doctest.h>

namespace crier::test {

using namespace std::chrono_literals;

TEST_CASE("a batch lasts eight times as long as commits do, within its limits") {
  BatchPace pace;
  CHECK(pace.span() == BatchPace::shortest);
  for (int i = 0; i < 100; ++i) pace.committed(1ms);
  CHECK(pace.span() > 7900us);
  CHECK(pace.span() <= 8ms);
  for (int i = 0; i < 100; ++i) pace.committed(50ms);
  CHECK(pace.span() == BatchPace::longest);
  for (int i = 0; i < 100; ++i) pace.committed(10us);
  CHECK(pace.span() == BatchPace::shortest);
}

TEST_CASE("one slow commit does not make batches long") {
  BatchPace pace;
  for (int i = 0; i < 100; ++i) pace.committed(250us);
  pace.committed(1s);
  CHECK(pace.span() == BatchPace::longest);
  for (int i = 0; i < 24; ++i) pace.committed(250us);
  CHECK(pace.span() < 4ms);
}

}  // namespace crier::test
