"""XEP-0060 §16.4.4: what the fields of a node's configuration do."""

import time

import pytest

from harness.pubsub import (ATOM, configure, create, delete, event_of, item, item_ids, items,
                            notified_ids, owner, publish, subscribe, unsubscribe)
from harness.xml import EVENT, error_of, local_name


def test_item_expire_removes_items_and_tells(alice, bob, node):
    alice.set(create(node, item_expire="1"))
    bob.set(subscribe(node, bob.jid))
    alice.set(publish(node, item(ATOM, "1")))
    published, gone = bob.wait_for_messages(2)
    assert notified_ids(published) == ["1"]
    assert [each.get("id") for each in gone.iter(f"{{{EVENT}}}retract")] == ["1"]
    assert item_ids(alice.get(items(node))) == []


def test_7_1_3_5_and_7_1_3_6_what_a_payload_may_be(alice, node):
    """A168, A170"""
    alice.set(create(node, type="http://www.w3.org/2005/Atom", max_payload_size="500"))
    alice.set(publish(node, item(ATOM, "1")))
    assert alice.refused("set", publish(node, item("<e xmlns='urn:e'/>", "2"))) == \
        "modify/bad-request + invalid-payload"
    assert alice.refused("set", publish(node, item(ATOM.replace("be", "b" * 500), "2"))) == \
        "modify/not-acceptable + payload-too-big"


def test_8_2_5_3_subscribers_hear_of_a_new_configuration(alice, bob, node):
    """A218"""
    alice.set(create(node, notify_config="1"))
    bob.set(subscribe(node, bob.jid))
    alice.set(configure(node, title="Another"))
    event = event_of(bob.wait_for_message())
    assert local_name(event) == "configuration" and len(event) == 1


def test_owners_hear_of_subscribers(alice, bob, node):
    """notify_sub"""
    alice.set(create(node, notify_sub="1"))
    bob.set(subscribe(node, bob.jid))
    bob.set(unsubscribe(node, bob.jid))
    heard = [event_of(each) for each in alice.wait_for_messages(2)]
    assert [(each.get("jid"), each.get("subscription")) for each in heard] == [
        (bob.jid, "subscribed"), (bob.jid, "none")]


@pytest.mark.parametrize("kind", ["normal", "headline"])
def test_12_7_the_type_of_the_messages(alice, bob, node, kind):
    """A306"""
    alice.set(create(node, notification_type=kind))
    bob.set(subscribe(node, bob.jid))
    alice.set(publish(node, item(ATOM, "1")))
    assert (bob.wait_for_message().get("type") or "normal") == kind


def test_7_1_2_3_the_publisher_is_named_by_the_service(alice, bob, node):
    """A157, A158"""
    alice.set(create(node, itemreply="publisher"))
    bob.set(subscribe(node, bob.jid))
    alice.set(publish(node, f"<item id='1' publisher='bob@localhost'>{ATOM}</item>"))
    heard = next(bob.wait_for_message().iter(f"{{{EVENT}}}item"))
    assert heard.get("publisher") == alice.bare


def test_6_1_3_10_a_node_that_takes_no_subscriptions(alice, bob, node):
    """A078"""
    alice.set(create(node, subscribe="0"))
    assert bob.refused("set", subscribe(node, bob.jid)) == \
        "cancel/feature-not-implemented + unsupported(subscribe)"


def test_8_4_1_a_node_that_moved(alice, bob, node):
    """A227, A079"""
    alice.set(create(node))
    bob.set(subscribe(node, bob.jid))
    uri = "xmpp:pubsub.example.org?;node=elsewhere"
    alice.set(owner(f"<delete node='{node}'><redirect uri='{uri}'/></delete>"))
    assert event_of(bob.wait_for_message())[0].get("uri") == uri
    answer = bob.ask("set", subscribe(node, bob.jid))
    assert error_of(answer) == "modify/gone"
    assert uri in [each.text for each in answer.iter()]
    alice.set(create(node))
    bob.set(subscribe(node, bob.jid))
    alice.set(delete(node))
