#include "base/glob.hpp"

#include <doctest/doctest.h>

#include <string>

namespace crier::test {

TEST_CASE("glob: letters, ? for one, * for any") {
  for (const auto* pattern : {"urn:x", "urn:?", "urn:*", "*", "*x", "u*:*", "**", "?rn:x", "u*n*x"})
    CHECK_MESSAGE(matches_glob(pattern, "urn:x"), std::string(pattern));
  for (const auto* pattern : {"", "urn:", "urn:xx", "urn:??", "*y", "rn:x", "?", "urn:x?", "u*y*x"})
    CHECK_FALSE_MESSAGE(matches_glob(pattern, "urn:x"), std::string(pattern));
  CHECK(matches_glob("", ""));
  CHECK(matches_glob("*", ""));
  CHECK_FALSE(matches_glob("?", ""));
}

TEST_CASE("glob: a question mark stands for one character, of any number of bytes") {
  CHECK(matches_glob("n?", "n\xc3\xa9"));
  CHECK(matches_glob("?*?", "\xf0\x9f\x98\x80\xc3\xa9"));
  CHECK_FALSE(matches_glob("n??", "n\xc3\xa9"));
  CHECK_FALSE(matches_glob("*??", "\xc3\xa9"));
}

TEST_CASE("glob: what makes others slow costs no more than pattern times text") {
  std::string pattern, text(20'000, 'a');
  for (int i = 0; i < 50; ++i) pattern += "a*";
  CHECK_FALSE(matches_glob(pattern + "b", text));
}

}  // namespace crier::test
