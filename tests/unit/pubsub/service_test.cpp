#include <crier/service.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "pubsub/scene.hpp"

namespace crier::test {

namespace {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example/y";
constexpr auto disco = "<query xmlns='http://jabber.org/protocol/disco#info'/>";

/// §11 A291: what an action that is none may be refused with.
bool is_bad_action(const std::string& error) {
  return error == "modify/bad-request" || error.starts_with("cancel/feature-not-implemented");
}

struct NodeRequest {
  bool set;
  bool owner;
  /// The action; {} stands for its attribute `node`.
  std::string_view action;

  std::string payload(std::string_view node) const {
    const auto inside = fmt::format(fmt::runtime(action), node);
    return owner ? pubsub_owner(inside) : pubsub(inside);
  }
};

/// Every request that names a node, but for publish and create, which may make it.
constexpr NodeRequest node_requests[] = {
    {true, false, "<subscribe {} jid='alice@a.example'/>"},
    {true, false, "<unsubscribe {} jid='alice@a.example'/>"},
    {true, false, "<retract {}><item id='1'/></retract>"},
    {false, false, "<items {}/>"},
    {false, true, "<configure {}/>"},
    {true, true, "<configure {}><x xmlns='jabber:x:data' type='submit'/></configure>"},
    {true, true, "<delete {}/>"},
    {true, true, "<purge {}/>"},
    {false, true, "<subscriptions {}/>"},
    {true, true, "<subscriptions {}><subscription jid='c@d' subscription='none'/></subscriptions>"},
    {false, true, "<affiliations {}/>"},
    {true, true, "<affiliations {}><affiliation jid='c@d' affiliation='member'/></affiliations>"},
};

std::string refused(Scene& scene, std::string_view from, const NodeRequest& request,
                    std::string_view node) {
  const auto payload = request.payload(node);
  CAPTURE(payload);
  return request.set ? scene.refused_set(from, payload) : scene.refused_get(from, payload);
}

}  // namespace

TEST_CASE("RFC 6120 §8.2.3 a request is answered once, to its sender, with its id") {
  Scene scene;
  const auto left = scene.send_batch({iq("get", alice, disco, "a&b'c")});
  REQUIRE(left.size() == 1);
  const auto stanza = parse_xml(left.front());
  CHECK(stanza->root().name == "iq");
  CHECK(stanza->root().attribute("type") == "result");
  CHECK(stanza->root().attribute("to") == alice);
  CHECK(stanza->root().attribute("from") == "pubsub.example.org");
  CHECK(stanza->root().attribute("id") == "a&b'c");
}

TEST_CASE("RFC 6120 §8.2.3 of many requests each is answered once, in their order") {
  Scene scene;
  scene.create(alice, "n");
  const auto left = scene.send_batch({
      iq("get", alice, disco, "1"),
      iq("set", bob, pubsub_owner("<delete node='n'/>"), "2"),
      iq("get", bob, "<a xmlns='urn:unknown'/>", "3"),
      iq("set", alice, pubsub("<subscribe node='n' jid='alice@a.example'/>"), "4"),
  });
  REQUIRE(left.size() == 4);
  const Strings types{"result", "error", "error", "result"};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(attributes_of(left[i], "iq", "id") == Strings{std::to_string(i + 1)});
    CHECK(attributes_of(left[i], "iq", "type") == Strings{types[i]});
  }
}

