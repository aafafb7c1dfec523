#include <crier/arena.hpp>

#include <algorithm>
#include <new>

namespace crier {

namespace {

/// A block with its header. The tree of a publish request of 700 bytes takes 3 KB.
constexpr std::size_t usual_block = 4096;
/// Blocks grow with what the arena has, up to this.
constexpr std::size_t largest_growth = std::size_t{256} * 1024;

#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t most_spare = 0;  // It shall see who uses what was freed.
#else
constexpr std::size_t most_spare = 512;
#endif

}  // namespace

/// Usual blocks that are free.
class Arena::Spare {
 public:
  ~Spare() {
    while (first_) ::operator delete(take());
  }

  Block* take() {
    Block* block = first_;
    if (!block) return nullptr;
    first_ = block->next;
    --count_;
    return block;
  }

  /// False when there are enough.
  bool put(Block* block) {
    if (count_ >= most_spare) return false;
    block->next = first_;
    first_ = block;
    ++count_;
    return true;
  }

  static Spare& of_this_thread() {
    thread_local Spare spare;
    return spare;
  }

 private:
  Block* first_ = nullptr;
  std::size_t count_ = 0;
};

void* Arena::allocate_in_new(std::size_t size) {
  const auto growth = blocks_ ? std::min(2 * blocks_->size, largest_growth) : usual_block;
  const auto whole = std::max(growth, sizeof(Block) + size);
  Block* block = whole == usual_block ? Spare::of_this_thread().take() : nullptr;
  if (!block) block = static_cast<Block*>(::operator new(whole));
  block->next = blocks_;
  block->size = whole;
  blocks_ = block;
  char* given = reinterpret_cast<char*>(block + 1);
  at_ = given + size;
  end_ = reinterpret_cast<char*>(block) + whole;
  return given;
}

void Arena::free() {
  while (blocks_) {
    Block* block = blocks_;
    blocks_ = block->next;
    if (block->size == usual_block && Spare::of_this_thread().put(block)) continue;
    ::operator delete(block);
  }
}

}  // namespace crier
