#pragma once
/// Random numbers for ids and jitter.

#include <array>
#include <cstddef>
#include <cstdint>

namespace crier {

/// Numbers that nobody can guess, from OpenSSL, fetched many at a time.
class Dice {
 public:
  std::uint64_t operator()();

 private:
  std::array<std::uint64_t, 64> numbers_{};
  std::size_t next_ = numbers_.size();
};

}  // namespace crier
