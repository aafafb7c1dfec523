#include "ceiling.hpp"

#include <doctest/doctest.h>

#include <string>

namespace crier::bench {

namespace {

constexpr std::string_view publish =
    "<iq type='set' id='p' from='a@x/r' to='c.x'><pubsub xmlns='u:p'><publish node='n'>"
    "<item id='i1'><e/></item></publish></pubsub></iq>";
constexpr std::string_view publish_answer = "<iq type='result' from='c.x' to='a@x/r' id='p'></iq>";

/// What the service says to one stanza.
std::string said(Ceiling& ceiling, std::string_view text) {
  Scanner scanner;
  Stanza stanza;
  REQUIRE(scanner.next(text, stanza) == Scanner::Found::stanza);
  std::string out;
  ceiling.take(stanza, out);
  return out;
}

}  // namespace

TEST_CASE("the ceiling copies an item to whom it was told of, until the node is deleted") {
  Ceiling ceiling("c.x");
  CHECK(said(ceiling, publish) == publish_answer);
  CHECK(said(ceiling,
             "<iq type='set' id='s' from='b@x/r'><pubsub><subscribe jid=\"b@x\" node='n'/>"
             "</pubsub></iq>") ==
        "<iq type='result' from='c.x' to='b@x/r' id='s'>"
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
        "<subscription node='n' jid='b@x' subscription='subscribed'/></pubsub></iq>");
  CHECK(said(ceiling, publish) ==
        std::string(publish_answer) +
            "<message type='headline' from='c.x' to='b@x'>"
            "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='n'>"
            "<item id='i1'><e/></item></items></event></message>");
  said(ceiling, "<iq type='set' id='d' from='a@x/r'><pubsub><delete node='n'/></pubsub></iq>");
  CHECK(said(ceiling, publish) == publish_answer);
}

TEST_CASE("the ceiling gives as many of the latest items as are asked for, newest last") {
  Ceiling ceiling("c.x");
  for (int i = 0; i < 250; ++i) {
    const auto item = "<item id='" + std::to_string(i) + "'/>";
    said(ceiling, "<iq type='set' from='a@x'><pubsub><publish node='n'>" + item +
                      "</publish></pubsub></iq>");
  }
  CHECK(said(ceiling,
             "<iq type='get' id='g' from='a@x'><pubsub><items node='n' max_items='2'/>"
             "</pubsub></iq>") ==
        "<iq type='result' from='c.x' to='a@x' id='g'>"
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='n'>"
        "<item id='248'/><item id='249'/></items></pubsub></iq>");
}

TEST_CASE("the ceiling grants any other request and passes by what is none") {
  Ceiling ceiling("c.x");
  CHECK(said(ceiling, "<iq type='get' id='1' from='a@x'><ping xmlns='u'/></iq>") ==
        "<iq type='result' from='c.x' to='a@x' id='1'></iq>");
  CHECK(said(ceiling, "<iq type='get' id='1' from='a@x'/>") ==
        "<iq type='result' from='c.x' to='a@x' id='1'></iq>");
  CHECK(said(ceiling, "<iq type='result' id='1' from='a@x'/>").empty());
  CHECK(said(ceiling, "<presence from='a@x'/>").empty());
}

}  // namespace crier::bench