TEST_CASE("RFC 6120 §8.3.1 results, errors, presence and messages are never answered") {
  Scene scene;
  scene.create(alice, "n");
  scene.set_subscription(alice, "n", "a@b", "pending");
  const auto before = scene.stored();
  for (const auto* stanza : {
           "<iq type='result' from='a@b/c' to='pubsub.example.org' id='1'/>",
           "<iq type='result' from='a@b/c' to='pubsub.example.org' id='1'><a xmlns='u:u'/></iq>",
           "<iq type='error' from='a@b/c' to='pubsub.example.org' id='1'><error type='cancel'>"
           "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
           "<presence from='a@b/c' to='pubsub.example.org'/>",
           "<presence type='error' from='a@b/c' to='pubsub.example.org'/>",
           "<message from='a@b/c' to='pubsub.example.org'><body>hello</body></message>",
           "<message type='headline' from='a@b/c' to='pubsub.example.org'/>",
           // Trap: an approval by somebody who owns nothing, §8.6.
           "<message from='a@b/c' to='pubsub.example.org'><x xmlns='jabber:x:data' type='submit'>"
           "<field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#subscribe_authorization"
           "</value></field><field var='pubsub#node'><value>n</value></field>"
           "<field var='pubsub#subscriber_jid'><value>a@b</value></field>"
           "<field var='pubsub#allow'><value>1</value></field></x></message>",
           "<message type='error' from='a@b/c' to='pubsub.example.org' id='1'>"
           "<event xmlns='http://jabber.org/protocol/pubsub#event'/><error type='cancel'>"
           "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
           "<other from='a@b/c' to='pubsub.example.org'/>",
       }) {
    CAPTURE(std::string(stanza));
    CHECK(scene.send_batch({stanza}).empty());
  }
  CHECK(scene.stored() == before);
}

TEST_CASE("RFC 6120 §8.2.3 an IQ without type, or of an unknown one: modify/bad-request") {
  Scene scene;
  CHECK(scene.send(fmt::format("<iq from='{}' to='pubsub.example.org' id='1'>{}</iq>", bob, disco))
            .error == "modify/bad-request");
  CHECK(scene.send(iq("put", bob, disco)).error == "modify/bad-request");
}

TEST_CASE("RFC 6120 §8.2.3 a request holds exactly one element: modify/bad-request") {
  Scene scene;
  for (const auto* type : {"get", "set"}) {
    CHECK(scene.send(iq(type, bob, "")).error == "modify/bad-request");
    CHECK(scene.send(iq(type, bob, "text")).error == "modify/bad-request");
    CHECK(scene.send(iq(type, bob, std::string(disco) + disco)).error == "modify/bad-request");
  }
  CHECK(scene.send(iq("get", bob, std::string("\n ") + disco + "\n")).type == "result");
}

TEST_CASE("RFC 6120 §8.4 what nobody here understands: cancel/service-unavailable") {
  Scene scene;
  for (const auto* payload : {"<a xmlns='urn:unknown'/>", "<query xmlns='jabber:iq:roster'/>",
                              "<pubsub xmlns='http://jabber.org/protocol/pubsub#event'/>"}) {
    CHECK(scene.refused_get(bob, payload) == "cancel/service-unavailable");
    CHECK(scene.refused_set(bob, payload) == "cancel/service-unavailable");
  }
}

TEST_CASE("§11 A291 no action, or an unknown one, is refused") {
  Scene scene;
  for (const auto* inside :
       {"", "text", "<nonsense/>", "<publish-options/>", "<items xmlns='urn:other' node='n'/>"}) {
    for (const auto& payload : {pubsub(inside), pubsub_owner(inside)}) {
      CAPTURE(payload);
      CHECK(is_bad_action(scene.refused_get(bob, payload)));
      CHECK(is_bad_action(scene.refused_set(bob, payload)));
    }
  }
  CHECK(is_bad_action(
      scene.refused_set(bob, "<create xmlns='http://jabber.org/protocol/pubsub' node='n'/>")));
}

TEST_CASE("§11 A291 trap: of two actions neither is done") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 1);
  for (const auto* inside : {
           "<create node='a'/><create node='b'/>",
           "<create node='a'/><publish node='a'><item id='1'><e xmlns='u:e'/></item></publish>",
           "<create node='a'/><configure/><configure/>",
           "<publish node='n'><item id='2'><e xmlns='u:e'/></item></publish>"
           "<publish node='n'><item id='3'><e xmlns='u:e'/></item></publish>",
           "<publish node='n'><item id='2'><e xmlns='u:e'/></item></publish>"
           "<retract node='n'><item id='1'/></retract>",
           "<subscribe node='n' jid='alice@a.example'/>"
           "<unsubscribe node='n' jid='alice@a.example'/>",
           "<subscribe node='n' jid='alice@a.example'/><nonsense/>",
       })
    CHECK(is_bad_action(scene.refused_set(alice, pubsub(inside))));
  CHECK(
      is_bad_action(scene.refused_set(alice, pubsub_owner("<purge node='n'/><delete node='n'/>"))));
}

