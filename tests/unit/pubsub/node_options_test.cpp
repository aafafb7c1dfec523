#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example/y";

Answer form_of(Scene& scene, std::string_view node = "n") {
  return scene.get(alice, pubsub_owner(fmt::format("<configure node='{}'/>", node)));
}

/// Publishes without an item, or with one that is empty.
std::string publication(std::string_view inside) {
  return pubsub(fmt::format("<publish node='n'>{}</publish>", inside));
}

}  // namespace

TEST_CASE("§7.1.3.6 A170 type: payloads of another namespace are refused, profiles' are Atom") {
  Scene scene;
  scene.create(alice, "n", {"type=u:e"});
  CHECK(scene.publish(alice, "n", "1").type == "result");
  CHECK(scene.publish(alice, "n", "1", "<e xmlns='u:f'/>").error ==
        "modify/bad-request invalid-payload");
  scene.configure(alice, "n", {"type=urn:xmpp:microblog:0"});
  CHECK(scene.publish(alice, "n", "1").error == "modify/bad-request invalid-payload");
  CHECK(scene.publish(alice, "n", "1", "<entry xmlns='http://www.w3.org/2005/Atom'/>").type ==
        "result");
  scene.configure(alice, "n", {"type="});
  CHECK(scene.publish(alice, "n", "1").type == "result");
}

TEST_CASE("§5.4 A051 language: any tag of RFC 5646, offered as an open list") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* good : {"en", "de-AT", "zh-Hant-TW", "sl-rozaj-biske-1994", "x-klingon", ""})
    CHECK(scene.configure(alice, "n", {fmt::format("language={}", good)}).type == "result");
  for (const auto* bad : {"e n", "en_US", "-en", "en-", "en--us", "1en", "abcdefghi", "en|de"})
    CHECK(scene.configure(alice, "n", {fmt::format("language={}", bad)}).error ==
          "modify/not-acceptable");
  const auto form = form_of(scene).payload;
  CHECK(form.find("<validate xmlns='http://jabber.org/protocol/xdata-validate' "
                  "datatype='xs:language'><open></open></validate>") != std::string::npos);
}

TEST_CASE("§16.7 XEP-0122 §3 R55 counts say that they are an integer or max") {
  Scene scene;
  scene.create(alice, "n");
  const auto form = form_of(scene).xml;
  const auto datatypes = attributes_of(form, "validate", "datatype");
  CHECK(std::ranges::count(datatypes, "pubsub:integer-or-max") == 3);
}

TEST_CASE(
    "§5.4 A050 contact: JIDs, each once, in the order in which they "
    "were given") {
  Scene scene;
  scene.create(alice, "n", {"contact=Bob@B.example|alice@a.example|bob@b.example"});
  CHECK(field_in(form_of(scene).xml, "pubsub#contact") ==
        Strings{"bob@b.example", "alice@a.example"});
  CHECK(scene.configure(alice, "n", {"contact=@"}).error == "modify/not-acceptable");
}

TEST_CASE("trap: a list of very many JIDs costs no more than its length") {
  Scene scene;
  scene.create(alice, "n");
  std::string contacts = "contact=j0@a.example";
  for (int i = 1; i < 20'000; ++i) contacts += fmt::format("|j{}@a.example", i);
  CHECK(scene.configure(alice, "n", {contacts}).type == "result");
  CHECK(field_in(form_of(scene).xml, "pubsub#contact").size() == 20'000);
}

TEST_CASE(
    "§16.4.4 deliver_notifications=0: no event of any kind, and no "
    "last item") {
  Scene scene;
  scene.create(alice, "n",
               {"deliver_notifications=0", "send_last_published_item=on_sub", "notify_config=1"});
  scene.fill(alice, "n", 1);
  scene.subscribe(bob, "n");
  scene.fill(alice, "n", 2);
  scene.retract(alice, "n", "1");
  scene.purge(alice, "n");
  scene.configure(alice, "n", {"title=t"});
  scene.remove(alice, "n");
  CHECK(scene.heard(bob).empty());
}

TEST_CASE("§12.7 A306 notification_type: normal and headline") {
  Scene scene;
  scene.create(alice, "n", {"notification_type=normal"});
  scene.subscribe(bob, "n");
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).at(0).type == "normal");
  scene.configure(alice, "n", {"notification_type=headline"});
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).at(0).type == "headline");
  CHECK(scene.configure(alice, "n", {"notification_type=chat"}).error == "modify/not-acceptable");
}

TEST_CASE(
    "§7.1.2.3 A157 A158 itemreply=publisher: the service names the "
    "publisher, always") {
  Scene scene;
  scene.create(alice, "n", {"itemreply=publisher", "publish_model=open"});
  scene.subscribe(alice, "n");
  scene.set(bob, publication("<item id='1' publisher='eve@e.example'><e "
                             "xmlns='u:e'/></item>"));
  CHECK(attributes_of(scene.heard(alice).at(0).xml, "item", "publisher") ==
        Strings{"bob@b.example"});
  CHECK(attributes_of(scene.items(alice, "n").xml, "item", "publisher") ==
        Strings{"bob@b.example"});
}

