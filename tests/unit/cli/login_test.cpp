#include "cli/login.hpp"

#include <doctest/doctest.h>

#include "cli/fault_of.hpp"

using namespace crier;
using namespace crier::cli;

namespace {

const Connection connection = connection_of({.jid = "me@example.org", .host = "xmpp.example.org"});

Login login_of(const std::vector<std::string>& stanzas) {
  Login login{.stream_opened = true};
  for (const auto& xml : stanzas) {
    const auto document = parse_xml(xml);
    REQUIRE(document);
    observe(login, document->root());
  }
  return login;
}

std::string failure(const Login& login, bool timed_out = false) {
  return fault_of([&] { throw login_failure(login, connection, timed_out); });
}

constexpr auto features =
    "<features xmlns='http://etherx.jabber.org/streams'>"
    "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></features>";

}  // namespace

TEST_CASE("RFC 6120 §6.5 a wrong password: status 77, with what the server says") {
  const auto login = login_of({features,
                               "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                               "<not-authorized/><text>No.</text></failure>"});
  CHECK(failure(login) ==
        "77: xmpp.example.org:5222 did not let me@example.org in: the password is wrong, or there "
        "is no such user (not-authorized); it says: No.");
}

TEST_CASE("RFC 6120 §6.5 other failures of the login are told as they are") {
  CHECK(failure(login_of({"<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                          "<account-disabled/></failure>"})) ==
        "77: xmpp.example.org:5222 did not let me@example.org in (account-disabled)");
  CHECK(failure(login_of({"<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                          "<temporary-auth-failure/></failure>"}))
            .starts_with("75: "));
}

TEST_CASE("RFC 6120 §4.9.3 stream errors: an unknown host is the user's, others pass") {
  const auto error = [](const std::string& condition) {
    return login_of({"<error xmlns='http://etherx.jabber.org/streams'><" + condition +
                     " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error>"});
  };
  CHECK(failure(error("host-unknown")) ==
        "68: xmpp.example.org:5222 does not serve example.org (host-unknown)");
  CHECK(failure(error("system-shutdown")) ==
        "75: xmpp.example.org:5222 closed the connection (system-shutdown)");
}

TEST_CASE("§13.7 a certificate that is not valid comes before all else") {
  auto login = login_of({features});
  login.certificate_problem = "hostname mismatch";
  CHECK(failure(login) ==
        "77: xmpp.example.org:5222 has no valid certificate for example.org: hostname mismatch; if "
        "it is yours, name its authority with --tls-ca");
}

TEST_CASE("a server that can not be reached: 68; one without TLS: 69; a silent one: 75") {
  CHECK(failure({.connect_problem = "Connection refused"}) ==
        "68: xmpp.example.org:5222 can not be reached: Connection refused");
  CHECK(failure(login_of({"<features xmlns='http://etherx.jabber.org/streams'/>"})) ==
        "69: xmpp.example.org:5222 offers no encryption (STARTTLS), without which crier sends no "
        "password");
  CHECK(failure(login_of({features}), true) ==
        "75: xmpp.example.org:5222 did not answer within 30 s");
}

TEST_CASE("what libstrophe says is told when nothing better is known") {
  auto login = login_of({features});
  CHECK(failure(login) ==
        "69: the login at xmpp.example.org:5222 failed: it closed the connection");
  login.libstrophe_error = "Cannot authenticate with known methods";
  CHECK(failure(login).ends_with("failed: Cannot authenticate with known methods"));
}
