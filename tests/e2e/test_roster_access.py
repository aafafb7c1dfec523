"""XEP-0060 §4.5: the access models presence and roster, by real rosters (XEP-0356)."""

import asyncio

import pytest

from harness.client import User
from harness.crier import Crier
from harness.loop import loop, run
from harness.pubsub import (ATOM, create, event_of, get_configuration, item, notified_ids, publish,
                            pubsub, subscribe)
from harness.server import SERVICE, SPARE_SERVICE
from harness.xml import DATA

NO_PRESENCE = "auth/not-authorized + presence-subscription-required"
NO_GROUP = "auth/not-authorized + not-in-roster-group"
PATIENCE = 30


@pytest.fixture(scope="module")
def granting_server(server, tmp_path_factory):
    """A server that lets one service read rosters, and another one not."""
    directory = tmp_path_factory.mktemp("granting")
    with type(server)(directory / "server", grants_rosters=True) as running:
        criers = [Crier(directory / domain, running.component_address, domain=domain)
                  for domain in (SERVICE, SPARE_SERVICE)]
        for crier in criers:
            crier.start()
        yield running
        for crier in criers:
            crier.close()


@pytest.fixture
def friends(granting_server):
    """Alice, Bob and Carol, whose rosters the service may read."""
    users = [User(granting_server, name) for name in ("alice", "bob", "carol")]
    for user in users:
        # Who has not asked for its roster is not told of subscriptions. RFC 6121 §2.2
        user.get("<query xmlns='jabber:iq:roster'/>", to=user.bare)
        # Prosody's module tells everybody that they have no privileges.
        user.take_messages()
    yield users
    for user in users:
        user.close()


def set_group(user, contact, group):
    user.ask("set", f"<query xmlns='jabber:iq:roster'><item jid='{contact.bare}'>"
             f"<group>{group}</group></item></query>", to=user.bare)


def share_presence(owner, contact):
    """`contact` sees the presence of `owner`."""
    contact.send(f"<presence type='subscribe' to='{owner.bare}'/>")
    owner.wait_until(lambda: any(each.get("type") == "subscribe" for each in owner.others),
                     what="the request for presence")
    owner.others.clear()
    owner.send(f"<presence type='subscribed' to='{contact.bare}'/>")
    contact.wait_until(lambda: any(each.get("type") == "subscribed" for each in contact.others),
                       what="the approval")


def withdraw_presence(owner, contact):
    contact.others.clear()
    owner.send(f"<presence type='unsubscribed' to='{contact.bare}'/>")
    contact.wait_until(lambda: any(each.get("type") == "unsubscribed" for each in contact.others),
                       what="the withdrawal")


def until(condition, what):
    """Asks again and again: neither server pushes, so the service sees changes when it reads."""
    deadline = loop.time() + PATIENCE
    while not condition():
        assert loop.time() < deadline, f"{what} did not happen"
        run(asyncio.sleep(0.3))


def test_4_5_presence_and_roster(friends, node):
    """A030, A032, A033, A070, A071, A139, A140"""
    alice, bob, carol = friends
    group_node = f"{node} of friends"
    alice.set(create(node, access_model="presence"))
    alice.set(create(group_node, access_model="roster", roster_groups_allowed=["Friends", "Kin"]))
    for name in (node, group_node):
        alice.set(publish(name, item(ATOM, "1")))
    items, group_items = (pubsub(f"<items node='{name}'/>") for name in (node, group_node))
    assert bob.refused("set", subscribe(node, bob.jid)) == NO_PRESENCE
    assert bob.refused("get", items) == NO_PRESENCE
    assert bob.refused("set", subscribe(group_node, bob.jid)) == NO_GROUP
    assert bob.refused("get", group_items) == NO_GROUP

    share_presence(alice, bob)
    until(lambda: bob.refused("set", subscribe(node, bob.jid)) is None, "the right by presence")
    bob.get(items)
    assert bob.refused("get", group_items) == NO_GROUP
    set_group(alice, bob, "Friends")
    until(lambda: bob.refused("set", subscribe(group_node, bob.jid)) is None, "that by the group")
    bob.get(group_items)
    assert carol.refused("get", items) == NO_PRESENCE
    assert carol.refused("get", group_items) == NO_GROUP
    alice.set(publish(group_node, item(ATOM, "2")))
    assert notified_ids(bob.wait_for_message()) == ["2"]

    set_group(alice, bob, "Foes")
    until(lambda: carol.refused("get", group_items) and bob.messages, "the loss of the right")
    assert event_of(bob.wait_for_message()).get("subscription") == "none"
    assert bob.refused("get", group_items) == NO_GROUP
    alice.set(publish(group_node, item(ATOM, "3")))
    alice.set(publish(node, item(ATOM, "2")))
    assert notified_ids(bob.wait_for_message()) == ["2"]

    withdraw_presence(alice, bob)
    until(lambda: carol.refused("get", items) and bob.messages, "the loss of the right")
    assert event_of(bob.wait_for_message()).get("subscription") == "none"
    assert bob.refused("get", items) == NO_PRESENCE


def test_8_1_2_a_server_that_grants_nothing(friends, node):
    """roster is refused and not offered, presence is that of the service"""
    alice, bob, _ = friends
    for user in friends:
        user.service = SPARE_SERVICE
    assert alice.refused("set", create(node, access_model="roster")) == \
        "modify/not-acceptable + unsupported-access-model"
    alice.set(create(node, access_model="presence"))
    form = alice.get(get_configuration(node))
    offered = [value.text for option in form.iter(f"{{{DATA}}}option")
               for value in option.iter(f"{{{DATA}}}value")]
    assert "presence" in offered and "roster" not in offered
    assert bob.refused("set", subscribe(node, bob.jid)) == NO_PRESENCE
    bob.send(f"<presence type='subscribe' to='{SPARE_SERVICE}'/>")
    until(lambda: bob.refused("set", subscribe(node, bob.jid)) is None, "the right by presence")
    bob.take_messages()
    bob.send(f"<presence type='unsubscribe' to='{SPARE_SERVICE}'/>")
    assert event_of(bob.wait_for_message()).get("subscription") == "none"
    assert bob.refused("set", subscribe(node, bob.jid)) == NO_PRESENCE
