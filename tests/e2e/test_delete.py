"""XEP-0060 §8.4 and §8.5: deleting nodes, purging them."""

from harness.pubsub import (ATOM, affiliations_in, create, delete, event_of, get_configuration, item,
                            item_ids, items, owner, owner_affiliations, owner_subscriptions, publish,
                            purge, subscribe, subscriptions_in)
from harness.xml import EVENT


def test_8_4_2_the_node_is_gone_and_subscribers_hear_of_it(alice, bob, node):
    alice.set(create(node))
    bob.set(subscribe(node, bob.jid))
    alice.set(delete(node))
    event = event_of(bob.wait_for_message())
    assert (event.tag, event.get("node")) == (f"{{{EVENT}}}delete", node)
    assert bob.settle() == []
    assert alice.refused("get", get_configuration(node)) == "cancel/item-not-found"
    assert alice.refused("get", items(node)) == "cancel/item-not-found"


def test_8_4_nothing_of_it_comes_back_with_a_node_of_the_same_name(alice, bob, carol, node):
    alice.set(create(node))
    bob.set(subscribe(node, bob.jid))
    alice.set(owner_affiliations(node, **{carol.bare: "publisher"}))
    alice.set(publish(node, item(ATOM, "1")))
    alice.set(delete(node))
    alice.set(create(node))
    assert item_ids(alice.get(items(node))) == []
    assert subscriptions_in(alice.get(owner_subscriptions(node))) == []
    assert affiliations_in(alice.get(owner_affiliations(node))) == {alice.bare: "owner"}


def test_8_4_2_notify_delete_switched_off(alice, bob, node):
    alice.set(create(node, notify_delete="0"))
    bob.set(subscribe(node, bob.jid))
    alice.set(delete(node))
    assert bob.settle() == []


def test_8_4_3_1_not_the_owner(alice, bob, node):
    alice.set(create(node))
    alice.set(owner_affiliations(node, **{bob.bare: "publisher"}))
    assert bob.refused("set", delete(node)) == "auth/forbidden"
    assert alice.refused("get", get_configuration(node)) is None


def test_8_4_3_2_no_such_node(alice, node):
    assert alice.refused("set", delete(node)) == "cancel/item-not-found"


def test_8_4_3_no_node_named(alice):
    assert alice.refused("set", owner("<delete/>")) == "modify/bad-request + nodeid-required"


def test_8_5_2_all_items_go_and_one_event_comes(alice, bob, node):
    alice.set(create(node))
    for number in range(3):
        alice.set(publish(node, item(ATOM, f"i{number}")))
    bob.set(subscribe(node, bob.jid))
    bob.settle()
    alice.set(purge(node))
    event = event_of(bob.wait_for_message())
    assert (event.tag, event.get("node")) == (f"{{{EVENT}}}purge", node)
    assert bob.settle() == []
    assert item_ids(alice.get(items(node))) == []


def test_8_5_3_2_not_entitled(alice, bob, node):
    alice.set(create(node))
    alice.set(publish(node, item(ATOM, "1")))
    assert bob.refused("set", purge(node)) == "auth/forbidden"
    assert item_ids(alice.get(items(node))) == ["1"]


def test_8_5_3_3_a_node_that_keeps_no_items(alice, node):
    alice.set(create(node, persist_items="0"))
    assert alice.refused("set", purge(node)) == \
        "cancel/feature-not-implemented + unsupported(persistent-items)"


def test_8_5_3_4_no_such_node(alice, node):
    assert alice.refused("set", purge(node)) == "cancel/item-not-found"


def test_8_5_no_node_named(alice):
    assert alice.refused("set", owner("<purge/>")) == "modify/bad-request + nodeid-required"
