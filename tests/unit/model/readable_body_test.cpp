#include "model/readable_body.hpp"

#include <crier/xml_writer.hpp>

#include <doctest/doctest.h>

#include <ctime>
#include <string>
#include <string_view>

namespace crier::test {

namespace {

std::string body_of(std::string_view payload) {
  const auto document = parse_xml(payload);
  REQUIRE(document);
  return readable_body(document->root());
}

/// The body of an Atom entry with that content.
std::string entry(std::string_view content) {
  return body_of("<entry xmlns='http://www.w3.org/2005/Atom'>" + std::string(content) + "</entry>");
}

/// The body of an Atom entry whose title is that HTML.
std::string html(std::string_view text) {
  std::string escaped;
  append_text(escaped, text);
  return entry("<title type='html'>" + escaped + "</title>");
}

std::string form(std::string_view content, std::string_view type = "result") {
  return body_of("<x xmlns='jabber:x:data' type='" + std::string(type) + "'>" +
                 std::string(content) + "</x>");
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (; times > 0; --times) all += text;
  return all;
}

}  // namespace

TEST_CASE("§12.8 A307 the body of an Atom entry is its title and its summary") {
  CHECK(entry("<title>Soliloquy</title><summary>To be, or not to be</summary><id>tag:x</id>"
              "<content>The whole text</content>") == "Soliloquy\nTo be, or not to be");
  CHECK(entry("<summary>after</summary><title>before</title>") == "before\nafter");
  CHECK(entry("<title>Only a title</title>") == "Only a title");
  CHECK(entry("<summary>Only a summary</summary>") == "Only a summary");
  CHECK(entry("<title>twice</title><summary>twice</summary>") == "twice");
  CHECK(entry("<id>tag:x</id><link href='y'/>").empty());
}

TEST_CASE("§12.8 A307 content stands for a missing summary when it is text") {
  CHECK(entry("<title>a</title><content>b</content>") == "a\nb");
  CHECK(entry("<title>a</title><summary> </summary><content type='text/plain'>b</content>") ==
        "a\nb");
  CHECK(entry("<title>a</title><content type='text/html'>&lt;p>b&lt;/p></content>") == "a\nb");
  CHECK(entry("<title>a</title><content type='image/png'>aGk=</content>") == "a");
  CHECK(entry("<title>a</title><content type='application/xml'><b/></content>") == "a");
  CHECK(entry("<title>a</title><content src='https://x.example/'/>") == "a");
}

TEST_CASE("§12.8 A307 of a microblog's titles the first that has text is taken (XEP-0277)") {
  CHECK(entry("<title type='text'>hanging out</title>"
              "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>other</p></div>"
              "</title>") == "hanging out");
  CHECK(entry("<title/><title>second</title>") == "second");
  CHECK(entry("<title xmlns='urn:other'>no</title>").empty());
}

TEST_CASE("§12.8 A307 a feed is its title") {
  CHECK(body_of("<feed xmlns='http://www.w3.org/2005/Atom'><title>Romeo's blog</title>"
                "<entry><title>no</title></entry></feed>") == "Romeo's blog");
}

TEST_CASE("§12.8 A307 XHTML becomes lines of text") {
  CHECK(entry("<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
              "<h1>Head</h1>\n  <p>One <em>wo</em>rd,<br/>two</p><ul><li>a</li><li>b</li></ul>"
              "<script>alert(1)</script>end</div></title>") == "Head\nOne word,\ntwo\na\nb\nend");
}

TEST_CASE("§12.8 A307 HTML becomes lines of text") {
  CHECK(html("<p>One <b>wo</b>rd</p>two<BR>three<br/>four") == "One word\ntwo\nthree\nfour");
  CHECK(html("a<!-- <p> -->b<!doctype html>c<?php x ?>d") == "abcd");
  CHECK(html("<a title='x > y' href=\">\">link</a>") == "link");
  CHECK(html("a<script>if (a < b) '</p>'</script>b<STYLE>p {}</style >c") == "abc");
  CHECK(html("1 < 2 & 3 <4") == "1 < 2 & 3 <4");
  CHECK(html("<p>\n  many \t spaces\n</p>\n\n\n<p></p><p>and lines</p>") ==
        "many spaces\nand lines");
}

TEST_CASE("§12.8 A307 HTML without an end is read to its end") {
  for (const std::string_view cut : {"<", "<p", "<p title='x", "</", "<!--", "<!", "<script>x",
                                     "<script>x</", "<a b=\"c>", "<p/"}) {
    CAPTURE(cut);
    CHECK(html("a" + std::string(cut)).starts_with("a"));
  }
}

TEST_CASE("§12.8 A307 references of HTML are resolved") {
  CHECK(html("&lt;b&gt; &amp;amp; &quot;&apos;&#65;&#x42;&#X63;") == "<b> &amp; \"'ABc");
  CHECK(html("a&nbsp;b &hellip; &euro;5") == "a b \u2026 \u20ac5");
  CHECK(html("&unknown; &; &#; &#x; &#6a; &amp AT&T &") ==
        "&unknown; &; &#; &#x; &#6a; &amp AT&T &");
  CHECK(html("&#128512;") == "\U0001f600");
}

TEST_CASE("§12.8 A307 a reference to what XML does not have is replaced") {
  for (const std::string_view reference : {"&#0;", "&#1;", "&#x1b;", "&#xd800;", "&#xdfff;",
                                           "&#xfffe;", "&#xffff;", "&#x110000;", "&#99999999;"}) {
    CAPTURE(reference);
    CHECK(html("a" + std::string(reference) + "b") == "a\ufffdb");
  }
  CHECK(html("a&#99999999999999;b") == "a&#99999999999999;b");
}

TEST_CASE("§12.8 A307 an item of RSS is its title and its description") {
  CHECK(
      body_of("<item><title>News &amp; more</title><link>https://x</link>"
              "<description>&lt;p>Some &amp;amp; &lt;b>bold&lt;/b>&lt;/p></description></item>") ==
      "News & more\nSome & bold");
  CHECK(body_of("<item xmlns='urn:x'><title>no</title></item>").empty());
}

TEST_CASE("§12.8 A307 a data form is its title and a line for each field") {
  CHECK(form("<title>Bot</title>"
             "<field var='FORM_TYPE' type='hidden'><value>urn:x</value></field>"
             "<field var='name' label='Its name'><value>Yorick</value></field>"
             "<field var='likes' type='list-multi'><value>a</value><value>b</value></field>"
             "<field type='fixed'><value>Thank you</value></field>") ==
        "Bot\nIts name: Yorick\nlikes: a, b\nThank you");
}

TEST_CASE("§12.8 A307 of a data form neither the hidden nor passwords nor what is empty is shown") {
  CHECK(
      form("<field var='FORM_TYPE'><value>urn:x</value></field>"
           "<field var='a' type='hidden'><value>1</value></field>"
           "<field var='b' type='text-private'><value>secret</value></field>"
           "<field var='c'/><field var='d'><value/></field><field var='e'><value>2</value></field>",
           "submit") == "e: 2");
  CHECK(form("<title>a</title>", "form") == "a");
  CHECK(form("<title>a</title>", "cancel").empty());
}

TEST_CASE("§12.8 A307 a data form of several items shows all of them") {
  CHECK(form("<reported><field var='a' label='A'/></reported>"
             "<item><field var='a'><value>1</value></field></item>"
             "<item><field var='a'><value>2</value></field></item>") == "a: 1\na: 2");
}

TEST_CASE("§12.8 A307 messages and bodies are their text, line by line") {
  CHECK(body_of("<body xmlns='jabber:client'> one\n\n two  words </body>") == "one\ntwo words");
  CHECK(body_of("<message xmlns='jabber:client'><subject>S</subject><body>B\nC</body></message>") ==
        "S\nB\nC");
  CHECK(body_of("<message xmlns='jabber:client'/>").empty());
  CHECK(body_of("<presence xmlns='jabber:client'/>").empty());
}

TEST_CASE("§12.8 A307 a tune is its artist and its title (XEP-0118)") {
  const auto tune = [](const std::string& content) {
    return body_of("<tune xmlns='http://jabber.org/protocol/tune'>" + content + "</tune>");
  };
  CHECK(tune("<artist>Yes</artist><length>686</length><title>Heart of the Sunrise</title>") ==
        "Yes \u2013 Heart of the Sunrise");
  CHECK(tune("<title>Untitled</title>") == "Untitled");
  CHECK(tune("<artist>Yes</artist>") == "Yes");
  CHECK(tune("").empty());
}

TEST_CASE("§12.8 A307 a mood and an activity are their words and their text (XEP-0107, 0108)") {
  CHECK(body_of("<mood xmlns='http://jabber.org/protocol/mood'><in_love/>"
                "<text>Juliet!</text></mood>") == "in love: Juliet!");
  CHECK(body_of("<mood xmlns='http://jabber.org/protocol/mood'><happy/></mood>") == "happy");
  CHECK(body_of("<activity xmlns='http://jabber.org/protocol/activity'><text>My nurse's birthday!"
                "</text><relaxing><partying/></relaxing></activity>") ==
        "relaxing, partying: My nurse's birthday!");
  CHECK(body_of("<activity xmlns='http://jabber.org/protocol/activity'/>").empty());
}

TEST_CASE("§12.8 A307 a location is its text, its description or its place (XEP-0080)") {
  const auto geoloc = [](const std::string& content) {
    return body_of("<geoloc xmlns='http://jabber.org/protocol/geoloc'>" + content + "</geoloc>");
  };
  CHECK(geoloc("<country>Italy</country><lat>45.44</lat><locality>Venice</locality>") ==
        "Venice, Italy");
  CHECK(geoloc("<country>Italy</country>") == "Italy");
  CHECK(geoloc("<country>Italy</country><description>Rialto</description>") == "Rialto");
  CHECK(geoloc("<description>Rialto</description><text>At the bridge</text>") == "At the bridge");
  CHECK(geoloc("<lat>45.44</lat>").empty());
}

TEST_CASE("§12.8 A307 a payload that the service does not understand has no body") {
  CHECK(body_of("<json xmlns='urn:xmpp:json:0'>{\"a\": 1}</json>").empty());
  CHECK(body_of("<entry xmlns='http://purl.org/atom/ns#'><title>a</title></entry>").empty());
  CHECK(body_of("<entry><title>a</title></entry>").empty());
  CHECK(body_of("<body>a</body>").empty());
}

TEST_CASE("§12.8 A308 bodies are made for payloads of the namespaces that are understood") {
  for (const std::string_view ns :
       {"http://www.w3.org/2005/Atom", "jabber:x:data", "jabber:client",
        "http://jabber.org/protocol/tune", "http://jabber.org/protocol/mood",
        "http://jabber.org/protocol/activity", "http://jabber.org/protocol/geoloc"}) {
    CAPTURE(ns);
    CHECK(has_readable_body(ns));
  }
  CHECK_FALSE(has_readable_body("urn:xmpp:json:0"));
  CHECK_FALSE(has_readable_body("http://www.w3.org/2005/Atom#"));
  CHECK_FALSE(has_readable_body("http://purl.org/atom/ns#"));
}

TEST_CASE("§12.8 A308 where the type of the payloads is not said, bodies may be made") {
  CHECK(has_readable_body(""));
}

TEST_CASE("§12.8 A307 a long body is cut at a character, and an ellipsis says so") {
  const auto body = entry("<title>" + repeated("\u20ac", 3000) + "</title>");
  CHECK(body.size() <= 4096);
  CHECK(body == repeated("\u20ac", 1364) + "\u2026");
  const auto shifted = entry("<title>a" + repeated("\U0001f600", 3000) + "</title>");
  CHECK(shifted == "a" + repeated("\U0001f600", 1023) + "\u2026");
  CHECK(entry("<title>" + repeated("a", 4096) + "</title>") == repeated("a", 4096));
  CHECK(form(repeated("<field var='a'><value>b</value></field>", 5000)).size() <= 4096);
}

TEST_CASE("§12.8 A307 hostile payloads cost no more than their size") {
  const auto begin = std::clock();
  const auto deep = repeated("<div>", 509) + "x" + repeated("</div>", 509);
  CHECK(entry("<title type='xhtml'>" + deep + "</title>") == "x");
  html(repeated("<", 300'000));
  html(repeated("<!--", 100'000));
  html(repeated("<script></", 50'000));
  html(repeated("<a '", 100'000));
  html(repeated("&", 300'000));
  html(repeated("&#", 100'000));
  entry(repeated("<title/>", 100'000));
  form(repeated("<field var='a'/>", 50'000));
  form("<field var='a'>" + repeated("<value/>", 100'000) + "</field>");
  // Less than 100 ms in a release build; this leaves room for sanitizers.
  CHECK(double(std::clock() - begin) / CLOCKS_PER_SEC < 3.0);
}

TEST_CASE("§12.8 A307 every body is text that XML can hold") {
  for (const auto& body : {html("&#8;<p>]]>&lt;x&gt;&#xfffe;"), html("&#x202e;\u00a0&#13;x"),
                           entry("<title>a&#13;b &lt;c>&amp;</title>")}) {
    CAPTURE(body);
    const auto document = parse_xml(written([&](XmlWriter& out) { out.leaf("body", body); }));
    REQUIRE(document);
    CHECK(document->root().text() == body);
  }
}

}  // namespace crier::test
