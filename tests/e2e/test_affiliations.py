"""XEP-0060 §5.7, §8.9 and §4.1: affiliations, and what they allow."""

import pytest

from harness.pubsub import (ATOM, affiliations_in, configure, create, delete, item, item_ids, items,
                            owner, owner_affiliations, publish, pubsub, purge, retract, subscribe)
from harness.xml import OWNER, PUBSUB, child, error_of


@pytest.fixture
def open_node(alice, node):
    alice.set(create(node))
    return node


def test_5_7_own_affiliations(alice, bob, open_node):
    alice.set(owner_affiliations(open_node, **{bob.bare: "publisher"}))
    assert affiliations_in(bob.get(pubsub("<affiliations/>")))[open_node] == "publisher"
    assert affiliations_in(alice.get(pubsub("<affiliations/>")))[open_node] == "owner"


def test_5_7_no_affiliations_are_an_empty_list(sink, service):
    answer = sink.get(pubsub("<affiliations/>"), sender=f"nobody@{sink.domain}")
    assert child(answer, (PUBSUB, "pubsub"), (PUBSUB, "affiliations")) is not None
    assert affiliations_in(answer) == {}


def test_8_9_2_a_change_names_only_what_changes(alice, bob, carol, open_node):
    alice.set(owner_affiliations(open_node, **{bob.bare: "publisher", carol.bare: "member"}))
    alice.set(owner_affiliations(open_node, **{carol.bare: "outcast"}))
    assert affiliations_in(alice.get(owner_affiliations(open_node))) == {
        alice.bare: "owner", bob.bare: "publisher", carol.bare: "outcast"}


def test_8_9_3_none_removes(alice, bob, open_node):
    alice.set(owner_affiliations(open_node, **{bob.bare: "publisher"}))
    alice.set(owner_affiliations(open_node, **{bob.bare: "none"}))
    assert affiliations_in(alice.get(owner_affiliations(open_node))) == {alice.bare: "owner"}


def test_4_1_affiliations_belong_to_bare_jids(alice, bob, open_node):
    alice.set(owner_affiliations(open_node, **{bob.jid: "publisher"}))
    assert affiliations_in(alice.get(owner_affiliations(open_node)))[bob.bare] == "publisher"
    assert bob.refused("set", publish(open_node, item(ATOM, "1"))) is None


def test_8_9_1_3_2_not_the_owner(alice, bob, open_node):
    alice.set(owner_affiliations(open_node, **{bob.bare: "publisher"}))
    assert bob.refused("get", owner_affiliations(open_node)) == "auth/forbidden"
    assert bob.refused("set", owner_affiliations(open_node, **{bob.bare: "owner"})) == \
        "auth/forbidden"
    assert affiliations_in(alice.get(owner_affiliations(open_node)))[bob.bare] == "publisher"


def test_8_9_1_3_3_no_such_node(alice, bob, node):
    assert alice.refused("get", owner_affiliations(node)) == "cancel/item-not-found"
    assert alice.refused("set", owner_affiliations(node, **{bob.bare: "member"})) == \
        "cancel/item-not-found"


def test_8_9_2_4_the_last_owner_stays(alice, open_node):
    answer = alice.ask("set", owner_affiliations(open_node, **{alice.bare: "none"}))
    assert error_of(answer) == "modify/not-acceptable"
    echoed = answer.iter(f"{{{OWNER}}}affiliation")
    assert [(each.get("jid"), each.get("affiliation")) for each in echoed] == \
        [(alice.bare, "owner")]
    assert affiliations_in(alice.get(owner_affiliations(open_node))) == {alice.bare: "owner"}


def test_8_9_2_4_the_rest_of_a_change_is_made(alice, bob, open_node):
    answer = alice.ask("set", owner_affiliations(
        open_node, **{bob.bare: "member", alice.bare: "publisher"}))
    assert error_of(answer) == "modify/not-acceptable"
    assert affiliations_in(alice.get(owner_affiliations(open_node))) == {
        alice.bare: "owner", bob.bare: "member"}


def test_8_9_2_an_owner_may_leave_another_one_behind(alice, bob, open_node):
    alice.set(owner_affiliations(open_node, **{bob.bare: "owner"}))
    alice.set(owner_affiliations(open_node, **{alice.bare: "none"}))
    assert alice.refused("set", delete(open_node)) == "auth/forbidden"
    assert bob.refused("set", delete(open_node)) is None


