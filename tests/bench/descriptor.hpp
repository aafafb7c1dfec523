#pragma once
/// A file descriptor that is closed once.

#include <unistd.h>

#include <utility>

namespace crier::bench {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }

  /// -1 when there is none.
  int fd() const { return fd_; }

 private:
  int fd_ = -1;
};

}  // namespace crier::bench
