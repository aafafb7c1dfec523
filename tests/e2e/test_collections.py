"""XEP-0248: collections."""

import pytest

from harness.pubsub import (ATOM, configure, create, event_of, headers_in, item, notified_ids, owner,
                            publish, pubsub, subscribe, subscribe_with, unsubscribe)
from harness.xml import DISCO_INFO, DISCO_ITEMS, EVENT, PUBSUB, local_name


@pytest.fixture
def collection(alice, node):
    alice.set(create(node, node_type="collection"))
    return node


@pytest.fixture
def leaf(alice, collection):
    name = f"{collection}, leaf"
    alice.set(create(name, collection=collection))
    return name


def listed(user, node=None):
    name = f" node='{node}'" if node else ""
    answer = user.get(f"<query xmlns='{DISCO_ITEMS}'{name}/>")
    return [each.get("node") for each in answer.iter(f"{{{DISCO_ITEMS}}}item")]


def test_5_2_what_a_collection_holds(alice, collection, leaf):
    """R02, A046"""
    assert listed(alice, collection) == [leaf]
    assert leaf not in listed(alice)
    answer = alice.get(f"<query xmlns='{DISCO_INFO}' node='{collection}'/>")
    identity = next(answer.iter(f"{{{DISCO_INFO}}}identity"))
    assert (identity.get("category"), identity.get("type")) == ("pubsub", "collection")


def test_5_3_1_items_come_through_the_collection(alice, bob, collection, leaf):
    """R03, R06"""
    bob.set(subscribe_with(collection, bob.jid, subscription_type="items", subscription_depth="all"))
    alice.set(publish(leaf, item(ATOM, "1")))
    message = bob.wait_for_message()
    assert notified_ids(message) == ["1"]
    assert event_of(message).get("node") == leaf
    assert headers_in(message) == [("Collection", collection)]


def test_5_3_2_nodes_come_and_go(alice, bob, collection):
    """R05, R06, R16"""
    bob.set(subscribe(collection, bob.jid))
    child = f"{collection}, child"
    alice.set(create(child))
    alice.set(owner(f"<collection node='{collection}'><associate node='{child}'/></collection>"))
    event = event_of(bob.wait_for_message())
    assert local_name(event) == "collection" and event.get("node") == collection
    assert event[0].tag == f"{{{EVENT}}}associate" and event[0].get("node") == child
    alice.set(publish(child, item(ATOM, "1")))
    assert bob.settle() == []
    alice.set(owner(f"<collection node='{collection}'><dissociate node='{child}'/></collection>"))
    assert event_of(bob.wait_for_message())[0].tag == f"{{{EVENT}}}dissociate"
    assert alice.refused("set", owner(f"<collection node='{collection}'>"
                                      f"<dissociate node='{child}'/></collection>")) == \
        "modify/bad-request"


def test_7_2_3_a_graph_that_can_not_be(alice, bob, collection, leaf):
    """R12"""
    assert alice.refused("set", configure(collection, collection=collection)) == \
        "cancel/not-allowed + invalid-options"
    assert alice.refused("set", create(f"{leaf}, 2", collection=leaf)) == \
        "cancel/not-allowed + invalid-options"
    assert alice.refused("set", configure(collection, node_type="leaf")) == \
        "cancel/not-allowed + invalid-options"
    assert bob.refused("set", create(f"{leaf}, 3", collection=collection)) == "auth/forbidden"
    assert alice.refused("set", publish(collection, item(ATOM, "1"))) == \
        "cancel/feature-not-implemented + unsupported(publish)"


def test_6_2_the_items_of_its_leaves(alice, bob, collection, leaf):
    """R09"""
    alice.set(publish(leaf, item(ATOM, "1")))
    secret = f"{collection}, secret"
    alice.set(create(secret, collection=collection, access_model="whitelist"))
    alice.set(publish(secret, item(ATOM, "2")))
    answer = bob.get(pubsub(f"<items node='{collection}'/>"))
    assert [each.get("node") for each in answer.iter(f"{{{PUBSUB}}}items")] == [leaf]


def test_14_3_a_private_node_is_silent_in_an_open_collection(alice, bob, collection):
    """A332"""
    secret = f"{collection}, secret"
    bob.set(subscribe_with(collection, bob.jid, subscription_type="all", subscription_depth="all"))
    alice.set(create(secret, collection=collection, access_model="whitelist"))
    alice.set(publish(secret, item(ATOM, "1")))
    assert bob.settle() == []
    bob.set(unsubscribe(collection, bob.jid))
