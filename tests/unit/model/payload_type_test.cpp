#include "model/payload_type.hpp"

#include <doctest/doctest.h>

using crier::payload_namespace;

TEST_CASE("§16.4.4 A170 pubsub#type is the namespace of the payloads") {
  CHECK(payload_namespace("http://www.w3.org/2005/Atom") == "http://www.w3.org/2005/Atom");
  CHECK(payload_namespace("urn:example:e2ee:bundle") == "urn:example:e2ee:bundle");
  CHECK(payload_namespace("") == "");
}

TEST_CASE("XEP-0277 §2, XEP-0472 §2, XEP-0501 A170 profiles of feeds hold Atom") {
  for (const auto* type :
       {"urn:xmpp:microblog:0", "urn:xmpp:pubsub-social-feed:1",
        "urn:xmpp:pubsub-social-feed:gallery:1", "urn:xmpp:pubsub-social-feed:stories:0"})
    CHECK(payload_namespace(type) == "http://www.w3.org/2005/Atom");
}
