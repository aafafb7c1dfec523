#include "model/xpath.hpp"

#include <doctest/doctest.h>

#include <array>
#include <ctime>
#include <string>
#include <string_view>

namespace crier::test {

namespace {

constexpr std::string_view shop =
    "<entry xmlns='urn:s' xmlns:p='urn:p' id='7' p:code='x'>"
    "<title>The <b>first</b> offer</title>"
    "<link rel='self' href='a'/><link rel='next' href='b'/><link rel='last' href='c'/>"
    "<p:price>10.50</p:price>"
    "<list><price>9</price><price>30</price><note> two \n words </note></list>"
    "<published>2024-05-06</published><empty/><and>or</and>"
    "</entry>";

bool is_valid(std::string_view text) {
  return std::holds_alternative<XPath>(XPath::parse(text));
}

std::string problem(std::string_view text) {
  const auto parsed = XPath::parse(text);
  const auto* problem = std::get_if<std::string>(&parsed);
  return problem ? *problem : "";
}

bool matches(std::string_view text, const Element& payload) {
  const auto parsed = XPath::parse(text);
  CAPTURE(problem(text));
  REQUIRE(std::holds_alternative<XPath>(parsed));
  return std::get<XPath>(parsed).matches(payload);
}

bool matches(std::string_view text, std::string_view payload = shop) {
  const auto document = parse_xml(payload);
  REQUIRE(document);
  return matches(text, document->root());
}

template <std::size_t size>
void check_all(const std::array<std::string_view, size>& expressions, bool match) {
  for (const auto expression : expressions) {
    CAPTURE(expression);
    CHECK(matches(expression) == match);
  }
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (; times > 0; --times) all += text;
  return all;
}

double seconds_of(std::string_view expression, std::string_view payload) {
  const auto document = parse_xml(payload);
  REQUIRE(document);
  const auto begin = std::clock();
  matches(expression, document->root());
  return double(std::clock() - begin) / CLOCKS_PER_SEC;
}

/// What the budget is for takes minutes without it; this leaves room for sanitizers.
constexpr double bound = 2.0;

}  // namespace

TEST_CASE("§12.20 A326 an absolute path begins with the payload's element, // finds any below") {
  check_all(std::array<std::string_view, 12>{"/", "/entry", "/entry/title", "/*", "/*/link",
                                             "//entry", "//title", "/entry//price", "//list//note",
                                             " / entry / title ", "/entry/.", "/entry/title/b"},
            true);
  check_all(std::array<std::string_view, 6>{"/title", "/entry/price/x", "//nothing", "/entry/b",
                                            "/entry/entry", "//b//b"},
            false);
}

TEST_CASE("§12.20 A326 a relative path begins inside of the payload's element") {
  check_all(
      std::array<std::string_view, 7>{"title", "list/price", ".", "./title", ".//b", "@id", "*"},
      true);
  check_all(std::array<std::string_view, 3>{"entry", "b", "@href"}, false);
}

TEST_CASE("§12.20 A326 what is around the payload is not seen") {
  const auto document = parse_xml("<item id='1'><entry><title/></entry></item>");
  REQUIRE(document);
  const auto& payload = *document->root().first_child();
  CHECK(matches("/entry/title", payload));
  CHECK_FALSE(matches("/item", payload));
  CHECK_FALSE(matches("//item", payload));
}

TEST_CASE("§12.20 A326 a name is of any namespace, Q{uri}name of one") {
  check_all(std::array<std::string_view, 7>{"/entry/price", "//Q{urn:p}price", "//Q{urn:s}price",
                                            "/Q{urn:s}entry/Q{urn:p}price", "//Q{urn:p}*",
                                            "@Q{urn:p}code", "@code"},
            true);
  check_all(std::array<std::string_view, 4>{"/Q{urn:p}entry", "/entry/Q{urn:s}price", "//Q{}price",
                                            "@Q{}code"},
            false);
  CHECK(matches("/Q{}a", "<a/>"));
}

TEST_CASE("§12.20 A326 attributes and texts are nodes, too") {
  check_all(
      std::array<std::string_view, 9>{"//@href", "//@*", "//link/@rel = 'next'", "title/text()",
                                      "//b/text() = 'first'", "list/price/text() > 20", "//text()",
                                      "//@href/.", "count(title/text()) = 2"},
      true);
  check_all(std::array<std::string_view, 5>{"empty/text()", "//@nothing", "//@href/link",
                                            "//text()/b", "@id/@id"},
            false);
}

TEST_CASE("§12.20 A326 predicates select by existence, by comparison and by position") {
  check_all(
      std::array<std::string_view, 12>{
          "link[@rel]", "link[@rel='next']", "link[2]/@href = 'b'", "link[last()]/@href='c'",
          "link[position() < 3][2]/@rel = 'next'", "link[@rel='next'][1]", "/entry[list/price]",
          "list/price[. > 20]", "//price[1] = 9", "link[2][@rel = 'next']",
          "list[price[. = 9] and note]", "link[last()][position() = last()]"},
      true);
  check_all(std::array<std::string_view, 8>{"link[@none]", "link[4]", "link[0]", "link[1.5]",
                                            "link[1]/@rel = 'next'", "link[@rel='next'][2]",
                                            "link[2][@rel='self']", "/entry[list/note = 'x']"},
            false);
}

TEST_CASE("§12.20 A326 a position counts below each node by itself") {
  constexpr std::string_view rows = "<t><r><c>1</c><c>2</c></r><r><c>3</c><c>4</c></r></t>";
  CHECK(matches("count(//c[1]) = 2", rows));
  CHECK(matches("//c[1] = 3", rows));
  CHECK_FALSE(matches("//c[3]", rows));
  CHECK(matches("t/r[2]/c[last()] = 4 or /t/r[2]/c[last()] = 4", rows));
}

TEST_CASE("§12.20 A326 a comparison of nodes holds when it does for one of them") {
  check_all(std::array<std::string_view, 12>{"//price = 9", "//price = 30", "//price != 9",
                                             "//price < 10", "//price > 20", "20 < //price",
                                             "//price >= 30", "//price <= 9", "//price = 10.5",
                                             "//price = '10.50'", "list/price < price",
                                             "link/@href = link/@href"},
            true);
  check_all(
      std::array<std::string_view, 7>{"//price = 8", "//price < 9", "//price > 30", "//nothing = 1",
                                      "//nothing != 1", "//price = '10.5'", "empty = title"},
      false);
}

TEST_CASE("§12.20 A326 what is no number is in no order with a number, and texts are by bytes") {
  check_all(std::array<std::string_view, 8>{"published > '2024-01-01'", "published < '2024-06'",
                                            "'9' < '10'", "'a' < 'b'", "-1 < 0", "-.5 > -1",
                                            "title != 3", "' 9 ' <= '9.0'"},
            true);
  check_all(std::array<std::string_view, 6>{"title > 3", "title < 3", "title = 3",
                                            "published > '2024-06'", "'9' = '9.0'", "'inf' > 5"},
            false);
}

TEST_CASE("§12.20 A326 and binds closer than or, parentheses closer than both") {
  check_all(std::array<std::string_view, 8>{"1=1 or 1=2 and 1=2", "title and link",
                                            "nothing or link", "not(nothing)", "not(not(link))",
                                            "contains(//title, 'first') and //price < 10",
                                            "(nothing or link) and (title)", "and = 'or' and and"},
            true);
  check_all(
      std::array<std::string_view, 5>{"(1=1 or 1=2) and 1=2", "title and nothing",
                                      "nothing or none", "not(link)", "not(link) = not(nothing)"},
      false);
}

TEST_CASE("§12.20 A326 the functions do what XPath says") {
  check_all(
      std::array<std::string_view, 17>{
          "contains(title, 'first offer')", "contains(., 'words')", "contains('abc', '')",
          "contains(link/@href, 'a')", "starts-with(title, 'The f')", "starts-with('a', '')",
          "string-length('äß€') = 3", "string-length(nothing) = 0",
          "normalize-space(//note) = 'two words'", "count(link) = 3", "count(//@rel) = 3",
          "count(//nothing) = 0", "contains(count(link), '3')", "contains(10.5, '.5')",
          "string-length(normalize-space(' ')) = 0", "contains(not(link), 'false')",
          "contains ( title , 'The' )"},
      true);
  check_all(std::array<std::string_view, 6>{"contains(title, 'second')", "contains('', 'a')",
                                            "starts-with('a', 'ab')", "starts-with(title, 'he')",
                                            "string-length(title) = 0", "count(nothing)"},
            false);
}

TEST_CASE("§12.20 A326 the text of nodes is that of the first in document order") {
  CHECK_FALSE(matches("contains(//price, '30')"));
  CHECK(matches("contains(//price, '10.5')"));
  CHECK(matches("//price[contains(., '30')]"));
  // The inner a is found from the outer one, before b is, which stands behind it.
  constexpr std::string_view nested = "<r><a><a><b>1</b></a><b>2</b></a></r>";
  CHECK(matches("starts-with(//a/b, '1')", nested));
  CHECK(matches("count(//a//b) = 2", nested));
  CHECK(matches("count(//a//*) = 3", nested));
}

TEST_CASE("§12.20 A326 what is not of the subset is refused, with a sentence that says where") {
  constexpr std::array<std::string_view, 48> wrong{
      "",         " ",           "//",          "/entry/",
      "entry//",  "[1]",         "a[",          "a[]",
      "a[1",      "a]",          "a b",         "a = ",
      "= a",      "a = b = c",   "a < b < c",   "a and",
      "and and",  "or or or or", "(a",          "a)",
      "()",       "'a",          "\"a",         "'a\"",
      "1.2.3",    "1..2",        "-",           "--1",
      "@",        "@1",          "@@a",         "..",
      "../a",     "a/..",        "p:a",         "child::a",
      "a | b",    "a + b",       "$a",          "Q{urn:s",
      "Q{urn:s}", "unknown(a)",  "contains(a)", "contains(a, b, c)",
      "not()",    "last(a)",     "count('a')",  "a/text(1)"};
  for (const auto expression : wrong) {
    CAPTURE(expression);
    CHECK_FALSE(is_valid(expression));
    CHECK(problem(expression).starts_with("XPath, byte "));
  }
  CHECK(problem("a[p:b]") == "XPath, byte 4: there are no prefixes here, write Q{namespace}name.");
  CHECK(problem("matches(a)") == "XPath, byte 1: there is no function matches.");
}

TEST_CASE("§12.20 A326 bytes that are no expression never do more than be refused") {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    for (const std::string& text : {one, "a" + one, "a[" + one, "a[b=" + one + "]", "not(" + one}) {
      const auto parsed = XPath::parse(text);
      if (const auto* expression = std::get_if<XPath>(&parsed))
        expression->matches(parse_xml(shop)->root());
    }
  }
}

