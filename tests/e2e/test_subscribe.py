"""XEP-0060 §6.1 and §6.2: subscribing and unsubscribing; §5.6: one's own subscriptions."""

import pytest

from harness.client import User
from harness.pubsub import (ATOM, create, event_items, item, notified_ids, owner_affiliations,
                            publish, pubsub, subscribe, subscriptions_in, unsubscribe)
from harness.xml import EVENT, PUBSUB, child


@pytest.fixture
def open_node(alice, node):
    alice.set(create(node))
    return node


def subscription_in(answer):
    return child(answer, (PUBSUB, "pubsub"), (PUBSUB, "subscription"))


@pytest.mark.parametrize("which", ["bare", "jid"])
def test_6_1_2_the_jid_is_kept_as_it_was_given(bob, open_node, which):
    jid = getattr(bob, which)
    subscription = subscription_in(bob.set(subscribe(open_node, jid)))
    assert subscription.get("node") == open_node
    assert subscription.get("jid") == jid
    assert subscription.get("subscription") == "subscribed"


def test_6_1_6_subscribing_again_makes_another_subscription_and_one_notification(
        alice, bob, open_node):
    subids = {subscription_in(bob.set(subscribe(open_node, bob.jid))).get("subid")
              for _ in range(2)}
    assert len(subids) == 2
    alice.set(publish(open_node, item(ATOM, "1")))
    (message,) = bob.settle()
    headers = [each.text for each in message.iter("{http://jabber.org/protocol/shim}header")
               if each.get("name") == "SubID"]
    assert sorted(headers) == sorted(subids)


def test_6_1_6_full_jids_of_one_account_are_separate_subscribers(server, alice, bob, open_node):
    phone = User(server, "bob", "phone")
    try:
        bob.set(subscribe(open_node, bob.jid))
        alice.set(publish(open_node, item(ATOM, "1")))
        assert [notified_ids(each) for each in bob.settle()] == [["1"]]
        assert phone.settle() == []
        phone.set(subscribe(open_node, phone.jid))
        alice.set(publish(open_node, item(ATOM, "2")))
        assert [notified_ids(each) for each in bob.settle()] == [["2"]]
        assert [notified_ids(each) for each in phone.settle()] == [["2"]]
    finally:
        phone.close()


def test_12_3_a_bare_jid_is_notified_at_its_bare_jid(alice, bob, open_node):
    bob.set(subscribe(open_node, bob.bare))
    alice.set(publish(open_node, item(ATOM, "1")))
    message = bob.wait_for_message()
    assert message.get("to") == bob.bare
    assert event_items(message).get("node") == open_node


def test_6_1_3_1_somebody_elses_jid(bob, carol, open_node):
    assert bob.refused("set", subscribe(open_node, carol.bare)) == \
        "modify/bad-request + invalid-jid"
    assert bob.refused("set", subscribe(open_node, f"{carol.bare}/desk")) == \
        "modify/bad-request + invalid-jid"


def test_6_1_1_no_jid(bob, open_node):
    assert bob.refused("set", subscribe(open_node, None)) == "modify/bad-request + jid-required"


@pytest.mark.parametrize("jid", ["@localhost", "bob@", "bob@localhost/", "b<ob@localhost", "a@b@c"])
def test_6_1_1_a_jid_that_is_none(bob, open_node, jid):
    assert bob.refused("set", subscribe(open_node, jid)) == "modify/jid-malformed"


def test_XEP_0248_8_1_no_node_named_is_the_root_collection(alice, bob, node):
    """A065, R05, R17"""
    bob.set(subscribe(None, bob.jid))
    try:
        alice.set(create(node))
        event = bob.wait_for_message().find(f"{{{EVENT}}}event")
        assert event.find(f"{{{EVENT}}}create").get("node") == node
    finally:
        bob.set(unsubscribe(None, bob.jid))


def test_6_1_3_12_no_such_node(bob, node):
    assert bob.refused("set", subscribe(node, bob.jid)) == "cancel/item-not-found"


def test_6_1_3_4_not_on_the_whitelist(alice, bob, node):
    alice.set(create(node, access_model="whitelist"))
    assert bob.refused("set", subscribe(node, bob.jid)) == "cancel/not-allowed + closed-node"
    alice.set(owner_affiliations(node, **{bob.bare: "member"}))
    assert bob.refused("set", subscribe(node, bob.jid)) is None


