/// Subscription options. XEP-0060 §6.3.

#include <crier/namespaces.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/options_requests.hpp"
#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

/// The request for the options of bob's subscription to `n`, with those attributes.
std::string request(std::string_view attributes, std::string_view inside = "") {
  return pubsub(fmt::format("<options {}>{}</options>", attributes, inside));
}

}  // namespace

TEST_CASE("§6.3.1 A101 feature subscription-options") {
  Scene scene;
  const auto info = scene.get(bob, "<query xmlns='http://jabber.org/protocol/disco#info'/>").xml;
  for (const auto* feature :
       {"subscription-options", "retrieve-default-sub", "leased-subscription"})
    CHECK(info.find(fmt::format("http://jabber.org/protocol/pubsub#{}'", feature)) !=
          std::string::npos);
}

TEST_CASE("§6.3.3 A102 the form names the subscription and its options as they are") {
  Scene scene;
  scene.create(alice, "n");
  const auto subid = subscribe_with(scene, bob, "n", {"deliver=0", "x-keywords=one|two"});
  const auto answer = scene.get("bob@b.example/any", options_request("n", bob));
  const auto document = parse_xml(answer.xml);
  const auto* options = document->root().child("pubsub", ns::pubsub)->child("options", ns::pubsub);
  REQUIRE(options);
  CHECK(options->attribute("node") == "n");
  CHECK(options->attribute("jid") == bob);
  CHECK(options->attribute("subid") == subid);
  CHECK(options->child("x", ns::data_forms)->attribute("type") == "form");
  CHECK(field_in(answer.xml, "FORM_TYPE") ==
        Strings{"http://jabber.org/protocol/pubsub#subscribe_options"});
  CHECK(field_in(answer.xml, "pubsub#deliver") == Strings{"0"});
  CHECK(field_in(answer.xml, "pubsub#digest") == Strings{"0"});
  CHECK(field_in(answer.xml, "x-keywords") == Strings{"one", "two"});
  // Those of collections are not offered by a leaf.
  for (const auto& var : attributes_of(answer.xml, "field", "var"))
    CHECK(var.find("subscription_") == std::string::npos);
}

TEST_CASE("§6.3.3 A103 booleans are 0, 1, false and true, and nothing else") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  for (const auto* spelling : {"0", "1", "false", "true"}) {
    const bool value = spelling[0] == '1' || spelling[0] == 't';
    set_options(scene, bob, "n", {fmt::format("deliver={}", spelling)});
    CHECK(option(scene, bob, "n", "deliver") == Strings{value ? "1" : "0"});
    scene.publish(alice, "n", "1");
    CHECK(scene.events(bob).size() == value);
  }
  for (const auto* spelling : {"yes", "TRUE", "", "2", "0|1"})
    CHECK(
        scene.refused_set(
            bob, options_request("n", bob, options_form({fmt::format("deliver={}", spelling)}))) ==
        "modify/bad-request invalid-options");
}

TEST_CASE("§6.3.4.1 A104 options of another account: auth/forbidden, subscribed or not") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n");
  for (const auto* from : {"eve@b.example/x", "b.example", alice})
    for (const auto* jid : {bob, "dan@b.example"}) {
      CHECK(scene.refused_get(from, options_request("n", jid)) == "auth/forbidden");
      CHECK(scene.refused_set(from, options_request("n", jid, options_form({"deliver=0"}))) ==
            "auth/forbidden");
    }
  CHECK(scene.get("admin@example.org", options_request("n", bob)).type == "result");
}

TEST_CASE("§6.3.4.2 A105 not subscribed: modify/unexpected-request not-subscribed") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, "bob@b.example/phone", "n");
  CHECK(scene.refused_get(bob, options_request("n", bob)) ==
        "modify/unexpected-request not-subscribed");
  CHECK(scene.refused_set(bob, options_request("n", bob, options_form({"deliver=0"}))) ==
        "modify/unexpected-request not-subscribed");
  CHECK(scene.refused_get(bob, options_request("n", bob, "", "1")) ==
        "modify/unexpected-request not-subscribed");
}

TEST_CASE("§6.3.4.3 A106 no jid: modify/bad-request jid-required; none of a JID: jid-malformed") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  CHECK(scene.refused_get(bob, request("node='n'")) == "modify/bad-request jid-required");
  CHECK(scene.refused_set(bob, request("node='n'", options_form({"deliver=0"}))) ==
        "modify/bad-request jid-required");
  CHECK(scene.refused_get(bob, request("node='n' jid='@'")) == "modify/jid-malformed");
}

TEST_CASE("§6.3.4.4 A107 several SubIDs and none given: modify/bad-request subid-required") {
  Scene scene;
  scene.create(alice, "n");
  const auto first = subscribe_with(scene, bob, "n");
  const auto second = subscribe_with(scene, bob, "n");
  CHECK(scene.refused_get(bob, options_request("n", bob)) == "modify/bad-request subid-required");
  CHECK(scene.refused_set(bob, options_request("n", bob, options_form({"deliver=0"}))) ==
        "modify/bad-request subid-required");
  set_options(scene, bob, "n", {"deliver=0"}, second);
  CHECK(option(scene, bob, "n", "deliver", first) == Strings{"1"});
  CHECK(option(scene, bob, "n", "deliver", second) == Strings{"0"});
  scene.publish(alice, "n", "1");
  const auto heard = scene.heard(bob);
  REQUIRE(heard.size() == 1);
  CHECK(subids_in(heard[0]) == Strings{first});
}

