#include "wire/handshake.hpp"

#include <doctest/doctest.h>

using namespace crier;

TEST_CASE("§3 the handshake is the SHA-1 of stream id and secret in lower-case hexadecimal") {
  CHECK(handshake_digest("3BF96D32", "secret") == "b09ea9b3b7f586be8a08d0a3dd7466f110aeb136");
  CHECK(handshake_digest("", "") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}
