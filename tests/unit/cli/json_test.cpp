#include "cli/json.hpp"

#include <doctest/doctest.h>

using namespace crier::cli;

TEST_CASE("json: members in their order, on one line, escaped") {
  CHECK(to_text(Json{{"node", "a\"b\n"}, {"item", Json()}}) == R"({"node":"a\"b\n","item":null})");
}

TEST_CASE("json: control characters are escapes, bytes that are not UTF-8 are replaced") {
  CHECK(to_text(Json("\x1b\xc2\x9b")) == R"("\u001b\u009b")");
  CHECK(to_text(Json("a\xff")) == "\"a\xef\xbf\xbd\"");
}
