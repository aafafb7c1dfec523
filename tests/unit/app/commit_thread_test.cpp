#include "app/commit_thread.hpp"

#include <doctest/doctest.h>
#include <poll.h>

#include <stdexcept>
#include <thread>

namespace crier::test {

namespace {

bool is_done(const CommitThread& commits, int milliseconds) {
  pollfd polled{commits.fd(), POLLIN, 0};
  return ::poll(&polled, 1, milliseconds) == 1;
}

}  // namespace

TEST_CASE("work runs on a thread of its own, and says when it is done") {
  CommitThread commits;
  CHECK_FALSE(is_done(commits, 0));
  std::binary_semaphore go_on{0};
  std::thread::id ran_on;
  for (int i = 0; i < 3; ++i) {
    commits.begin([&] {
      go_on.acquire();
      ran_on = std::this_thread::get_id();
    });
    CHECK_FALSE(is_done(commits, 10));
    go_on.release();
    CHECK(is_done(commits, 10'000));
    commits.end();
    CHECK(ran_on != std::this_thread::get_id());
    CHECK_FALSE(is_done(commits, 0));
  }
}

TEST_CASE("what the work throws is thrown where it is waited for, once") {
  CommitThread commits;
  commits.begin([] { throw std::runtime_error("disk full"); });
  CHECK_THROWS_WITH(commits.end(), "disk full");
  int count = 0;
  commits.begin([&] { ++count; });
  commits.end();
  CHECK(count == 1);
}

TEST_CASE("a thread that had nothing to do ends as well") {
  const CommitThread commits;
  CHECK_FALSE(is_done(commits, 0));
}

}  // namespace crier::test
