/// A slow disk: a library that, loaded before all others, lets every sync take longer by the
/// milliseconds in CRIER_BENCH_SYNC_DELAY. It is loaded into the service, never into the benchmark.

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace {

void wait_for_disk() {
  const char* const text = std::getenv("CRIER_BENCH_SYNC_DELAY");
  if (!text) return;
  const double milliseconds = std::atof(text);
  timespec rest{.tv_sec = static_cast<time_t>(milliseconds / 1000), .tv_nsec = 0};
  rest.tv_nsec =
      static_cast<long>((milliseconds - 1000.0 * static_cast<double>(rest.tv_sec)) * 1e6);
  while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {
  }
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
