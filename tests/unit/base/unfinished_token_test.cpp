#include "base/unfinished_token.hpp"

#include <doctest/doctest.h>

using crier::UnfinishedToken;

TEST_CASE("a tag is waited for until its '>' that is not in a value") {
  UnfinishedToken token("<a b='>");
  CHECK(token.waiting());
  CHECK(token.take(">\">") == 3);
  CHECK(token.take("' c=\">'") == 7);
  CHECK(token.waiting());
  CHECK(token.take("\"/>text") == 3);
  CHECK_FALSE(token.waiting());
}

TEST_CASE("an end tag is waited for") {
  UnfinishedToken token("</a");
  CHECK(token.take("  >x") == 3);
  CHECK_FALSE(token.waiting());
}

TEST_CASE("a tag that can not be right is not waited for") {
  UnfinishedToken token("<a ");
  CHECK(token.take("<b") == 1);
  CHECK_FALSE(token.waiting());
}

TEST_CASE("a reference is waited for until its semicolon, or what can not be in it") {
  UnfinishedToken reference("&");
  CHECK(reference.waiting());
  CHECK(reference.take("amp") == 3);
  CHECK(reference.waiting());
  CHECK(reference.take(";x") == 1);
  CHECK_FALSE(reference.waiting());
  UnfinishedToken bad("&am");
  CHECK(bad.take("p <") == 2);
  CHECK_FALSE(bad.waiting());
}

TEST_CASE("text, and what begins otherwise, is not waited for") {
  for (const auto* begin : {"", "]]", "\xC3", "<", "<!", "<!-- ", "<![CDATA", "<?xml version"}) {
    CAPTURE(begin);
    CHECK_FALSE(UnfinishedToken(begin).waiting());
  }
  CHECK_FALSE(UnfinishedToken().waiting());
}
