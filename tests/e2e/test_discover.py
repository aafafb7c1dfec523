"""XEP-0060 §5.1 to §5.5: discovery of the service, its nodes and their items; and what the service
tells of itself beside that."""

import datetime

from harness.pubsub import ATOM, attributes, create, item, owner_affiliations, publish, subscribe
from harness.server import SPARE_SERVICE
from harness.xml import DATA, DISCO_INFO, DISCO_ITEMS, META_DATA, PUBSUB, child, form_values

RSM = "http://jabber.org/protocol/rsm"


def query(namespace, node=None, content=""):
    return f"<query xmlns='{namespace}'{attributes(node=node)}>{content}</query>"


def identities(answer):
    return [(each.get("category"), each.get("type"))
            for each in answer.iter(f"{{{DISCO_INFO}}}identity")]


def features(answer):
    return {each.get("var") for each in answer.iter(f"{{{DISCO_INFO}}}feature")}


def all_nodes(user):
    """name → title of every node that the service lists to `user`, page by page."""
    found = {}
    content = ""
    while True:
        answer = user.get(query(DISCO_ITEMS, content=content))
        for each in answer.iter(f"{{{DISCO_ITEMS}}}item"):
            assert each.get("jid") == user.service
            found[each.get("node")] = each.get("name")
        last = next(answer.iter(f"{{{RSM}}}last"), None)
        if last is None:
            return found
        content = f"<set xmlns='{RSM}'><max>100</max><after>{last.text}</after></set>"


def test_5_1_the_service(alice):
    answer = alice.get(query(DISCO_INFO))
    assert ("pubsub", "service") in identities(answer)
    found = features(answer)
    assert {DISCO_INFO, DISCO_ITEMS, PUBSUB} <= found
    for name in ("publish", "subscribe", "create-nodes", "delete-nodes", "config-node",
                 "create-and-configure", "instant-nodes", "item-ids", "retract-items",
                 "delete-items", "purge-nodes", "persistent-items", "retrieve-items",
                 "retrieve-subscriptions", "retrieve-affiliations", "retrieve-default",
                 "manage-subscriptions", "modify-affiliations", "access-open", "auto-create",
                 "config-node-max", "outcast-affiliation", "member-affiliation",
                 "publisher-affiliation"):
        assert f"{PUBSUB}#{name}" in found, name


def test_10_only_the_default_access_model_is_a_feature(alice):
    models = [each for each in features(alice.get(query(DISCO_INFO)))
              if each.startswith(f"{PUBSUB}#access-")]
    assert models == [f"{PUBSUB}#access-open"]


def test_5_2_the_nodes(alice, bob, node):
    alice.set(create(node, title="Hamlet"))
    assert all_nodes(bob)[node] == "Hamlet"


def test_5_2_private_nodes_are_not_listed_to_strangers(alice, bob, carol, node):
    alice.set(create(node, access_model="whitelist"))
    alice.set(owner_affiliations(node, **{carol.bare: "member"}))
    assert node in all_nodes(alice)
    assert node in all_nodes(carol)
    assert node not in all_nodes(bob)


def test_5_3_a_node(alice, bob, node):
    alice.set(create(node))
    answer = bob.get(query(DISCO_INFO, node))
    assert ("pubsub", "leaf") in identities(answer)
    assert PUBSUB in features(answer)
    assert next(answer.iter(f"{{{DISCO_INFO}}}query")).get("node") == node


def test_5_3_no_such_node(alice, node):
    assert alice.refused("get", query(DISCO_INFO, node)) == "cancel/item-not-found"
    assert alice.refused("get", query(DISCO_ITEMS, node)) == "cancel/item-not-found"


def test_5_4_meta_data(alice, bob, node):
    alice.set(create(node, title="Hamlet", description="A play"))
    bob.set(subscribe(node, bob.jid))
    values = form_values(bob.get(query(DISCO_INFO, node)))
    assert values["FORM_TYPE"] == [META_DATA]
    assert values["pubsub#title"] == ["Hamlet"]
    assert values["pubsub#description"] == ["A play"]
    assert values["pubsub#creator"] == [alice.bare]
    assert values["pubsub#owner"] == [alice.bare]
    assert values["pubsub#num_subscribers"] == ["1"]
    assert values["pubsub#creation_date"][0].endswith("Z")


def test_5_4_a_stranger_learns_nothing_of_a_private_node(alice, bob, node):
    alice.set(create(node, access_model="whitelist", title="Secret"))
    answer = bob.ask("get", query(DISCO_INFO, node))
    assert "Secret" not in "".join(answer.itertext())
    assert answer.get("type") == "error"


