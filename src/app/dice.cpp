#include "app/dice.hpp"

#include <openssl/rand.h>

#include <stdexcept>

namespace crier {

std::uint64_t Dice::operator()() {
  if (next_ == numbers_.size()) {
    auto* bytes = reinterpret_cast<unsigned char*>(numbers_.data());
    if (RAND_bytes(bytes, static_cast<int>(sizeof numbers_)) != 1)
      throw std::runtime_error("OpenSSL has no random numbers");
    next_ = 0;
  }
  return numbers_[next_++];
}

}  // namespace crier
