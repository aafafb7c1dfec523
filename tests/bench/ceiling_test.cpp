#include "ceiling.hpp"

#include <doctest/doctest.h>

#include <string>

namespace crier::bench {

namespace {

constexpr std::string_view publish =
    "<iq type='set' id='p' from='a@x/r' to='c.x'><pubsub xmlns='u:p'><publish node='n'>"
    "<item id='i1'><e/></item></publish></pubsub></iq>";
constexpr std::string_view publish_answer =
    "<iq type='result' from='c.x' to='a@x/r' id='p'>"
    "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='n'/></pubsub></iq>";

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
  said(
      ceiling,
      "<iq type='set' id='u' from='b@x/r'><pubsub><unsubscribe jid='b@x' node='n'/></pubsub></iq>");
  CHECK(said(ceiling, publish) == publish_answer);
  said(ceiling, "<iq type='set' id='d' from='a@x/r'><pubsub><delete node='n'/></pubsub></iq>");
  CHECK(said(ceiling, publish) == publish_answer);
}

TEST_CASE("the ceiling gives as many of the latest items as are asked for, newest last") {
  Ceiling ceiling("c.x");
  for (int i = 0; i < 250; ++i) {
    const auto item = "<item id='" + std::to_string(i) + "'></item>";
    said(ceiling, "<iq type='set' from='a@x'><pubsub><publish node='n'>" + item +
                      "</publish></pubsub></iq>");
  }
  CHECK(said(ceiling,
             "<iq type='get' id='g' from='a@x'><pubsub><items node='n' max_items='2'/>"
             "</pubsub></iq>") ==
        "<iq type='result' from='c.x' to='a@x' id='g'>"
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='n'>"
        "<item id='248'></item><item id='249'></item></items></pubsub></iq>");
  said(ceiling,
       "<iq type='set' from='a@x'><pubsub><publish node='n'><item id='a'><e/></item>"
       "<item id='b'></item></publish></pubsub></iq>");
  CHECK(said(ceiling,
             "<iq type='get' id='g' from='a@x'><pubsub><items node='n' max_items='1'/>"
             "</pubsub></iq>")
            .find("<items node='n'><item id='b'></item></items>") != std::string::npos);
}

TEST_CASE(
    "the ceiling lists the latest items and shows a form of as many fields as services have") {
  Ceiling ceiling("c.x");
  said(ceiling, publish);
  CHECK(said(ceiling, "<iq type='get' id='1' from='a@x'><query xmlns='u#items' node='n'/></iq>") ==
        "<iq type='result' from='c.x' to='a@x' id='1'>"
        "<query xmlns='u#items' node='n'><item jid='c.x' name='i1'/></query></iq>");
  const auto info =
      said(ceiling, "<iq type='get' id='1' from='a@x'><query xmlns='u#info' node='n'/></iq>");
  CHECK(info.find("<identity category='pubsub' type='leaf'/>") != std::string::npos);
  const auto form = said(ceiling,
                         "<iq type='get' id='1' from='a@x'><pubsub><configure node='n'/></pubsub>"
                         "</iq>");
  CHECK(form.find("<configure node='n'><x xmlns='jabber:x:data' type='form'><field") !=
        std::string::npos);
  CHECK(form.size() > 5'000);
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
