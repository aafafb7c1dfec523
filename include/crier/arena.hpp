#pragma once
/// Memory that is given out in order and freed as a whole.

#include <cstddef>
#include <cstdint>
#include <utility>

namespace crier {

/// Gives out memory until it is destroyed, and then frees all of it. What most need comes in one
/// block; blocks of that size are kept for the next arena of the thread, up to 2 MB of them,
/// because an arena is made for every stanza.
class Arena {
 public:
  Arena() = default;
  Arena(Arena&& other) noexcept
      : blocks_(std::exchange(other.blocks_, nullptr)),
        at_(std::exchange(other.at_, nullptr)),
        end_(std::exchange(other.end_, nullptr)) {}
  Arena& operator=(Arena&& other) noexcept {
    std::swap(blocks_, other.blocks_);
    std::swap(at_, other.at_);
    std::swap(end_, other.end_);
    return *this;
  }
  ~Arena() { free(); }

  /// `size` bytes at a multiple of `alignment`, which is a power of two, at most that of
  /// std::max_align_t. Throws std::bad_alloc.
  void* allocate(std::size_t size, std::size_t alignment) {
    const auto padding = -reinterpret_cast<std::uintptr_t>(at_) & (alignment - 1);
    if (size + padding > static_cast<std::size_t>(end_ - at_)) return allocate_in_new(size);
    char* given = at_ + padding;
    at_ = given + size;
    return given;
  }

 private:
  struct alignas(std::max_align_t) Block {
    Block* next;
    std::size_t size;
  };
  class Spare;

  void* allocate_in_new(std::size_t size);
  void free();

  Block* blocks_ = nullptr;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace crier
