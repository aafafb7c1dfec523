#include <crier/xml_writer.hpp>

#include <crier/element.hpp>

#include <doctest/doctest.h>

using namespace crier;

TEST_CASE("elements are nested as the code is nested") {
  std::string out;
  {
    XmlWriter writer(out);
    auto iq = writer.open("iq");
    iq.attr("type", "result").attr("id", "1");
    {
      auto items = writer.open("items", "urn:x");
      items.attr("node", "n");
      writer.open("item").attr("id", "a");
      writer.open("item").attr("id", "b").text("t");
      writer.raw("<r/>");
    }
    writer.leaf("note", "x < y");
    writer.leaf("none", "");
    iq.text("end");
  }
  CHECK(out ==
        "<iq type='result' id='1'><items xmlns='urn:x' node='n'><item id='a'/>"
        "<item id='b'>t</item><r/></items><note>x &lt; y</note><none/>end</iq>");
}

TEST_CASE("what is written is appended") {
  std::string out = "before";
  {
    XmlWriter writer(out);
    auto tag = writer.open("a-name-of-more-than-fifteen-bytes", "");
    tag.text("");
  }
  CHECK(out ==
        "before<a-name-of-more-than-fifteen-bytes xmlns=''></a-name-of-more-than-fifteen-bytes>");
}

TEST_CASE("XML §2.4: text and values are read back exactly") {
  std::string all;
  for (char byte = 1; byte < 127; ++byte) {
    if (byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r') all += byte;
  }
  all += "]]>\r\n\u0085\u2028\U0001F600";
  std::string out;
  {
    XmlWriter writer(out);
    writer.open("a").attr("b", all).text(all);
  }
  const auto document = parse_xml(out);
  REQUIRE(document);
  CHECK(document->root().attribute("b") == all);
  CHECK(document->root().text() == all);
}

TEST_CASE("XML §2.4, §3.3.3: only what must be is a reference") {
  std::string text;
  append_text(text, "a&b<c>d\re\nf\tg'h\"i]]>");
  CHECK(text == "a&amp;b&lt;c&gt;d&#13;e\nf\tg'h\"i]]&gt;");
  CHECK(escape_attribute("a&b<c>d\re\nf\tg'h\"i") == "a&amp;b&lt;c&gt;d&#13;e&#10;f&#9;g&apos;h\"i");
  CHECK(escape_attribute("").empty());
}
