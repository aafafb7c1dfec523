/// A slow disk: a library that, loaded before all others, lets every sync take longer by the
/// milliseconds in CRIER_BENCH_SYNC_DELAY. It is loaded into the service, never into the benchmark.

#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;

/// A sleep lasts some 0.1 ms longer than it should: the last part of it is waited for awake.
constexpr std::chrono::microseconds oversleep{200};

void wait_for_disk() {
  const char* const text = std::getenv("CRIER_BENCH_SYNC_DELAY");
  if (!text) return;
  const std::chrono::duration<double, std::milli> delay(std::atof(text));
  const auto until = Clock::now() + delay;
  if (delay > oversleep) std::this_thread::sleep_for(delay - oversleep);
  while (Clock::now() < until) continue;
}

}  // namespace

extern "C" {

int fsync(int file) {
  wait_for_disk();
  return static_cast<int>(syscall(SYS_fsync, file));
}

int fdatasync(int file) {
  wait_for_disk();
  return static_cast<int>(syscall(SYS_fdatasync, file));
}
}
