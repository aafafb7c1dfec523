"""XEP-0060 §7.1: publishing, and who hears of it."""

import pytest

from harness.pubsub import (ATOM, create, event_items, event_of, item, item_ids, items,
                            notified_ids, owner_affiliations, publish, pubsub, subscribe)
from harness.xml import EVENT, PUBSUB, canonical, child


@pytest.fixture
def open_node(alice, node):
    alice.set(create(node))
    return node


def numbered(number):
    return f"<n xmlns='urn:example:number'>{number}</n>"


def test_7_1_2_the_id_that_was_given(alice, open_node):
    answer = alice.set(publish(open_node, item(ATOM, "bnd81g37d61f49fgn581")))
    assert item_ids(answer) in ([], ["bnd81g37d61f49fgn581"])
    assert item_ids(alice.get(items(open_node))) == ["bnd81g37d61f49fgn581"]


def test_7_1_2_a_generated_id_is_told(alice, open_node):
    answers = [alice.set(publish(open_node, item(ATOM))) for _ in range(2)]
    for answer in answers:
        assert child(answer, (PUBSUB, "pubsub"), (PUBSUB, "publish")).get("node") == open_node
    told = [item_ids(answer)[0] for answer in answers]
    assert all(told) and told[0] != told[1]
    assert item_ids(alice.get(items(open_node))) == told


def test_7_1_2_1_the_notification_has_the_payload(alice, bob, open_node):
    bob.set(subscribe(open_node, bob.jid))
    alice.set(publish(open_node, item(ATOM, "1")))
    message = bob.wait_for_message()
    assert message.get("from") == "pubsub.localhost" and message.get("to") == bob.jid
    assert event_items(message).get("node") == open_node
    assert notified_ids(message) == ["1"]
    assert canonical(event_items(message)[0][0]) == canonical(ATOM)
    assert bob.settle() == []


def test_7_1_2_2_a_node_that_delivers_no_payloads(alice, bob, node):
    alice.set(create(node, deliver_payloads="0"))
    bob.set(subscribe(node, bob.jid))
    alice.set(publish(node, item(ATOM, "1")))
    (message,) = bob.settle()
    assert notified_ids(message) == ["1"] and len(event_items(message)[0]) == 0
    answer = alice.get(items(node))
    assert canonical(next(answer.iter(f"{{{PUBSUB}}}item"))[0]) == canonical(ATOM)


def test_7_1_2_each_notification_has_an_id_of_its_own(alice, bob, open_node):
    bob.set(subscribe(open_node, bob.jid))
    for number in range(5):
        alice.set(publish(open_node, item(ATOM, f"i{number}")))
    ids = [message.get("id") for message in bob.settle()]
    assert len(ids) == 5 and all(ids) and len(set(ids)) == 5


def test_7_1_2_overwriting_makes_an_item_the_newest(alice, bob, open_node):
    bob.set(subscribe(open_node, bob.jid))
    for key, number in (("a", 1), ("b", 2), ("a", 3)):
        alice.set(publish(open_node, item(numbered(number), key)))
    assert [notified_ids(each) for each in bob.settle()] == [["a"], ["b"], ["a"]]
    answer = alice.get(items(open_node))
    assert item_ids(answer) == ["b", "a"]
    assert [each.text for each in answer.iter("{urn:example:number}n")] == ["2", "3"]
    assert item_ids(alice.get(items(open_node, max_items=1))) == ["a"]


def test_7_1_3_another_publisher_may_overwrite(alice, bob, open_node):
    alice.set(owner_affiliations(open_node, **{bob.bare: "publisher"}))
    alice.set(publish(open_node, item(numbered(1), "a")))
    assert bob.refused("set", publish(open_node, item(numbered(2), "a"))) is None
    answer = alice.get(items(open_node, "a"))
    assert [each.text for each in answer.iter("{urn:example:number}n")] == ["2"]


def test_7_1_2_3_a_publisher_that_was_asserted_is_discarded(alice, bob, open_node):
    bob.set(subscribe(open_node, bob.jid))
    forged = "<item id='1' publisher='carol@localhost'><e xmlns='urn:x'/></item>"
    alice.set(publish(open_node, forged))
    (message,) = bob.settle()
    assert event_items(message)[0].get("publisher") in (None, alice.bare, alice.jid)


def test_7_1_2_5_a_full_node_loses_its_oldest(alice, bob, node):
    alice.set(create(node, max_items="2"))
    bob.set(subscribe(node, bob.jid))
    for key in "abc":
        alice.set(publish(node, item(ATOM, key)))
    assert item_ids(alice.get(items(node))) == ["b", "c"]
    messages = bob.settle()
    assert [key for each in messages for key in notified_ids(each)] == ["a", "b", "c"]
    retracted = [each.get("id") for message in messages
                 for each in message.iter(f"{{{EVENT}}}retract")]
    assert retracted == ["a"]           # publish_node_full is retract-oldest unless configured


