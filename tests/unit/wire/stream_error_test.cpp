#include "wire/stream_error.hpp"

#include <doctest/doctest.h>

using namespace crier;

namespace {

StreamFailure explain(std::string_view condition, std::string_view text = "") {
  auto xml = "<stream:error xmlns:stream='http://etherx.jabber.org/streams'><" +
             std::string(condition) + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>";
  if (!text.empty())
    xml += "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>" + std::string(text) + "</text>";
  const auto document = parse_xml(xml + "</stream:error>");
  REQUIRE(document);
  return explain_stream_error(document->root(), "pubsub.localhost");
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a stream error is told with what the server said and what to change") {
  const auto failure = explain("not-authorized", "Given token does not match");
  CHECK(failure.level == LogLevel::error);
  CHECK(holds(failure.text, "not-authorized (“Given token does not match”)"));
  CHECK(holds(failure.text, "--secret-file"));
  CHECK(holds(explain("host-unknown").text, "pubsub.localhost: add it to the server's"));
  CHECK(holds(explain("conflict").text, "another component is connected as pubsub.localhost"));
  CHECK(holds(explain("policy-violation").text, "component_stanza_size_limit"));
  CHECK(holds(explain("invalid-namespace").text, "--server"));
  CHECK(explain("system-shutdown").level == LogLevel::warning);
}

TEST_CASE("a stream error that crier does not know is told as it is") {
  CHECK(explain("a-new-one", "{}").text ==
        "the server ended the stream: a-new-one (“{}”); see the server's own log");
}

TEST_CASE("RFC 6120 §4.9 a stream error of ours ends the stream") {
  CHECK(stream_error("not-well-formed", "a < b") ==
        "<stream:error><not-well-formed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
        "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>a &lt; b</text>"
        "</stream:error></stream:stream>");
}
