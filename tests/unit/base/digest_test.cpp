#include "base/digest.hpp"

#include <doctest/doctest.h>

namespace crier::test {

TEST_CASE("XEP-0300 §3 the hash functions of XMPP, of \"abc\" as their standards give it") {
  // FIPS 180-4, FIPS 202 and RFC 7693 appendix A, in base64.
  CHECK(digest("sha-1", "abc") == "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
  CHECK(digest("sha-256", "abc") == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  CHECK(digest("sha-512", "abc") ==
        "3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==");
  CHECK(digest("sha3-256", "abc") == "Ophdp0/iJbIEXBcta9OQvYVfCG4+nVJbRr/iRRFDFTI=");
  CHECK(digest("sha3-512", "abc") ==
        "t1GFCxpXFopWk82SS2sJbgj2IYJ0RPcNiE9dAkDScS4Q4RbpGSrzyRp+xXZH45NAVzQLTPQI1aVlkvgnTuxT8A==");
  CHECK(digest("blake2b-512", "abc") ==
        "uoClP5gcTQ1qJ5e2nxL26UwhLxRoWsS3SxK7b9v/otF9h8U5Kqt5LcJS1d5FM8yVGNOKqNvxklq5I4bt1ACZIw==");
}

TEST_CASE("a hash function that is not there: nothing; names are exact") {
  for (const auto* name : {"md5", "SHA-1", "sha1", "", "sha-2560"}) {
    CAPTURE(name);
    CHECK_FALSE(has_digest(name));
    CHECK_FALSE(digest(name, "abc"));
  }
  CHECK(has_digest("sha-256"));
}

TEST_CASE("a hash of nothing, and of bytes that are no text") {
  using namespace std::string_view_literals;
  CHECK(digest("sha-1", "") == "2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
  CHECK(digest("sha-1", "\0"sv) == "W6k8nbDP+T9StSHXQg5D9u2ieE8=");
}

}  // namespace crier::test