TEST_CASE("§8.1.3 A205 <configure/> before <create/>: modify/bad-request, no node") {
  Scene scene;
  CHECK(scene.refused_set(alice, pubsub("<configure/><create node='n'/>")) == "modify/bad-request");
}

TEST_CASE("§7.1.5 options before what they belong to are refused") {
  Scene scene;
  CHECK(is_bad_action(scene.refused_set(
      alice,
      pubsub("<publish-options/><publish node='n'><item><e xmlns='u:e'/></item></publish>"))));
}

TEST_CASE("§11 A291 an action in the other type of request is refused, and not done") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* inside : {"<create node='m'/>", "<subscribe node='n' jid='alice@a.example'/>",
                             "<publish node='n'><item id='1'><e xmlns='u:e'/></item></publish>"})
    CHECK(is_bad_action(scene.refused_get(alice, pubsub(inside))));
  for (const auto* inside : {"<items node='n'/>", "<subscriptions/>", "<affiliations/>"})
    CHECK(is_bad_action(scene.refused_set(alice, pubsub(inside))));
  CHECK(is_bad_action(scene.refused_get(alice, pubsub_owner("<delete node='n'/>"))));
  CHECK(is_bad_action(scene.refused_set(alice, pubsub_owner("<default/>"))));
}

TEST_CASE("§8 an owner's action in the namespace of everybody's is none, and the other way round") {
  Scene scene;
  scene.create(alice, "n");
  CHECK(is_bad_action(scene.refused_set(alice, pubsub("<delete node='n'/>"))));
  CHECK(is_bad_action(scene.refused_set(alice, pubsub("<purge node='n'/>"))));
  CHECK(is_bad_action(scene.refused_set(alice, pubsub_owner("<create node='m'/>"))));
}

TEST_CASE("RFC 6120 §8.4 elements of other namespaces beside the action are passed over") {
  Scene scene;
  const auto answer =
      scene.set(alice, pubsub("<a xmlns='urn:a'/><create node='n'/><b xmlns='urn:b'/><configure/>"
                              "<c xmlns='urn:c'/>"));
  CHECK(answer.type == "result");
  CHECK(scene.item_ids(alice, "n").empty());
}

TEST_CASE("RFC 6120 §10.5 nobody but the service is there: cancel/service-unavailable") {
  Scene scene;
  for (const auto* to : {"user@pubsub.example.org", "other.example.org", "example.org"})
    CHECK(scene.send(fmt::format("<iq type='get' from='{}' to='{}' id='1'>{}</iq>", bob, to, disco))
              .error == "cancel/service-unavailable");
}

TEST_CASE("RFC 6120 §8.3.3.8 JIDs in payloads that are none: modify/jid-malformed") {
  Scene scene;
  scene.create(alice, "n");
  for (const auto* jid : {"", "@b.example", "a@", "a@b@c", "a@b/", "a b@c.example"}) {
    CAPTURE(std::string(jid));
    for (const auto* action : {"subscribe", "unsubscribe"})
      CHECK(scene.refused_set(alice, pubsub(fmt::format("<{} node='n' jid='{}'/>", action, jid))) ==
            "modify/jid-malformed");
    CHECK(scene.refused_set(alice,
                            pubsub_owner(fmt::format("<affiliations node='n'><affiliation jid='{}' "
                                                     "affiliation='member'/></affiliations>",
                                                     jid))) == "modify/jid-malformed");
  }
}

