#include "base/namespace_scope.hpp"

#include <doctest/doctest.h>

using namespace crier;

TEST_CASE("Namespaces in XML §6.1: the innermost declaration of a prefix is in effect") {
  NamespaceScope scope;
  scope.add({"p", "u:1"});
  const auto outer = scope.size();
  scope.add({"p", "u:2"});
  CHECK(scope.find("p") == "u:2");
  scope.shrink_to(outer);
  CHECK(scope.find("p") == "u:1");
  CHECK(scope.find("q") == std::nullopt);
}

TEST_CASE("equal namespaces are interned to one address") {
  const std::string first = "urn:same";
  const std::string second = "urn:same";
  NamespaceScope scope;
  CHECK(scope.interned(second).data() == second.data());
  scope.add({"p", first});
  CHECK(scope.interned(second).data() == first.data());
}

TEST_CASE("Namespaces in XML §3: xml and xmlns are reserved") {
  CHECK(may_declare("", "urn:a"));
  CHECK(may_declare("", ""));
  CHECK(may_declare("p", "urn:a"));
  CHECK_FALSE(may_declare("p", ""));
  CHECK(may_declare("xml", "http://www.w3.org/XML/1998/namespace"));
  CHECK_FALSE(may_declare("xml", "urn:a"));
  CHECK_FALSE(may_declare("p", "http://www.w3.org/XML/1998/namespace"));
  CHECK_FALSE(may_declare("", "http://www.w3.org/XML/1998/namespace"));
  CHECK_FALSE(may_declare("xmlns", "http://www.w3.org/2000/xmlns/"));
  CHECK_FALSE(may_declare("p", "http://www.w3.org/2000/xmlns/"));
}

TEST_CASE("Namespaces in XML §4: a qualified name has at most one colon, between two names") {
  CHECK(split_name("a")->local == "a");
  CHECK(split_name("a")->prefix.empty());
  CHECK(split_name("p:é")->local == "é");
  CHECK(split_name("p:é")->prefix == "p");
  for (const auto* bad : {":", ":a", "p:", "p:a:b", "p::a", "p:1", "p:-", "p:.", "p:·", "p:\u0301",
                          "p:\u203F", "p:\u2040"}) {
    CAPTURE(bad);
    CHECK_FALSE(split_name(bad));
  }
}