def test_5_5_the_items(alice, bob, node):
    alice.set(create(node))
    for key in "ab":
        alice.set(publish(node, item(ATOM, key)))
    entries = list(bob.get(query(DISCO_ITEMS, node)).iter(f"{{{DISCO_ITEMS}}}item"))
    assert [each.get("name") for each in entries] == ["a", "b"]
    assert {each.get("jid") for each in entries} == {bob.service}
    assert not any("node" in each.attrib for each in entries)


def test_5_5_the_items_of_a_private_node(alice, bob, node):
    alice.set(create(node, access_model="whitelist"))
    alice.set(publish(node, item(ATOM, "secret-id")))
    assert bob.ask("get", query(DISCO_ITEMS, node)).get("type") == "error"


def test_xep_0199_ping(alice):
    assert list(alice.get("<ping xmlns='urn:xmpp:ping'/>")) == []
    assert "urn:xmpp:ping" in features(alice.get(query(DISCO_INFO)))


def test_xep_0092_version(alice):
    answer = alice.get(query("jabber:iq:version"))
    assert child(answer, ("jabber:iq:version", "query"), ("jabber:iq:version", "name")).text == "crier"
    assert child(answer, ("jabber:iq:version", "query"), ("jabber:iq:version", "version")).text
    assert "jabber:iq:version" in features(alice.get(query(DISCO_INFO)))


def test_xep_0012_last_activity(server, alice, make_crier):
    crier = make_crier(server.component_address)
    crier.start()

    def seconds():
        answer = alice.get(query("jabber:iq:last"), to=SPARE_SERVICE)
        return int(child(answer, ("jabber:iq:last", "query")).get("seconds"))

    first = seconds()
    assert 0 <= first < 60
    alice.wait_until(lambda: seconds() > first, what="a second's passing")
    assert "jabber:iq:last" in features(alice.get(query(DISCO_INFO), to=SPARE_SERVICE))


def test_xep_0202_entity_time(alice):
    answer = child(alice.get("<time xmlns='urn:xmpp:time'/>"), ("urn:xmpp:time", "time"))
    assert child(answer, ("urn:xmpp:time", "tzo")).text == "+00:00"
    told = datetime.datetime.strptime(
        child(answer, ("urn:xmpp:time", "utc")).text, "%Y-%m-%dT%H:%M:%S%z")
    assert abs(datetime.datetime.now(datetime.timezone.utc) - told) < datetime.timedelta(seconds=60)
    assert "urn:xmpp:time" in features(alice.get(query(DISCO_INFO)))


def test_xep_0157_contact_addresses(server, alice, make_crier):
    assert child(alice.get(query(DISCO_INFO)), (DISCO_INFO, "query"), (DATA, "x")) is None
    make_crier(server.component_address, options=[
        "--contact", "admin=xmpp:admin@localhost", "--contact", "abuse=mailto:abuse@localhost",
        "--contact", "admin=https://localhost/admin"]).start()
    values = form_values(alice.get(query(DISCO_INFO), to=SPARE_SERVICE))
    assert values == {"FORM_TYPE": ["http://jabber.org/network/serverinfo"],
                      "abuse-addresses": ["mailto:abuse@localhost"],
                      "admin-addresses": ["xmpp:admin@localhost", "https://localhost/admin"]}


def test_xep_0054_vcard(server, alice, make_crier):
    make_crier(server.component_address, options=[
        "--name", "News & more", "--url", "https://localhost/?a=1&b=2"]).start()
    answer = alice.get("<vCard xmlns='vcard-temp'/>", to=SPARE_SERVICE)
    card = child(answer, ("vcard-temp", "vCard"))
    assert child(card, ("vcard-temp", "FN")).text == "News & more"
    assert child(card, ("vcard-temp", "URL")).text == "https://localhost/?a=1&b=2"
    info = alice.get(query(DISCO_INFO), to=SPARE_SERVICE)
    assert "vcard-temp" in features(info)
    assert next(info.iter(f"{{{DISCO_INFO}}}identity")).get("name") == "News & more"
    assert alice.refused("set", "<vCard xmlns='vcard-temp'/>", to=SPARE_SERVICE) == (
        "cancel/not-allowed")
    assert alice.refused("get", "<vCard xmlns='vcard-temp'/>", to=f"nobody@{SPARE_SERVICE}") == (
        "cancel/service-unavailable")