TEST_CASE(
    "§7.1.2.3 A158 itemreply=none: no publisher, not even an "
    "asserted one") {
  Scene scene;
  scene.create(alice, "n", {"itemreply=none"});
  scene.subscribe(bob, "n");
  scene.set(alice, publication("<item id='1' publisher='eve@e.example'><e "
                               "xmlns='u:e'/></item>"));
  CHECK(attributes_of(scene.heard(bob).at(0).xml, "item", "publisher").empty());
  CHECK(attributes_of(scene.items(bob, "n").xml, "item", "publisher").empty());
}

TEST_CASE(
    "§12.17 A321 itemreply=owner: the owner's address behind the "
    "event, and no publisher") {
  Scene scene;
  scene.create(alice, "n", {"itemreply=owner"});
  scene.subscribe(bob, "n");
  scene.publish(alice, "n", "1");
  const auto message = scene.heard(bob).at(0).xml;
  CHECK(message.find("</event><addresses "
                     "xmlns='http://jabber.org/protocol/address'><address "
                     "type='replyto' jid='alice@a.example'/></addresses>") != std::string::npos);
  CHECK(attributes_of(message, "item", "publisher").empty());
  // An owner still, though the creator went.
  scene.affiliate(alice, "n", "carol@c.example", "owner");
  scene.affiliate(alice, "n", "alice@a.example", "publisher");
  scene.heard(bob);
  scene.publish(alice, "n", "2");
  CHECK(attributes_of(scene.heard(bob).at(0).xml, "address", "jid") == Strings{"carol@c.example"});
}

TEST_CASE(
    "§7.1.3.5 A168 max_payload_size: one byte more is refused, and "
    "nothing stored") {
  Scene scene;
  const std::string payload = "<e xmlns='u:e'/>";
  scene.create(alice, "n", {fmt::format("max_payload_size={}", payload.size())});
  CHECK(scene.publish(alice, "n", "1", payload).type == "result");
  CHECK(scene.refused_set(alice, publication("<item id='2'><ee xmlns='u:e'/></item>")) ==
        "modify/not-acceptable payload-too-big");
  const auto limit = Scene::policy().max_payload_size;
  CHECK(scene.configure(alice, "n", {fmt::format("max_payload_size={}", limit + 1)}).error ==
        "modify/not-acceptable");
  CHECK(scene.configure(alice, "n", {"max_payload_size=0"}).error == "modify/not-acceptable");
  scene.configure(alice, "n", {fmt::format("max_payload_size={}", limit)});
  CHECK(field_in(form_of(scene).xml, "pubsub#max_payload_size") == Strings{std::to_string(limit)});
}

TEST_CASE(
    "§8.2.5.3 A218 notify_config: with the configuration, or without "
    "in a node of no payload") {
  Scene scene;
  scene.create(alice, "n", {"notify_config=1"});
  scene.subscribe(bob, "n");
  scene.configure(alice, "n", {"title=t"});
  const auto full = scene.heard(bob);
  REQUIRE(full.size() == 1);
  CHECK(attributes_of(full[0].xml, "configuration", "node") == Strings{"n"});
  CHECK(attributes_of(full[0].xml, "x", "type") == Strings{"result"});
  CHECK(field_in(full[0].xml, "FORM_TYPE") ==
        Strings{"http://jabber.org/protocol/pubsub#node_config"});
  CHECK(field_in(full[0].xml, "pubsub#title") == Strings{"t"});
  // As the form shows it.
  CHECK(field_in(full[0].xml, "pubsub#max_payload_size") ==
        field_in(form_of(scene).xml, "pubsub#max_payload_size"));
  scene.configure(alice, "n", {"deliver_payloads=0"});
  CHECK(scene.events(bob) == Strings{event("<configuration node='n'/>")});
  // Nothing changed: nothing to tell.
  scene.configure(alice, "n", {"title=t"});
  scene.configure(alice, "n", {"notify_config=0"});
  scene.configure(alice, "n", {"title=u"});
  CHECK(scene.heard(bob).empty());
}

TEST_CASE(
    "§16.4.4 notify_sub: all owners hear of who comes and goes, and "
    "of nobody who waits") {
  Scene scene;
  scene.create(alice, "n", {"notify_sub=1", "access_model=authorize"});
  scene.affiliate(alice, "n", "carol@c.example", "owner");
  scene.heard("carol@c.example");
  scene.subscribe(bob, "n");
  CHECK(field_in(scene.heard("carol@c.example").at(0).xml, "pubsub#allow").size() == 1);
  scene.set_subscription(alice, "n", bob, "subscribed");
  for (const auto* owner : {"alice@a.example", "carol@c.example"})
    CHECK(attributes_of(scene.heard(owner).back().xml, "subscription", "subscription") ==
          Strings{"subscribed"});
  scene.unsubscribe(bob, "n");
  CHECK(attributes_of(scene.heard("carol@c.example").at(0).xml, "subscription", "subscription") ==
        Strings{"none"});
  scene.configure(alice, "n", {"notify_sub=0", "access_model=open"});
  scene.subscribe(bob, "n");
  CHECK(scene.heard("carol@c.example").empty());
}

