#include "cli/progress.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace crier::cli {

using namespace std::chrono_literals;

TEST_CASE("progress tells how much is done, and how long the rest takes at that pace") {
  CHECK(progress_line("backup", 25, 100, 10s, 80) ==
        "[######                     ] backup  25 %, 30 s left");
  CHECK(progress_line("backup", 1, 1'000, 10s, 40) == "[        ] backup   0 %, 2 h 46 min left");
  CHECK(progress_line("import", 1, 3, 60s, 30) == "import  33 %, 2 min 0 s left");
}

TEST_CASE("progress has no end in sight before it has begun, and none when it is there") {
  CHECK(progress_line("x", 0, 100, 1s, 10) == "x   0 %");
  CHECK(progress_line("x", 100, 100, 1s, 20) == "[##########] x 100 %");
  CHECK(progress_line("x", 0, 0, 1s, 10) == "x 100 %");
  CHECK(progress_line("import", 1234, 0, 2s, 80) == "import 1234 so far, 617 a second");
}

TEST_CASE("progress takes no more than the terminal has") {
  for (std::size_t columns = 0; columns < 100; ++columns)
    CHECK(progress_line("something", 1, 7, 5s, columns).size() <= columns);
}

TEST_CASE("bytes are told in the unit that people read") {
  CHECK(readable_bytes(0) == "0 B");
  CHECK(readable_bytes(1023) == "1023 B");
  CHECK(readable_bytes(1536) == "1.5 KiB");
  CHECK(readable_bytes(std::uint64_t{3} << 30) == "3.0 GiB");
}

}  // namespace crier::cli
