#include "base/transcript.hpp"

#include <doctest/doctest.h>

#include <ctime>

using namespace crier;
using test::stream_start;
using test::Transcript;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (; times > 0; --times) all += text;
  return all;
}

/// Seconds of the processor that this process has used; how busy the machine is does not count.
double processor_time() {
  return double(std::clock()) / CLOCKS_PER_SEC;
}

/// Quadratic cost would be minutes; this leaves room for sanitizers.
constexpr double bound = 6.0;

/// Reads a stanza as it comes from the network, and the small one behind it; writes what was read.
/// Each takes some 5 to 100 ms in a release build (AMD EPYC).
void check_cost(const char* what, const std::string& content, std::size_t piece = 64 * 1024) {
  CAPTURE(what);
  const auto begin = processor_time();
  Transcript transcript;
  transcript.feed(stream_start);
  transcript.feed_in_pieces("<iq id='1'>" + content + "</iq><next/>", piece);
  CHECK(processor_time() - begin < bound);
  CHECK(transcript.lines.back() == "7 <next xmlns='jabber:component:accept'/>");
}

}  // namespace

TEST_CASE("invariant 6: the cost of text is linear, however it is made") {
  check_cost("256 KB of newlines", repeated("\n", 256 * 1024));
  check_cost("256 KB of newlines, 100 bytes at a time", repeated("\n", 256 * 1024), 100);
  check_cost("1 MB of references", repeated("&amp;", 200'000));
  check_cost("1 MB of empty sections", repeated("<![CDATA[]]>", 80'000));
  check_cost("1 MB of text, byte by byte", repeated("x", 1'000'000), 1);
}

TEST_CASE("invariant 6: the cost of elements is linear, however many and deep") {
  check_cost("256 KB of children", repeated("<e/>", 64 * 1024));
  check_cost("100,000 levels", repeated("<e>", 100'000) + repeated("</e>", 100'000));
  check_cost("1 MB of chains of 500", repeated(repeated("<e>", 500) + repeated("</e>", 500), 290));
}

TEST_CASE("invariant 6: the cost of a tag is linear, however it comes") {
  const auto tag = "<e a='" + repeated(">", 1'000'000) + "'/>";
  check_cost("an attribute of 1 MB", tag);
  check_cost("an attribute of 1 MB, 1,400 bytes at a time", tag, 1400);
  check_cost("an attribute of 1 MB, byte by byte", tag, 1);
  check_cost("a skipped tag of 4 MB", "<e a='" + repeated("x", 4'000'000) + "'/>", 1400);
  check_cost("a name of 500 KB",
             "<" + repeated("n", 500'000) + "></" + repeated("n", 500'000) + ">", 1400);
}

TEST_CASE("invariant 6: the cost of attributes is linear, however many and named") {
  std::string many = "<e";
  for (int number = 0; number < 100'000; ++number) many += fmt::format(" a{}=''", number);
  check_cost("100,000 attributes", many + "/>");
  std::string prefixed = "<e xmlns:p='u:p'>";
  std::string tag = "<e";
  for (int number = 0; number < 250; ++number)
    tag += fmt::format(" p:{}=''", char('a' + number % 26) + std::to_string(number));
  check_cost("1 MB of tags of 250 attributes with prefixes",
             prefixed + repeated(tag + "/>", 1'000'000 / tag.size()) + "</e>");
}

TEST_CASE("invariant 6: the cost of namespaces is linear, however many and long") {
  const auto uri = repeated("u", 400'000);
  check_cost("a URI of 400 KB, used 80,000 times",
             "<e xmlns:p='" + uri + "'>" + repeated("<p:e/>", 60'000) + "</e>");
  check_cost("two URIs of 400 KB that are hard to tell apart",
             "<e xmlns:p='" + uri + "1' xmlns:q='" + uri + "2'>" +
                 repeated("<p:e p:a='' q:a=''/>", 10'000) + "</e>");
  check_cost("two prefixes for a URI of 400 KB", "<e xmlns:p='" + uri + "' xmlns:q='" + uri + "'>" +
                                                     repeated("<q:e p:a=''/>", 10'000) + "</e>");
  std::string hundred = "<e";
  for (int number = 0; number < 100; ++number)
    hundred += fmt::format(" xmlns:p{0}='u:{0}'", number);
  check_cost("100 prefixes, used 100,000 times",
             hundred + ">" + repeated("<p0:e>p0:</p0:e>", 60'000) + "</e>");
}

TEST_CASE("invariant 6: the cost of many fragments of one stanza is linear") {
  std::string xml = "<e xmlns='u'";
  for (int number = 0; number < 100; ++number) xml += fmt::format(" xmlns:p{0}='u:{0}'", number);
  const auto document = parse_xml(xml + ">" + repeated("<i>p1: p99: x:</i>", 20'000) + "</e>");
  REQUIRE(document);
  const auto begin = processor_time();
  std::string out;
  for (const auto& fragment : document->root().children()) append_xml(out, fragment);
  CHECK(processor_time() - begin < bound);
  CHECK(out.starts_with("<i xmlns='u' xmlns:p1='u:1' xmlns:p99='u:99'>p1: p99: x:</i><i "));
}