def test_7_1_2_5_overwriting_in_a_full_node_loses_nothing(alice, node):
    alice.set(create(node, max_items="2"))
    for key in "aba":
        alice.set(publish(node, item(ATOM, key)))
    assert item_ids(alice.get(items(node))) == ["b", "a"]


def test_7_1_3_1_without_the_right_to_publish(alice, bob, open_node):
    bob.set(subscribe(open_node, bob.jid))
    assert bob.refused("set", publish(open_node, item(ATOM, "1"))) == "auth/forbidden"
    assert item_ids(alice.get(items(open_node))) == []
    assert bob.settle() == []


def test_8_2_publish_model_open(alice, bob, node):
    alice.set(create(node, publish_model="open"))
    assert bob.refused("set", publish(node, item(ATOM, "1"))) is None
    alice.set(owner_affiliations(node, **{bob.bare: "outcast"}))
    assert bob.refused("set", publish(node, item(ATOM, "2"))) == "auth/forbidden"


def test_8_2_publish_model_subscribers(alice, bob, node):
    alice.set(create(node, publish_model="subscribers"))
    assert bob.refused("set", publish(node, item(ATOM, "1"))) == "auth/forbidden"
    bob.set(subscribe(node, bob.bare))
    assert bob.refused("set", publish(node, item(ATOM, "1"))) is None


def test_7_1_1_no_node_named(alice):
    assert alice.refused("set", publish(None, item(ATOM, "1"))) == \
        "modify/bad-request + nodeid-required"


def test_7_1_3_6_two_payloads(alice, open_node):
    assert alice.refused("set", publish(open_node, item(ATOM + ATOM, "1"))) == \
        "modify/bad-request + invalid-payload"
    assert item_ids(alice.get(items(open_node))) == []


def test_7_1_3_7_no_item(alice, open_node):
    assert alice.refused("set", publish(open_node)) == "modify/bad-request + item-required"


def test_7_1_3_7_no_payload(alice, open_node):
    assert alice.refused("set", publish(open_node, item("", "1"))) == \
        "modify/bad-request + payload-required"


def test_4_3_a_notification_only_node_takes_items_without_payload(alice, bob, node):
    alice.set(create(node, deliver_payloads="0"))
    bob.set(subscribe(node, bob.jid))
    assert alice.refused("set", publish(node, item("", "1"))) is None
    (message,) = bob.settle()
    assert notified_ids(message) == ["1"]


def test_4_3_a_transient_notification_only_node_takes_no_item(alice, bob, node):
    alice.set(create(node, deliver_payloads="0", persist_items="0"))
    bob.set(subscribe(node, bob.jid))
    assert alice.refused("set", publish(node, item(ATOM, "1"))) == \
        "modify/bad-request + item-forbidden"
    assert alice.refused("set", publish(node)) is None
    (message,) = bob.settle()
    assert event_of(message).get("node") == node and len(event_of(message)) == 0


def test_4_3_a_transient_node_delivers_and_keeps_nothing(alice, bob, node):
    alice.set(create(node, persist_items="0"))
    bob.set(subscribe(node, bob.jid))
    alice.set(publish(node, item(ATOM, "1")))
    (message,) = bob.settle()
    assert canonical(event_items(message)[0][0]) == canonical(ATOM)


def test_12_11_a_batch_is_all_or_nothing(alice, bob, open_node):
    bob.set(subscribe(open_node, bob.jid))
    refusal = alice.refused("set", publish(open_node, item(ATOM, "a"), item(ATOM + ATOM, "b")))
    assert refusal and refusal.startswith("modify/bad-request")
    assert item_ids(alice.get(items(open_node))) == []
    assert bob.settle() == []
    alice.set(publish(open_node, item(ATOM, "a"), item(ATOM, "b")))
    assert item_ids(alice.get(items(open_node))) == ["a", "b"]
    assert [key for each in bob.settle() for key in notified_ids(each)] == ["a", "b"]


def test_7_1_publishing_is_no_get(alice, open_node):
    assert alice.refused("get", publish(open_node, item(ATOM, "1"))) in (
        "modify/bad-request", "cancel/feature-not-implemented")
    assert item_ids(alice.get(items(open_node))) == []


def test_11_two_actions_in_one_request(alice, open_node):
    two = pubsub(f"<publish node='{open_node}'>{item(ATOM, '1')}</publish>"
                 f"<publish node='{open_node}'>{item(ATOM, '2')}</publish>")
    assert alice.refused("set", two) in ("modify/bad-request", "cancel/feature-not-implemented")
    assert item_ids(alice.get(items(open_node))) == []
