#include <crier/content_filter.hpp>

#include <doctest/doctest.h>

#include <ctime>
#include <string>
#include <string_view>
#include <utility>

namespace crier::test {

namespace {

constexpr std::string_view entry =
    "<entry xmlns='http://www.w3.org/2005/Atom'><title>News of <b>X</b>MPP</title>"
    "<link href='https://example.org/Älter' rel='alternate page'/>"
    "<summary>Die Stra\u00dfe\n   nach \u039f\u03b4\u03cc\u03c2</summary></entry>";

ContentFilter keywords(std::vector<std::string> words) {
  return {.keywords = std::move(words), .payload_namespace = {}, .xpath = {}};
}

ContentFilter of_namespace(std::string ns) {
  return {.keywords = {}, .payload_namespace = std::move(ns), .xpath = {}};
}

ContentFilter xpath(std::string expression) {
  return {.keywords = {}, .payload_namespace = {}, .xpath = std::move(expression)};
}

bool passes(const ContentFilter& filter, std::string_view payload) {
  const auto document = parse_xml(payload);
  REQUIRE(document);
  return passes(filter, &document->root());
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (; times > 0; --times) all += text;
  return all;
}

}  // namespace

TEST_CASE("§12.20 A326 an empty filter lets everything pass, an item without payload as well") {
  CHECK(ContentFilter().empty());
  CHECK(passes(ContentFilter(), entry));
  CHECK(passes(ContentFilter(), nullptr));
  CHECK_FALSE(problem_of(ContentFilter()));
}

TEST_CASE("§12.20 A326 a filter lets no item without payload pass") {
  CHECK_FALSE(passes(keywords({"news"}), nullptr));
  CHECK_FALSE(passes(of_namespace("urn:x"), nullptr));
  CHECK_FALSE(passes(xpath("not(a)"), nullptr));
}

TEST_CASE("§12.20 A326 a keyword that the payload's text holds lets the item pass") {
  CHECK(passes(keywords({"News"}), entry));
  CHECK(passes(keywords({"ews"}), entry));
  CHECK_FALSE(passes(keywords({"olds"}), entry));
  CHECK_FALSE(passes(keywords({"title"}), entry));
}

TEST_CASE("§12.20 A326 every keyword must be there") {
  CHECK(passes(keywords({"news", "xmpp", "nach"}), entry));
  CHECK_FALSE(passes(keywords({"news", "olds"}), entry));
}

TEST_CASE("§12.20 A326 a keyword is found across markup, but not across two attributes") {
  CHECK(passes(keywords({"xmpp"}), entry));
  CHECK(passes(keywords({"alternate page"}), entry));
  CHECK(passes(keywords({"EXAMPLE.org"}), entry));
  CHECK_FALSE(passes(keywords({"\u00e4lter alternate"}), entry));
  CHECK_FALSE(passes(keywords({"\u00e4lteralternate"}), entry));
  CHECK_FALSE(passes(keywords({"\u039f\u03b4\u03cc\u03c2 https"}), entry));
}

TEST_CASE("§12.20 A326 the case of letters makes no difference to keywords") {
  CHECK(passes(keywords({"nEWS"}), entry));
  CHECK(passes(keywords({"\u00e4LTER"}), entry));
  CHECK(passes(keywords({"STRASSE"}), entry));
  CHECK(passes(keywords({"\u039f\u0394\u038c\u03a3"}), entry));
  CHECK(passes(keywords({"\u0434\u043e\u043c"}), "<a>\u0414\u041e\u041c</a>"));
  CHECK_FALSE(passes(keywords({"alter"}), "<a>\u00e4lter</a>"));
}

TEST_CASE("§12.20 A326 how much white space stands between words makes no difference") {
  CHECK(passes(keywords({"stra\u00dfe  nach"}), entry));
  CHECK(passes(keywords({" news of "}), entry));
  CHECK_FALSE(passes(keywords({"newsof"}), entry));
}

TEST_CASE("§12.20 A326 the namespace is that of the payload's element alone") {
  CHECK(passes(of_namespace("http://www.w3.org/2005/Atom"), entry));
  CHECK_FALSE(passes(of_namespace("http://www.w3.org/2005/atom"), entry));
  CHECK_FALSE(passes(of_namespace("urn:inner"), "<a xmlns='urn:outer'><b xmlns='urn:inner'/></a>"));
}

TEST_CASE("§12.20 A326 an expression must hold for the payload") {
  CHECK(passes(xpath("/entry/link[@rel = 'alternate page']"), entry));
  CHECK_FALSE(passes(xpath("//draft"), entry));
}

TEST_CASE("§12.20 A326 all parts of a filter must let the item pass") {
  ContentFilter filter{
      .keywords = {"news"}, .payload_namespace = "http://www.w3.org/2005/Atom", .xpath = "title"};
  CHECK(passes(filter, entry));
  auto other = filter;
  other.keywords = {"olds"};
  CHECK_FALSE(passes(other, entry));
  other = filter;
  other.payload_namespace = "urn:x";
  CHECK_FALSE(passes(other, entry));
  other = filter;
  other.xpath = "subtitle";
  CHECK_FALSE(passes(other, entry));
}

TEST_CASE("§12.20 A326 a filter that can not be used is refused with a sentence") {
  CHECK(problem_of(xpath("a[")) == "XPath, byte 3: something is missing.");
  CHECK(problem_of(xpath(repeated("a", 1025))) == "An XPath expression has at most 1024 bytes.");
  CHECK_FALSE(problem_of(xpath("//a[1]")));
  CHECK(problem_of(keywords(std::vector<std::string>(17, "a"))) ==
        "There are at most 16 keywords.");
  CHECK_FALSE(problem_of(keywords(std::vector<std::string>(16, "a"))));
  CHECK(problem_of(keywords({repeated("a", 257)})) == "A keyword has at most 256 bytes.");
  CHECK_FALSE(problem_of(keywords({repeated("a", 256)})));
  CHECK(problem_of(keywords({"a", " \n"})) == "A keyword holds something besides white space.");
  CHECK(problem_of(of_namespace(repeated("a", 1025))) == "A namespace has at most 1024 bytes.");
}

TEST_CASE("§12.20 A326 what could not be read lets nothing pass") {
  CHECK_FALSE(passes(xpath("a["), entry));
  CHECK_FALSE(passes(xpath(" "), entry));
}

TEST_CASE("§12.20 A326 a deep payload is searched as well") {
  const auto deep = repeated("<a b='x'>", 512) + "needle" + repeated("</a>", 512);
  CHECK(passes(keywords({"NEEDLE", "x"}), deep));
  CHECK_FALSE(passes(keywords({"xx"}), deep));
}

TEST_CASE("§12.20 A326 the cost of keywords is linear, however text and keyword are chosen") {
  const auto begin = std::clock();
  const auto same = "<a>" + repeated("a", 1'000'000) + "</a>";
  CHECK_FALSE(passes(keywords(std::vector<std::string>(16, repeated("a", 255) + "b")), same));
  CHECK_FALSE(passes(keywords(std::vector<std::string>(16, "b" + repeated("a", 255))), same));
  CHECK_FALSE(passes(keywords({"x"}), "<a>" + repeated("\u0410", 500'000) + "</a>"));
  // Some 100 ms in a release build; this leaves room for sanitizers.
  CHECK(double(std::clock() - begin) / CLOCKS_PER_SEC < 3.0);
}

}  // namespace crier::test