def test_6_1_3_8_outcasts(alice, bob, open_node):
    alice.set(owner_affiliations(open_node, **{bob.bare: "outcast"}))
    assert bob.refused("set", subscribe(open_node, bob.jid)) == "auth/forbidden"


def test_6_1_a_subscription_is_no_get(bob, open_node):
    refusal = bob.refused("get", subscribe(open_node, bob.jid))
    assert refusal in ("modify/bad-request", "cancel/feature-not-implemented")
    assert subscriptions_in(bob.get(pubsub(f"<subscriptions node='{open_node}'/>"))) == []


def test_6_1_7_the_last_item_comes_with_its_date(alice, bob, node):
    alice.set(create(node, send_last_published_item="on_sub"))
    for number in ("1", "2"):
        alice.set(publish(node, item(ATOM, number)))
    bob.set(subscribe(node, bob.jid))
    messages = bob.settle()
    assert [notified_ids(each) for each in messages] == [["2"]]
    delay = child(messages[0], ("urn:xmpp:delay", "delay"))
    assert delay is not None and delay.get("stamp").endswith("Z")


def test_6_1_7_no_last_item_when_the_node_never_sends_it(alice, bob, node):
    alice.set(create(node, send_last_published_item="never"))
    alice.set(publish(node, item(ATOM, "1")))
    bob.set(subscribe(node, bob.jid))
    assert bob.settle() == []


def test_6_2_2_unsubscribed_means_no_more_notifications(alice, bob, open_node):
    bob.set(subscribe(open_node, bob.jid))
    bob.set(unsubscribe(open_node, bob.jid))
    alice.set(publish(open_node, item(ATOM, "1")))
    assert bob.settle() == []
    assert subscriptions_in(bob.get(pubsub(f"<subscriptions node='{open_node}'/>"))) == []


def test_6_2_3_2_not_subscribed(bob, open_node):
    assert bob.refused("set", unsubscribe(open_node, bob.jid)) == \
        "cancel/unexpected-request + not-subscribed"


def test_6_2_3_2_the_bare_jid_is_not_the_full_one(bob, open_node):
    bob.set(subscribe(open_node, bob.jid))
    assert bob.refused("set", unsubscribe(open_node, bob.bare)) == \
        "cancel/unexpected-request + not-subscribed"


def test_6_2_3_3_somebody_elses_subscription(bob, carol, open_node):
    carol.set(subscribe(open_node, carol.jid))
    assert bob.refused("set", unsubscribe(open_node, carol.jid)) == "auth/forbidden"


def test_6_2_3_4_no_such_node(bob, node):
    assert bob.refused("set", unsubscribe(node, bob.jid)) == "cancel/item-not-found"


def test_6_2_3_5_a_wrong_subid(bob, open_node):
    subid = subscription_in(bob.set(subscribe(open_node, bob.jid))).get("subid")
    refusal = bob.refused("set", unsubscribe(open_node, bob.jid, subid="no such subid"))
    # Where subscriptions have no identifiers, one that is given is ignored.
    assert refusal == ("modify/not-acceptable + invalid-subid" if subid else None)


def test_5_6_own_subscriptions(alice, bob, open_node):
    other = f"{open_node}, the other"
    alice.set(create(other))
    bob.set(subscribe(open_node, bob.jid))
    bob.set(subscribe(other, bob.bare))
    everything = subscriptions_in(bob.get(pubsub("<subscriptions/>")))
    assert (open_node, bob.jid, "subscribed") in everything
    assert (other, bob.bare, "subscribed") in everything
    of_one = bob.get(pubsub(f"<subscriptions node='{other}'/>"))
    assert [entry[1:] for entry in subscriptions_in(of_one)] == [(bob.bare, "subscribed")]


def test_5_6_no_subscriptions_are_an_empty_list(sink, service):
    answer = sink.get(pubsub("<subscriptions/>"), sender=f"nobody@{sink.domain}")
    assert child(answer, (PUBSUB, "pubsub"), (PUBSUB, "subscriptions")) is not None
    assert subscriptions_in(answer) == []
