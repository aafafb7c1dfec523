#include "base/transcript.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace crier;
using test::Lines;
using test::read_stream;
using test::stream_start;
using test::Transcript;

TEST_CASE("RFC 6120 §4: the header, each stanza and the end of a stream are told in order") {
  Transcript transcript;
  transcript.feed(stream_start);
  CHECK(transcript.lines == Lines{"open stream http://etherx.jabber.org/streams s1"});
  transcript.feed(" <iq id='1'/>\n<message><body>hi</body></message>text<presence/> ");
  transcript.feed("</stream:stream>");
  CHECK(transcript.lines == Lines{
                                "open stream http://etherx.jabber.org/streams s1",
                                "12 <iq xmlns='jabber:component:accept' id='1'/>",
                                "34 <message xmlns='jabber:component:accept'><body>hi</body>"
                                "</message>",
                                "11 <presence xmlns='jabber:component:accept'/>",
                                "close",
                            });
}

TEST_CASE("RFC 6120 §4.4: nothing is told after the end of the stream") {
  CHECK(read_stream("</stream:stream><iq/><!-- -->") == Lines{"close"});
}

TEST_CASE("RFC 6120 §4.3: a stanza is told as soon as its last byte is there") {
  Transcript transcript;
  transcript.feed(stream_start);
  const std::string_view stanza = "<iq><q a='&amp;'>&lt;</q></iq>";
  transcript.feed_in_pieces(stanza.substr(0, stanza.size() - 1), 1);
  CHECK(transcript.stanzas.empty());
  transcript.feed(">");
  CHECK(transcript.stanzas.size() == 1);
}

TEST_CASE("RFC 6120 §4.8: prefixes of the stream's header are known in every stanza") {
  const auto lines = read_stream("<stream:error><a/></stream:error><stream:features/>");
  CHECK(lines == Lines{"33 <stream:error xmlns='jabber:component:accept' "
                       "xmlns:stream='http://etherx.jabber.org/streams'><a/></stream:error>",
                       "18 <stream:features xmlns:stream='http://etherx.jabber.org/streams'/>"});
}

TEST_CASE("RFC 6120 §11.1: comments, processing instructions and DTDs are restricted-xml") {
  for (const std::string bad :
       {"<!-- c -->", "<?pi data?>", "<iq><!-- c --></iq>", "<iq><?pi?></iq>"}) {
    CAPTURE(bad);
    CHECK(read_stream("<a/>" + bad + "<b/>").back() == "error restricted-xml");
  }
  Transcript transcript;
  transcript.feed("<!DOCTYPE s [<!ENTITY a 'b'>]><s>&a;</s>");
  CHECK(transcript.lines == Lines{"error restricted-xml"});
}

TEST_CASE("RFC 6120 §11.1: what is restricted is refused before it ends") {
  for (const std::string begin : {"<!--", "<?pi ", "<!DOCTYPE s SYSTEM '"}) {
    CAPTURE(begin);
    Transcript transcript;
    transcript.feed_in_pieces(begin + std::string(1000, 'x'), 10);
    CHECK(transcript.lines == Lines{"error restricted-xml"});
  }
}

TEST_CASE("RFC 6120 §11.3: what is not well-formed is not-well-formed") {
  for (const std::string bad : {
           "<iq></message>",
           "<iq a=1/>",
           "<iq a='1' a='2'/>",
           "<iq a='<'/>",
           "<iq>&nbsp;</iq>",
           "<iq>]]></iq>",
           "<1/>",
           "</message>",
           "<iq>&#0;</iq>",
           "<iq>\x01</iq>",
           // Namespaces in XML
           "<p:iq/>",
           "<iq p:a=''/>",
           "<iq xmlns:p=''/>",
           "<iq xmlns:xml='urn:x'/>",
           "<iq xmlns:xmlns='urn:x'/>",
           "<iq xmlns='http://www.w3.org/2000/xmlns/'/>",
           "<iq xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
           "<:iq/>",
           "<stream:/>",
           "<stream:a:b/>",
           "<stream:1/>",
           "<iq xmlns:='urn:x'/>",
           "<iq xmlns:p='urn:x' xmlns:q='urn:x' p:a='' q:a=''/>",
           // UTF-8
           "<iq>\xC3</iq>",
           "<iq>\xC0\xAF</iq>",
           "<iq>\xED\xA0\x80</iq>",
           "<iq>\xF4\x90\x80\x80</iq>",
           "<iq a='\xFF'/>",
       }) {
    CAPTURE(bad);
    CHECK(read_stream("<a/>" + bad + "<b/>").back() == "error not-well-formed");
    CHECK(read_stream(bad).size() == 1);
  }
}

