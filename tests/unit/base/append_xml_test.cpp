#include <crier/xml_writer.hpp>

#include <doctest/doctest.h>

using namespace crier;

namespace {

/// The first element named `name` in `element`, itself included.
const Element* find(const Element& element, std::string_view name) {
  if (element.name == name) return &element;
  for (const auto& child : element.children()) {
    if (const auto* found = find(child, name)) return found;
  }
  return nullptr;
}

/// The element `payload` of a document, as a fragment.
std::string payload_of(std::string_view xml) {
  const auto document = parse_xml(xml);
  REQUIRE(document);
  return to_xml(*find(document->root(), "payload"));
}

}  // namespace

TEST_CASE("invariant 3: a fragment declares its own namespace, from wherever it has it") {
  CHECK(payload_of("<a xmlns='u:1'><payload/></a>") == "<payload xmlns='u:1'/>");
  CHECK(payload_of("<a xmlns='u:1'><payload xmlns='u:2'/></a>") == "<payload xmlns='u:2'/>");
  CHECK(payload_of("<p:a xmlns:p='u:1'><p:payload/></p:a>") == "<p:payload xmlns:p='u:1'/>");
}

TEST_CASE("invariant 3: no namespace is declared too, as the fragment may be put inside of one") {
  CHECK(payload_of("<payload/>") == "<payload xmlns=''/>");
  CHECK(payload_of("<a xmlns='u:1'><payload xmlns=''><b/></payload></a>") ==
        "<payload xmlns=''><b/></payload>");
  CHECK(payload_of("<p:payload xmlns:p='u:1'><b/></p:payload>") ==
        "<p:payload xmlns='' xmlns:p='u:1'><b/></p:payload>");
}

TEST_CASE("invariant 3: a prefixed root declares the default namespace if one inside has it") {
  CHECK(payload_of("<a xmlns='u:1'><p:payload xmlns:p='u:2'><b/><c/></p:payload></a>") ==
        "<p:payload xmlns='u:1' xmlns:p='u:2'><b/><c/></p:payload>");
  CHECK(payload_of("<a xmlns='u:1'><p:payload xmlns:p='u:2'><p:b/></p:payload></a>") ==
        "<p:payload xmlns:p='u:2'><p:b/></p:payload>");
  CHECK(payload_of("<a xmlns='u:1'><p:payload xmlns:p='u:2'><b xmlns='u:3'/></p:payload></a>") ==
        "<p:payload xmlns:p='u:2'><b xmlns='u:3'/></p:payload>");
}

TEST_CASE("fewest declarations: what is in effect in the fragment is not repeated") {
  CHECK(payload_of("<payload xmlns='u:1' xmlns:p='u:2'><b xmlns='u:1' xmlns:p='u:2'>"
                   "<c xmlns='u:3'><d xmlns='u:3'/></c><e xmlns='u:1'/></b></payload>") ==
        "<payload xmlns='u:1' xmlns:p='u:2'><b><c xmlns='u:3'><d/></c><e/></b></payload>");
}

TEST_CASE("declarations stay where they stood, also unused ones") {
  CHECK(payload_of("<payload xmlns='u:1'><b xmlns:q='u:q'><c xmlns:p='u:p'/></b></payload>") ==
        "<payload xmlns='u:1'><b xmlns:q='u:q'><c xmlns:p='u:p'/></b></payload>");
}

TEST_CASE("invariant 3: prefixes from around the fragment are declared if a name has them") {
  CHECK(payload_of("<a xmlns='u:1' xmlns:p='u:p' xmlns:q='u:q' xmlns:r='u:r'>"
                   "<payload><b q:c='1'/><p:d/></payload></a>") ==
        "<payload xmlns='u:1' xmlns:q='u:q' xmlns:p='u:p'><b q:c='1'/><p:d/></payload>");
}

TEST_CASE("invariant 3: prefixes from around the fragment are declared if a value may have them") {
  const std::string around =
      "<a xmlns='u:1' xmlns:p='u:p' xmlns:q.1-x='u:q' xmlns:é='u:e' xmlns:http='u:h'>";
  const auto fragment = [&](const std::string& payload) {
    return payload_of(around + payload + "</a>");
  };
  CHECK(fragment("<payload b='p:c'/>") == "<payload xmlns='u:1' xmlns:p='u:p' b='p:c'/>");
  CHECK(fragment("<payload><b>(q.1-x:c,é:d)</b></payload>") ==
        "<payload xmlns='u:1' xmlns:q.1-x='u:q' xmlns:é='u:e'><b>(q.1-x:c,é:d)</b></payload>");
  CHECK(fragment("<payload>xp:c :p p :: p;: 1p:</payload>") ==
        "<payload xmlns='u:1'>xp:c :p p :: p;: 1p:</payload>");
  CHECK(fragment("<payload>“p:c”</payload>") ==
        "<payload xmlns='u:1' xmlns:p='u:p'>“p:c”</payload>");
  CHECK(fragment("<payload>x:p:c</payload>") ==
        "<payload xmlns='u:1' xmlns:p='u:p'>x:p:c</payload>");
}

TEST_CASE("a prefix in a value that the fragment declares itself needs nothing from around") {
  CHECK(payload_of("<a xmlns:p='u:1'><payload><b xmlns:p='u:2'>p:c</b></payload></a>") ==
        "<payload xmlns=''><b xmlns:p='u:2'>p:c</b></payload>");
  CHECK(payload_of("<a xmlns:p='u:1'><payload><b xmlns:p='u:2'/>p:c</payload></a>") ==
        "<payload xmlns='' xmlns:p='u:1'><b xmlns:p='u:2'/>p:c</payload>");
}

TEST_CASE("the same prefix with another namespace inside is declared again there, and only there") {
  CHECK(payload_of("<p:a xmlns:p='u:1'><p:payload><p:b xmlns:p='u:2'><p:c/></p:b><p:d/>"
                   "</p:payload></p:a>") ==
        "<p:payload xmlns:p='u:1'><p:b xmlns:p='u:2'><p:c/></p:b><p:d/></p:payload>");
  CHECK(payload_of("<a xmlns:p='u:0'><b xmlns:p='u:1'><p:payload/></b></a>") ==
        "<p:payload xmlns:p='u:1'/>");
}

TEST_CASE("xml is never declared") {
  CHECK(payload_of("<payload xml:lang='en'>xml:lang</payload>") ==
        "<payload xmlns='' xml:lang='en'>xml:lang</payload>");
}

TEST_CASE("content is written in order, with what must be as references") {
  CHECK(payload_of("<payload xmlns='u' a='&apos;&#10;&lt;'>1&amp;<b/>2&gt;<c/>&#13;</payload>") ==
        "<payload xmlns='u' a='&apos;&#10;&lt;'>1&amp;<b/>2&gt;<c/>&#13;</payload>");
}

TEST_CASE("a fragment is appended, and 512 levels are written") {
  std::string xml;
  for (int level = 0; level < 512; ++level) xml += "<e>";
  for (int level = 0; level < 512; ++level) xml += "</e>";
  std::string out = "x";
  append_xml(out, parse_xml(xml)->root());
  CHECK(out.starts_with("x<e xmlns=''><e><e>"));
  CHECK(out.ends_with("<e/></e></e>" + xml.substr(xml.size() - 509 * 4)));
}
