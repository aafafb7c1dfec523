#include "cli/suggestion.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace crier::cli;

TEST_CASE("edit_distance counts letters added, removed, replaced and swapped") {
  CHECK(edit_distance("node", "node") == 0);
  CHECK(edit_distance("nodee", "node") == 1);
  CHECK(edit_distance("nde", "node") == 1);
  CHECK(edit_distance("mode", "node") == 1);
  CHECK(edit_distance("ndoe", "node") == 1);
  CHECK(edit_distance("", "node") == 4);
}

TEST_CASE("suggestion: the nearest word, an unfinished one too; none when nothing is near") {
  const std::vector<std::string> known{"node", "item", "subscription"};
  CHECK(suggestion("ndoe", known) == "; did you mean \"node\"?");
  CHECK(suggestion("subscriptoins", known) == "; did you mean \"subscription\"?");
  CHECK(suggestion("sub", known) == "; did you mean \"subscription\"?");
  CHECK(suggestion("frobnicate", known).empty());
  CHECK(suggestion("", known).empty());
  CHECK(suggestion(std::string(10'000, 'n'), known).empty());
}
