#include "base/redacted.hpp"

#include <doctest/doctest.h>

using namespace crier;

TEST_CASE("XEP-0077 §3.1, XEP-0078 §3.2 a password in a stanza is not shown") {
  CHECK(redacted("<iq><query xmlns='jabber:iq:register'><username>a</username>"
                 "<password>hunter2</password></query></iq>") ==
        "<iq><query xmlns='jabber:iq:register'><username>a</username>"
        "<password>[redacted]</password></query></iq>");
  CHECK(redacted("<r:password xmlns:r='u:r'>a<b/>c</r:password>") ==
        "<r:password xmlns:r='u:r'>[redacted]</r:password>");
  CHECK(redacted("<handshake>48fc</handshake>") == "<handshake>[redacted]</handshake>");
  CHECK(redacted("<x><password>a<password>b</password>c</password>d</x>") ==
        "<x><password>[redacted]</password>d</x>");
}

TEST_CASE("XEP-0004 §3.3 a private field of a form is not shown, nor one that is called so") {
  CHECK(redacted("<field var='x' type='text-private'><value>a</value></field><field var='y'>"
                 "<value>b</value></field>") ==
        "<field var='x' type='text-private'>[redacted]</field><field var='y'>"
        "<value>b</value></field>");
  CHECK(redacted("<field var='the_password'><value>a</value></field>") ==
        "<field var='the_password'>[redacted]</field>");
}

TEST_CASE("what holds no secret is shown as it is") {
  for (const auto* xml :
       {"", "text", "<iq type='get'/>", "<password/>", "<a password='b'>c</a>",
        "<passwords>a</passwords>", "<a", "<a><b>c</b></a>", "<body>my password</body>"})
    CHECK(redacted(xml) == xml);
}

TEST_CASE("a secret that does not end is not shown either") {
  CHECK(redacted("<a><password>b") == "<a><password>[redacted]");
}
