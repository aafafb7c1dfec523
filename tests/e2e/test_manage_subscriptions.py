"""XEP-0060 §8.8: an owner manages the subscriptions of a node."""

import pytest

from harness.pubsub import (ATOM, attributes, create, item, notified_ids, owner,
                            owner_subscriptions, publish, pubsub, subscribe, subscriptions_in)
from harness.xml import OWNER, child, error_of


@pytest.fixture
def open_node(alice, node):
    alice.set(create(node))
    return node


def listed(user, node):
    return [entry[1:] for entry in subscriptions_in(user.get(owner_subscriptions(node)))]


def test_8_8_1_2_the_list(alice, bob, carol, open_node):
    bob.set(subscribe(open_node, bob.jid))
    carol.set(subscribe(open_node, carol.bare))
    answer = alice.get(owner_subscriptions(open_node))
    assert child(answer, (OWNER, "pubsub"), (OWNER, "subscriptions")).get("node") == open_node
    assert listed(alice, open_node) == [(bob.jid, "subscribed"), (carol.bare, "subscribed")]


def test_8_8_1_3_2_not_the_owner(alice, bob, open_node):
    bob.set(subscribe(open_node, bob.jid))
    assert bob.refused("get", owner_subscriptions(open_node)) == "auth/forbidden"
    assert bob.refused("set", owner_subscriptions(open_node, **{bob.jid: "none"})) == \
        "auth/forbidden"
    assert listed(alice, open_node) == [(bob.jid, "subscribed")]


def test_8_8_1_3_3_no_such_node(alice, bob, node):
    assert alice.refused("get", owner_subscriptions(node)) == "cancel/item-not-found"
    assert alice.refused("set", owner_subscriptions(node, **{bob.bare: "subscribed"})) == \
        "cancel/item-not-found"


def test_8_8_2_2_the_owner_subscribes_somebody(alice, bob, open_node):
    alice.set(owner_subscriptions(open_node, **{bob.bare: "subscribed"}))
    assert listed(alice, open_node) == [(bob.bare, "subscribed")]
    own = subscriptions_in(bob.get(pubsub(f"<subscriptions node='{open_node}'/>")))
    assert [entry[1:] for entry in own] == [(bob.bare, "subscribed")]
    bob.settle()                        # he may be told of it (§8.8.4)
    alice.set(publish(open_node, item(ATOM, "1")))
    assert [notified_ids(each) for each in bob.settle()] == [["1"]]


def test_8_8_3_the_owner_ends_a_subscription(alice, bob, carol, open_node):
    bob.set(subscribe(open_node, bob.jid))
    carol.set(subscribe(open_node, carol.jid))
    alice.set(owner_subscriptions(open_node, **{bob.jid: "none"}))
    assert listed(alice, open_node) == [(carol.jid, "subscribed")]
    bob.settle()
    alice.set(publish(open_node, item(ATOM, "1")))
    assert bob.settle() == []
    assert len(carol.settle()) == 1


def test_8_8_2_1_an_entry_without_a_state_changes_nothing(alice, bob, open_node):
    bob.set(subscribe(open_node, bob.jid))
    entry = f"<subscription{attributes(jid=bob.jid)}/>"
    alice.ask("set", owner(f"<subscriptions node='{open_node}'>{entry}</subscriptions>"))
    assert listed(alice, open_node) == [(bob.jid, "subscribed")]


def test_8_8_2_4_what_can_not_be_is_echoed_and_the_rest_is_done(alice, bob, carol, open_node):
    bob.set(subscribe(open_node, bob.jid))
    answer = alice.ask("set", owner_subscriptions(
        open_node, **{bob.jid: "upside-down", carol.jid: "subscribed"}))
    assert error_of(answer) == "modify/not-acceptable"
    echoed = [(each.get("jid"), each.get("subscription"))
              for each in answer.iter(f"{{{OWNER}}}subscription")]
    assert echoed == [(bob.jid, "subscribed")]
    assert listed(alice, open_node) == [(bob.jid, "subscribed"), (carol.jid, "subscribed")]