TEST_CASE("§12.20 A326 the start of an expression is an expression or refused") {
  constexpr std::string_view whole =
      "contains(//Q{urn:p}price[last()], '1') and not(@id != \"7\" or link[2]/@rel <= -1.5)";
  CHECK(matches(whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    if (is_valid(whole.substr(0, size))) matches(whole.substr(0, size));
}

TEST_CASE("§12.20 A326 an expression has at most 1024 bytes and is nested at most 32 deep") {
  CHECK(is_valid(repeated("a/", 511) + "a"));
  CHECK(is_valid("'" + repeated("x", 1022) + "'"));
  CHECK(problem("'" + repeated("x", 1023) + "'") == "An XPath expression has at most 1024 bytes.");
  CHECK(is_valid(repeated("(", 31) + "a" + repeated(")", 31)));
  CHECK_FALSE(is_valid(repeated("(", 32) + "a" + repeated(")", 32)));
  CHECK(is_valid(repeated("a[", 31) + "a" + repeated("]", 31)));
  CHECK_FALSE(is_valid(repeated("a[", 32) + "a" + repeated("]", 32)));
  CHECK_FALSE(is_valid(repeated("(", 1024)));
  CHECK_FALSE(is_valid(repeated("a[", 512)));
  CHECK_FALSE(is_valid(repeated("not(", 256)));
  // Side by side is not inside of each other.
  CHECK(matches(repeated("(1=2)or", 100) + "(a)", "<r><a/></r>"));
  CHECK(matches("a" + repeated("[1=1]", 200), "<r><a/></r>"));
}

TEST_CASE("§12.20 A326 a deep payload is looked through without deep recursion") {
  const auto payload = repeated("<a>", 511) + "<b>x</b>" + repeated("</a>", 511);
  CHECK(matches("//b = 'x'", payload));
  CHECK(matches("count(//a) = 511", payload));
  CHECK(matches("count(//a//a//a) = 509", payload));
  CHECK(matches("/a[contains(., 'x')]", payload));
}

TEST_CASE("§12.20 A326 what costs more than the budget is no match, whatever was asked") {
  const auto wide = "<r>" + repeated("<a/>", 250'000) + "</r>";
  CHECK_FALSE(matches("//a", wide));
  CHECK_FALSE(matches("not(//b)", wide));
  CHECK_FALSE(matches("count(//b) = 0", wide));
  CHECK_FALSE(matches("1 = 1", wide));
  const auto fewer = "<r>" + repeated("<a/>", 5'000) + "</r>";
  CHECK(matches("count(//a) = 5000", fewer));
  CHECK_FALSE(matches("//a[count(//a) = 5000]", fewer));
  CHECK_FALSE(matches("not(//a[//a[//b]])", fewer));
  CHECK_FALSE(matches("//a[count(//a[count(//a) = 1]) = 0]", fewer));
}

TEST_CASE("§12.20 A326 the text of a payload of the largest size can be searched") {
  const auto large = "<r><a>" + repeated("word ", 200'000) + "end</a></r>";
  CHECK(matches("contains(//a, 'end')", large));
  CHECK(matches("contains(., 'word end')", large));
}

TEST_CASE("§12.20 A326 no expression makes a publication expensive") {
  const auto wide = "<r>" + repeated("<a>x</a>", 50'000) + "</r>";
  CHECK(seconds_of("//a = //a/text() and //a != 'x'", wide) < bound);
  CHECK(seconds_of("//*[//*[//*[//*[//*]]]]", wide) < bound);
  CHECK(seconds_of("//*//*//*//*//*//*//*//*[last()]", wide) < bound);
  CHECK(seconds_of("//a[. < //a]", wide) < bound);
  const auto deep =
      repeated(repeated("<e>", 500) + repeated("xy", 100) + repeated("</e>", 500), 100);
  CHECK(seconds_of("//*[contains(., 'z')]", "<r>" + deep + "</r>") < bound);
  CHECK(seconds_of("//*//*//*//*//*//*//*//*", "<r>" + deep + "</r>") < bound);
  const auto long_text = repeated("a", 500'000);
  CHECK(seconds_of("contains(//x, //y)", "<r><x>" + long_text + "</x><y>" + repeated("a", 250'000) +
                                             "b</y></r>") < bound);
  CHECK(seconds_of("contains(., '" + repeated("a", 900) + "b')", "<r>" + long_text + "</r>") <
        bound);
}

}  // namespace crier::test
