#include "scanner.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace crier::bench {

namespace {

struct Seen {
  std::string name, type, to, id, content;
  bool repeats;
};

/// What a scanner finds in `text` when it comes in pieces of `piece` bytes.
std::vector<Seen> scan(std::string_view text, std::size_t piece) {
  std::vector<Seen> seen;
  Scanner scanner;
  std::string buffer;
  while (!text.empty()) {
    buffer += text.substr(0, piece);
    text.remove_prefix(std::min(piece, text.size()));
    std::string_view input = buffer;
    Stanza stanza;
    while (scanner.next(input, stanza) == Scanner::Found::stanza)
      seen.push_back({std::string(stanza.name), std::string(stanza.type), std::string(stanza.to),
                      std::string(stanza.id), std::string(stanza.content), stanza.repeats});
    buffer = input;
  }
  CHECK(buffer.empty());
  return seen;
}

}  // namespace

TEST_CASE("stanzas of any shape are found wherever the stream is cut") {
  constexpr std::string_view stream =
      "<message to='a@x' id='1'><e a='/>' b=\"it's\"><e/>t</e></message>\n "
      "<message id = \"2\"\n to=\"b@x\" ><e a='/>' b=\"it's\"><e/>t</e></message>"
      "<iq type='result' id='3'/><iq type='result' id='4'></iq>"
      "<message to='c@x' id='5'><m><![CDATA[</m></message>]]></m></message> ";
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    CAPTURE(piece);
    const auto seen = scan(stream, piece);
    REQUIRE(seen.size() == 5);
    CHECK(seen[0].to == "a@x");
    CHECK(seen[0].content == "<e a='/>' b=\"it's\"><e/>t</e>");
    CHECK(!seen[0].repeats);
    CHECK(seen[1].to == "b@x");
    CHECK(seen[1].id == "2");
    CHECK(seen[1].content == seen[0].content);
    CHECK(seen[1].repeats);
    CHECK(seen[2].type == "result");
    CHECK(seen[2].content.empty());
    CHECK(seen[3].content.empty());
    CHECK(seen[4].content == "<m><![CDATA[</m></message>]]></m>");
    CHECK(!seen[4].repeats);
  }
}

TEST_CASE("content that begins as the one before is not taken for it") {
  const auto seen = scan("<message><a/></message><message><a/><b/></message>", 7);
  REQUIRE(seen.size() == 2);
  CHECK(seen[1].content == "<a/><b/>");
}

TEST_CASE("tags that do not match are refused") {
  CHECK_THROWS(scan("<iq><a><b></b></iq>", 100));
  CHECK_THROWS(scan("<iq><a></b></iq>", 1));
  CHECK(scan("<iq ><a ><iq></iq ></a\n></iq >", 1).size() == 1);
}

TEST_CASE("the end of the stream is told, text between stanzas is refused") {
  Scanner scanner;
  Stanza stanza;
  std::string_view end = "</stream:stream>";
  CHECK(scanner.next(end, stanza) == Scanner::Found::end_of_stream);
  std::string_view text = "text";
  CHECK_THROWS(scanner.next(text, stanza));
}

TEST_CASE("a stream header is taken with or without an XML declaration") {
  for (const char* text :
       {"<?xml version='1.0'?>\n<stream:stream to='p.x' xmlns='u:c' id='7'><rest/>",
        "<stream:stream id=\"7\" xmlns=\"u:c\" to=\"p.x\"><rest/>"}) {
    std::string_view input = text;
    const auto header = take_stream_header(input);
    REQUIRE(header);
    CHECK(header->to == "p.x");
    CHECK(header->ns == "u:c");
    CHECK(header->id == "7");
    CHECK(input == "<rest/>");
  }
  std::string_view incomplete = "<stream:stream to='p.x'";
  CHECK(!take_stream_header(incomplete));
}

TEST_CASE("elements are found by local name, whole names only, one after the other") {
  std::string_view content = "<items node='n'><p:item id='1'/><item id='2'>x</item></items>";
  CHECK(find_tag(content, "items")->attribute("node") == "n");
  CHECK(take_tag(content, "item")->attribute("id") == "1");
  CHECK(take_tag(content, "item")->attribute("id") == "2");
  CHECK(!take_tag(content, "item"));
}

TEST_CASE("start tags are taken one after the other, up to an end tag") {
  std::string_view content = "<p:a x=\"1\"><b y='>'/></p:a><c/>";
  CHECK(take_any_tag(content)->name == "p:a");
  CHECK(take_any_tag(content)->attribute("y") == ">");
  CHECK(!take_any_tag(content));
  CHECK(content == "</p:a><c/>");
}

TEST_CASE("an error is described by type, condition and text") {
  CHECK(describe_error("<pubsub/><error type='auth'><forbidden xmlns='u:s'/></error>") ==
        "auth/forbidden");
  CHECK(describe_error("<error type='wait'><conflict xmlns='u:s'/><text>Why</text></error>") ==
        "wait/conflict: Why");
}

TEST_CASE("numbers stand between what is known") {
  CHECK(number_in("user17@x", "user", "@x") == 17);
  CHECK(!number_in("user17@xy", "user", "@x"));
  CHECK(!number_in("user@x", "user", "@x"));
  CHECK(!number_in("other17@x", "user", "@x"));
}

}  // namespace crier::bench