TEST_CASE("§6.3.4.5 A108 a wrong SubID: modify/not-acceptable invalid-subid") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  const auto other = subscribe_with(scene, "bob@b.example/phone", "n");
  for (const auto& subid : {other, std::string("nonsense")}) {
    CHECK(scene.refused_get(bob, options_request("n", bob, "", subid)) ==
          "modify/not-acceptable invalid-subid");
    CHECK(scene.refused_set(bob, options_request("n", bob, options_form({"deliver=0"}), subid)) ==
          "modify/not-acceptable invalid-subid");
  }
}

TEST_CASE("§6.3.4.7 A110 an unknown node: cancel/item-not-found") {
  Scene scene;
  CHECK(scene.refused_get(bob, options_request("n", bob)) == "cancel/item-not-found");
  CHECK(scene.refused_set(bob, options_request("n", bob, options_form({"deliver=0"}))) ==
        "cancel/item-not-found");
}

TEST_CASE("§6.3.4.1 A111 no node, or an empty one: the subscription to the root collection") {
  Scene scene;
  const auto root = scene.set(bob, pubsub("<subscribe jid='bob@b.example'/>"));
  REQUIRE(root.type == "result");
  for (const auto* node : {"", "node='' "}) {
    const auto form = options_form({"subscription_type=items", "subscription_depth=all"});
    CHECK(scene.set(bob, request(fmt::format("{}jid='bob@b.example'", node), form)).type ==
          "result");
    const auto answer = scene.get(bob, request(fmt::format("{}jid='bob@b.example'", node)));
    CHECK(field_in(answer.xml, "pubsub#subscription_type") == Strings{"items"});
    CHECK(field_in(answer.xml, "pubsub#subscription_depth") == Strings{"all"});
  }
  scene.create(alice, "n");
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).size() == 1);
}

TEST_CASE("§6.3.6.1 A112 an empty result, and in effect from the next event") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  const auto answer = scene.set(bob, options_request("n", bob, options_form({"deliver=false"})));
  CHECK(answer.type == "result");
  CHECK(answer.payload.empty());
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob).empty());
  scene.restart();
  scene.publish(alice, "n", "2");
  CHECK(scene.events(bob).empty());
  set_options(scene, bob, "n", {"deliver=true"});
  scene.publish(alice, "n", "3");
  CHECK(heard_items(scene, bob) == Strings{"3"});
}

TEST_CASE("§6.3.6.1 A112 what happened before the change is told as it was asked for then") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  const auto publish = [](std::string_view id) {
    return iq("set", alice,
              pubsub(fmt::format(
                  "<publish node='n'><item id='{}'><e xmlns='u:e'/></item></publish>", id)));
  };
  const auto deliver = [](std::string_view value) {
    return iq("set", bob,
              options_request("n", bob, options_form({fmt::format("deliver={}", value)})));
  };
  scene.send_batch({publish("1"), deliver("0"), publish("2")});
  CHECK(heard_items(scene, bob) == Strings{"1"});
  scene.send_batch({publish("3"), deliver("1"), publish("4")});
  CHECK(heard_items(scene, bob) == Strings{"4"});
}