TEST_CASE("§7.2.3.3, §8.2.3.3 A144 A190 A212 A231 no NodeID: bad-request nodeid-required") {
  Scene scene;
  for (const auto& request : node_requests) {
    CAPTURE(std::string(request.action));
    if (!request.action.starts_with("<subscribe ") && !request.action.starts_with("<unsubscribe"))
      CHECK(refused(scene, alice, request, "") == "modify/bad-request nodeid-required");
  }
}

TEST_CASE("XEP-0248 §7.4.3.1, §8.1 R15 R17 the root is nobody's to configure or delete") {
  Scene scene;
  for (const auto* action :
       {"<configure node=''><x xmlns='jabber:x:data' type='submit'/></configure>",
        "<delete node=''/>"})
    for (const auto* who : {alice, "admin@example.org/x"})
      CHECK(scene.refused_set(who, pubsub_owner(action)) == "cancel/not-allowed");
}

TEST_CASE("A080 A097 A144 A189 A214 A230 A237 A257 A269 unknown node: cancel/item-not-found") {
  Scene scene;
  for (const auto& request : node_requests)
    CHECK(refused(scene, alice, request, "node='n'") == "cancel/item-not-found");
}

TEST_CASE("§14.2 A330 no owner's request is done for anybody else: auth/forbidden") {
  Scene scene;
  scene.create(alice, "n");
  scene.fill(alice, "n", 1);
  for (const auto* affiliation : {"none", "outcast", "publish-only", "member", "publisher"}) {
    CAPTURE(std::string(affiliation));
    scene.affiliate(alice, "n", "bob@b.example", affiliation);
    for (const auto& request : node_requests) {
      const bool purges =
          request.action.starts_with("<purge") && affiliation == std::string_view("publisher");
      if (request.owner && !purges)
        CHECK(refused(scene, bob, request, "node='n'") == "auth/forbidden");
    }
  }
}

TEST_CASE("§4.6.2 A037 a NodeID is the same in all spellings that resourceprep makes equal") {
  Scene scene;
  scene.create(alice, "caf\xc3\xa9");
  // e and a combining acute accent.
  CHECK(scene.publish(alice, "cafe\xcc\x81", "1").type == "result");
  CHECK(scene.item_ids(alice, "caf\xc3\xa9") == Strings{"1"});
  CHECK(scene.get(alice, pubsub_owner("<configure node='cafe\xcc\x81'/>")).type == "result");
}

TEST_CASE("§4.6.2 NodeIDs with a case or a space of their own are nodes of their own") {
  Scene scene;
  scene.create(alice, "news");
  scene.create(alice, "News");
  scene.create(alice, "news flash");
  scene.publish(alice, "News", "1");
  CHECK(scene.item_ids(alice, "news").empty());
}

TEST_CASE("§4.6.2 A037 what can be no NodeID is refused as the requester's mistake") {
  Scene scene;
  const std::string too_long(1024, 'n');
  // U+E000, for private use, is prohibited by resourceprep (RFC 3920 appendix B).
  for (const std::string_view name : {"\xee\x80\x80", too_long.c_str()})
    for (const auto* action : {"create", "publish"})
      CHECK(scene.refused_set(alice, pubsub(fmt::format("<{} node='{}'/>", action, name)))
                .starts_with("modify/"));
  scene.create(alice, std::string(1023, 'n'));
}

TEST_CASE("§11 A290 an error holds the XMPP condition first, then that of pubsub, and a text") {
  Scene scene;
  scene.create(alice, "n", {"access_model=whitelist"});
  const auto answer = scene.get(bob, pubsub("<items node='n'/>"));
  const auto stanza = parse_xml(answer.xml);
  const auto& error = *stanza->root().first_child();
  CHECK(error.attribute("type") == "cancel");
  CHECK(error.first_child()->is("not-allowed", "urn:ietf:params:xml:ns:xmpp-stanzas"));
  CHECK(error.child("closed-node", "http://jabber.org/protocol/pubsub#errors"));
  CHECK(error.child("text", "urn:ietf:params:xml:ns:xmpp-stanzas"));
}

}  // namespace crier::test
