#include "machine.hpp"

#include "descriptor.hpp"
#include "percentiles.hpp"

#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string_view>
#include <vector>

namespace crier::bench {

namespace {

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown cpu";
}

std::size_t memory_bytes() {
  return static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

std::string time_now() {
  const auto now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[sizeof "2026-01-31T23:59:59Z"];
  std::strftime(text, sizeof text, "%FT%TZ", &utc);
  return text;
}

/// What a database does for a commit: some bytes behind a log, and a sync.
double sync_microseconds(const std::filesystem::path& directory) {
  using Clock = std::chrono::steady_clock;
  auto name = (directory / "crier-bench-sync-XXXXXX").string();
  const Descriptor file(mkostemp(name.data(), O_CLOEXEC));
  unlink(name.c_str());
  const std::vector<char> page(4096, 'x');
  Percentiles times;
  for (int i = 0; i < 100; ++i) {
    const auto begin = Clock::now();
    if (write(file.fd(), page.data(), page.size()) < 0 || fdatasync(file.fd()) != 0) return 0;
    times.add(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  }
  return 1000 * times.at(50);
}

}  // namespace

Machine this_machine(const std::filesystem::path& directory) {
  utsname system{};
  uname(&system);
  double load = 0;
  getloadavg(&load, 1);
  return {.cpus = sysconf(_SC_NPROCESSORS_ONLN),
          .cpu_model = cpu_model(),
          .kernel = std::string(system.sysname) + ' ' + system.release,
          .memory_bytes = memory_bytes(),
          .time = time_now(),
          .load = load,
          .sync_microseconds = sync_microseconds(directory)};
}

}  // namespace crier::bench
