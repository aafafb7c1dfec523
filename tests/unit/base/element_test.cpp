#include <crier/element.hpp>

#include <doctest/doctest.h>

#include <vector>

using namespace crier;

namespace {

Document document() {
  return *parse_xml(
      "<r xmlns='urn:r' xmlns:p='urn:p' a='1' p:a='2'>one<x/>two<p:x n='1'/><x n='2'>in</x></r>");
}

}  // namespace

TEST_CASE("a child is found by name and namespace, the first one") {
  const auto tree = document();
  CHECK(tree.root().child("x", "urn:p")->attribute_or("n", "-") == "1");
  CHECK(tree.root().child("x", "urn:r")->attribute_or("n", "-") == "-");
  CHECK(tree.root().child("x", "") == nullptr);
  CHECK(tree.root().child("y", "urn:r") == nullptr);
}

TEST_CASE("walking over the children passes text by") {
  const auto tree = document();
  std::vector<std::string_view> numbers;
  for (const auto& child : tree.root().children()) numbers.push_back(child.attribute_or("n", "-"));
  CHECK(numbers == std::vector<std::string_view>{"-", "1", "2"});
  CHECK_FALSE(tree.root().children().empty());
  CHECK(parse_xml("<a>text</a>")->root().children().empty());
}

TEST_CASE("the first child is an element, or there is none") {
  const auto tree = document();
  CHECK(tree.root().first_child() == tree.root().child("x", "urn:r"));
  CHECK(tree.root().first_child()->parent == &tree.root());
  CHECK(parse_xml("<a>text</a>")->root().first_child() == nullptr);
  CHECK(parse_xml("<a/>")->root().parent == nullptr);
}

TEST_CASE("an attribute without prefix is in no namespace") {
  const auto tree = document();
  CHECK(tree.root().attribute("a") == "1");
  CHECK(tree.root().attribute("a", "urn:p") == "2");
  CHECK(tree.root().attribute("a", "urn:r") == std::nullopt);
  CHECK(tree.root().attribute("b") == std::nullopt);
  CHECK(tree.root().attribute_or("b", "none") == "none");
}

TEST_CASE("an empty attribute is there") {
  CHECK(parse_xml("<a b=''/>")->root().attribute("b") == "");
}

TEST_CASE("the text of an element is what stands directly inside of it, joined") {
  const auto tree = document();
  CHECK(tree.root().text() == "onetwo");
  CHECK(tree.root().first_child()->text().empty());
}