TEST_CASE(
    "§6.3.6.2 A113 what an option can not be: modify/bad-request invalid-options, no change") {
  Scene scene;
  scene.create(alice, "n", {"type=urn:example:unread"});
  subscribe_with(scene, bob, "n", {"digest=0", "x-keywords=one"});
  const Strings wrong[] = {
      {"deliver=maybe"},
      {"deliver=0", "digest=perhaps"},
      {"digest_frequency=often"},
      {"digest_frequency=0"},
      {"digest_frequency=99"},
      {"digest_frequency=-10000"},
      {"digest_frequency=99999999999999999999"},
      {"digest_frequency=9223372036854775807"},
      {"digest_frequency="},
      {"expire=tomorrow"},
      {"expire=offline"},
      {"expire=2024-04-30T23:59:59Z"},
      {"expire=2024-05-01T00:00:00Z"},
      {"expire=2025-13-01T00:00:00Z"},
      {"include_body=1"},
      {"subscription_type=everything"},
      {"subscription_depth=-1"},
      {"subscription_depth=deep"},
      {"x-xpath=///"},
      {"x-keywords=" + std::string(10'000, 'x')},
      {"x-payload-namespace=" + std::string(10'000, 'x')},
      {"show-values=busy"},
      {"show-values=away|busy"},
      {"x-durable=maybe"},
      {"x-versions=first"},
      {"x-acknowledgement=none"},
      {"no_such_field=1"},
      {"x-no-such-field=1"},
  };
  for (const auto& options : wrong) {
    CAPTURE(options);
    CHECK(scene.refused_set(bob, options_request("n", bob, options_form(options))) ==
          "modify/bad-request invalid-options");
    CHECK(scene.refused_set(bob, subscribe_request("n", "bob@b.example/x", options)) ==
          "modify/bad-request invalid-options");
  }
  CHECK(option(scene, bob, "n", "deliver") == Strings{"1"});
}

TEST_CASE("§6.3.5 what is no submission of options: modify/bad-request") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  CHECK(scene.refused_set(bob, options_request("n", bob)) == "modify/bad-request");
  for (const auto* form : {
           "<x xmlns='jabber:x:data' type='form'/>",
           "<x xmlns='jabber:x:data' type='result'/>",
           "<x xmlns='jabber:x:data'/>",
           "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>"
           "http://jabber.org/protocol/pubsub#node_config</value></field></x>",
       })
    CHECK(scene.refused_set(bob, options_request("n", bob, form)) == "modify/bad-request");
}

TEST_CASE("§6.3.5 R55 a cancelled form changes nothing; one of some fields changes those") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {"deliver=0", "x-keywords=one"});
  CHECK(
      scene.set(bob, options_request("n", bob, "<x xmlns='jabber:x:data' type='cancel'/>")).type ==
      "result");
  CHECK(option(scene, bob, "n", "deliver") == Strings{"0"});
  set_options(scene, bob, "n", {"digest_frequency=5000"});
  CHECK(option(scene, bob, "n", "deliver") == Strings{"0"});
  CHECK(option(scene, bob, "n", "digest_frequency") == Strings{"5000"});
  CHECK(option(scene, bob, "n", "x-keywords") == Strings{"one"});
  set_options(scene, bob, "n", {"x-keywords="});
  CHECK(option(scene, bob, "n", "x-keywords").empty());
}

TEST_CASE("§6.3.5 a form that is sent back as it came changes nothing") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n",
                 {"deliver=0", "expire=2030-01-01T00:00:00.25Z", "x-keywords=a b|c"});
  const auto before = scene.stored();
  Strings options;
  const auto form = scene.get(bob, options_request("n", bob)).xml;
  for (const auto& var : attributes_of(form, "field", "var")) {
    if (var == "FORM_TYPE") continue;
    std::string values;
    for (const auto& value : field_in(form, var)) values += (values.empty() ? "" : "|") + value;
    options.push_back((var.starts_with("pubsub#") ? var.substr(7) : var) + "=" + values);
  }
  CHECK(options.size() == 12);
  set_options(scene, bob, "n", options);
  CHECK(scene.stored() == before);
}

TEST_CASE("§6.3 options outlive a restart") {
  Scene scene;
  scene.create(alice, "n");
  const Strings all{"deliver=0",
                    "digest=1",
                    "digest_frequency=60000",
                    "expire=2030-01-01T00:00:00.123456Z",
                    "include_body=1",
                    "x-keywords=one\\two|drei vier|o'hara",
                    "x-payload-namespace=urn:example:a",
                    "x-xpath=/entry[author = \"x\"]"};
  const auto subid = subscribe_with(scene, bob, "n", all);
  const auto form = scene.get(bob, options_request("n", bob)).payload;
  scene.restart();
  CHECK(scene.get(bob, options_request("n", bob)).payload == form);
  CHECK(option(scene, bob, "n", "x-keywords") == Strings{"one\\two", "drei vier", "o'hara"});
  CHECK(option(scene, bob, "n", "expire") == Strings{"2030-01-01T00:00:00.123456Z"});
}

TEST_CASE("§6.3 the options of a pending subscription can be set, and make no subscriber of it") {
  Scene scene;
  scene.create(alice, "n", {"access_model=authorize"});
  subscribe_with(scene, bob, "n", {"deliver=1", "x-keywords=yes"});
  set_options(scene, bob, "n", {"x-keywords=no"});
  scene.publish(alice, "n", "1", "<e xmlns='u:e'>no</e>");
  CHECK(scene.heard(bob).empty());
  scene.set_subscription(alice, "n", bob, "subscribed");
  scene.heard(bob);
  scene.publish(alice, "n", "2", "<e xmlns='u:e'>yes</e>");
  scene.publish(alice, "n", "3", "<e xmlns='u:e'>no</e>");
  CHECK(heard_items(scene, bob) == Strings{"3"});
}

TEST_CASE("§16.4.2 deliver=false: no events, no last item; told when the subscription ends") {
  Scene scene;
  scene.create(alice, "n", {"send_last_published_item=on_sub"});
  scene.publish(alice, "n", "1");
  subscribe_with(scene, bob, "n", {"deliver=0"});
  scene.publish(alice, "n", "2");
  scene.retract(alice, "n", "2");
  scene.purge(alice, "n");
  CHECK(scene.heard(bob).empty());
  scene.affiliate(alice, "n", bob, "outcast");
  CHECK(attributes_of(scene.heard(bob).back().xml, "subscription", "subscription") ==
        Strings{"none"});
}

}  // namespace crier::test
