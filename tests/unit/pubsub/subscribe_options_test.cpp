/// Subscribing with options, their defaults, and subscriptions that wait for them. XEP-0060 §6.1.5,
/// §6.3.7, §6.4.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/options_requests.hpp"
#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";

constexpr std::string_view default_form =
    "<x xmlns='jabber:x:data' type='result'>"
    "<field var='FORM_TYPE' type='hidden'>"
    "<value>http://jabber.org/protocol/pubsub#subscribe_options</value></field>"
    "<field var='pubsub#deliver' type='boolean'><value>1</value></field>"
    "<field var='pubsub#digest' type='boolean'><value>0</value></field>"
    "<field var='pubsub#digest_frequency' type='text-single'><value>10000</value></field>"
    "<field var='pubsub#expire' type='text-single'/>"
    "<field var='pubsub#include_body' type='boolean'><value>0</value></field>"
    "<field var='pubsub#show-values' type='list-multi'><value>online</value><value>chat</value>"
    "<value>away</value><value>xa</value><value>dnd</value></field>"
    "<field var='x-durable' type='boolean'><value>0</value></field>"
    "<field var='x-versions' type='list-single'><value>last</value></field>"
    "<field var='x-acknowledgement' type='list-single'><value>server</value></field>"
    "<field var='x-keywords' type='text-multi'/>"
    "<field var='x-payload-namespace' type='text-single'/>"
    "<field var='x-xpath' type='text-single'/></x>";

}  // namespace

TEST_CASE("§6.3.7 A114 A116 subscribe and configure: the result has the form of what is") {
  Scene scene;
  scene.create(alice, "n");
  const auto answer = scene.set(bob, subscribe_request("n", bob, {"digest=0"}));
  CHECK(answer.payload ==
        canonical(pubsub(fmt::format("<subscription node='n' jid='bob@b.example' subid='1' "
                                     "subscription='subscribed'/><options>{}</options>",
                                     default_form))));
  const auto other = scene.set(bob, subscribe_request("n", bob, {"deliver=false", "x-keywords=a"}));
  CHECK(field_in(other.xml, "pubsub#deliver") == Strings{"0"});
  CHECK(field_in(other.xml, "x-keywords") == Strings{"a"});
}

TEST_CASE("§6.3.7 A115 <options> in front, or with node or jid: modify/bad-request") {
  Scene scene;
  scene.create(alice, "n");
  const auto subscribe = "<subscribe node='n' jid='bob@b.example'/>";
  const auto form = options_form({"deliver=0"});
  CHECK(scene.refused_set(bob, pubsub(fmt::format("<options>{}</options>{}", form, subscribe))) ==
        "modify/bad-request");
  for (const auto* attribute : {"node='n'", "jid='bob@b.example'", "node=''", "jid=''"})
    CHECK(scene.refused_set(bob, pubsub(fmt::format("{}<options {}>{}</options>", subscribe,
                                                    attribute, form))) == "modify/bad-request");
  CHECK(scene.refused_set(bob, pubsub(fmt::format("{0}<options>{1}</options><options>{1}</options>",
                                                  subscribe, form))) == "modify/bad-request");
}

TEST_CASE("§6.3.7 options that are empty, or cancelled, are none") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* options :
       {"<options/>", "<options><x xmlns='jabber:x:data' type='cancel'/></options>"}) {
    const auto answer =
        scene.set(bob, pubsub(fmt::format("<subscribe node='n' jid='bob@b.example'/>{}", options)));
    CHECK(answer.type == "result");
    CHECK(answer.xml.find("options") == std::string::npos);
  }
}

TEST_CASE("§6.1.6 A087 who has one subscription and asks again with options gets them for it") {
  auto policy = Scene::policy();
  policy.multi_subscribe = false;
  Scene scene(policy);
  scene.create(alice, "n");
  const auto subid = subscribe_with(scene, bob, "n");
  CHECK(subscribe_with(scene, bob, "n", {"deliver=0"}) == subid);
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).empty());
  CHECK(subscribe_with(scene, bob, "n") == subid);
  CHECK(option(scene, bob, "n", "deliver") == Strings{"0"});
}

