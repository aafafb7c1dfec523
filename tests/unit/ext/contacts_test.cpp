#include <doctest/doctest.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto bob = "bob@b.example/y";
constexpr auto info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";

Policy policy_with(const ServiceInfo& told) {
  auto policy = Scene::policy();
  policy.info = told;
  return policy;
}

}  // namespace

TEST_CASE("XEP-0157 §3 R60 contact addresses: a form in the service's disco#info") {
  ServiceInfo told;
  told.contacts["support"] = {"https://example.org/help?a=1&b=2"};
  told.contacts["admin"] = {"xmpp:admin@example.org", "mailto:admin@example.org"};
  Scene scene(policy_with(told));
  const auto answer = scene.get(bob, info);
  CHECK(answer.type == "result");
  const auto form = answer.xml.substr(answer.xml.find("<x "),
                                      answer.xml.find("</x>") + 4 - answer.xml.find("<x "));
  CHECK(canonical(form) ==
        canonical("<x xmlns='jabber:x:data' type='result'>"
                  "<field var='FORM_TYPE' type='hidden'>"
                  "<value>http://jabber.org/network/serverinfo</value></field>"
                  "<field var='admin-addresses' type='list-multi'>"
                  "<value>xmpp:admin@example.org</value>"
                  "<value>mailto:admin@example.org</value></field>"
                  "<field var='support-addresses' type='list-multi'>"
                  "<value>https://example.org/help?a=1&amp;b=2</value></field></x>"));
}

TEST_CASE("XEP-0157 §5 R60 without addresses there is no form, and admins are not told of") {
  Scene scene;
  const auto answer = scene.get(bob, info);
  CHECK(attributes_of(answer.xml, "x", "type").empty());
  CHECK(answer.xml.find("admin@example.org") == std::string::npos);
}

TEST_CASE("XEP-0157 §3 R60 the form belongs to the service, not to its nodes") {
  ServiceInfo told;
  told.contacts["abuse"] = {"mailto:abuse@example.org"};
  Scene scene(policy_with(told));
  scene.create("alice@a.example/x", "n");
  const auto answer =
      scene.get(bob, "<query xmlns='http://jabber.org/protocol/disco#info' node='n'/>");
  CHECK(answer.type == "result");
  CHECK(field_in(answer.xml, "abuse-addresses").empty());
}

TEST_CASE("§5.1 R60 the service's identity has the name that the operator gave it") {
  Scene unnamed;
  CHECK(attributes_of(unnamed.get(bob, info).xml, "identity", "name") == Strings{"crier"});
  // Longer than what a string holds in itself: the service is moved after it was made.
  ServiceInfo told;
  told.name = "What's new at <Example & Sons>, Würzburg";
  Scene named(policy_with(told));
  CHECK(attributes_of(named.get(bob, info).xml, "identity", "name") == Strings{told.name});
}

}  // namespace crier::test
