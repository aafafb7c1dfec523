#include "model/case_folding.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace crier::test {

TEST_CASE("fold_case: letters of all scripts that have cases lose theirs") {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> pairs{{
      {"XMPP", "xmpp"},
      {"\u00c4\u00d6\u00dc", "\u00e4\u00f6\u00fc"},
      {"\u0141\u00d3\u0178", "\u0142\u00f3\u00ff"},
      {"\u0391\u03a9", "\u03b1\u03c9"},
      {"\u0416\u042f\u0401", "\u0436\u044f\u0451"},
      {"\u0531", "\u0561"},
      {"\u1e00\u1ef8", "\u1e01\u1ef9"},
      {"\uff21", "\uff41"},
      {"\U00010400", "\U00010428"},
  }};
  for (const auto& [large, small] : pairs) {
    CAPTURE(large);
    CHECK(fold_case(large) == small);
    CHECK(fold_case(small) == small);
  }
}

TEST_CASE("fold_case: letters that become several, or have several small forms, are the same") {
  CHECK(fold_case("Stra\u00dfe") == fold_case("STRASSE"));
  CHECK(fold_case("\u03a3") == fold_case("\u03c2"));
  CHECK(fold_case("\ufb01") == "fi");
}

TEST_CASE("fold_case: what has no case stays") {
  constexpr std::string_view text = "1 \u00a0\u05d0\u0627\u4e2d\u3042\ud55c\u20ac\U0001f600\n\x7f";
  CHECK(fold_case(text) == text);
  CHECK(fold_case("").empty());
  CHECK(fold_case(std::string_view("a\0B", 3)) == std::string_view("a\0b", 3));
}

}  // namespace crier::test
