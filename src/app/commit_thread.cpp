#include "app/commit_thread.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace crier {

CommitThread::CommitThread() : done_(::eventfd(0, EFD_CLOEXEC)) {
  if (!done_) throw std::system_error(errno, std::generic_category(), "eventfd");
  thread_ = std::thread([this] { run(); });
}

CommitThread::~CommitThread() {
  work_ = nullptr;
  wanted_.release();
  thread_.join();
}

void CommitThread::begin(std::function<void()> work) {
  work_ = std::move(work);
  wanted_.release();
}

void CommitThread::end() {
  std::uint64_t count = 0;
  while (::read(done_.get(), &count, sizeof count) < 0 && errno == EINTR) continue;
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

void CommitThread::run() {
  while (true) {
    wanted_.acquire();
    if (!work_) return;
    try {
      work_();
    } catch (...) {
      thrown_ = std::current_exception();
    }
    const std::uint64_t one = 1;
    while (::write(done_.get(), &one, sizeof one) < 0 && errno == EINTR) continue;
  }
}

}  // namespace crier
