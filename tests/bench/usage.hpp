#pragma once
/// What a process costs.

#include <sys/types.h>

#include <cstddef>

namespace crier::bench {

struct Usage {
  /// User and system time of all its threads, since it began.
  double cpu_seconds = 0;
  /// The most memory that was resident, ever.
  std::size_t peak_bytes = 0;
  /// The memory that is resident now.
  std::size_t resident_bytes = 0;
  /// What of it is no part of a file: heap and stacks.
  std::size_t anonymous_bytes = 0;
};

/// Of the process `pid`, from /proc; nothing but zeros when there is none.
Usage usage_of(pid_t pid);

}  // namespace crier::bench
