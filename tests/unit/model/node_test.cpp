#include <crier/node.hpp>

#include <doctest/doctest.h>

namespace crier::test {

TEST_CASE("§4.1 an entity that the list does not hold has the affiliation none") {
  Node node;
  node.affiliations["a@b"] = Affiliation::owner;
  CHECK(node.affiliation_of("a@b") == Affiliation::owner);
  CHECK(node.affiliation_of("a@bb") == Affiliation::none);
  CHECK(node.affiliation_of("") == Affiliation::none);
}

TEST_CASE("a node's size grows with all that clients can make long") {
  Node node;
  const auto empty = node.bytes();
  node.config.title = std::string(1000, 'x');
  CHECK(node.bytes() >= empty + 1000);
  node.config.description = std::string(1000, 'x');
  CHECK(node.bytes() >= empty + 2000);
  node.affiliations["a@b"] = Affiliation::owner;
  CHECK(node.bytes() > empty + 2000);
}

}  // namespace crier::test
