#include "handshake.hpp"

#include <doctest/doctest.h>

namespace crier::bench {

TEST_CASE("XEP-0114 §3: the handshake is the SHA-1 of stream id and secret") {
  CHECK(handshake_of("a", "bc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
}

}  // namespace crier::bench
