"""XEP-0060 §6.1.4, §8.6, §8.7: subscriptions that an owner approves."""

import pytest

from harness.pubsub import (ATOM, configure, create, event_of, form, item, notified_ids,
                            owner_affiliations, publish, pubsub, subscribe)
from harness.xml import COMMANDS, DATA, PUBSUB, SUBSCRIBE_AUTHORIZATION, child, form_values


@pytest.fixture
def closed_node(alice, node):
    alice.set(create(node, access_model="authorize", send_last_published_item="on_sub"))
    alice.set(publish(node, item(ATOM, "1")))
    return node


def state_in(answer):
    return child(answer, (PUBSUB, "pubsub"), (PUBSUB, "subscription")).get("subscription")


def answer_request(user, message, allow):
    """Submits the form of an authorization request. §8.6"""
    asked = form_values(message)
    fields = {name: values for name, values in asked.items() if name != "FORM_TYPE"}
    fields["pubsub#allow"] = allow
    user.send(f"<message to='{user.service}' id='{message.get('id')}'>"
              f"{form(fields, SUBSCRIBE_AUTHORIZATION)}</message>")


def test_8_6_the_owner_approves(alice, bob, closed_node):
    """A034, A081, A238, A239, A240, A313, A318"""
    assert state_in(bob.set(subscribe(closed_node, bob.jid))) == "pending"
    request = alice.wait_for_message()
    asked = form_values(request)
    assert asked["FORM_TYPE"] == [SUBSCRIBE_AUTHORIZATION]
    assert asked["pubsub#node"] == [closed_node]
    assert asked["pubsub#subscriber_jid"] == [bob.jid]
    assert bob.refused("get", pubsub(f"<items node='{closed_node}'/>")) == \
        "auth/not-authorized + not-subscribed"
    assert bob.refused("set", subscribe(closed_node, bob.jid)) == \
        "auth/not-authorized + pending-subscription"
    answer_request(alice, request, "true")
    told, last = bob.wait_for_messages(2)
    assert event_of(told).get("subscription") == "subscribed"
    assert notified_ids(last) == ["1"]
    bob.get(pubsub(f"<items node='{closed_node}'/>"))


def test_8_6_the_owner_denies(alice, bob, closed_node):
    """A241"""
    bob.set(subscribe(closed_node, bob.jid))
    answer_request(alice, alice.wait_for_message(), "0")
    assert event_of(bob.wait_for_message()).get("subscription") == "none"
    assert state_in(bob.set(subscribe(closed_node, bob.jid))) == "pending"
    alice.take_messages()


def test_8_6_nobody_else_approves(alice, bob, carol, closed_node):
    """A243, trap"""
    bob.set(subscribe(closed_node, bob.jid))
    request = alice.wait_for_message()
    for stranger in (bob, carol):
        answer_request(stranger, request, "1")
    assert bob.settle() == []
    assert bob.refused("get", pubsub(f"<items node='{closed_node}'/>")) == \
        "auth/not-authorized + not-subscribed"


def test_8_7_an_owner_asks_for_what_is_pending(alice, bob, closed_node):
    """A244, A245, A250, R53"""
    bob.set(subscribe(closed_node, bob.jid))
    alice.wait_for_message()
    command = "http://jabber.org/protocol/pubsub#get-pending"
    first = alice.set(f"<command xmlns='{COMMANDS}' node='{command}' action='execute'/>")
    stage = child(first, (COMMANDS, "command"))
    assert stage.get("status") == "executing"
    options = [value.text for value in stage.iter(f"{{{DATA}}}value")]
    assert closed_node in options
    alice.set(f"<command xmlns='{COMMANDS}' node='{command}' sessionid='{stage.get('sessionid')}'>"
              f"{form({'node': closed_node}, SUBSCRIBE_AUTHORIZATION)}</command>")
    assert form_values(alice.wait_for_message())["pubsub#subscriber_jid"] == [bob.jid]
    assert bob.refused("set", f"<command xmlns='{COMMANDS}' node='{command}'>"
                       f"{form({'node': closed_node}, SUBSCRIBE_AUTHORIZATION)}"
                       "</command>") == "cancel/forbidden"


def test_8_7_4_a_member_needs_no_approval(alice, bob, carol, closed_node):
    """A082, A251"""
    alice.set(owner_affiliations(closed_node, **{carol.bare: "member"}))
    carol.wait_for_message()
    assert state_in(carol.set(subscribe(closed_node, carol.jid))) == "subscribed"
    bob.set(subscribe(closed_node, bob.jid))
    alice.set(owner_affiliations(closed_node, **{bob.bare: "publisher"}))
    states = [each for each in bob.settle() if each.find(f"{{{PUBSUB}#event}}event") is not None]
    assert event_of(states[0]).get("subscription") == "subscribed"


def test_14_3_an_opened_node_approves_those_who_wait(alice, bob, closed_node):
    bob.set(subscribe(closed_node, bob.jid))
    alice.set(configure(closed_node, access_model="open"))
    assert event_of(bob.wait_for_message()).get("subscription") == "subscribed"