TEST_CASE(
    "§6.1.3.10 A078 subscribe=0: feature-not-implemented, and who is "
    "subscribed stays") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  scene.configure(alice, "n", {"subscribe=0"});
  for (const auto* who : {"eve@e.example/z", alice})
    CHECK(scene.refused_set(who, pubsub(fmt::format("<subscribe node='n' jid='{}'/>", who))) ==
          "cancel/feature-not-implemented unsupported:subscribe");
  scene.publish(alice, "n", "1");
  CHECK(scene.heard(bob).size() == 1);
}

TEST_CASE("§12.8 §12.23 body_xslt and dataform_xslt are kept and shown") {
  Scene scene;
  scene.create(alice, "n", {"body_xslt=https://a.example/b?x&amp;y", "dataform_xslt=u:d"});
  scene.restart();
  CHECK(field_in(form_of(scene).xml, "pubsub#body_xslt") == Strings{"https://a.example/b?x&y"});
  CHECK(field_in(form_of(scene).xml, "pubsub#dataform_xslt") == Strings{"u:d"});
}

TEST_CASE(
    "publish_node_full is understood as "
    "publish_full_node too") {
  Scene scene;
  scene.create(alice, "n", {"publish_full_node=reject", "max_items=1"});
  CHECK(field_in(form_of(scene).xml, "pubsub#publish_node_full") == Strings{"reject"});
  CHECK(field_in(form_of(scene).xml, "pubsub#publish_full_node").empty());
  scene.publish(alice, "n", "1");
  CHECK(scene.publish(alice, "n", "2").error == "cancel/conflict node-full");
}

TEST_CASE(
    "§4.3 A024 A026 persistent with payload: an item with payload, "
    "in event and store") {
  Scene scene;
  scene.create(alice, "n");
  scene.subscribe(bob, "n");
  CHECK(scene.refused_set(alice, publication("")) == "modify/bad-request item-required");
  CHECK(scene.refused_set(alice, publication("<item/>")) == "modify/bad-request payload-required");
  const auto reply = scene.set(alice, publication("<item><e xmlns='u:e'/></item>"));
  const auto id = ids_in(reply.xml).at(0);
  CHECK(scene.events(bob) == Strings{event(fmt::format("<items node='n'><item id='{}'><e "
                                                       "xmlns='u:e'/></item></items>",
                                                       id))});
  CHECK(scene.item_ids(bob, "n") == Strings{id});
}

TEST_CASE("§4.3 A025 persistent without payload: kept, never delivered") {
  Scene scene;
  scene.create(alice, "n", {"deliver_payloads=0"});
  scene.subscribe(bob, "n");
  CHECK(scene.refused_set(alice, publication("")) == "modify/bad-request item-required");
  scene.publish(alice, "n", "1");
  CHECK(scene.set(alice, publication("<item id='2'/>")).type == "result");
  CHECK(scene.events(bob) == Strings{event("<items node='n'><item id='1'/></items>"),
                                     event("<items node='n'><item id='2'/></items>")});
  CHECK(scene.item_ids(bob, "n") == Strings{"1", "2"});
  CHECK(ids_in(scene.set(alice, publication("<item/>")).xml).at(0).size() == 20);
}

TEST_CASE(
    "§4.3 A027 A174 transient without payload: no item at all, an "
    "empty event") {
  Scene scene;
  scene.create(alice, "n", {"persist_items=0", "deliver_payloads=0"});
  scene.subscribe(bob, "n");
  CHECK(scene.set(alice, publication("")).type == "result");
  CHECK(scene.events(bob) == Strings{event("<items node='n'/>")});
  CHECK(scene.refused_set(alice, publication("<item id='1'/>")) ==
        "modify/bad-request item-forbidden");
  CHECK(scene.items(bob, "n").error ==
        "cancel/feature-not-implemented unsupported:persistent-items");
}

TEST_CASE("§4.3 A028 transient with payload: delivered, and not kept") {
  Scene scene;
  scene.create(alice, "n", {"persist_items=0"});
  scene.subscribe(bob, "n");
  CHECK(scene.refused_set(alice, publication("")) == "modify/bad-request item-required");
  scene.publish(alice, "n", "1");
  CHECK(scene.events(bob) == Strings{event("<items node='n'><item id='1'><e "
                                           "xmlns='u:e'/></item></items>")});
  scene.configure(alice, "n", {"persist_items=1"});
  CHECK(scene.item_ids(bob, "n").empty());
}

}  // namespace crier::test
