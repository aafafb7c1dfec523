"""XEP-0060 §6.3 and §6.4: subscription options; §6.1.6: several subscriptions; §12.8, §12.19, §12.20."""

import datetime
import time

import pytest

from harness.pubsub import (ATOM, create, event_of, get_options, headers_in, item, notified_ids,
                            publish, pubsub, set_options, subid_in, subscribe, subscribe_with,
                            unsubscribe)
from harness.xml import EVENT, PUBSUB, child, form_values, local_name

JABBER = "jabber:client"


@pytest.fixture
def open_node(alice, node):
    alice.set(create(node))
    return node


def options_in(answer):
    return form_values(child(answer, (PUBSUB, "pubsub"), (PUBSUB, "options")))


def in_seconds(seconds):
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return then.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_6_3_options_are_asked_for_and_set(alice, bob, open_node):
    """A101, A102, A112"""
    bob.set(subscribe(open_node, bob.jid))
    assert options_in(bob.get(get_options(open_node, bob.jid)))["pubsub#deliver"] == ["1"]
    bob.set(set_options(open_node, bob.jid, deliver="false"))
    assert options_in(bob.get(get_options(open_node, bob.jid)))["pubsub#deliver"] == ["0"]
    alice.set(publish(open_node, item(ATOM, "1")))
    assert bob.settle() == []
    bob.set(set_options(open_node, bob.jid, deliver="1"))
    alice.set(publish(open_node, item(ATOM, "2")))
    assert notified_ids(bob.wait_for_message()) == ["2"]


def test_6_3_4_what_is_wrong_with_options_is_refused(alice, bob, open_node):
    """A104, A105, A106, A108, A110, A113"""
    assert bob.refused("get", get_options(open_node, alice.jid)) == "auth/forbidden"
    assert bob.refused("get", get_options(open_node, bob.jid)) == \
        "modify/unexpected-request + not-subscribed"
    bob.set(subscribe(open_node, bob.jid))
    assert bob.refused("get", get_options(open_node, None)) == "modify/bad-request + jid-required"
    assert bob.refused("get", get_options(open_node, bob.jid, "nonsense")) == \
        "modify/not-acceptable + invalid-subid"
    assert bob.refused("get", get_options(open_node + "?", bob.jid)) == "cancel/item-not-found"
    assert bob.refused("set", set_options(open_node, bob.jid, deliver="maybe")) == \
        "modify/bad-request + invalid-options"


def test_6_1_6_several_subscriptions_of_one_jid_one_message(alice, bob, open_node):
    """A086, A088, A094, A107, A134, A159, A320, R56"""
    subids = [subid_in(bob.set(subscribe(open_node, bob.jid))) for _ in "12"]
    assert subids[0] != subids[1]
    alice.set(publish(open_node, item(ATOM, "1")))
    messages = bob.settle()
    assert len(messages) == 1
    assert headers_in(messages[0]) == [("SubID", each) for each in subids]
    assert local_name(messages[0][-1]) == "headers"
    assert bob.refused("set", unsubscribe(open_node, bob.jid)) == "modify/bad-request + subid-required"
    assert bob.refused("get", get_options(open_node, bob.jid)) == "modify/bad-request + subid-required"
    assert bob.refused("get", pubsub(f"<items node='{open_node}'/>")) == \
        "modify/bad-request + subid-required"
    bob.set(unsubscribe(open_node, bob.jid, subids[0]))
    alice.set(publish(open_node, item(ATOM, "2")))
    assert [headers_in(each) for each in bob.settle()] == [[]]


def test_6_3_7_subscribe_and_configure_in_one(alice, bob, open_node):
    """A114, A116, A307"""
    answer = bob.set(subscribe_with(open_node, bob.jid, include_body="1"))
    assert options_in(answer)["pubsub#include_body"] == ["1"]
    alice.set(publish(open_node, item(ATOM, "1")))
    body = bob.wait_for_message().find(f"{{{JABBER}}}body").text
    assert "Soliloquy" in body and "to be" in body


def test_12_20_filters_decide_which_items_come(alice, bob, open_node):
    """A326"""
    bob.set(subscribe_with(open_node, bob.jid, x_keywords=["SOLILOQUY", "question"]))
    bob.set(subscribe_with(open_node, bob.bare, x_xpath="/entry[contains(title, 'Prologue')]"))
    alice.set(publish(open_node, item(ATOM, "1")))
    alice.set(publish(open_node, item(ATOM.replace("Soliloquy", "Prologue"), "2")))
    heard = {each.get("to"): notified_ids(each) for each in bob.settle()}
    assert heard == {bob.jid: ["1"], bob.bare: ["2"]}


def test_12_19_a_lease_is_told_of_and_ends(alice, bob, open_node):
    """A323, A325"""
    bob.set(subscribe_with(open_node, bob.jid, expire=in_seconds(2)))
    notice, end = [event_of(each) for each in bob.wait_for_messages(2)]
    assert notice.get("expiry") and notice.get("subscription") == "subscribed"
    assert end.get("subscription") == "none"
    alice.set(publish(open_node, item(ATOM, "1")))
    assert bob.settle() == []


def test_16_4_2_a_digest_brings_items_together(alice, bob, open_node):
    bob.set(subscribe_with(open_node, bob.jid, digest="1", digest_frequency="500"))
    for number in range(5):
        alice.set(publish(open_node, item(ATOM, str(number))))
    heard, messages = [], 0
    deadline = time.monotonic() + 10
    while len(heard) < 5 and time.monotonic() < deadline:
        heard += notified_ids(bob.wait_for_message())
        messages += 1
    assert heard == ["0", "1", "2", "3", "4"]
    assert messages < 5


def test_6_4_defaults_of_a_node_and_of_the_service(bob, open_node):
    """A117, A118"""
    for request in (f"<default node='{open_node}'/>", "<default/>"):
        answer = bob.get(pubsub(request))
        values = form_values(child(answer, (PUBSUB, "pubsub"), (PUBSUB, "default")))
        assert values["pubsub#deliver"] == ["1"]
