#pragma once
/// A thread that waits for the disk.

#include "wire/unique_fd.hpp"

#include <exception>
#include <functional>
#include <semaphore>
#include <thread>

namespace crier {

/// Runs one piece of work at a time on a thread of its own, so that what is on its way out need not
/// wait for a sync. Nobody else touches what the work touches until end() has returned.
class CommitThread {
 public:
  /// Throws std::system_error when there can be no thread.
  CommitThread();
  CommitThread(const CommitThread&) = delete;
  CommitThread& operator=(const CommitThread&) = delete;
  ~CommitThread();

  /// Begins; end() must follow.
  void begin(std::function<void()> work);
  /// Readable once the work is done.
  int fd() const { return done_.get(); }
  /// Waits for the end of the work. Throws what it threw.
  void end();

 private:
  void run();

  UniqueFd done_;
  std::binary_semaphore wanted_{0};
  /// Empty: the thread ends.
  std::function<void()> work_;
  std::exception_ptr thrown_;
  std::thread thread_;
};

}  // namespace crier
