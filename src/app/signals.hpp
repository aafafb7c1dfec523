#pragma once
/// Signals as something to poll for.

#include "wire/unique_fd.hpp"

#include <csignal>
#include <span>

namespace crier {

/// Holds signals back from this thread, and from those that it starts, and tells of them when it is
/// asked.
class Signals {
 public:
  explicit Signals(std::span<const int> numbers);

  /// Readable while a signal waits.
  int fd() const { return fd_.get(); }
  /// The signal that came first; 0 when none waits.
  int take();

 private:
  UniqueFd fd_;
};

}  // namespace crier