TEST_CASE("§6.4.1 A117 A118 A120 the defaults of a node, and of the service for leaves") {
  Scene scene;
  scene.create(alice, "n");
  subscribe_with(scene, bob, "n", {"deliver=0"});
  for (const auto* node : {" node='n'", ""}) {
    const auto answer = scene.get(bob, pubsub(fmt::format("<default{}/>", node)));
    CHECK(answer.type == "result");
    CHECK(field_in(answer.xml, "FORM_TYPE") ==
          Strings{"http://jabber.org/protocol/pubsub#subscribe_options"});
    CHECK(field_in(answer.xml, "pubsub#deliver") == Strings{"1"});
    CHECK(field_in(answer.xml, "pubsub#digest") == Strings{"0"});
    CHECK(field_in(answer.xml, "pubsub#subscription_depth").empty());
    CHECK(attributes_of(answer.xml, "default", "node") == (*node ? Strings{"n"} : Strings{}));
  }
  CHECK(scene.refused_get(bob, pubsub("<default node='m'/>")) == "cancel/item-not-found");
}

TEST_CASE("§6.4.1 A117 the defaults of a collection have what collections have, and no digests") {
  Scene scene;
  scene.create(alice, "c", {"node_type=collection"});
  const auto answer = scene.get(bob, pubsub("<default node='c'/>"));
  CHECK(field_in(answer.xml, "pubsub#subscription_depth") == Strings{"1"});
  CHECK(field_in(answer.xml, "pubsub#subscription_type") == Strings{"nodes"});
  const auto fields = attributes_of(answer.xml, "field", "var");
  for (const auto& var : fields) CHECK_FALSE(var.starts_with("pubsub#digest"));
}

TEST_CASE(
    "§6.1.5 A022 A083 A085 an unconfigured subscription: says so, hears nothing, waits for "
    "options") {
  auto policy = Scene::policy();
  policy.multi_subscribe = false;
  Scene scene(policy);
  scene.create(alice, "n", {"send_last_published_item=on_sub", "notify_sub=1"});
  scene.publish(alice, "n", "0");
  scene.set_subscription(alice, "n", bob, "unconfigured");
  CHECK(scene.heard(bob).size() == 1);
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).empty());
  const auto told = scene.subscribe(bob, "n");
  const auto subid = attributes_of(told.xml, "subscription", "subid").at(0);
  CHECK(told.payload ==
        canonical(pubsub("<subscription node='n' jid='bob@b.example' subid='" + subid +
                         "' subscription='unconfigured'><subscribe-options><required/>"
                         "</subscribe-options></subscription>")));
  CHECK(scene.get(bob, options_request("n", bob)).type == "result");

  scene.heard("alice@a.example");
  set_options(scene, bob, "n", {"deliver=1"});
  CHECK(heard_items(scene, bob) == Strings{"1"});
  CHECK(scene.heard("alice@a.example").size() == 1);
  scene.publish(alice, "n", "2");
  CHECK(heard_items(scene, bob) == Strings{"2"});
  scene.restart();
  CHECK(attributes_of(scene.get(bob, pubsub("<subscriptions/>")).xml, "subscription",
                      "subscription") == Strings{"subscribed"});
}

TEST_CASE("§6.1.5 A083 who asks again with options has configured the subscription") {
  auto policy = Scene::policy();
  policy.multi_subscribe = false;
  Scene scene(policy);
  scene.create(alice, "n");
  scene.set_subscription(alice, "n", bob, "unconfigured");
  scene.heard(bob);
  const auto answer = scene.set(bob, subscribe_request("n", bob, {"deliver=1"}));
  CHECK(attributes_of(answer.xml, "subscription", "subscription") == Strings{"subscribed"});
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).size() == 1);
}

TEST_CASE("§6.1.5 A083 cancelling or failing to configure leaves it unconfigured") {
  Scene scene;
  scene.create(alice, "n");
  scene.set_subscription(alice, "n", bob, "unconfigured");
  scene.heard(bob);
  scene.set(bob, options_request("n", bob, "<x xmlns='jabber:x:data' type='cancel'/>"));
  scene.refused_set(bob, options_request("n", bob, options_form({"deliver=2"})));
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).empty());
}

}  // namespace crier::test
