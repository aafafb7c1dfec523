#include <crier/arena.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace crier::test {

namespace {

/// Takes `count` pieces of `size` bytes, fills each with its number, and says whether all of them
/// are still as they were filled at the end.
bool keeps(Arena& arena, std::size_t count, std::size_t size) {
  std::vector<unsigned char*> pieces;
  for (std::size_t i = 0; i < count; ++i) {
    pieces.push_back(static_cast<unsigned char*>(arena.allocate(size, 1)));
    std::memset(pieces.back(), static_cast<int>(i % 251), size);
  }
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t byte = 0; byte < size; ++byte)
      if (pieces[i][byte] != i % 251) return false;
  return true;
}

}  // namespace

TEST_CASE("an arena's pieces do not overlap, whatever their size") {
  for (const std::size_t size : {1, 7, 100, 4096, 10'000, 1'000'000}) {
    CAPTURE(size);
    Arena arena;
    CHECK(keeps(arena, 30, size));
  }
}

TEST_CASE("an arena's pieces lie at multiples of their alignment") {
  Arena arena;
  for (int i = 0; i < 5000; ++i)
    for (const std::size_t alignment : {1, 2, 4, 8, 16}) {
      const auto at = reinterpret_cast<std::uintptr_t>(arena.allocate(alignment + 1, alignment));
      REQUIRE(at % alignment == 0);
    }
}

TEST_CASE("an arena that is moved takes its pieces along") {
  Arena to;
  {
    Arena from;
    auto* text = static_cast<char*>(from.allocate(6, 1));
    std::memcpy(text, "hello", 6);
    to = std::move(from);
    CHECK(keeps(from, 1000, 10));
    CHECK(std::strcmp(text, "hello") == 0);
  }
  CHECK(keeps(to, 1000, 10));
}

}  // namespace crier::test
