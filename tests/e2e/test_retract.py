"""XEP-0060 §7.2: deleting items."""

import pytest

from harness.pubsub import (ATOM, create, event_of, item, item_ids, items, owner_affiliations,
                            publish, pubsub, retract, subscribe)
from harness.xml import EVENT


@pytest.fixture
def node_with_items(alice, node):
    """A node with the items a and b."""
    alice.set(create(node))
    for key in "ab":
        alice.set(publish(node, item(ATOM, key)))
    return node


def retractions(messages):
    return [each.get("id") for message in messages for each in message.iter(f"{{{EVENT}}}retract")]


def test_7_2_2_the_item_is_gone(alice, node_with_items):
    alice.set(retract(node_with_items, "a"))
    assert item_ids(alice.get(items(node_with_items))) == ["b"]
    assert item_ids(alice.get(items(node_with_items, "a"))) == []


@pytest.mark.parametrize("notify", ["1", "true", None])
def test_7_2_2_1_subscribers_hear_of_it(alice, bob, node_with_items, notify):
    bob.set(subscribe(node_with_items, bob.jid))
    bob.settle()
    alice.set(retract(node_with_items, "a", notify=notify))
    (message,) = bob.settle()
    assert event_of(message).get("node") == node_with_items
    assert retractions([message]) == ["a"]


def test_7_2_2_1_notify_retract_switched_off(alice, bob, node):
    alice.set(create(node, notify_retract="0"))
    for key in "ab":
        alice.set(publish(node, item(ATOM, key)))
    bob.set(subscribe(node, bob.jid))
    bob.settle()
    alice.set(retract(node, "a"))
    assert bob.settle() == []
    alice.set(retract(node, "b", notify="1"))
    assert retractions(bob.settle()) == ["b"]


def test_7_2_3_1_without_the_right(alice, bob, node_with_items):
    assert bob.refused("set", retract(node_with_items, "a")) == "auth/forbidden"
    alice.set(owner_affiliations(node_with_items, **{bob.bare: "member"}))
    assert bob.refused("set", retract(node_with_items, "a")) == "auth/forbidden"
    assert item_ids(alice.get(items(node_with_items))) == ["a", "b"]


def test_7_2_1_a_publisher_retracts_its_own(alice, bob, node_with_items):
    alice.set(owner_affiliations(node_with_items, **{bob.bare: "publisher"}))
    bob.set(publish(node_with_items, item(ATOM, "his")))
    assert bob.refused("set", retract(node_with_items, "his")) is None


def test_7_2_3_2_no_such_item_or_node(alice, node, node_with_items):
    assert alice.refused("set", retract(node_with_items, "z")) == "cancel/item-not-found"
    assert alice.refused("set", retract(f"not {node}", "a")) == "cancel/item-not-found"


def test_7_2_3_3_no_node_named(alice):
    assert alice.refused("set", retract(None, "a")) == "modify/bad-request + nodeid-required"


def test_7_2_3_4_no_item_named(alice, node_with_items):
    assert alice.refused("set", pubsub(f"<retract node='{node_with_items}'/>")) == \
        "modify/bad-request + item-required"
    assert alice.refused("set", retract(node_with_items, None)) == \
        "modify/bad-request + item-required"
    assert item_ids(alice.get(items(node_with_items))) == ["a", "b"]


def test_7_2_3_5_a_node_that_keeps_no_items(alice, node):
    alice.set(create(node, persist_items="0"))
    assert alice.refused("set", retract(node, "a")) == \
        "cancel/feature-not-implemented + unsupported(persistent-items)"
