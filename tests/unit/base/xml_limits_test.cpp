#include "base/transcript.hpp"

#include <doctest/doctest.h>

#include <malloc.h>

using namespace crier;
using test::Lines;
using test::read_stream;
using test::stream_start;
using test::Transcript;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (; times > 0; --times) all += text;
  return all;
}

/// Reads `stanza` and a small one behind it, in one piece and byte by byte, which must be the same.
Lines read_before_another(const std::string& stanza, XmlLimits limits) {
  const auto lines = read_stream(stanza + "<next/>", limits);
  Transcript transcript(limits);
  transcript.feed(stream_start);
  transcript.feed_in_pieces(stanza + "<next/>", 1);
  transcript.lines.erase(transcript.lines.begin());
  CHECK(transcript.lines == lines);
  return lines;
}

constexpr auto next_line = "7 <next xmlns='jabber:component:accept'/>";

}  // namespace

TEST_CASE("invariant 4: a stanza of exactly max_stanza_bytes is read, one of a byte more skipped") {
  const XmlLimits limits{.max_stanza_bytes = 64};
  for (const auto& content :
       {repeated("x", 46), repeated("\n", 46), repeated("<e/>", 11) + "xx",
        "<a b='" + repeated("y", 37) + "'/>", repeated("<e>", 6) + repeated("</e>", 6) + "wxyz"}) {
    CAPTURE(content);
    const auto exact = "<iq id='1'>" + content + "</iq>\t";
    CHECK(read_before_another("<iq id='1' >" + content + "</iq >", limits)[0].starts_with("64 "));
    CHECK(read_before_another("<iq id='1'  >" + content + "</iq >", limits) ==
          Lines{"oversized iq jabber:component:accept empty id=1: more than 64 bytes", next_line});
  }
}

TEST_CASE("invariant 4: a stanza that is only a start tag can be too large") {
  const auto lines =
      read_before_another("<iq id='1' a='" + repeated("x", 100) + "'/>", {.max_stanza_bytes = 64});
  CHECK(lines ==
        Lines{"oversized iq jabber:component:accept empty id=1: more than 64 bytes", next_line});
}

TEST_CASE("invariant 4: max_depth levels are read, one more is skipped") {
  const XmlLimits limits{.max_depth = 3};
  CHECK(read_before_another("<iq><a><b/></a></iq>", limits)[0].starts_with("20 "));
  CHECK(read_before_another("<iq id='1'><a><b><c/><c/></b></a><a><b><c/></b></a></iq>", limits) ==
        Lines{"oversized iq jabber:component:accept empty id=1: more than 3 levels of elements",
              next_line});
}

TEST_CASE("invariant 4: max_attributes of an element are read, one more is skipped") {
  const XmlLimits limits{.max_attributes = 4};  // As many as the stream's header has.
  const auto reason = "more than 4 attributes of one element";
  CHECK(read_before_another("<iq><a b='' c='' d='' e=''/></iq>", limits)[0].starts_with("33 "));
  CHECK(read_before_another("<iq id='1'><a b='' c='' d='' e='' f=''/></iq>", limits)[0] ==
        fmt::format("oversized iq jabber:component:accept empty id=1: {}", reason));
  CHECK(read_before_another("<iq id='1' b='' xmlns='u:1' xmlns:p='u:2' c=''/>", limits) ==
        Lines{fmt::format("oversized iq u:1 empty id=1: {}", reason), next_line});
}

TEST_CASE("invariant 4: max_children of an element are read, one more is skipped") {
  const XmlLimits limits{.max_children = 3};
  CHECK(read_before_another("<iq><a/>t<a/>t<a><b/></a></iq>", limits)[0].starts_with("30 "));
  CHECK(
      read_before_another("<iq id='1'><a/><a/><a/><a/></iq>", limits) ==
      Lines{"oversized iq jabber:component:accept empty id=1: more than 3 children of one element",
            next_line});
}

TEST_CASE("invariant 4: max_prefixes in effect are read, one more is skipped") {
  const XmlLimits limits{.max_prefixes = 3};  // One is the stream's.
  CHECK(read_before_another("<iq xmlns:a='u'><b xmlns:b='u'/><b xmlns:c='u'/></iq>", limits)[0]
            .starts_with("53 "));
  CHECK(read_before_another("<iq id='1' xmlns:a='u'><p:b xmlns:b='u' xmlns:p='u'/></iq>", limits) ==
        Lines{"oversized iq jabber:component:accept empty id=1: "
              "more than 3 namespace prefixes in effect",
              next_line});
}

TEST_CASE("invariant 4: a stream's header over a limit is policy-violation") {
  Transcript transcript({.max_attributes = 3});
  transcript.feed("<s a='' b='' c='' d=''>");
  CHECK(transcript.lines == Lines{"error policy-violation"});
}

TEST_CASE("RFC 6120 §4.9.3.14: a tag of more than four times max_stanza_bytes ends the stream") {
  const XmlLimits limits{.max_stanza_bytes = 100};
  const auto fits = "<iq a='" + repeated(">", 390) + "'/>";
  REQUIRE(fits.size() == 400);
  CHECK(read_before_another(fits, limits).back() == next_line);
  for (const auto& content :
       {"<iq a='" + repeated(">", 391) + "'/>", "<iq" + repeated(" ", 400) + "/>",
        "<iq></iq" + repeated(" ", 400) + ">", "<iq>&#" + repeated("0", 400) + "65;</iq>"}) {
    CAPTURE(content);
    CHECK(read_before_another(content, limits).back() == "error policy-violation");
  }
}

TEST_CASE("invariant 4: an XML declaration has at most 256 bytes") {
  for (const std::size_t spaces : {229, 230}) {
    Transcript whole;
    whole.feed("<?xml version='1.0'" + repeated(" ", spaces + 6) + "?><s>");
    Transcript cut;
    cut.feed_in_pieces("<?xml version='1.0'" + repeated(" ", spaces + 6) + "?><s>", 1);
    CHECK(whole.lines == Lines{spaces == 229 ? "open s  -" : "error restricted-xml"});
    CHECK(cut.lines == whole.lines);
  }
}

TEST_CASE("invariant 4: elements too deep to be skipped are policy-violation") {
  CHECK(read_stream(repeated("<e>", 300'000)).back() == "error policy-violation");
  const auto long_name = "<" + repeated("n", 1'000'000) + ">";
  CHECK(read_stream(repeated(long_name, 40)).back() == "error policy-violation");
}

TEST_CASE("invariant 4: a stream of ever new names takes no more memory with time") {
  Transcript transcript;
  transcript.feed(stream_start);
  std::size_t number = 0;
  const auto feed_names = [&](std::string_view begin, std::string_view end) {
    std::string stanza(begin);
    while (stanza.size() < 500'000) stanza += fmt::format("<n{0} a{0}=''/>", number++);
    transcript.feed(stanza.append(end));
    transcript.stanzas.clear();
    transcript.lines.clear();
    malloc_trim(0);
  };
  feed_names("<iq>", "</iq>");
  const auto before = mallinfo2().uordblks;
  for (int stanza = 0; stanza < 5; ++stanza) feed_names("<iq>", "</iq>");
  feed_names("<iq>", "");
  for (int stanza = 0; stanza < 5; ++stanza) feed_names("", "");
  feed_names("", "</iq>");
  CHECK(mallinfo2().uordblks < before + 4'000'000);
  transcript.feed("<stream:x/>");
  CHECK(transcript.stanzas.size() == 1);
}
