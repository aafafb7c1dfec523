#include "wire/server_address.hpp"

#include <doctest/doctest.h>

using namespace crier;

TEST_CASE("a server address is HOST:PORT, an IPv6 address in brackets") {
  for (const auto* text : {"127.0.0.1:5347", "xmpp.example.org:1", "[::1]:65535", "localhost:80"}) {
    const auto address = parse_server_address(text);
    REQUIRE(address);
    CHECK(to_text(*address) == text);
  }
  CHECK(parse_server_address("[fe80::1]:5347")->host == "fe80::1");
  CHECK(parse_server_address("[fe80::1]:5347")->port == 5347);
}

TEST_CASE("what is not a server address is refused") {
  for (const auto* text : {"", "localhost", ":5347", "localhost:", "localhost:0", "localhost:65536",
                           "localhost:-1", "localhost:+1", "localhost:5347x", "localhost: 5347",
                           "::1:5347", "[::1]", "[]:5347", "[localhost]:5347", "[::1:5347",
                           "a b:5347", "user@host:5347", "http://host:80", "[[::1]]:80"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_server_address(text));
  }
}
