#include "floor.hpp"

#include "descriptor.hpp"
#include "percentiles.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace crier::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int questions = 200;

/// Answers until the other end is closed.
[[noreturn]] void answer(int socket, int file) {
  const std::vector<char> page(4096, 'x');
  for (char question; read(socket, &question, 1) == 1;)
    if (pwrite(file, page.data(), page.size(), 0) < 0 || fdatasync(file) != 0 ||
        write(socket, &question, 1) != 1)
      break;
  _exit(0);
}

double ask(int socket) {
  Percentiles times;
  for (int i = 0; i < questions; ++i) {
    std::this_thread::sleep_for(2ms);
    const auto begin = Clock::now();
    char byte = 'x';
    if (write(socket, &byte, 1) != 1 || read(socket, &byte, 1) != 1) return 0;
    times.add(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  }
  return times.at(50);
}

}  // namespace

double least_milliseconds(const std::filesystem::path& directory) {
  auto name = (directory / "crier-bench-floor-XXXXXX").string();
  const Descriptor file(mkostemp(name.data(), O_CLOEXEC));
  unlink(name.c_str());
  int pair[2];
  if (file.fd() < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return 0;
  Descriptor ours(pair[0]);
  Descriptor theirs(pair[1]);
  const pid_t child = fork();
  if (child < 0) return 0;
  if (child == 0) {
    ours = Descriptor();
    answer(theirs.fd(), file.fd());
  }
  const double median = ask(ours.fd());
  ours = Descriptor();
  waitpid(child, nullptr, 0);
  return median;
}

}  // namespace crier::bench
