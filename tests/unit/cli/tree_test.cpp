#include "cli/tree.hpp"

#include <doctest/doctest.h>

using namespace crier::cli;

TEST_CASE("trees are drawn with lines, the last child with an end") {
  const std::vector<Tree> trees{{"blogs/", {{"a/", {{"posts", {}}}}, {"b", {}}}}, {"news", {}}};
  CHECK(to_text(trees) ==
        "blogs/\n"
        "├── a/\n"
        "│   └── posts\n"
        "└── b\n"
        "news\n");
}

TEST_CASE("lines of a tree fit the terminal, however deep; names are made harmless") {
  Tree deep{"a name that is long\x1b[31m", {}};
  for (int level = 0; level < 5; ++level) deep = {"x", {deep}};
  const auto text = to_text({deep}, 20);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.ends_with("└── a name …\n"));
}
