#include <crier/element.hpp>

#include "base/infoset.hpp"

#include <doctest/doctest.h>

using namespace crier;
using test::infoset;

namespace {

std::string infoset_of(std::string_view xml) {
  const auto document = parse_xml(xml);
  return document ? infoset(document->root()) : "nothing";
}

std::string nested(std::size_t levels) {
  std::string xml;
  for (std::size_t level = 0; level < levels; ++level) xml += "<e>";
  for (std::size_t level = 0; level < levels; ++level) xml += "</e>";
  return xml;
}

}  // namespace

TEST_CASE("invariant 3: names and attributes have their namespaces and prefixes, in order") {
  CHECK(
      infoset_of("<a xmlns='urn:1' xmlns:p='urn:2' z='1' p:z='2' y='3' xml:lang='en'><p:b/></a>") ==
      "({urn:1}:a {}:z=[1] {urn:2}p:z=[2] {}:y=[3] "
      "{http://www.w3.org/XML/1998/namespace}xml:lang=[en]({urn:2}p:b))");
}

TEST_CASE(
    "Namespaces in XML §6: a declaration is in effect in its element, and an inner one wins") {
  CHECK(infoset_of("<p:a xmlns:p='u:1'><p:b xmlns:p='u:2' p:c=''><p:d/></p:b><p:e/></p:a>") ==
        "({u:1}p:a({u:2}p:b {u:2}p:c=[]({u:2}p:d))({u:1}p:e))");
  CHECK(infoset_of("<a xmlns='u:1'><b xmlns='u:2'><c/></b><d/></a>") ==
        "({u:1}:a({u:2}:b({u:2}:c))({u:1}:d))");
}

TEST_CASE("Namespaces in XML §6.2: an empty default namespace takes it back") {
  CHECK(infoset_of("<a xmlns='u:1'><b xmlns=''><c/></b></a>") == "({u:1}:a({}:b({}:c)))");
}

TEST_CASE("Namespaces in XML §3: xml may be declared as what it is, and needs not") {
  const auto document =
      parse_xml("<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='en'/>");
  REQUIRE(document);
  CHECK(document->root().declarations.empty());
  CHECK(document->root().attribute("lang", "http://www.w3.org/XML/1998/namespace") == "en");
}

TEST_CASE("Namespaces in XML §6.3: attributes are the same by name and namespace") {
  CHECK(infoset_of("<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>") == "nothing");
  CHECK(infoset_of("<p:a xmlns:p='u'><b xmlns:q='u' p:b='' q:b=''/></p:a>") == "nothing");
  CHECK(infoset_of("<a xmlns:p='u' xmlns='u' p:b='' b=''/>") == "({u}:a {u}p:b=[] {}:b=[])");
  CHECK(infoset_of("<a xmlns:p='u' xmlns:q='v' p:b='' q:b=''/>") == "({}:a {u}p:b=[] {v}q:b=[])");
}

TEST_CASE("invariant 3: declarations are kept where they stood, also unused ones") {
  const auto document = parse_xml("<a xmlns:q='u:q' xmlns='u:1'><b xmlns:p='u:p'/></a>");
  const auto& root = document->root();
  REQUIRE(root.declarations.size() == 2);
  CHECK(root.declarations[0].prefix == "q");
  CHECK(root.declarations[1].prefix.empty());
  CHECK(root.declarations[1].uri == "u:1");
  CHECK(test::meaning("p", root.first_child()) == "u:p");
  CHECK(test::meaning("q", root.first_child()) == "u:q");
}

TEST_CASE("invariant 3: mixed content keeps its order and every white space") {
  CHECK(infoset_of("<a> x\n<b/>\n\n<c>&#13;y</c>\t&lt;z </a>") ==
        "({}:a[ x\n]({}:b)[\n\n]({}:c[\ry])[\t<z ])");
}

TEST_CASE("invariant 3: all planes of Unicode are carried") {
  CHECK(infoset_of("<é ü='\U0001F600'>\U0010FFFD&#x1F4E3;</é>") ==
        "({}:é {}:ü=[\U0001F600][\U0010FFFD\U0001F4E3])");
}

TEST_CASE("XML §2.11, §3.3.3: line ends and white space in values are normalised as XML says") {
  CHECK(infoset_of("<a b='1\r\n2\t3&#10;4'>5\r\n6\r7</a>") == "({}:a {}:b=[1 2 3\n4][5\n6\n7])");
}

TEST_CASE("text is one piece whatever interrupts it: references, sections, comments") {
  CHECK(infoset_of("<a>1&amp;2<![CDATA[<3>]]>4<!-- - --><?p?>5</a>") == "({}:a[1&2<3>45])");
}

TEST_CASE("a document is nothing when it is not well-formed or holds a DTD") {
  for (const std::string_view bad :
       {"", " ", "text", "<a>", "<a></b>", "<a/><b/>", "<a/>text", "<p:a/>", "<a b='1' b='2'/>",
        "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<a>&b;</a>"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_xml(bad));
  }
  CHECK_FALSE(parse_xml(std::string_view("\xFF\xFE<\0a\0/\0>\0", 10)));
}

TEST_CASE("a document with a declaration, comments and white space around its root is read") {
  CHECK(infoset_of("\xEF\xBB\xBF<?xml version='1.0' encoding='UTF-8'?>\n<!-- x --><a/>\n") ==
        "({}:a)");
}

TEST_CASE("a document of 512 levels is read, one more is too deep") {
  CHECK(parse_xml(nested(512)));
  CHECK_FALSE(parse_xml(nested(513)));
}

TEST_CASE("a document knows the size of its text, also after it was moved") {
  auto document = parse_xml("<a>text</a> ");
  const auto moved = std::move(*document);
  CHECK(moved.bytes() == 12);
  CHECK(moved.root().text() == "text");
  CHECK_FALSE(Document());
}