TEST_CASE("RFC 6120 §11.6: a stream that is not UTF-8 is not-well-formed") {
  for (const auto bytes :
       {std::string_view("\xFF\xFE<\0s\0>\0", 8), std::string_view("<\0s\0>\0", 6),
        std::string_view("\xFE\xFF\0<\0s\0>", 8), std::string_view("\0<\0s\0>", 6)}) {
    Transcript whole;
    whole.feed(bytes);
    CHECK(whole.lines == Lines{"error not-well-formed"});
    Transcript cut;
    cut.feed_in_pieces(bytes, 1);
    CHECK(cut.lines == whole.lines);
  }
}

TEST_CASE("RFC 6120 §11.6: a byte order mark before the header is passed over") {
  Transcript transcript;
  transcript.feed_in_pieces("\xEF\xBB\xBF<s xmlns='urn:s'><a/>", 1);
  CHECK(transcript.lines == Lines{"open s urn:s -", "4 <a xmlns='urn:s'/>"});
}

TEST_CASE("RFC 6120 §4.9.1.1: after an error nothing is told until the reader is reset") {
  Transcript transcript;
  transcript.feed("<s><a></b>");
  transcript.feed("<c/></s>");
  CHECK(transcript.lines == Lines{"open s  -", "error not-well-formed"});
  transcript.reset();
  transcript.feed("<s id='2'><a/>");
  CHECK(transcript.lines.back() == "4 <a xmlns=''/>");
  CHECK(transcript.lines.size() == 4);
}

TEST_CASE("the end of a stream can be followed by a new one after reset") {
  Transcript transcript;
  transcript.feed("<p:s xmlns:p='u:p' xmlns='u:1'><a/></p:s>");
  transcript.reset();
  transcript.feed("<s><a/><p:b/>");
  CHECK(transcript.lines.back() == "error not-well-formed");
  CHECK(transcript.lines[4] == "4 <a xmlns=''/>");
}

TEST_CASE("invariant 3: a stanza outlives the reader and the stream's header") {
  Document stanza;
  {
    Transcript transcript;
    transcript.feed(stream_start);
    transcript.feed("<stream:x a='1'>t</stream:x>");
    stanza = std::move(transcript.stanzas.front());
  }
  CHECK(stanza.root().ns == "http://etherx.jabber.org/streams");
  CHECK(to_xml(stanza.root()) ==
        "<stream:x xmlns:stream='http://etherx.jabber.org/streams' a='1'>t</stream:x>");
}

namespace {

/// A reader whose on_stanza does what is asked.
XmlReader::Events events_with(std::function<void(Document)> on_stanza) {
  return {.on_open = [](const Element&) {},
          .on_stanza = std::move(on_stanza),
          .on_oversized = [](Document, std::string_view) {},
          .on_close = [] {},
          .on_error = [](std::string_view, std::string_view) {}};
}

}  // namespace

TEST_CASE("what an event throws comes out of feed(), then nothing is told until reset") {
  int stanzas = 0;
  XmlReader reader({}, events_with([&](Document) {
                     if (++stanzas == 2) throw std::runtime_error("full");
                   }));
  CHECK_THROWS_WITH_AS(reader.feed("<s><a/><b/><c/>"), "full", std::runtime_error);
  reader.feed("<d/>");
  CHECK(stanzas == 2);
  reader.reset();
  reader.feed("<s><a/>");
  CHECK(stanzas == 3);
}

TEST_CASE("reset from inside of an event drops the rest of the bytes") {
  int stanzas = 0;
  XmlReader* to_reset = nullptr;
  XmlReader reader({}, events_with([&](Document) {
                     if (++stanzas == 1) to_reset->reset();
                   }));
  to_reset = &reader;
  reader.feed("<s><a/><b/><c/>");
  CHECK(stanzas == 1);
  reader.feed("<s><a/><b/>");
  CHECK(stanzas == 3);
}