def test_8_9_2_4_two_entries_for_one_jid(alice, bob, open_node):
    entry = f"<affiliation jid='{bob.bare}' affiliation='{{}}'/>"
    twice = entry.format("member") + entry.format("publisher")
    request = owner(f"<affiliations node='{open_node}'>{twice}</affiliations>")
    assert alice.refused("set", request) == "modify/bad-request"
    assert affiliations_in(alice.get(owner_affiliations(open_node))) == {alice.bare: "owner"}


def test_8_9_2_an_affiliation_that_does_not_exist(alice, bob, open_node):
    assert alice.refused("set", owner_affiliations(open_node, **{bob.bare: "king"})) == \
        "modify/bad-request"
    assert affiliations_in(alice.get(owner_affiliations(open_node))) == {alice.bare: "owner"}


def test_8_9_2_a_jid_that_is_none(alice, open_node):
    refusal = alice.refused("set", owner_affiliations(open_node, **{"@localhost": "member"}))
    assert refusal in ("modify/jid-malformed", "modify/not-acceptable")
    assert affiliations_in(alice.get(owner_affiliations(open_node))) == {alice.bare: "owner"}


GRANTED = None
FORBIDDEN = "auth/forbidden"

# §4.1, table of affiliations and their privileges, on an open node.
PRIVILEGES = {
    #               subscribe  retrieve   publish    purge      configure  delete the node
    "owner":        (GRANTED, GRANTED, GRANTED, GRANTED, GRANTED, GRANTED),
    "publisher":    (GRANTED, GRANTED, GRANTED, None, FORBIDDEN, FORBIDDEN),
    "publish-only": (FORBIDDEN, FORBIDDEN, GRANTED, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "member":       (GRANTED, GRANTED, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "none":         (GRANTED, GRANTED, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "outcast":      (FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
}


@pytest.mark.parametrize("affiliation", PRIVILEGES)
def test_4_1_what_an_affiliation_allows(alice, bob, open_node, affiliation):
    alice.set(owner_affiliations(open_node, **{bob.bare: affiliation}))
    requests = (("set", subscribe(open_node, bob.jid)), ("get", items(open_node)),
                ("set", publish(open_node, item(ATOM, "1"))), ("set", purge(open_node)),
                ("set", configure(open_node, title="x")), ("set", delete(open_node)))
    got = [bob.refused(kind, request) for kind, request in requests]
    expected = list(PRIVILEGES[affiliation])
    if affiliation == "publisher":      # purging is a MAY of publishers
        assert got.pop(3) in (GRANTED, FORBIDDEN)
        expected.pop(3)
    assert got == expected


def test_4_1_publish_only_retracts_its_own_items_alone(alice, bob, open_node):
    alice.set(owner_affiliations(open_node, **{bob.bare: "publish-only"}))
    alice.set(publish(open_node, item(ATOM, "hers")))
    bob.set(publish(open_node, item(ATOM, "his")))
    assert bob.refused("set", retract(open_node, "hers")) == "auth/forbidden"
    assert bob.refused("set", retract(open_node, "his")) is None
    assert item_ids(alice.get(items(open_node))) == ["hers"]


def test_14_3_an_outcast_hears_nothing_more(alice, bob, open_node):
    bob.set(subscribe(open_node, bob.jid))
    alice.set(publish(open_node, item(ATOM, "1")))
    assert len(bob.settle()) == 1
    alice.set(owner_affiliations(open_node, **{bob.bare: "outcast"}))
    bob.settle()                        # he may be told of his ban (§8.9.4, §12.14)
    alice.set(publish(open_node, item(ATOM, "2")))
    assert bob.settle() == []


def test_14_3_off_the_whitelist_is_off_the_notifications(alice, bob, node):
    alice.set(create(node, access_model="whitelist"))
    alice.set(owner_affiliations(node, **{bob.bare: "member"}))
    bob.set(subscribe(node, bob.jid))
    alice.set(owner_affiliations(node, **{bob.bare: "none"}))
    bob.settle()
    alice.set(publish(node, item(ATOM, "1")))
    assert bob.settle() == []
    assert bob.refused("get", items(node)) == "cancel/not-allowed + closed-node"
