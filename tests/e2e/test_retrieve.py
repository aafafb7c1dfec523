"""XEP-0060 §6.5: retrieving items."""

import pytest

from harness.pubsub import (ATOM, create, item, item_ids, item_payloads, items,
                            owner_affiliations, publish)
from harness.xml import PUBSUB, canonical, child


@pytest.fixture
def node_with_items(alice, node):
    """A node with the items i0 to i9."""
    alice.set(create(node, max_items="100"))
    for number in range(10):
        alice.set(publish(node, item(f"<n xmlns='urn:example:n'>{number}</n>", f"i{number}")))
    return node


EVERY = [f"i{number}" for number in range(10)]


def test_6_5_3_all_items_the_newest_last(alice, bob, node_with_items):
    answer = bob.get(items(node_with_items))
    assert child(answer, (PUBSUB, "pubsub"), (PUBSUB, "items")).get("node") == node_with_items
    assert item_ids(answer) == EVERY
    assert [each.text for each in answer.iter("{urn:example:n}n")] == list("0123456789")


def test_6_5_7_the_newest_few(alice, node_with_items):
    assert item_ids(alice.get(items(node_with_items, max_items=3))) == EVERY[-3:]
    assert item_ids(alice.get(items(node_with_items, max_items=50))) == EVERY


def test_6_5_8_one_by_id(alice, node_with_items):
    answer = alice.get(items(node_with_items, "i4"))
    assert item_ids(answer) == ["i4"]
    assert canonical(item_payloads(answer)["i4"]) == canonical("<n xmlns='urn:example:n'>4</n>")


def test_6_5_6_several_by_id(alice, node_with_items):
    assert sorted(item_ids(alice.get(items(node_with_items, "i7", "nothing", "i2")))) == \
        ["i2", "i7"]


def test_6_5_9_12_nothing_there(alice, node):
    alice.set(create(node))
    for request in (items(node), items(node, "nothing"), items(node, max_items=5)):
        answer = alice.get(request)
        assert child(answer, (PUBSUB, "pubsub"), (PUBSUB, "items")).get("node") == node
        assert item_ids(answer) == []


def test_6_5_9_11_no_such_node(alice, node):
    assert alice.refused("get", items(node)) == "cancel/item-not-found"


def test_6_5_9_11_no_node_named(alice):
    assert alice.refused("get", items(None)) == "modify/bad-request + nodeid-required"


def test_6_5_9_8_not_on_the_whitelist(alice, bob, node):
    alice.set(create(node, access_model="whitelist"))
    alice.set(publish(node, item(ATOM, "1")))
    assert bob.refused("get", items(node)) == "cancel/not-allowed + closed-node"
    assert bob.refused("get", items(node, "1")) == "cancel/not-allowed + closed-node"
    alice.set(owner_affiliations(node, **{bob.bare: "member"}))
    assert item_ids(bob.get(items(node))) == ["1"]


def test_6_5_9_10_outcasts(alice, bob, node_with_items):
    alice.set(owner_affiliations(node_with_items, **{bob.bare: "outcast"}))
    assert bob.refused("get", items(node_with_items)) == "auth/forbidden"


@pytest.mark.parametrize("max_items", ["some", "-1", "1.5"])
def test_6_5_7_a_number_that_is_none(alice, node_with_items, max_items):
    assert alice.refused("get", items(node_with_items, max_items=max_items)) == \
        "modify/bad-request"


def test_6_5_4_what_is_left_out_is_told(alice, node):
    """More items than one answer holds: pages, each saying where it ends, give them all once."""
    alice.set(create(node, max_items="max"))
    keys = [f"i{number:04}" for number in range(1200)]
    for start in range(0, len(keys), 100):
        answers = alice.wait_for_answers(alice.pipeline(
            publish(node, item(ATOM, key)) for key in keys[start:start + 100]))
        assert all(answer.get("type") == "result" for answer in answers)
    rsm = "http://jabber.org/protocol/rsm"
    request = items(node).replace("</pubsub>", "{}</pubsub>")
    answer = alice.get(request.format(f"<set xmlns='{rsm}'><max>100</max></set>"))
    pages = [item_ids(answer)]
    while pages[-1] and len(pages) < 20:
        last = next(answer.iter(f"{{{rsm}}}last")).text
        answer = alice.get(request.format(
            f"<set xmlns='{rsm}'><max>100</max><after>{last}</after></set>"))
        pages.append(item_ids(answer))
    assert max(map(len, pages)) <= 100
    assert [key for page in pages for key in page] == keys
    whole = alice.get(items(node))
    assert len(item_ids(whole)) < len(keys)
    assert next(whole.iter(f"{{{rsm}}}count")).text == str(len(keys))
