"""What was acknowledged, or notified, is stored: SIGKILL in a stream of publishes."""

import hashlib
import itertools

import pytest

from harness.pubsub import (
    create, item, item_payloads, items, notified_ids, publish, subscribe, subscribe_many)
from harness.server import SPARE_SERVICE
from harness.xml import canonical


def payload(key):
    """Some 400 bytes that only this item has."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"<e xmlns='urn:example:durable' key='{key}'>{digest * 5}</e>"


def pair(number):
    """Two items of one request: both or none."""
    return [f"{number:06}-{half}" for half in ("first", "second")]


def stored(user, node, keys):
    """id → payload of those of `keys` that the service has."""
    found = {}
    for start in range(0, len(keys), 100):
        found.update(item_payloads(
            user.get(items(node, *keys[start:start + 100]), to=SPARE_SERVICE)))
    return found


def publish_until(user, node, crier, numbers, acknowledged_enough, in_flight=150):
    """Keeps `in_flight` requests under way; SIGKILL after so many answers. Request id → number."""
    sent = {}
    while len(user.answered) < acknowledged_enough:
        missing = in_flight - (len(sent) - len(user.answered))
        batch = list(itertools.islice(numbers, missing))
        requests = [publish(node, *(item(payload(key), key) for key in pair(number)))
                    for number in batch]
        sent.update(zip(user.pipeline(requests, to=SPARE_SERVICE), batch))
        enough = min(acknowledged_enough, len(sent) - in_flight // 2)
        user.wait_until(lambda: len(user.answered) >= enough, what="answers to publishes")
    crier.kill()
    # What the server had received before the end passes before its own answer to us.
    user.get("<query xmlns='http://jabber.org/protocol/disco#info'/>", to="localhost")
    return sent


@pytest.mark.parametrize("acknowledged_enough", [100, 700, 2500])
def test_sigkill_loses_nothing_that_was_acknowledged(
        server, alice, bob, make_crier, node, acknowledged_enough):
    crier = make_crier(server.component_address)
    crier.start()
    alice.set(create(node, max_items="max"), to=SPARE_SERVICE)
    bob.set(subscribe(node, bob.jid), to=SPARE_SERVICE)
    alice.answered.clear()
    sent = publish_until(alice, node, crier, itertools.count(), acknowledged_enough)
    bob.get("<query xmlns='http://jabber.org/protocol/disco#info'/>", to="localhost")
    acknowledged = [sent[key] for key, answer in alice.answered.items()
                    if answer.get("type") == "result"]
    notified = {key for message in bob.take_messages() for key in notified_ids(message)}
    assert len(acknowledged) >= acknowledged_enough

    crier.start()
    found = stored(alice, node, [key for number in sent.values() for key in pair(number)])
    for number in acknowledged:
        assert set(pair(number)) <= found.keys(), f"acknowledged, and lost: {number}"
    assert notified <= found.keys(), "notified, and lost"
    for number in sent.values():
        first, second = pair(number)
        assert (first in found) == (second in found), f"half of a request is there: {number}"
    for key, element in found.items():
        assert canonical(element) == canonical(payload(key))


def test_everything_about_a_node_survives(server, alice, bob, make_crier, node):
    """Configuration, subscriptions and affiliations are as durable as items."""
    crier = make_crier(server.component_address)
    crier.start()
    alice.set(create(node, title="Hamlet", access_model="whitelist"), to=SPARE_SERVICE)
    alice.set(f"<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><affiliations "
              f"node='{node}'><affiliation jid='{bob.bare}' affiliation='member'/></affiliations>"
              f"</pubsub>", to=SPARE_SERVICE)
    bob.set(subscribe(node, bob.jid), to=SPARE_SERVICE)
    crier.kill()
    crier.start()
    alice.set(publish(node, item(payload("1"), "1")), to=SPARE_SERVICE)
    message = bob.wait_for_message()
    while not notified_ids(message):  # He may be told of his affiliation first (8.9.4).
        message = bob.wait_for_message()
    assert message.get("from") == SPARE_SERVICE and notified_ids(message) == ["1"]
    assert alice.refused("set", create(node), to=SPARE_SERVICE) == "cancel/conflict"


def test_a_fan_out_that_sigkill_cuts_off_reaches_the_rest(
        server, alice, sink, make_crier, node):
    """Every subscriber hears of every item, and of none before an older one for the first time."""
    crier = make_crier(server.component_address)
    crier.start()
    alice.set(create(node, max_items="max"), to=SPARE_SERVICE)
    subscribers = subscribe_many(sink, node, 3000, SPARE_SERVICE)

    keys = [f"i{number}" for number in range(8)]
    for key in keys[:-1]:
        alice.set(publish(node, item(payload(key), key)), to=SPARE_SERVICE)
    early = sink.wait_for_messages(1000)
    crier.kill()  # in the middle of it
    told = {jid: [] for jid in subscribers}
    for message in early + sink.take_messages():
        told[message.get("to")].extend(notified_ids(message))
    crier.start()
    alice.set(publish(node, item(payload(keys[-1]), keys[-1])), to=SPARE_SERVICE)

    def hear():
        for message in sink.take_messages():
            told[message.get("to")].extend(notified_ids(message))
        return all(own and own[-1] == keys[-1] for own in told.values())

    sink.wait_until(hear, timeout=60, what="the last item for everybody")
    first_time = {jid: list(dict.fromkeys(own)) for jid, own in told.items()}
    assert all(own == keys for own in first_time.values())
